//! The line of a new run: what the score says of playing as far as a straight line tells it, by ridge regression over
//! all performances at once. A network that learns from windows of a few performances at a time takes long to find that.
//!
//! `scripts/xmvae_line.py` does the same.

use analysis::features::WIDTH;
use xmvae::ecp::{FAMILY, METRIC, NOTE, PERFORMANCE_COLUMNS, SCORE_COLUMNS, centre, centres};

use super::line::Fitted;
use super::packed::Packed;
use crate::linear;

/// A performance's mean counts as so many notes, beside its notes' differences from it: between performances there is
/// much that the score does not say.
const MEAN_COUNTS: f64 = 4.0;

/// How strongly weights are pulled to nothing, in mean weights of a performance, the inputs' deviations being one.
const PULL: f64 = 2.0;

/// Deviation of normal numbers over the mean of their sizes, the root of half of pi. Of the sizes of what the line
/// leaves, since a few notes that are far off say little of the others.
const NORMAL: f64 = 1.253_314_137_315_5;

/// Inputs that hardly differ count as if they did by so much, squared.
const LEAST_VARIANCE: f64 = 1e-6;

/// What performances of a score have in a column.
struct Heard<'a> {
    /// Inputs `[rows, WIDTH]`.
    inputs: &'a [f64],
    /// Of each performance a value for each row, in eighths of the bins from the middle on; NaN where unknown.
    values: Vec<Vec<f64>>,
}

/// The inputs of a score: of its notes, and of the beats that have some, the means over their notes.
struct Inputs {
    notes: Vec<f64>,
    note_steps: Vec<usize>,
    beats: Vec<f64>,
    beat_steps: Vec<usize>,
}

/// Sums for the normal equations of a column.
struct Sums {
    /// Products of inputs, less their means in a score `[WIDTH, WIDTH]`, in and above the diagonal.
    squares: Vec<f64>,
    /// Products with what is played, less its mean in a performance.
    products: Vec<f64>,
    weight: f64,
    /// Of each performance the means of its inputs and of what is played.
    means: Vec<(Vec<f64>, f64)>,
}

/// Fits a line to performances. Each counts as much as the root of its notes, as where windows are drawn.
pub(super) fn fit(packed: &Packed) -> Fitted {
    let mut sums: [Sums; PERFORMANCE_COLUMNS] = std::array::from_fn(|_| Sums::new());
    each_score(packed, &mut |column, heard| sums[column].add(heard));
    let lines = sums.map(|sums| sums.solve());
    let mut fitted = Fitted {
        weights: (0..WIDTH).map(|k| std::array::from_fn(|column| lines[column].0[k] as f32)).collect(),
        bias: std::array::from_fn(|column| lines[column].1 as f32),
        deviation: [0.0; PERFORMANCE_COLUMNS],
    };
    let mut left = [(0.0_f64, 0.0_f64); PERFORMANCE_COLUMNS];
    each_score(packed, &mut |column, heard| {
        let (weights, bias) = &lines[column];
        let said: Vec<f64> =
            heard.inputs.chunks_exact(WIDTH).map(|row| bias + product(row, weights)).collect();
        for (values, weight) in heard.performances() {
            for (value, said) in values.iter().zip(&said).filter(|(value, _)| !value.is_nan()) {
                left[column].0 += weight * (value - said).abs();
                left[column].1 += weight;
            }
        }
    });
    fitted.deviation = std::array::from_fn(|column| {
        let (off, weight) = left[column];
        // Half a bin at least, so that what is always the same is not told beyond its bin.
        let least = 4.0 / bins(column);
        if weight > 0.0 { (NORMAL * off / weight).max(least).ln() as f32 } else { 0.0 }
    });
    fitted
}

/// Hears every score that is played, column by column.
fn each_score(packed: &Packed, hear: &mut dyn FnMut(usize, &Heard<'_>)) {
    let mut played: Vec<Vec<usize>> = vec![Vec::new(); packed.scores()];
    packed.score.iter().enumerate().for_each(|(performance, score)| played[*score].push(performance));
    for (score, played) in played.iter().enumerate().filter(|(_, played)| !played.is_empty()) {
        let of_score = Inputs::of(packed, score);
        for column in 0..PERFORMANCE_COLUMNS {
            let (inputs, steps) = match column {
                0 => (&of_score.beats, &of_score.beat_steps),
                _ => (&of_score.notes, &of_score.note_steps),
            };
            let values = played.iter().map(|performance| values(packed, *performance, steps, column));
            hear(column, &Heard { inputs, values: values.collect() });
        }
    }
}

/// Bins of a column.
fn bins(column: usize) -> f64 {
    centres(SCORE_COLUMNS + column).len() as f64
}

/// What a performance has in a column at steps, in eighths of the bins from the middle on.
fn values(packed: &Packed, performance: usize, steps: &[usize], column: usize) -> Vec<f64> {
    let bins = bins(column);
    let [first, second] = [1, 2].map(|token| f64::from(centre(SCORE_COLUMNS + column, token)));
    let (middle, eighth) = (first + (second - first) * (bins - 1.0) / 2.0, (second - first) * bins / 8.0);
    let from = packed.performance_starts[performance];
    let value = |step: &usize| f64::from(packed.values[(from + step) * PERFORMANCE_COLUMNS + column]);
    // The outermost bins have what is beyond them; `clamp` leaves NaN what it is.
    steps.iter().map(|step| ((value(step) - middle) / eighth).clamp(-4.0, 4.0)).collect()
}

impl Heard<'_> {
    /// Performances of which two values are known at least, and how much each of these counts.
    fn performances(&self) -> impl Iterator<Item = (&Vec<f64>, f64)> {
        let count = |values: &Vec<f64>| values.iter().filter(|value| !value.is_nan()).count();
        let counted = self.values.iter().map(move |values| (values, count(values)));
        counted.filter(|(_, count)| *count > 1).map(|(values, count)| (values, (count as f64).powf(-0.5)))
    }
}

