//! The performance in the making: what the rules read and change.

use std::ops::Range;

use notation::{Hand, Score};
use performance::PlayedNote;

/// MIDI velocity steps to a decibel.
pub const VELOCITY_PER_DB: f64 = 2.5;

/// No note is held shorter than this.
const SHORTEST_HELD_SECS: f64 = 0.03;

/// Time between the end of a note and the next start of the same key.
const KEY_RETURN_SECS: f64 = 0.02;

/// All notes that start together, and the time until the next ones do.
pub struct Onset {
    /// Indices into the score's notes.
    pub notes: Range<usize>,
    /// Score time in quarters.
    pub at: f64,
    /// Quarters to the next onset, or to the end.
    pub span_quarters: f64,
    /// Seconds to the next onset by the written tempo alone.
    pub nominal_secs: f64,
    /// Seconds to the next onset as the rules have made it.
    pub secs: f64,
    /// Silence before the next onset.
    pub pause_secs: f64,
    /// The melody note that starts here, if one does.
    pub melody: Option<usize>,
}

/// What is known of a note.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoteSketch {
    /// Index of its onset.
    pub onset: usize,
    /// Velocity of the written dynamics.
    pub written_velocity: f64,
    /// Louder or softer than written.
    pub level_db: f64,
    /// Later (positive) or earlier than its onset.
    pub shift_secs: f64,
    /// Played over written length.
    pub ratio: f64,
    /// Taken off its end.
    pub shorten_secs: f64,
}

/// A score being turned into a performance.
pub struct Sketch<'a> {
    /// What is written.
    pub score: &'a Score,
    /// In order of score time.
    pub onsets: Vec<Onset>,
    /// One for each note of the score.
    pub notes: Vec<NoteSketch>,
}

impl<'a> Sketch<'a> {
    /// The score at a constant 0.5 s a quarter, without any expression.
    pub fn new(score: &'a Score) -> Self {
        let groups = score.onset_groups();
        let end = score.end().to_f64();
        let at: Vec<f64> = groups.iter().map(|g| score.notes[g.start].onset.to_f64()).collect();
        let mut notes =
            vec![NoteSketch { written_velocity: 64.0, ratio: 1.0, ..Default::default() }; score.notes.len()];
        let mut onsets = Vec::with_capacity(groups.len());
        for (k, group) in groups.into_iter().enumerate() {
            group.clone().for_each(|n| notes[n].onset = k);
            let longest = group.clone().map(|n| score.notes[n].duration.to_f64()).fold(0.0, f64::max);
            let span = at.get(k + 1).map_or((end - at[k]).max(longest), |next| next - at[k]).max(1e-6);
            onsets.push(Onset {
                notes: group,
                at: at[k],
                span_quarters: span,
                nominal_secs: span * 0.5,
                secs: span * 0.5,
                pause_secs: 0.0,
                melody: None,
            });
        }
        let mut sketch = Self { score, onsets, notes };
        sketch.find_melody();
        sketch
    }

    /// The melody note of an onset is the highest that starts in the right hand, unless a higher
    /// one of that hand still sounds; where the right hand is silent it is the left hand's top.
    fn find_melody(&mut self) {
        let score = self.score;
        // Up to when each pitch of the right hand sounds.
        let mut until = [f64::NEG_INFINITY; 256];
        let mut right_until = f64::NEG_INFINITY;
        for onset in &mut self.onsets {
            let top = |hand: Hand| {
                let of_hand = |n: &usize| score.notes[*n].hand() == hand && score.notes[*n].grace.is_none();
                onset.notes.clone().filter(of_hand).max_by_key(|n| score.notes[*n].pitch)
            };
            let sounds = |until: &f64| *until > onset.at + 1e-6;
            let covered = |n: &usize| until[usize::from(score.notes[*n].pitch) + 1..].iter().any(sounds);
            onset.melody = top(Hand::Right).filter(|n| !covered(n));
            if onset.melody.is_none() && right_until <= onset.at + 1e-6 && top(Hand::Right).is_none() {
                onset.melody = top(Hand::Left);
            }
            for n in onset.notes.clone().filter(|n| score.notes[*n].hand() == Hand::Right) {
                let end = score.notes[n].offset().to_f64();
                let of_pitch = &mut until[usize::from(score.notes[n].pitch)];
                *of_pitch = of_pitch.max(end);
                right_until = right_until.max(end);
            }
        }
    }

