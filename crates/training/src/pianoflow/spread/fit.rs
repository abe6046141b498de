//! The line that tells the spread of a piece: ridge regression, its penalty and its inputs chosen by leaving
//! out each piece in turn.

use pianoflow::piece_spread::{FIGURES, bounded, cues::CUES};

use crate::linear;

/// How many of the inputs a line may read: none (all pieces alike), the cues of the score, the networks'
/// figures as well.
pub const WIDTHS: [usize; 3] = [0, CUES, CUES + FIGURES];

/// Weights against large coefficients that are tried, as if so many pieces said nothing.
const PENALTIES: [f64; 6] = [10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0];

/// A piece to learn from.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Pieces of one name are left out together.
    pub name: &'a str,
    /// What it is told from.
    pub inputs: &'a [f64],
    /// log2 of people's spread over that of takes.
    pub ratio: f64,
}

/// A line through the inputs.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The ratio of the average piece.
    pub mean: f64,
    /// The average piece's inputs.
    pub input_means: Vec<f64>,
    /// Weight of each input's distance from its mean.
    pub weights: Vec<f64>,
}

/// A line, and what it says of pieces that it did not see.
#[derive(Clone, Debug)]
pub struct Choice {
    /// How many inputs are read, of [`WIDTHS`].
    pub width: usize,
    /// Weight against large coefficients.
    pub penalty: f64,
    /// What each piece's factor is told to be by the others, log2, within its bounds.
    pub told: Vec<f64>,
    /// Mean squared error of that.
    pub error: f64,
}

impl Fitted {
    /// The line through the first `width` inputs, each in its own deviations.
    pub fn new(targets: &[Target<'_>], width: usize, penalty: f64) -> Self {
        let count = targets.len().max(1) as f64;
        let average = |of: &dyn Fn(&Target<'_>) -> f64| targets.iter().map(of).sum::<f64>() / count;
        let mean = average(&|target| target.ratio);
        let input_means: Vec<f64> = (0..width).map(|k| average(&|target| input(target, k))).collect();
        let deviation = |k: usize| {
            let square = average(&|target| (input(target, k) - input_means[k]).powi(2));
            // An input that hardly differs tells nothing.
            if square < 1e-12 { f64::INFINITY } else { square.sqrt() }
        };
        let deviations: Vec<f64> = (0..width).map(deviation).collect();
        let scaled = |target: &Target<'_>| {
            let distances = (0..width).map(|k| (input(target, k) - input_means[k]) / deviations[k]);
            (distances.collect::<Vec<f64>>(), target.ratio - mean)
        };
        let solved = linear::ridge(width, width, penalty, targets.iter().map(scaled));
        let weights = solved.iter().zip(&deviations).map(|(weight, deviation)| weight / deviation).collect();
        Self { mean, input_means, weights }
    }

    /// How far the ratio of a piece lies from the average piece's.
    pub fn beyond_mean(&self, inputs: &[f64]) -> f64 {
        let terms = self.weights.iter().zip(inputs).zip(&self.input_means);
        terms.map(|((weight, input), mean)| weight * (input - mean)).sum()
    }
}

fn input(target: &Target<'_>, k: usize) -> f64 {
    target.inputs.get(k).copied().unwrap_or_default()
}

/// The best line of so many inputs.
pub fn choose(targets: &[Target<'_>], width: usize) -> Choice {
    // Without inputs there is nothing to weigh.
    let penalties = if width == 0 { &PENALTIES[..1] } else { &PENALTIES[..] };
    let choices = penalties.iter().map(|penalty| left_out(targets, width, *penalty));
    let best = choices.min_by(|a, b| a.error.total_cmp(&b.error));
    best.unwrap_or_else(|| left_out(targets, width, PENALTIES[0]))
}

/// Tells each piece from the others.
fn left_out(targets: &[Target<'_>], width: usize, penalty: f64) -> Choice {
    let tell = |target: &Target<'_>| {
        let others: Vec<Target<'_>> = targets.iter().filter(|o| o.name != target.name).copied().collect();
        let line = Fitted::new(&others, width, penalty);
        bounded(line.mean + line.beyond_mean(target.inputs))
    };
    let told: Vec<f64> = targets.iter().map(tell).collect();
    let square: f64 = targets.iter().zip(&told).map(|(target, told)| (target.ratio - told).powi(2)).sum();
    Choice { width, penalty, error: square / targets.len().max(1) as f64, told }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces whose ratio hangs on one cue, or on nothing that is known.
    fn pieces(weight: f64) -> Vec<(String, Vec<f64>, f64)> {
        let wave = |k: usize, c: usize| ((k * (2 * c + 3) + c * c) % 101) as f64 / 101.0 - 0.5;
        let noise = |k: usize| ((k * k * 37 + 11 * k) % 97) as f64 / 97.0 - 0.5;
        let piece = |k: usize| {
            let inputs: Vec<f64> = (0..CUES + FIGURES).map(|c| wave(k, c)).collect();
            let ratio = 0.1 + weight * inputs[5] + 0.05 * noise(k);
            (format!("piece {}", k / 2), inputs, ratio)
        };
        (0..120).map(piece).collect()
    }

    fn targets(pieces: &[(String, Vec<f64>, f64)]) -> Vec<Target<'_>> {
        pieces.iter().map(|p| Target { name: &p.0, inputs: &p.1, ratio: p.2 }).collect()
    }

    #[test]
    fn what_hangs_on_a_cue_is_told_of_pieces_left_out() {
        let pieces = pieces(1.0);
        let targets = targets(&pieces);
        let [alike, by_score, _] = WIDTHS.map(|width| choose(&targets, width));
        assert!(by_score.error < 0.2 * alike.error, "{} of {}", by_score.error, alike.error);
        assert!(by_score.told.len() == 120 && by_score.told.iter().all(|told| told.abs() <= 1.0));
        let line = Fitted::new(&targets, by_score.width, by_score.penalty);
        assert!((line.weights[5] - 1.0).abs() < 0.3, "{}", line.weights[5]);
    }

    #[test]
    fn what_hangs_on_nothing_is_not_told_better_than_by_the_mean() {
        let pieces = pieces(0.0);
        let targets = targets(&pieces);
        let [alike, by_score, _] = WIDTHS.map(|width| choose(&targets, width));
        assert!(by_score.error > 0.8 * alike.error, "{} of {}", by_score.error, alike.error);
    }

    #[test]
    fn inputs_that_never_differ_and_no_pieces_are_no_trouble() {
        let inputs = vec![1.0; CUES];
        let targets = ["a", "b"].map(|name| Target {
            name,
            inputs: &inputs,
            ratio: if name == "a" { 0.2 } else { 0.4 },
        });
        let line = Fitted::new(&targets, CUES, 10.0);
        assert!(line.weights.iter().all(|w| *w == 0.0) && (line.mean - 0.3).abs() < 1e-12);
        let none = choose(&[], CUES);
        assert!(none.told.is_empty() && none.error == 0.0);
    }
}
