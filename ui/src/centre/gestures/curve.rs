//! A curve drawn by hand over a stretch of the score.

use protocol::{CurvePoint, Edit};

use super::velocity::{Chord, moved};

/// What a drawn curve changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The tempo, in beats a minute.
    Tempo {
        /// Length of a beat.
        beat_quarters: f64,
    },
    /// The loudness as the mean velocity at each onset.
    Dynamics,
    /// The velocity of the loudest note of each chord under the line, the others with it: chords with
    /// their places in the score.
    Velocities(Vec<(Chord, f64)>),
}

/// The line so far. Going back over a stretch draws it anew.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawCurve {
    target: Target,
    /// Lowest and highest value.
    range: (f64, f64),
    /// Ordered by place.
    points: Vec<CurvePoint>,
    /// Where the pointer was last.
    last_quarters: f64,
    /// The last point that stays; the one at the pointer goes along until it is far enough away.
    kept_quarters: f64,
    /// How far that is.
    grain_quarters: f64,
}

impl DrawCurve {
    /// Begins at a place; values stay within `range`, points keep `grain_quarters` apart.
    pub fn new(target: Target, range: (f64, f64), grain_quarters: f64, at: CurvePoint) -> Self {
        let mut curve = Self {
            target,
            range,
            points: Vec::new(),
            last_quarters: at.quarters,
            kept_quarters: at.quarters,
            grain_quarters: grain_quarters.max(1e-6),
        };
        curve.follow(at);
        curve
    }

    /// What it changes.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The pointer is here now: what lay between its last place and this one is replaced.
    pub fn follow(&mut self, at: CurvePoint) {
        if !(at.quarters.is_finite() && at.value.is_finite()) {
            return;
        }
        let value = at.value.clamp(self.range.0, self.range.1);
        let passed = self.last_quarters.min(at.quarters)..=self.last_quarters.max(at.quarters);
        let kept = self.kept_quarters;
        self.points.retain(|p| {
            let is_kept = p.quarters == kept && kept != at.quarters;
            is_kept || !passed.contains(&p.quarters)
        });
        let next = self.points.partition_point(|p| p.quarters < at.quarters);
        self.points.insert(next, CurvePoint { quarters: at.quarters, value });
        self.last_quarters = at.quarters;
        if (at.quarters - kept).abs() >= self.grain_quarters {
            self.kept_quarters = at.quarters;
        }
    }

    /// The line, ordered by place.
    pub fn points(&self) -> &[CurvePoint] {
        &self.points
    }

    /// The value of the line at a place; none outside it.
    pub fn value_at(&self, quarters: f64) -> Option<f64> {
        let (first, last) = (self.points.first()?, self.points.last()?);
        if !(first.quarters..=last.quarters).contains(&quarters) {
            return None;
        }
        let next = self.points.partition_point(|p| p.quarters <= quarters).min(self.points.len() - 1);
        let (a, b) = (self.points[next.saturating_sub(1)], self.points[next]);
        let length = b.quarters - a.quarters;
        let share = if length > 0.0 { (quarters - a.quarters) / length } else { 0.0 };
        Some(a.value + share.clamp(0.0, 1.0) * (b.value - a.value))
    }

    /// The notes under the line and their new velocities.
    pub fn velocities(&self) -> Vec<(u32, u8)> {
        let Target::Velocities(chords) = &self.target else { return Vec::new() };
        let under = chords.iter().filter_map(|(chord, quarters)| {
            let loudest = chord.iter().map(|n| n.1).max()?;
            Some(moved(chord, self.value_at(*quarters)? - f64::from(loudest)))
        });
        under.flatten().collect()
    }

    /// What changes; none for a line without a length.
    pub fn edit(&self) -> Option<Edit> {
        if self.points.len() < 2 {
            return None;
        }
        match self.target {
            Target::Tempo { beat_quarters } => {
                let in_quarters = |p: &CurvePoint| CurvePoint { value: p.value * beat_quarters, ..*p };
                Some(Edit::Tempo(self.points.iter().map(in_quarters).collect()))
            }
            Target::Dynamics => Some(Edit::Dynamics(self.points.clone())),
            Target::Velocities(_) => {
                let velocities = self.velocities();
                (!velocities.is_empty()).then_some(Edit::Velocities(velocities))
            }
        }
    }
}
