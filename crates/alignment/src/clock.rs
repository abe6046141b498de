//! When a place of the score sounds in a stretch of a recording.

/// Points that tell how fast it goes on beyond the first and the last one.
const EDGE: usize = 6;
/// Points before and after that tell whether one is astray.
const NEIGHBOURS: usize = 4;
/// A point further than this from the line of its neighbours is astray: in quarters of the time around, and
/// at least in seconds.
const STRAY_QUARTERS: f64 = 1.0;
const STRAY_SECS: f64 = 0.4;
/// Points on each side that a line goes through, and how often it is drawn.
const WINDOW: usize = 5;
const DRAWN: usize = 3;
/// A wait is a pause if it is longer than the tempo asks for by so many seconds, and by so many times as much.
const PAUSE_SECS: f64 = 0.3;
const PAUSE_SHARE: f64 = 1.5;
/// Points further away than so many times the middle distance do not count.
const OUTSIDE: f64 = 3.0;
/// Seconds a quarter where nothing is known.
const USUAL_SECS: f64 = 0.5;

/// Straight lines between places whose times are known.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Quarters and seconds, both ascending.
    points: Vec<(f64, f64)>,
}

impl Clock {
    /// Of the notes that were found: quarters, in ascending order, and seconds.
    pub fn of(found: &[(f64, f64)]) -> Self {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for chord in found.chunk_by(|a, b| a.0 == b.0) {
            let mut times: Vec<f64> = chord.iter().map(|(_, secs)| *secs).collect();
            times.sort_by(f64::total_cmp);
            points.push((chord[0].0, times[times.len() / 2]));
        }
        Self { points: without_strays(&longest_rise(&points)) }
    }

    /// The same with each point on the line through those around it, from which a few may be away: where some
    /// chords in a row were taken for the chords after them their own times say nothing.
    pub fn smooth(&self) -> Self {
        let pauses = self.pauses();
        let mut smoothed = Vec::with_capacity(self.points.len());
        for part in pauses.windows(2) {
            let points = &self.points[part[0]..part[1]];
            smoothed.extend((0..points.len()).map(|k| {
                let around = &points[k.saturating_sub(WINDOW)..(k + WINDOW + 1).min(points.len())];
                (points[k].0, robust_line(around, points[k].0).unwrap_or(points[k].1))
            }));
        }
        Self { points: longest_rise(&smoothed) }
    }

    /// The points before which a pause was made, with the first point and the end: no line goes over a pause.
    fn pauses(&self) -> Vec<usize> {
        let points = &self.points;
        let is_pause = |k: &usize| {
            let ((q0, t0), (q1, t1)) = (points[k - 1], points[*k]);
            let around = &points[k.saturating_sub(WINDOW)..(k + WINDOW).min(points.len())];
            let mut periods: Vec<f64> =
                around.windows(2).map(|pair| (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0)).collect();
            periods.sort_by(f64::total_cmp);
            let usual = periods[periods.len() / 2] * (q1 - q0);
            t1 - t0 > usual + PAUSE_SECS.max(PAUSE_SHARE * usual)
        };
        let inside = (1..points.len()).filter(is_pause);
        std::iter::once(0).chain(inside).chain([points.len()]).collect()
    }

    /// When a place sounds, in seconds.
    pub fn secs(&self, quarters: f64) -> f64 {
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else { return f64::NAN };
        let count = self.points.len();
        let slope =
            |a: (f64, f64), b: (f64, f64)| if b.0 > a.0 { (b.1 - a.1) / (b.0 - a.0) } else { USUAL_SECS };
        if quarters <= first.0 {
            return first.1 + (quarters - first.0) * slope(*first, self.points[EDGE.min(count - 1)]);
        }
        if quarters >= last.0 {
            return last.1 + (quarters - last.0) * slope(self.points[count - 1 - EDGE.min(count - 1)], *last);
        }
        let k = self.points.partition_point(|point| point.0 <= quarters);
        let (a, b) = (self.points[k - 1], self.points[k]);
        a.1 + (quarters - a.0) * slope(a, b)
    }

