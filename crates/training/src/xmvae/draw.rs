//! Windows drawn from packed pieces and performances.

use std::ops::Range;

use anyhow::{Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use xmvae::config::NetworkConfig;
use xmvae::ecp::{FAMILY, METRIC, NOTE, PERFORMANCE_COLUMNS, PITCH, SCORE_COLUMNS, SIZES};

use super::packed::Packed;
use super::windows::{Played, Steps};
use crate::packs::draws::transposition;

/// Share of the pairs whose windows are each played in the manner of the other.
const SWAPPED: f64 = 0.5;

/// What the seed of the Composer's windows differs by from that of the Pianist's.
const COMPOSER: u64 = 0xD1B5_4A32_D192_ED03;

/// Pieces and performances ready for drawing.
pub struct Windows {
    performed: Source,
    /// Running sums of the weights of performances.
    performances: Vec<f64>,
    /// Scores that nobody plays here, for the Composer.
    alone: Option<Source>,
}

/// Scores of a file.
struct Source {
    packed: Packed,
    /// Of each score its windows, as places among the steps of all.
    windows: Vec<Vec<Range<usize>>>,
    /// Running sums of the weights of scores.
    scores: Vec<f64>,
}

impl Windows {
    /// A performance is as likely as the square root of its notes, so that long ones are not all that is heard; so is
    /// a score for the Composer. Windows begin with any beat, the last with the first from which one reaches the end.
    ///
    /// # Errors
    /// When no performance has notes.
    pub fn new(performed: Packed, alone: Option<Packed>, sizes: &NetworkConfig) -> Result<Self> {
        let performed = Source::new(performed, sizes);
        let weights = performed.packed.score.iter().map(|score| performed.weight(*score));
        let performances = running(weights);
        ensure!(performances.last().is_some_and(|sum| *sum > 0.0), "no performance has notes");
        let alone = alone.map(|packed| Source::new(packed, sizes));
        let alone = alone.filter(|source| source.scores.last().is_some_and(|sum| *sum > 0.0));
        Ok(Self { performed, performances, alone })
    }

    /// Performances that windows are drawn from.
    pub fn performances(&self) -> usize {
        self.performances.len()
    }

    /// Scores that windows are drawn from for the Composer.
    pub fn scores(&self) -> usize {
        self.performed.windows.len() + self.alone.as_ref().map_or(0, |source| source.windows.len())
    }

    /// Windows of performances, the same for the same seed, in pairs of one performance.
    pub fn played(&self, seed: u64, batch: usize) -> Played {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let packed = &self.performed.packed;
        let (mut windows, mut features, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut manners: Vec<usize> = (0..batch).collect();
        for first in (0..batch).step_by(2) {
            let performance = pick(&self.performances, &mut random);
            let score = packed.score[performance];
            for _ in first..batch.min(first + 2) {
                let steps = self.performed.window(score, &mut random);
                let offset = packed.performance_starts[performance];
                let from = (offset + steps.start - packed.score_starts[score]) * PERFORMANCE_COLUMNS;
                values.push(packed.values[from..from + steps.len() * PERFORMANCE_COLUMNS].to_vec());
                features.push(packed.features(steps.clone()));
                windows.push(self.performed.written(score, steps));
            }
            if first + 1 < batch && random.random_bool(SWAPPED) {
                manners.swap(first, first + 1);
            }
        }
        Played::of(&windows, &features, &values, manners)
    }

    /// Windows of scores, the same for the same seed: one from scores that nobody plays here, one from those of
    /// performances, and so on. If they are to be transposed, each transposition that stays on the keys is as likely as
    /// any other.
    pub fn written(&self, seed: u64, batch: usize, transposed: bool) -> Steps {
        let mut random = Pcg64Mcg::seed_from_u64(seed ^ COMPOSER);
        let window = |k: usize| {
            let source = match &self.alone {
                Some(alone) if k.is_multiple_of(2) => alone,
                _ => &self.performed,
            };
            let score = pick(&source.scores, &mut random);
            let steps = source.window(score, &mut random);
            let (mut written, ends) = source.written(score, steps);
            if transposed {
                transpose(&mut written, &mut random);
            }
            (written, ends)
        };
        Steps::of(&(0..batch).map(window).collect::<Vec<_>>())
    }
}

impl Source {
    fn new(packed: Packed, sizes: &NetworkConfig) -> Self {
        let windows = (0..packed.scores()).map(|score| windows(&packed, score, sizes)).collect();
        let mut source = Self { packed, windows, scores: Vec::new() };
        source.scores = running((0..source.windows.len()).map(|score| source.weight(score)));
        source
    }

    fn window(&self, score: usize, random: &mut Pcg64Mcg) -> Range<usize> {
        let windows = &self.windows[score];
        windows[random.random_range(0..windows.len())].clone()
    }

    /// The square root of the notes of a score; 0 if it has no beat.
    fn weight(&self, score: usize) -> f64 {
        let steps = self.packed.score_starts[score]..self.packed.score_starts[score + 1];
        let is_note = |step: &usize| self.packed.score_tokens[step * SCORE_COLUMNS + FAMILY] == NOTE;
        if self.windows[score].is_empty() { 0.0 } else { (steps.filter(is_note).count() as f64).sqrt() }
    }

    /// What is written of some steps, and whether the score ends with them.
    fn written(&self, score: usize, steps: Range<usize>) -> (Vec<u8>, bool) {
        let tokens = &self.packed.score_tokens[steps.start * SCORE_COLUMNS..steps.end * SCORE_COLUMNS];
        (tokens.to_vec(), steps.end == self.packed.score_starts[score + 1])
    }
}

/// The windows of a score: from each beat on as many whole beats as have together at most so many notes and steps, one
/// at least.
fn windows(packed: &Packed, score: usize, sizes: &NetworkConfig) -> Vec<Range<usize>> {
    let (start, end) = (packed.score_starts[score], packed.score_starts[score + 1]);
    let is_beat = |step: &usize| packed.score_tokens[step * SCORE_COLUMNS + FAMILY] == METRIC;
    let beats: Vec<usize> = (start..end).filter(is_beat).chain([end]).collect();
    let mut windows = Vec::new();
    for first in 0..beats.len() - 1 {
        let fits = |last: &usize| {
            let steps = beats[*last] - beats[first];
            steps <= sizes.steps && steps - (last - first) <= sizes.window
        };
        let whole = (first + 1..beats.len()).take_while(fits).last().unwrap_or(first + 1);
        windows.push(beats[first]..beats[whole].min(beats[first] + sizes.steps));
        if beats[whole] == end {
            break;
        }
    }
    windows
}

fn running(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let sum = |sum: &mut f64, weight: f64| {
        *sum += weight;
        Some(*sum)
    };
    weights.scan(0.0, sum).collect()
}

/// One of those whose weights have these running sums.
fn pick(sums: &[f64], random: &mut Pcg64Mcg) -> usize {
    let place = random.random::<f64>() * sums.last().copied().unwrap_or(0.0);
    sums.partition_point(|sum| *sum <= place).min(sums.len().saturating_sub(1))
}

fn transpose(written: &mut [u8], random: &mut Pcg64Mcg) {
    let pitches = written.iter().skip(PITCH).step_by(SCORE_COLUMNS).filter(|pitch| **pitch > 0);
    let by = transposition(pitches.map(|pitch| i32::from(*pitch)), 1..=SIZES[PITCH] as i32 - 1, random);
    let pitches = written.iter_mut().skip(PITCH).step_by(SCORE_COLUMNS).filter(|pitch| **pitch > 0);
    pitches.for_each(|pitch| *pitch = pitch.saturating_add_signed(by as i8));
}

#[cfg(test)]
#[path = "draw_tests.rs"]
mod tests;
