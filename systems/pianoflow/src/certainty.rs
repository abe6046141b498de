//! How sure the networks are of a piece: what they expect of it, before any noise.
//!
//! Without noise and with nothing known, the velocity field at the beginning of the path is what a network
//! expects of a pianist. How far that spreads, and how far the networks are apart, says how wide a take
//! will be beside a person's performance. Two windows say it well enough, at a fraction of the time of a take.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::Mutex;

use analysis::features;
use performers::PerformError;

use super::ensemble::Ensemble;
use super::given::Given;
use super::piece_spread::FIGURES;
use super::values::{self, KINDS, WIDTH};

/// Windows that a long piece is looked at through.
const WINDOWS: usize = 2;

/// Less is taken for this, so that logarithms stay finite; in deviations of the training set.
const LEAST: f64 = 1e-3;

/// The figures of a piece from its table of features: log2 of the expected spread of each kind of value,
/// then log2 of how far the networks are from their mean, both in deviations of the training set.
/// `step` is asked before each window whether to go on.
pub fn of(
    ensemble: &Ensemble,
    table: &[f32],
    window: usize,
    step: &dyn Fn() -> Result<(), PerformError>,
) -> Result<[f64; FIGURES], PerformError> {
    let mut tally = Tally::default();
    for notes in windows(table.len() / features::WIDTH, window) {
        step()?;
        let cells = notes.len() * WIDTH;
        let given = Given {
            features: table[notes.start * features::WIDTH..notes.end * features::WIDTH].to_vec(),
            known: vec![0.0; cells],
            unknown: vec![1.0; cells],
            condition: None,
        };
        tally.add(&ensemble.condition(&given).velocities(&vec![0.0; cells], 0.0));
    }
    Ok(tally.figures())
}

/// The windows of a piece of so many notes, evenly over it.
fn windows(notes: usize, window: usize) -> Vec<Range<usize>> {
    let count = notes.div_ceil(window.max(1)).min(WINDOWS);
    let last = notes.saturating_sub(window);
    let start = |k: usize| (notes * (2 * k + 1) / (2 * count)).saturating_sub(window / 2).min(last);
    (0..count).map(|k| start(k)..(start(k) + window).min(notes)).collect()
}

/// Sums over cells, by kind of value.
#[derive(Default)]
struct Tally {
    count: [f64; KINDS],
    sum: [f64; KINDS],
    square: [f64; KINDS],
    /// Squared distance of the networks from their mean.
    apart: [f64; KINDS],
}

impl Tally {
    /// Adds what each network expects of a window `[notes, WIDTH]`.
    fn add(&mut self, expected: &[Vec<f32>]) {
        let networks = expected.len().max(1) as f64;
        for cell in 0..expected.first().map_or(0, Vec::len) {
            let kind = values::kind_of(cell % WIDTH);
            let of_all = || expected.iter().map(|field| f64::from(field[cell]));
            let mean = of_all().sum::<f64>() / networks;
            self.count[kind] += 1.0;
            self.sum[kind] += mean;
            self.square[kind] += mean * mean;
            self.apart[kind] += of_all().map(|x| (x - mean).powi(2)).sum::<f64>() / networks;
        }
    }

    fn figures(&self) -> [f64; FIGURES] {
        std::array::from_fn(|k| {
            let kind = k % KINDS;
            let count = self.count[kind].max(1.0);
            let variance = if k < KINDS {
                self.square[kind] / count - (self.sum[kind] / count).powi(2)
            } else {
                self.apart[kind] / count
            };
            variance.max(LEAST * LEAST).sqrt().log2()
        })
    }
}

/// Remembers the figures of the table that was asked about last: bars of one score are performed anew
/// again and again.
#[derive(Default)]
pub struct Remembered(Mutex<Option<(u64, [f64; FIGURES])>>);

impl Remembered {
    /// As [`of`].
    pub fn of(
        &self,
        ensemble: &Ensemble,
        table: &[f32],
        window: usize,
        step: &dyn Fn() -> Result<(), PerformError>,
    ) -> Result<[f64; FIGURES], PerformError> {
        let mut hasher = DefaultHasher::new();
        hasher.write_usize(window);
        table.iter().for_each(|cell| hasher.write_u32(cell.to_bits()));
        let name = hasher.finish();
        let last = self.0.lock().ok().and_then(|last| *last);
        if let Some((_, figures)) = last.filter(|(of, _)| *of == name) {
            return Ok(figures);
        }
        let figures = of(ensemble, table, window, step)?;
        if let Ok(mut last) = self.0.lock() {
            *last = Some((name, figures));
        }
        Ok(figures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_lie_in_the_piece_and_spread_over_it() {
        assert!(windows(0, 512).is_empty());
        assert_eq!(windows(100, 512), vec![0..100; 1]);
        assert_eq!(windows(700, 512), [0..512, 188..700]);
        assert_eq!(windows(4000, 512), [744..1256, 2744..3256]);
    }

    #[test]
    fn spread_is_of_the_mean_and_distance_between_the_networks() {
        let notes = 200;
        let field = |sign: f32| {
            let cell = |k: usize| if (k / WIDTH).is_multiple_of(2) { 2.0 } else { -2.0 };
            (0..notes * WIDTH).map(|k| cell(k) + 0.5 * sign).collect::<Vec<f32>>()
        };
        let mut tally = Tally::default();
        tally.add(&[field(1.0), field(-1.0)]);
        let figures = tally.figures();
        assert!(figures[..KINDS].iter().all(|spread| (spread - 1.0).abs() < 1e-9), "{figures:?}");
        assert!(figures[KINDS..].iter().all(|apart| (apart + 1.0).abs() < 1e-9), "{figures:?}");
        assert!(Tally::default().figures().iter().all(|f| f.is_finite()));
    }
}
