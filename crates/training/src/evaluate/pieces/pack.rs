//! Scores and performances that were there to learn from, as `espressivo data ecp` packed them.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use safetensors::{Dtype, SafeTensors};
use xmvae::ecp::{DURATION, FAMILY, METRIC, NOTE, PITCH, PLACES, POSITION, duration_of};
use xmvae::network::ScoreTokens;

use super::figures::Sounded;

/// Columns of what is written, and of what is played.
const WRITTEN: usize = 4;
const PLAYED: usize = 5;

/// How long a grace note is taken to be written, in quarters.
const GRACE_QUARTERS: f64 = 0.125;

/// The sub-token of the lowest pitch is 1.
const LOWEST_PITCH: u8 = 21;

/// A pack.
pub struct Pack {
    /// Steps of all scores.
    steps: Vec<ScoreTokens>,
    /// The first step of each score, and the end of the last.
    starts: Vec<usize>,
    /// The score of each performance.
    scores: Vec<usize>,
    /// The first row of each performance, and the end of the last.
    performance_starts: Vec<usize>,
    /// What is played, `[steps, 5]` of all performances.
    values: Vec<f32>,
}

impl Pack {
    /// Training performances with their scores.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn performances(folder: &Path) -> Result<Self> {
        Self::read(&folder.join("performances.safetensors"))
    }

    /// Performances that were kept apart, with their scores.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn held_out(folder: &Path) -> Result<Self> {
        Self::read(&folder.join("performances_valid.safetensors"))
    }

    /// Scores that nobody played, for the composer alone; none where there is no such file.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn scores(folder: &Path) -> Result<Self> {
        let path = folder.join("scores.safetensors");
        if path.exists() { Self::read(&path) } else { Ok(Self::new(Vec::new(), vec![0])) }
    }

    /// Scores without performances.
    pub(super) fn new(steps: Vec<ScoreTokens>, starts: Vec<usize>) -> Self {
        Self { steps, starts, scores: Vec::new(), performance_starts: vec![0], values: Vec::new() }
    }

    fn read(path: &Path) -> Result<Self> {
        let none = || format!("no pack at {}; `espressivo data ecp` makes it", path.display());
        let bytes = std::fs::read(path).with_context(none)?;
        let damaged = || format!("{} is damaged", path.display());
        let arrays = SafeTensors::deserialize(&bytes).with_context(damaged)?;
        let tokens = bytes_of(&arrays, "score_tokens").with_context(damaged)?;
        let steps = tokens.chunks_exact(WRITTEN).map(|step| [step[0], step[1], step[2], step[3]]);
        let mut pack = Self::new(steps.collect(), places(&arrays, "score_starts").with_context(damaged)?);
        if arrays.tensor("values").is_ok() {
            pack.scores = places(&arrays, "score").with_context(damaged)?;
            pack.performance_starts = places(&arrays, "performance_starts").with_context(damaged)?;
            pack.values = numbers(&arrays, "values").with_context(damaged)?;
        }
        ensure!(pack.is_whole(), "{} is damaged: its arrays do not fit each other", path.display());
        Ok(pack)
    }

    fn is_whole(&self) -> bool {
        let rises = |starts: &[usize], end: usize| {
            starts.first() == Some(&0) && starts.last() == Some(&end) && starts.is_sorted()
        };
        let is_as_long = |(score, ends): (&usize, &[usize])| {
            let length = self.starts.get(score + 1).zip(self.starts.get(*score)).map(|(end, at)| end - at);
            length == Some(ends[1] - ends[0])
        };
        rises(&self.starts, self.steps.len())
            && rises(&self.performance_starts, self.values.len() / PLAYED)
            && self.scores.len() + 1 == self.performance_starts.len()
            && self.scores.iter().zip(self.performance_starts.windows(2)).all(is_as_long)
    }

    /// How many performances there are.
    pub fn performance_count(&self) -> usize {
        self.scores.len()
    }

    /// The steps of each score.
    pub fn all_scores(&self) -> impl Iterator<Item = &[ScoreTokens]> {
        self.starts.windows(2).map(|ends| &self.steps[ends[0]..ends[1]])
    }

    /// The notes of so many bars of a performance that are known, by a number in 0..1; nothing of one that is shorter.
    pub fn passage(&self, performance: usize, bars: usize, chance: f64) -> Option<Vec<Sounded>> {
        let score = *self.scores.get(performance)?;
        let steps = &self.steps[*self.starts.get(score)?..*self.starts.get(score + 1)?];
        let first = PLAYED * self.performance_starts.get(performance)?;
        let values = self.values.get(first..first + PLAYED * steps.len())?;
        let lines = bar_lines(steps);
        let choices = lines.len().checked_sub(bars).filter(|choices| *choices > 0)?;
        let drawn = ((chance * choices as f64) as usize).min(choices - 1);
        let range = lines[drawn]..lines[drawn + bars];
        Some(sounded(&steps[range.clone()], &values[PLAYED * range.start..PLAYED * range.end]))
    }
}

