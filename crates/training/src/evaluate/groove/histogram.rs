//! Histograms of velocity and micro-timing, and how far one is from another.

use cadenza::groove::{FURTHEST_QUARTERS, ON_GRID, TIMINGS};

use crate::groove::Packed;

/// Values of MIDI velocity.
const VELOCITIES: usize = 128;

/// Added to every bin, so that empty ones can be compared.
const PRIOR: f64 = 0.5;

/// Counts of velocity, and of micro-timing in per cents of a sixteenth.
#[derive(Clone, Debug, PartialEq)]
pub struct Histograms {
    velocity: [f64; VELOCITIES],
    timing: [f64; TIMINGS],
}

impl Default for Histograms {
    fn default() -> Self {
        Self { velocity: [0.0; VELOCITIES], timing: [0.0; TIMINGS] }
    }
}

impl Histograms {
    /// Of the streams in a style.
    pub fn of_packed(packed: &Packed, style: usize) -> Self {
        let mut counts = Self::default();
        for stream in (0..packed.streams()).filter(|k| usize::from(packed.style[*k]) == style) {
            for note in packed.starts[stream]..packed.starts[stream + 1] {
                let velocity = usize::from(packed.velocity[note]);
                if velocity > 0 {
                    counts.velocity[velocity.min(VELOCITIES - 1)] += 1.0;
                }
                // What has no timing is beyond the last bin.
                if let Some(count) = counts.timing.get_mut(usize::from(packed.timing[note])) {
                    *count += 1.0;
                }
            }
        }
        counts
    }

    /// Counts velocities, and micro-timings in quarters that are within half a sixteenth.
    pub fn add(&mut self, notes: &[(u8, Option<f64>)]) {
        for (velocity, late) in notes {
            self.velocity[usize::from(*velocity).min(VELOCITIES - 1)] += 1.0;
            if let Some(late) = late.filter(|late| late.abs() <= FURTHEST_QUARTERS) {
                let bin = (ON_GRID as f64 * (1.0 + late / FURTHEST_QUARTERS)).round() as usize;
                self.timing[bin.min(TIMINGS - 1)] += 1.0;
            }
        }
    }

    /// How far the velocities are from another's, in nats.
    pub fn velocity_from(&self, other: &Self) -> f64 {
        divergence(&self.velocity, &other.velocity)
    }

    /// How far the micro-timings are from another's, in nats.
    pub fn timing_from(&self, other: &Self) -> f64 {
        divergence(&self.timing, &other.timing)
    }
}

/// Kullback-Leibler divergence of counts from others, in nats.
fn divergence(counts: &[f64], from: &[f64]) -> f64 {
    let total = |counts: &[f64]| counts.iter().sum::<f64>() + PRIOR * counts.len() as f64;
    let (total, total_from) = (total(counts), total(from));
    let of_bin = |(count, from): (&f64, &f64)| {
        let (share, share_from) = ((count + PRIOR) / total, (from + PRIOR) / total_from);
        share * (share / share_from).ln()
    };
    counts.iter().zip(from).map(of_bin).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares of a half and a half, from three quarters and a quarter: ln 2 / 2 + ln (2/3) / 2 = ln (4/3) / 2.
    #[test]
    fn divergences_are_those_of_the_formula() {
        let (even, uneven) = ([1e9, 1e9], [3e9, 1e9]);
        assert!((divergence(&even, &uneven) - 0.5 * (4.0_f64 / 3.0).ln()).abs() < 1e-6);
        assert_eq!(divergence(&even, &even), 0.0);
        assert!(divergence(&[5.0, 0.0], &[0.0, 5.0]).is_finite());
    }

    #[test]
    fn what_was_packed_and_what_was_performed_are_counted_alike() {
        let mut packed = Packed::new();
        let rows = vec![0; 3 * cadenza::groove::COLUMNS];
        packed.push(1, &rows, &[64, 0, 90], &[50, 255, 60]);
        packed.push(0, &rows, &[10, 10, 10], &[0, 0, 0]);
        let mut performed = Histograms::default();
        performed.add(&[(64, Some(0.0)), (90, Some(0.025))]);
        assert_eq!(Histograms::of_packed(&packed, 1), performed);
        performed.add(&[(64, Some(0.2))]);
        assert_eq!(
            performed.timing.iter().sum::<f64>(),
            2.0,
            "what is further than half a sixteenth is left out"
        );
    }
}
