//! Steps of a score and of a performance of it.

use notation::{Note, Quarters, Score};
use performance::metrics::{NoteFlags, usable_notes};
use performance::{Performance, PlayedNote};

use super::beats::{Beat, beat_at, beats};
use super::columns::{
    ARTICULATION, BEAT_PERIOD, COLUMNS, HIGHEST_PITCH, LOWEST_PITCH, METRIC, NOTE, PEDAL,
    PERFORMANCE_COLUMNS, PLACES, SCORE_COLUMNS, TIMING, VELOCITY, centre, token_of,
};
use super::durations::duration_token;
use super::grid::{BeatPlace, Grid};
use super::spans::spans;
use super::{Steps, pedals};

/// How long a grace note is taken to be written, in quarters, where its articulation is measured.
const GRACE_QUARTERS: f64 = 0.125;

/// No key is held for less, so that logarithms stay finite.
const SHORTEST_SECS: f64 = 0.001;

/// A place between two of the 24 is the earlier one; so much of their distance is taken for rounding.
const ROUNDING: f64 = 0.01;

/// The steps of a score. What is played is unknown in all of them.
pub fn written(score: &Score) -> Steps {
    steps_of(score, &beats(score))
}

fn steps_of(score: &Score, beats: &[Beat]) -> Steps {
    let mut steps = Steps::default();
    let mut notes = score.notes.iter().enumerate().peekable();
    for (k, beat) in beats.iter().enumerate() {
        let number = beat.number.min(PLACES - 1) as u8;
        steps.push([METRIC, 1 + number, 0, duration_token(beat.length, false)], k, None);
        let is_last = k + 1 == beats.len();
        while let Some((n, note)) = notes.next_if(|(_, note)| is_last || note.onset < beat.end()) {
            let duration = duration_token(note.duration, note.grace.is_some());
            steps.push([NOTE, 1 + place(note.onset, beat), pitch(note.pitch), duration], k, Some(n));
        }
    }
    steps
}

impl Steps {
    fn push(&mut self, written: [u8; SCORE_COLUMNS], beat: usize, note: Option<usize>) {
        let mut tokens = [0; COLUMNS];
        tokens[..SCORE_COLUMNS].copy_from_slice(&written);
        self.tokens.push(tokens);
        self.values.push([f32::NAN; PERFORMANCE_COLUMNS]);
        self.notes.push(note.map(|n| n as u32));
        self.beats.push(beat as u32);
    }
}

/// Which of the 24 places of its beat a note has.
fn place(onset: Quarters, beat: &Beat) -> u8 {
    let share = (onset - beat.start).to_f64() / beat.length.to_f64();
    (f64::from(PLACES) * share + ROUNDING).floor().clamp(0.0, f64::from(PLACES - 1)) as u8
}

/// The token of a pitch; what no piano has is put into its octaves.
fn pitch(pitch: u8) -> u8 {
    let mut pitch = pitch;
    while pitch < LOWEST_PITCH {
        pitch += 12;
    }
    while pitch > HIGHEST_PITCH {
        pitch -= 12;
    }
    pitch - LOWEST_PITCH + 1
}

/// The steps of a performance of a score; `flags` goes by played note, parallel to `performance.notes`.
///
/// The grid of beats goes through the mean onsets of what is written at the same place, grace notes excepted; where
/// more than four written onsets in a row were not played, the beat periods are unknown and the grid starts anew.
/// Tokens and real numbers have a grid each: every beat period is chosen so that the next beat, as it will be decoded,
/// is as near as possible to where it was played, and timing is told against the decoded grid.
pub fn played(score: &Score, performance: &Performance, flags: Option<&[NoteFlags]>) -> Steps {
    let beats = beats(score);
    let mut steps = steps_of(score, &beats);
    let mut usable = usable_notes(score, performance, flags);
    usable.iter_mut().for_each(|slot| *slot = slot.filter(|(note, _)| is_sound(note)));
    let found = spans(score, &usable, &beats);
    let exact = Grid::follow(&beats, &found, &|period| f64::from(period as f32));
    let binned = Grid::follow(&beats, &found, &|period| {
        f64::from(centre(BEAT_PERIOD, token_of(BEAT_PERIOD, period as f32)))
    });
    let depths = pedals::depths(score, performance, &usable);
    steps.start_secs = exact.start_secs();
    for k in 0..steps.len() {
        let Some(n) = steps.notes[k].map(|n| n as usize) else {
            let beat = steps.beats[k] as usize;
            set(&mut steps, k, BEAT_PERIOD, exact.known_period(beat), binned.known_period(beat));
            continue;
        };
        let Some((note, is_duration_known)) = usable[n] else { continue };
        let at = BeatPlace::of(&score.notes[n], &beats);
        let velocity = f64::from(note.velocity.clamp(1, 127));
        set(&mut steps, k, VELOCITY, velocity, velocity);
        if exact.is_anchored(at.beat) {
            let late = |grid: &Grid| note.onset_secs - grid.secs_at(at);
            set(&mut steps, k, TIMING, late(&exact), late(&binned));
        }
        if is_duration_known {
            let held = |grid: &Grid| articulation(&score.notes[n], note, grid.period_secs(at.beat));
            set(&mut steps, k, ARTICULATION, held(&exact), held(&binned));
        }
        set(&mut steps, k, PEDAL, depths[n], depths[n]);
    }
    steps
}

/// Whether a note has times that are numbers.
fn is_sound(note: &PlayedNote) -> bool {
    note.onset_secs.is_finite() && note.duration_secs.is_finite()
}

/// Sets what is played in a step: the number, and the token of what it is on the grid of tokens.
fn set(steps: &mut Steps, step: usize, column: usize, value: f64, on_tokens: f64) {
    steps.values[step][column - SCORE_COLUMNS] = value as f32;
    steps.tokens[step][column] = token_of(column, on_tokens as f32);
}

fn articulation(written: &Note, played: &PlayedNote, period_secs: f64) -> f64 {
    (played.duration_secs.max(SHORTEST_SECS) / (nominal_quarters(written) * period_secs)).log2()
}

/// The duration that articulation is relative to, in quarters.
pub(super) fn nominal_quarters(note: &Note) -> f64 {
    if note.duration > Quarters::ZERO { note.duration.to_f64() } else { GRACE_QUARTERS }
}

impl BeatPlace {
    /// The place of a written note.
    pub(super) fn of(note: &Note, beats: &[Beat]) -> Self {
        let beat = beat_at(beats, note.onset);
        let start = beats.get(beat).map_or(note.onset, |beat| beat.start);
        Self { beat, after_quarters: (note.onset - start).to_f64() }
    }
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
