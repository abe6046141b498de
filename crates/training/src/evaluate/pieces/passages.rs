//! Scores and passages of performances in the files that `espressivo data ecp` packed.

use std::ops::Range;

use xmvae::ecp::{
    DURATION, FAMILY, METRIC, NOTE, PERFORMANCE_COLUMNS, PITCH, PLACES, POSITION, SCORE_COLUMNS, duration_of,
};
use xmvae::network::ScoreTokens;

use super::figures::Sounded;
use crate::xmvae::Packed;

/// How long a grace note is taken to be written, in quarters.
const GRACE_QUARTERS: f64 = 0.125;

/// The sub-token of the lowest pitch is 1.
const LOWEST_PITCH: u8 = 21;

/// The steps of each score.
pub fn scores(packed: &Packed) -> impl Iterator<Item = &[ScoreTokens]> {
    let steps = packed.score_tokens.as_chunks::<SCORE_COLUMNS>().0;
    packed.score_starts.windows(2).map(move |ends| &steps[ends[0]..ends[1]])
}

/// The notes of so many bars of a performance that are known, by a number in 0..1; nothing of one that is shorter.
pub fn passage(packed: &Packed, performance: usize, bars: usize, chance: f64) -> Option<Vec<Sounded>> {
    let steps = scores(packed).nth(*packed.score.get(performance)?)?;
    let first = PERFORMANCE_COLUMNS * packed.performance_starts.get(performance)?;
    let values = packed.values.get(first..first + PERFORMANCE_COLUMNS * steps.len())?;
    let lines = bar_lines(steps);
    let choices = lines.len().checked_sub(bars).filter(|choices| *choices > 0)?;
    let drawn = ((chance * choices as f64) as usize).min(choices - 1);
    let range = lines[drawn]..lines[drawn + bars];
    let values = &values[PERFORMANCE_COLUMNS * range.start..PERFORMANCE_COLUMNS * range.end];
    Some(sounded(&steps[range], values))
}

/// The first step of each bar, and the end: bars begin where the number of the beat does not rise.
fn bar_lines(steps: &[ScoreTokens]) -> Vec<usize> {
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
    for (k, (step, values)) in steps.iter().zip(values.chunks_exact(PERFORMANCE_COLUMNS)).enumerate() {
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

/// Some steps, as a range of them, one bar after another.
pub fn bars(steps: &[ScoreTokens]) -> Vec<Range<usize>> {
    bar_lines(steps).windows(2).map(|ends| ends[0]..ends[1]).collect()
}

#[cfg(test)]
#[path = "passages_tests.rs"]
mod tests;