    /// When each onset comes, and when the last span ends, in seconds from the first onset.
    pub fn times_secs(&self) -> Vec<f64> {
        let mut time = 0.0;
        let mut times = Vec::with_capacity(self.onsets.len() + 1);
        for onset in &self.onsets {
            times.push(time);
            time += onset.secs + onset.pause_secs;
        }
        times.push(time);
        times
    }

    /// Index of the last onset at or before a score time (0 before the first).
    pub fn onset_before(&self, quarters: f64) -> usize {
        self.onsets.partition_point(|o| o.at <= quarters + 1e-9).saturating_sub(1)
    }

    /// The first onset at or after a score time, if there is one.
    pub fn onset_from(&self, quarters: f64) -> Option<usize> {
        let k = self.onsets.partition_point(|o| o.at < quarters - 1e-9);
        (k < self.onsets.len()).then_some(k)
    }

    /// When a note that is written to end at `quarters` would end: before the pause, if any.
    fn end_secs(&self, times: &[f64], quarters: f64) -> f64 {
        let k = self.onsets.partition_point(|o| o.at < quarters - 1e-9).saturating_sub(1);
        let onset = &self.onsets[k];
        times[k] + onset.secs * (quarters - onset.at) / onset.span_quarters
    }

    /// When a point of score time comes.
    pub fn time_at_secs(&self, times: &[f64], quarters: f64) -> f64 {
        let k = self.onset_before(quarters);
        let onset = &self.onsets[k];
        times[k] + onset.secs * (quarters - onset.at) / onset.span_quarters
    }

    /// Every note as it will sound.
    pub fn play(&self) -> Vec<PlayedNote> {
        let times = self.times_secs();
        let mut played = Vec::with_capacity(self.notes.len());
        for (n, (note, written)) in self.notes.iter().zip(&self.score.notes).enumerate() {
            let start = times[note.onset];
            let length = if written.grace.is_some() {
                0.1
            } else {
                self.end_secs(&times, written.offset().to_f64()) - start
            };
            let duration = (length * note.ratio - note.shorten_secs).max(SHORTEST_HELD_SECS);
            let velocity = note.written_velocity + VELOCITY_PER_DB * note.level_db;
            played.push(PlayedNote {
                note: n as u32,
                onset_secs: start + note.shift_secs,
                duration_secs: duration,
                velocity: velocity.round().clamp(1.0, 127.0) as u8,
            });
        }
        free_keys(self.score, &mut played);
        // A performance starts at 0 however early its first note comes.
        let first = played.iter().map(|p| p.onset_secs).fold(f64::INFINITY, f64::min).min(0.0);
        played.iter_mut().for_each(|p| p.onset_secs -= first);
        played
    }

    /// How much later than [`Self::times_secs`] everything in [`Self::play`] is.
    pub fn lead_in_secs(&self) -> f64 {
        let times = self.times_secs();
        let early = self.notes.iter().map(|n| times[n.onset] + n.shift_secs);
        -early.fold(0.0, f64::min)
    }
}

/// Ends each note in time for the next one on the same key.
fn free_keys(score: &Score, played: &mut [PlayedNote]) {
    let mut last: [Option<usize>; 256] = [None; 256];
    let mut order: Vec<usize> = (0..played.len()).collect();
    order.sort_by(|a, b| played[*a].onset_secs.total_cmp(&played[*b].onset_secs));
    for k in order {
        let (pitch, onset) = (score.notes[k].pitch, played[k].onset_secs);
        if let Some(before) = last[usize::from(pitch)].replace(k) {
            let room = onset - played[before].onset_secs - KEY_RETURN_SECS;
            if room > 0.0 {
                played[before].duration_secs =
                    played[before].duration_secs.min(room.max(SHORTEST_HELD_SECS / 2.0));
            }
        }
    }
}
