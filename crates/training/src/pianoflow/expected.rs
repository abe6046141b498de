//! What validation is for: how what the network expects agrees with what a pianist did.
//!
//! The loss is ruled by the noise that no network can foretell. The correlation within a window
//! between the network's expectation and one pianist is what the evaluation will see.

use burn::tensor::Tensor;
use performance::metrics;
use pianoflow::values::{ARTICULATION, CHORD, ONSET_TEMPO, QUARTER_TEMPO, VELOCITY, WIDTH};

/// The columns that are compared.
const COLUMNS: [usize; 5] = [VELOCITY, ONSET_TEMPO, QUARTER_TEMPO, CHORD, ARTICULATION];

/// What they are called in the table of curves. Onset tempo is what it departs from quarter tempo.
pub const NAMES: [&str; 5] = ["r_vel", "r_onset_tempo", "r_qtempo", "r_chord", "r_art"];

/// Means over windows.
#[derive(Default)]
pub struct Expected {
    sum: [f64; 5],
    count: [f64; 5],
}

impl Expected {
    /// Adds a batch: expectation, pianist and which cells the pianist has (weight above 0).
    pub fn add(&mut self, expected: Tensor<3>, played: Tensor<3>, weight: Tensor<3>) {
        let [batch, notes, _] = expected.dims();
        let read = |t: Tensor<3>| t.into_data().iter::<f32>().map(f64::from).collect::<Vec<f64>>();
        let (expected, played, weight) = (read(expected), read(played), read(weight));
        for window in 0..batch {
            for (k, column) in COLUMNS.into_iter().enumerate() {
                let cells = (0..notes).map(|n| (window * notes + n) * WIDTH + column);
                let cells: Vec<usize> = cells.filter(|cell| weight[*cell] > 0.0).collect();
                let pick = |from: &[f64]| cells.iter().map(|c| from[*c]).collect::<Vec<f64>>();
                if let Some(r) = metrics::pearson(&pick(&expected), &pick(&played)) {
                    self.sum[k] += r;
                    self.count[k] += 1.0;
                }
            }
        }
    }

    /// The means, three decimals each.
    pub fn joined(&self, separator: &str) -> String {
        let mean = |k: usize| format!("{:.3}", self.sum[k] / f64::max(self.count[k], 1.0));
        (0..5).map(mean).collect::<Vec<_>>().join(separator)
    }
}
