//! How fast a piece is taken as a whole, told from the score.
//!
//! The network draws how the tempo departs from this level. The level itself is one number a piece,
//! and there are only some hundred pieces to learn it from: a straight line through a few cues does.

use notation::Score;
use serde::{Deserialize, Serialize};

use super::features;

/// What the level is told from.
pub const CUES: usize = 9;

/// Weight against large coefficients, as if so many pieces said nothing.
const RIDGE: f64 = 2.0;

/// Predicts the mean log2 of seconds per quarter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The level of the average piece.
    pub mean: f64,
    /// The average piece's cues.
    pub cue_means: [f64; CUES],
    /// Weight of each cue's distance from its mean.
    pub weights: [f64; CUES],
}

impl Default for Level {
    /// A hundred and twenty quarters a minute, whatever the piece.
    fn default() -> Self {
        Self { mean: -1.0, cue_means: [0.0; CUES], weights: [0.0; CUES] }
    }
}

impl Level {
    /// The level that people would choose for this score.
    pub fn of(&self, score: &Score) -> f64 {
        let cues = cues(score);
        let terms = (0..CUES).map(|k| self.weights[k] * (cues[k] - self.cue_means[k]));
        (self.mean + terms.sum::<f64>()).clamp(-4.0, 4.0)
    }

    /// Least squares over pieces: their cues and the level they were played at.
    pub fn fit(pieces: &[([f64; CUES], f64)]) -> Self {
        let count = pieces.len().max(1) as f64;
        let mean = pieces.iter().map(|p| p.1).sum::<f64>() / count;
        let cue_means = std::array::from_fn(|k| pieces.iter().map(|p| p.0[k]).sum::<f64>() / count);
        // The normal equations, with the wanted column last.
        let mut rows = [[0.0; CUES + 1]; CUES];
        for (cues, level) in pieces {
            let distance: [f64; CUES] = std::array::from_fn(|k| cues[k] - cue_means[k]);
            for (i, row) in rows.iter_mut().enumerate() {
                (0..CUES).for_each(|j| row[j] += distance[i] * distance[j]);
                row[CUES] += distance[i] * (level - mean);
            }
        }
        (0..CUES).for_each(|k| rows[k][k] += RIDGE);
        Self { mean, cue_means, weights: solve(rows) }
    }
}

/// Gauss-Jordan; the ridge keeps the matrix far from singular, so no pivots are sought.
fn solve(mut rows: [[f64; CUES + 1]; CUES]) -> [f64; CUES] {
    for k in 0..CUES {
        let pivot = rows[k].map(|x| x / rows[k][k]);
        rows[k] = pivot;
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let factor = row[k];
            (0..=CUES).for_each(|j| row[j] -= factor * pivot[j]);
        }
    }
    rows.map(|row| row[CUES])
}

/// What a pianist would look at: the mark, the note values, the metre, the texture.
pub fn cues(score: &Score) -> [f64; CUES] {
    let groups = score.onset_groups();
    let onsets: Vec<f64> = groups.iter().map(|g| score.notes[g.start].onset.to_f64()).collect();
    let mut gaps: Vec<f64> = onsets.windows(2).map(|w| (w[1] - w[0]).clamp(1.0 / 16.0, 4.0).log2()).collect();
    gaps.sort_by(f64::total_cmp);
    let at_share = |share: f64| gaps.get((gaps.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    let mean = |sum: f64, count: usize| if count > 0 { sum / count as f64 } else { 0.0 };
    let tempi = features::marked_tempi(score);
    let marks = score.notes.iter().filter_map(|n| features::mark_at(&tempi, n.onset.to_f64()));
    let mark = mean(marks.map(|(_, tempo)| tempo).sum(), score.notes.len());
    let first = score.notes.first().map(|n| n.onset).unwrap_or_default();
    let time = score.time_signature_at(first);
    let lengths = score.notes.iter().map(|n| n.duration.to_f64().clamp(1.0 / 16.0, 4.0).log2());
    [
        f64::from(u8::from(!tempi.is_empty())),
        mark,
        at_share(0.1),
        at_share(0.5),
        mean(gaps.iter().sum(), gaps.len()),
        mean(lengths.sum(), score.notes.len()),
        (score.notes.len().max(1) as f64 / groups.len().max(1) as f64).log2(),
        time.beat_length().to_f64().max(0.125).log2(),
        time.measure_length().to_f64().max(0.25).log2(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_found_again() {
        let truth = |cues: &[f64; CUES]| -0.5 + 0.3 * cues[0] - 0.2 * cues[4] + 0.1 * cues[8];
        let piece = |k: usize| {
            let cues = std::array::from_fn(|c| ((k * (2 * c + 3) + c * c) % 17) as f64 / 4.0);
            (cues, truth(&cues))
        };
        let pieces: Vec<_> = (0..400).map(piece).collect();
        let level = Level::fit(&pieces);
        for (cues, expected) in &pieces {
            let found: f64 = (0..CUES).map(|k| level.weights[k] * (cues[k] - level.cue_means[k])).sum();
            assert!((found + level.mean - expected).abs() < 0.02, "{found} for {expected}");
        }
    }

    #[test]
    fn nothing_to_learn_from_is_no_panic() {
        let level = Level::fit(&[]);
        assert!(level.of(&Score::default()).is_finite());
    }
}