/// The first step of each bar, and the end: bars begin where the number of the beat does not rise.
pub(super) fn bar_lines(steps: &[ScoreTokens]) -> Vec<usize> {
    let mut lines = Vec::new();
    let mut before = u8::MAX;
    for (k, step) in steps.iter().enumerate().filter(|(_, step)| step[FAMILY] == METRIC) {
        if step[POSITION] <= before {
            lines.push(k);
        }
        before = step[POSITION];
    }
    lines.push(steps.len());
    lines
}

/// The notes that are known, in seconds from the first step on.
fn sounded(steps: &[ScoreTokens], values: &[f32]) -> Vec<Sounded> {
    let lines = bar_lines(steps);
    let mut notes = Vec::new();
    // Seconds a quarter, where the beat begins and its quarters.
    let (mut period, mut start, mut quarters) = (0.5, 0.0, 0.0);
    for (k, (step, values)) in steps.iter().zip(values.chunks_exact(PLAYED)).enumerate() {
        let [beat_period, velocity, timing, articulation] =
            [values[0], values[1], values[2], values[3]].map(f64::from);
        if step[FAMILY] == METRIC {
            start += period * quarters;
            quarters = duration_of(step[DURATION]).to_f64();
            // Where it is not known it goes on as before.
            period = if beat_period.is_nan() { period } else { 0.5 * beat_period.exp2() };
        }
        if step[FAMILY] != NOTE || velocity.is_nan() {
            continue;
        }
        let share = f64::from(step[POSITION].saturating_sub(1)) / f64::from(PLACES);
        let late = if timing.is_nan() { 0.0 } else { timing };
        let written = if step[DURATION] == 1 { GRACE_QUARTERS } else { duration_of(step[DURATION]).to_f64() };
        notes.push(Sounded {
            bar: lines.partition_point(|line| *line <= k) as u32,
            pitch: (LOWEST_PITCH - 1).saturating_add(step[PITCH]),
            onset_secs: start + period * quarters * share + late,
            duration_secs: written * period * articulation.exp2(),
            velocity,
        });
    }
    notes
}

/// The bytes of an array.
fn bytes_of<'a>(arrays: &SafeTensors<'a>, name: &str) -> Result<&'a [u8]> {
    let array = arrays.tensor(name)?;
    ensure!(array.dtype() == Dtype::U8, "{name} is not of bytes");
    Ok(array.data())
}

/// An array of places, i32.
fn places(arrays: &SafeTensors<'_>, name: &str) -> Result<Vec<usize>> {
    let array = arrays.tensor(name)?;
    ensure!(array.dtype() == Dtype::I32, "{name} is not of whole numbers");
    let place = |bytes: &[u8]| usize::try_from(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    Ok(array.data().chunks_exact(4).map(place).collect::<Result<_, _>>()?)
}

/// An array of numbers, f32.
fn numbers(arrays: &SafeTensors<'_>, name: &str) -> Result<Vec<f32>> {
    let array = arrays.tensor(name)?;
    ensure!(array.dtype() == Dtype::F32, "{name} is not of numbers of 32 bits");
    let number = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    Ok(array.data().chunks_exact(4).map(number).collect())
}

/// Some steps, as a range of them, one bar after another.
pub(super) fn bars(steps: &[ScoreTokens]) -> Vec<Range<usize>> {
    bar_lines(steps).windows(2).map(|ends| ends[0]..ends[1]).collect()
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
