//! What lies beside the weights: sizes, scaling and how to sample.

use serde::{Deserialize, Serialize};

use super::beat_period::BeatPeriod;
use super::network::NetworkConfig;
use super::piece_spread::PieceSpread;
use super::take_variety::TakeVariety;
use super::values::{Values, WIDTH};

/// The model's `config.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// Sizes of the network.
    pub network: NetworkConfig,
    /// Which columns the network was trained on ([`analysis::features::schema`]).
    #[serde(default)]
    pub feature_schema: String,
    /// How many networks of these sizes play together, each trained from another seed: what they
    /// agree on is more often what people do.
    #[serde(default = "one")]
    pub networks: usize,
    /// Means and deviations of the values in the training set.
    pub scaling: Scaling,
    /// How fast a piece is taken as a whole; without it the network's quarter tempo says that, too.
    #[serde(default, rename = "level")]
    pub beat_period: Option<BeatPeriod>,
    /// What a mood does besides what the network learned of it; without it the network was not
    /// trained on moods.
    #[serde(default)]
    pub mood: Option<MoodScale>,
    /// How wide the values of a piece spread beside what the gains make of all; without it pieces are
    /// alike in that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<PieceSpread>,
    /// How takes differ as wholes; without it they differ from note to note alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variety: Option<TakeVariety>,
    /// How performances are drawn unless the user says otherwise.
    pub sampling: Sampling,
}

fn one() -> usize {
    1
}

/// What moods do to the mean log beat period, which the network does not learn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoodScale {
    /// Deviation between pianists of one score in mean log2 of seconds per quarter.
    pub tempo_deviation: f64,
}

/// Standardises values: `(value - mean) / deviation`, column by column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// Mean of each column.
    pub mean: [f64; WIDTH],
    /// Standard deviation of each column.
    pub deviation: [f64; WIDTH],
}

/// How a performance is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Euler steps.
    pub steps: usize,
    /// Each step is this much of the one before.
    pub shrink: f64,
    /// Standard deviation of each column's starting noise; below 1 takes are closer to the average.
    pub noise: [f64; WIDTH],
    /// Notes in a window.
    pub window: usize,
    /// Notes of the performance so far that a window starts with.
    pub overlap: usize,
    /// Notes at the end of a window that are read but performed by the next one.
    pub lookahead: usize,
    /// Each column's deviation from its mean over the piece is multiplied by this, so that
    /// the spread is a human's at the chosen noise.
    pub gain: [f64; WIDTH],
    /// What slow changes of tempo are multiplied by; the gain of the quarter tempo is for fast ones.
    pub drift: f64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            steps: 10,
            shrink: 0.75,
            noise: [1.0; WIDTH],
            window: 256,
            overlap: 96,
            lookahead: 32,
            gain: [1.0; WIDTH],
            drift: 1.0,
        }
    }
}

impl Sampling {
    /// Lengths of the Euler steps, first to last; they sum to 1 (SyMuPe, systems A.5).
    pub fn step_sizes(&self) -> Vec<f64> {
        let sizes: Vec<f64> = (0..self.steps.max(1)).map(|k| self.shrink.powi(k as i32)).collect();
        let sum: f64 = sizes.iter().sum();
        sizes.iter().map(|s| s / sum).collect()
    }
}

impl Scaling {
    /// Means and deviations of all finite values.
    pub fn fit<'a>(tables: impl Iterator<Item = &'a Values>) -> Self {
        let (mut n, mut sum, mut square) = ([0.0f64; WIDTH], [0.0f64; WIDTH], [0.0f64; WIDTH]);
        for value in tables.flat_map(|t| t.0.iter().enumerate()) {
            let (column, value) = (value.0 % WIDTH, f64::from(*value.1));
            if value.is_finite() {
                n[column] += 1.0;
                sum[column] += value;
                square[column] += value * value;
            }
        }
        let mean: [f64; WIDTH] = std::array::from_fn(|k| sum[k] / n[k].max(1.0));
        let deviation =
            std::array::from_fn(|k| (square[k] / n[k].max(1.0) - mean[k] * mean[k]).max(1e-6).sqrt());
        Self { mean, deviation }
    }

    /// To mean 0 and deviation 1; extremes are clipped at five deviations.
    pub fn scale(&self, raw: &Values) -> Values {
        self.map(raw, |v, mean, deviation| ((v - mean) / deviation).clamp(-5.0, 5.0))
    }

    /// Back to units.
    pub fn restore(&self, scaled: &Values) -> Values {
        self.map(scaled, |v, mean, deviation| v * deviation + mean)
    }

    fn map(&self, table: &Values, f: impl Fn(f64, f64, f64) -> f64) -> Values {
        let convert =
            |(k, v): (usize, &f32)| f(f64::from(*v), self.mean[k % WIDTH], self.deviation[k % WIDTH]) as f32;
        Values(table.0.iter().enumerate().map(convert).collect())
    }
}
