//! Performances from values of steps.

use notation::Score;
use performance::{Performance, PlayedNote};

use super::beats::{Beat, beats};
use super::columns::{
    ARTICULATION, BEAT_PERIOD, COLUMNS, PEDAL, PERFORMANCE_COLUMNS, SCORE_COLUMNS, TIMING, VELOCITY, centre,
};
use super::encode::nominal_quarters;
use super::grid::{BeatPlace, Grid};
use super::{Steps, pedals};

/// The velocity of a note that has none.
const NEUTRAL_VELOCITY: f32 = 64.0;

/// No key is held so many octaves longer or shorter than written, so that times stay numbers.
const MOST_ARTICULATION: f64 = 16.0;

/// What tokens stand for: the middle of each bin, NaN where a token is 0.
pub fn values_of_tokens(tokens: &[[u8; COLUMNS]]) -> Vec<[f32; PERFORMANCE_COLUMNS]> {
    let value = |step: &[u8; COLUMNS], k: usize| centre(SCORE_COLUMNS + k, step[SCORE_COLUMNS + k]);
    tokens.iter().map(|step| std::array::from_fn(|k| value(step, k))).collect()
}

/// The performance of all notes of a score that steps of it with these values make. Unknown values are neutral: on
/// the grid, held as written, of velocity 64; beat periods are interpolated, and half a second a quarter where none is
/// known. The first beat comes at [`Steps::start_secs`], or later where a note would else start before 0.
pub fn performance_of(score: &Score, steps: &Steps, values: &[[f32; PERFORMANCE_COLUMNS]]) -> Performance {
    let beats = beats(score);
    let grid = Grid::of_periods(&beats, periods(&beats, steps, values), steps.start_secs);
    let told = steps.notes.iter().zip(values).filter_map(|(note, values)| Some(((*note)?, values)));
    let mut notes: Vec<(PlayedNote, f32)> =
        told.filter_map(|note| played(score, &beats, &grid, note)).collect();
    let earliest = notes.iter().map(|(note, _)| note.onset_secs).fold(0.0, f64::min);
    notes.iter_mut().for_each(|(note, _)| note.onset_secs -= earliest);
    notes.sort_by_key(|(note, _)| note.note);
    notes.dedup_by_key(|(note, _)| note.note);
    let mut performance =
        Performance { notes: notes.iter().map(|(note, _)| *note).collect(), pedals: Vec::new() };
    performance.pedals = pedals::movements(&depths(score, &notes), performance.end_secs());
    performance
}

/// The beat periods of all beats, NaN where unknown.
fn periods(beats: &[Beat], steps: &Steps, values: &[[f32; PERFORMANCE_COLUMNS]]) -> Vec<f64> {
    let mut periods = vec![f64::NAN; beats.len()];
    let metric = steps.beats.iter().zip(&steps.notes).zip(values).filter(|((_, note), _)| note.is_none());
    for ((beat, _), values) in metric {
        let period = f64::from(values[BEAT_PERIOD - SCORE_COLUMNS]);
        if let Some(slot) = periods.get_mut(*beat as usize).filter(|_| period.is_finite()) {
            *slot = period;
        }
    }
    periods
}

/// A note as its values say, and the depth of the pedal; nothing if the score does not have it.
fn played(
    score: &Score,
    beats: &[Beat],
    grid: &Grid,
    (index, values): (u32, &[f32; PERFORMANCE_COLUMNS]),
) -> Option<(PlayedNote, f32)> {
    let written = score.notes.get(index as usize)?;
    let value = |column: usize, neutral: f32| {
        Some(values[column - SCORE_COLUMNS]).filter(|value| value.is_finite()).unwrap_or(neutral)
    };
    let at = BeatPlace::of(written, beats);
    let held = f64::from(value(ARTICULATION, 0.0)).clamp(-MOST_ARTICULATION, MOST_ARTICULATION).exp2();
    let note = PlayedNote {
        note: index,
        onset_secs: grid.secs_at(at) + f64::from(value(TIMING, 0.0)),
        duration_secs: nominal_quarters(written) * grid.period_secs(at.beat) * held,
        velocity: value(VELOCITY, NEUTRAL_VELOCITY).round().clamp(1.0, 127.0) as u8,
    };
    Some((note, values[PEDAL - SCORE_COLUMNS]))
}

/// The depth of the pedal from each onset on, by the time of the onset: means over its notes, over those that are no
/// grace notes if there are any.
fn depths(score: &Score, notes: &[(PlayedNote, f32)]) -> Vec<(f64, f64)> {
    let written = |note: &PlayedNote| &score.notes[note.note as usize];
    let mut depths: Vec<(f64, f64)> = Vec::new();
    for group in notes.chunk_by(|(a, _), (b, _)| written(a).onset == written(b).onset) {
        let has_main = group.iter().any(|(note, _)| written(note).grace.is_none());
        let counts = |(note, _): &&(PlayedNote, f32)| !has_main || written(note).grace.is_none();
        let main: Vec<&(PlayedNote, f32)> = group.iter().filter(counts).collect();
        let secs = mean(main.iter().map(|(note, _)| note.onset_secs));
        let known = main.iter().map(|(_, depth)| f64::from(*depth)).filter(|depth| !depth.is_nan());
        depths.push((secs, mean(known)));
    }
    // Where hands are apart, an onset may come before the one before it.
    depths.sort_by(|a, b| a.0.total_cmp(&b.0));
    depths
}

/// The mean of numbers; NaN of none.
fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), number| (sum + number, count + 1.0));
    sum / count
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