impl Inputs {
    fn of(packed: &Packed, score: usize) -> Self {
        let (first, end) = (packed.score_starts[score], packed.score_starts[score + 1]);
        let features: Vec<f64> = packed.features(first..end).into_iter().map(f64::from).collect();
        let row = |step: usize| &features[step * WIDTH..(step + 1) * WIDTH];
        let family = |step: usize| packed.score_tokens[(first + step) * SCORE_COLUMNS + FAMILY];
        let steps = 0..end - first;
        let (mut beats, mut beat_steps) = (Vec::new(), Vec::new());
        for beat in steps.clone().filter(|step| family(*step) == METRIC) {
            let notes = (beat + 1..steps.end).take_while(|step| family(*step) == NOTE);
            let count = notes.clone().count();
            if count > 0 {
                let mean = |k: usize| notes.clone().map(|note| row(note)[k]).sum::<f64>() / count as f64;
                beats.extend((0..WIDTH).map(mean));
                beat_steps.push(beat);
            }
        }
        let note_steps: Vec<usize> = steps.filter(|step| family(*step) == NOTE).collect();
        let notes = note_steps.iter().flat_map(|note| row(*note)).copied().collect();
        Self { notes, note_steps, beats, beat_steps }
    }
}

impl Sums {
    fn new() -> Self {
        Self { squares: vec![0.0; WIDTH * WIDTH], products: vec![0.0; WIDTH], weight: 0.0, means: Vec::new() }
    }

    fn add(&mut self, heard: &Heard<'_>) {
        let rows = heard.inputs.len() / WIDTH;
        if rows == 0 {
            return;
        }
        let mut middle = vec![0.0; WIDTH];
        for row in heard.inputs.chunks_exact(WIDTH) {
            middle.iter_mut().zip(row).for_each(|(sum, input)| *sum += input / rows as f64);
        }
        // How much each row counts, and its differences from the means of performances.
        let (mut shares, mut off) = (vec![0.0; rows], vec![0.0; rows]);
        for (values, weight) in heard.performances() {
            let known = || values.iter().filter(|value| !value.is_nan());
            let level = known().sum::<f64>() / known().count() as f64;
            for (row, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                shares[row] += weight;
                off[row] += weight * (value - level);
            }
            self.means.push((middle.clone(), level));
        }
        self.weight += shares.iter().sum::<f64>();
        let mut x = vec![0.0; WIDTH];
        for ((row, share), off) in heard.inputs.chunks_exact(WIDTH).zip(shares).zip(off) {
            for ((x, input), middle) in x.iter_mut().zip(row).zip(&middle) {
                *x = input - middle;
            }
            self.add_row(&x, share);
            self.products.iter_mut().zip(&x).for_each(|(sum, x)| *sum += off * x);
        }
    }

    /// Adds the products of a row's inputs.
    fn add_row(&mut self, x: &[f64], share: f64) {
        for (k, row) in self.squares.chunks_exact_mut(WIDTH).enumerate() {
            let by = share * x[k];
            row[k..].iter_mut().zip(&x[k..]).for_each(|(sum, x)| *sum += by * x);
        }
    }

    /// The line's weights, and what it says of nothing.
    fn solve(mut self) -> (Vec<f64>, f64) {
        let count = self.means.len() as f64;
        if self.means.is_empty() || self.weight <= 0.0 {
            return (vec![0.0; WIDTH], 0.0);
        }
        let level = self.means.iter().map(|(_, level)| level).sum::<f64>() / count;
        let mean = |k: usize| self.means.iter().map(|(inputs, _)| inputs[k]).sum::<f64>() / count;
        let middle: Vec<f64> = (0..WIDTH).map(mean).collect();
        for (inputs, of_performance) in std::mem::take(&mut self.means) {
            let x: Vec<f64> = inputs.iter().zip(&middle).map(|(input, middle)| input - middle).collect();
            self.add_row(&x, MEAN_COUNTS);
            let off = MEAN_COUNTS * (of_performance - level);
            self.products.iter_mut().zip(&x).for_each(|(sum, x)| *sum += off * x);
        }
        let square = |k: usize, other: usize| self.squares[k.min(other) * WIDTH + k.max(other)];
        let spreads: Vec<f64> =
            (0..WIDTH).map(|k| (square(k, k) / self.weight + LEAST_VARIANCE).sqrt()).collect();
        let pull = PULL * self.weight / count;
        let equation = |k: usize| -> Vec<f64> {
            let left = (0..WIDTH).map(|other| {
                let pulled = if other == k { pull } else { 0.0 };
                square(k, other) / (spreads[k] * spreads[other]) + pulled
            });
            left.chain([self.products[k] / spreads[k]]).collect()
        };
        let solved = linear::solve((0..WIDTH).map(equation).collect());
        let weights: Vec<f64> = solved.iter().zip(&spreads).map(|(weight, spread)| weight / spread).collect();
        let bias = level - product(&middle, &weights);
        (weights, bias)
    }
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
