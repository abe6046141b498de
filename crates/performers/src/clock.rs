//! A map from old times to new ones.

/// Old times and new, in seconds, both rising; straight lines between.
pub(crate) struct Clock {
    /// Old and new.
    pub points: Vec<(f64, f64)>,
    /// New seconds per old one after the last point; before the first nothing changes.
    pub last: f64,
}

impl Clock {
    /// The new time of an old one.
    pub fn at(&self, secs: f64) -> f64 {
        let next = self.points.partition_point(|p| p.0 <= secs);
        let Some(before) = next.checked_sub(1).and_then(|k| self.points.get(k)) else { return secs };
        let slope = self.points.get(next).map_or(self.last, |p| (p.1 - before.1) / (p.0 - before.0));
        before.1 + (secs - before.0) * slope
    }
}