    /// The place that sounds at a moment, in quarters; none if fewer than two places are known.
    pub fn quarters(&self, secs: f64) -> Option<f64> {
        let points = &self.points;
        let last = points.len().checked_sub(1).filter(|last| *last > 0)?;
        let k = points.partition_point(|point| point.1 <= secs);
        // Beyond the ends it goes on as in the points nearest to them.
        let (a, b) = match k {
            0 => (points[0], points[EDGE.min(last)]),
            k if k > last => (points[last - EDGE.min(last)], points[last]),
            k => (points[k - 1], points[k]),
        };
        let from = if k > last { b } else { a };
        (b.1 > a.1).then(|| from.0 + (secs - from.1) * (b.0 - a.0) / (b.1 - a.1))
    }

    /// Seconds a quarter around a place.
    pub fn period_secs(&self, quarters: f64) -> f64 {
        let k = self.points.partition_point(|point| point.0 <= quarters);
        let (from, to) = (k.saturating_sub(EDGE), (k + EDGE).min(self.points.len()));
        match self.points.get(from..to) {
            Some([first, .., last]) => (last.1 - first.1) / (last.0 - first.0),
            _ => USUAL_SECS,
        }
    }
}

/// The longest subsequence whose times rise.
fn longest_rise(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(points.len());
    for (k, point) in points.iter().enumerate() {
        let place = tails.partition_point(|tail| points[*tail].1 < point.1);
        before.push(place.checked_sub(1).map(|p| tails[p]));
        if place == tails.len() { tails.push(k) } else { tails[place] = k }
    }
    let mut rise = Vec::with_capacity(tails.len());
    let mut at = tails.last().copied();
    while let Some(k) = at {
        rise.push(points[k]);
        at = before[k];
    }
    rise.reverse();
    rise
}

/// Leaves out points that lie far from the line between the middles of their neighbours.
fn without_strays(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let is_kept = |k: usize| {
        if k < NEIGHBOURS || k + NEIGHBOURS >= points.len() {
            return true;
        }
        let (a, b) = (points[k - NEIGHBOURS / 2], points[k + NEIGHBOURS / 2]);
        let period = (b.1 - a.1) / (b.0 - a.0);
        let line = a.1 + (points[k].0 - a.0) * period;
        (points[k].1 - line).abs() < STRAY_SECS.max(STRAY_QUARTERS * period).max(0.5 * (b.1 - a.1))
    };
    (0..points.len()).filter(|k| is_kept(*k)).map(|k| points[k]).collect()
}

/// Where the line through most of the points is at a place.
fn robust_line(points: &[(f64, f64)], at: f64) -> Option<f64> {
    let mut weights = vec![1.0; points.len()];
    let mut line = None;
    for _ in 0..DRAWN {
        line = Some(weighted_line(points, &weights, at)?);
        let (value, slope) = line?;
        let away = |(q, t): &(f64, f64)| (value + slope * (q - at) - t).abs();
        let mut all: Vec<f64> = points.iter().map(away).collect();
        all.sort_by(f64::total_cmp);
        let limit = (OUTSIDE * all[all.len() / 2]).max(1e-3);
        let weight = |point: &(f64, f64)| (1.0 - (away(point) / limit).powi(2)).max(0.0).powi(2);
        weights = points.iter().map(weight).collect();
    }
    line.map(|(value, _)| value)
}

/// The line with the least squares: its value at a place and its slope. None if all points have one place.
fn weighted_line(points: &[(f64, f64)], weights: &[f64], at: f64) -> Option<(f64, f64)> {
    let mut sums = [0.0; 5];
    for ((q, t), w) in points.iter().zip(weights) {
        let x = q - at;
        sums.iter_mut().zip([*w, w * x, w * x * x, w * t, w * x * t]).for_each(|(sum, add)| *sum += add);
    }
    let [w, x, xx, t, xt] = sums;
    let spread = w * xx - x * x;
    (spread > 1e-9).then(|| ((t * xx - x * xt) / spread, (w * xt - x * t) / spread))
}
