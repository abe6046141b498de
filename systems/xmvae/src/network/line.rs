//! The line: normal distributions from which what is played is told.
//!
//! Their middles are what a straight line through the features of a step says, which was fitted before the network
//! learned; the row that a value is told from moves the middle and makes the distribution wider or narrower. The
//! network's own logits are added. All is told in eighths of the bins of a column, from the middle one on.

use neural::archive::Archive;
use neural::weights::WeightsError;

use super::affine::Affine;
use crate::config::{NetworkConfig, PERFORMANCE_SIZES};
use crate::ecp::{METRIC, NOTE, PERFORMANCE_COLUMNS};

/// Most by which a row makes a distribution wider or narrower, a logarithm.
pub const WIDEST: f32 = 2.0;

/// Where the bins of a column are, in eighths of all of them from the middle on.
pub fn eighths(bins: usize) -> impl Iterator<Item = f32> {
    let all = bins as f32;
    (0..bins).map(move |bin| (bin as f32 - (all - 1.0) / 2.0) * (8.0 / all))
}

/// What a line of weights `[features, 5]` and biases says of steps `[steps, 5]`, given the family and the features of
/// each; of a beat the mean over its notes, and the bias where there are none.
pub fn line_says(
    weights: &[[f32; PERFORMANCE_COLUMNS]],
    bias: [f32; PERFORMANCE_COLUMNS],
    features: &[f32],
    families: &[u8],
) -> Vec<[f32; PERFORMANCE_COLUMNS]> {
    let rows = features.chunks_exact(weights.len().max(1));
    let mut said: Vec<[f32; PERFORMANCE_COLUMNS]> = rows.map(|row| of_row(weights, bias, row)).collect();
    said.resize(families.len(), bias);
    let mut end = families.len();
    for (step, family) in families.iter().enumerate().rev() {
        if *family == METRIC {
            let of_beat = (step..end).filter(|other| families[*other] == NOTE).map(|note| said[note][0]);
            let (sum, count) = of_beat.fold((0.0, 0.0), |(sum, count), one| (sum + one, count + 1.0));
            said[step][0] = if count > 0.0 { sum / count } else { bias[0] };
            end = step;
        }
    }
    said
}

fn of_row(
    weights: &[[f32; PERFORMANCE_COLUMNS]],
    bias: [f32; PERFORMANCE_COLUMNS],
    row: &[f32],
) -> [f32; PERFORMANCE_COLUMNS] {
    let mut said = bias;
    for (feature, weights) in row.iter().zip(weights).filter(|(feature, _)| **feature != 0.0) {
        said.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += feature * weight);
    }
    said
}

/// The line's weights.
pub(super) struct Line {
    /// `[features, 5]`
    weights: Vec<[f32; PERFORMANCE_COLUMNS]>,
    bias: [f32; PERFORMANCE_COLUMNS],
    /// Logarithms of the deviations around it.
    deviation: [f32; PERFORMANCE_COLUMNS],
    /// From the row of a value to how many deviations the middle moves, and how much wider it becomes.
    moves: Vec<Affine>,
}

impl Line {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub(super) fn load(archive: &Archive, sizes: &NetworkConfig) -> Result<Self, WeightsError> {
        let numbers = |name: &str| -> Result<[f32; PERFORMANCE_COLUMNS], WeightsError> {
            let numbers = archive.numbers(name, &[PERFORMANCE_COLUMNS])?;
            Ok(std::array::from_fn(|k| numbers[k]))
        };
        let weights = archive.numbers("line.mean.weight", &[sizes.features, PERFORMANCE_COLUMNS])?;
        let width = if sizes.sub_token_decoder { sizes.sub_hidden } else { sizes.hidden };
        let moves =
            |(column, _): &(&str, usize)| Affine::load(archive, &format!("line.moves.{column}"), width, 2);
        Ok(Self {
            weights: weights.as_chunks().0.to_vec(),
            bias: numbers("line.mean.bias")?,
            deviation: numbers("line.deviation")?,
            moves: PERFORMANCE_SIZES.iter().map(moves).collect::<Result<_, WeightsError>>()?,
        })
    }

    /// What it says of steps.
    pub(super) fn says(&self, features: &[f32], families: &[u8]) -> Vec<[f32; PERFORMANCE_COLUMNS]> {
        line_says(&self.weights, self.bias, features, families)
    }

    /// Adds the distribution of a column to the logits of its bins, given the row of the value and what the line says.
    pub(super) fn add(&self, column: usize, row: &[f32], said: f32, logits: &mut [f32]) {
        let moved = self.moves[column].of(row);
        let deviation = self.deviation[column];
        let middle = said + deviation.exp() * moved[0];
        let narrow = (-deviation - moved[1].clamp(-WIDEST, WIDEST)).exp();
        for (logit, at) in logits.iter_mut().zip(eighths(PERFORMANCE_SIZES[column].1 - 1)) {
            let off = (at - middle) * narrow;
            *logit -= 0.5 * off * off;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_lie_around_the_middle() {
        assert!(eighths(4).eq([-3.0, -1.0, 1.0, 3.0]));
        let all: Vec<f32> = eighths(161).collect();
        assert!(all[80].abs() < 1e-6 && (all[0] + all[160]).abs() < 1e-5);
    }

    #[test]
    fn a_beat_is_what_its_notes_are_on_the_mean() {
        let weights = [[1.0, 2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]];
        let families = [METRIC, NOTE, NOTE, METRIC, METRIC, NOTE, 0];
        let features = [0.0, 0.0, 1.0, 0.5, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0, 0.0, 0.0, 0.0];
        let said = line_says(&weights, [0.5, 0.0, 0.0, 0.0, 0.0], &features, &families);
        let periods: Vec<f32> = said.iter().map(|said| said[0]).collect();
        assert_eq!(periods, [2.5, 1.5, 3.5, 0.5, 7.5, 7.5, 0.5]);
        assert_eq!((said[1][1], said[1][4], said[2][1]), (2.0, 0.5, 6.0));
    }
}
