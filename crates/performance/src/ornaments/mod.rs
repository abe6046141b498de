//! Ornaments: the keys that are struck for a note with a trill, mordent, turn or tremolo.
//!
//! A performance has one played note for each note of the score. The other keys of an ornament
//! follow from that note, the tempo around it and the score alone, each time anew, when a
//! performance becomes MIDI or sound: whatever moves the note or makes it louder moves its
//! ornament, nothing is stored, and figures and the codec go on knowing main notes only. [`fold`]
//! is the way back, for a file in which ornaments are written out.
//!
//! How fast and how evenly was measured on the 174 trills with six strokes and more of the train
//! split of (n)ASAP (Peter and others 2023, doi 10.5334/tismir.149): 11.7 strokes a second in the
//! median (9.4 to 14.8 from the tenth to the ninetieth percentile), first and last strokes longer
//! than those between, the first stroke on the beat (1 ms before it in the median), the end after
//! .95 of the written length, the last stroke on the main note in 92 of a hundred.

mod figures;
mod folding;
mod neighbours;
mod signs;
mod voices;

use notation::{Marks, Note, Score};

pub use folding::fold;

use crate::{BeatCurve, Performance, PlayedNote, codec};
use figures::{Figure, Shape};
use neighbours::{BarPitches, Neighbours};
use signs::Signs;
use voices::NextInVoice;

/// A key that goes down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// The score note that it belongs to, an index into [`Score::notes`].
    pub note: u32,
    /// MIDI pitch.
    pub pitch: u8,
    /// When the key goes down, in seconds from the start of the performance.
    pub onset_secs: f64,
    /// How long it stays down, in seconds.
    pub duration_secs: f64,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
}

/// An ornament lasts for this share of the written length.
const FILLED: f64 = 0.95;

/// No ornament goes on for longer than this; a note of an hour is held after it.
const LONGEST_SECS: f64 = 120.0;

/// Strokes beyond the notes themselves that a performance has at most. Where a file has more, the
/// ornaments after them are played as plain notes.
const MOST_ADDED: usize = 1_000_000;

/// A trill is over this long before the next note of its voice.
const CLEAR_SECS: f64 = 0.01;

/// The keys that go down for the notes of a performance, ordered by note, then time. A note
/// without an ornament is one stroke; so is one that is too short for its ornament. The first
/// stroke comes when the note does, as loud as it.
pub fn strokes(score: &Score, notes: &[PlayedNote]) -> Vec<Stroke> {
    let signs = Signs::of(score);
    let mut strokes = Vec::with_capacity(notes.len());
    if signs.is_empty() {
        strokes.extend(notes.iter().filter_map(|n| Some(stroke(score.notes.get(n.note as usize)?, n))));
        return strokes;
    }
    let surroundings = Surroundings::of(score, notes);
    let mut added = 0;
    for (k, played) in notes.iter().enumerate() {
        let Some(written) = score.notes.get(played.note as usize) else { continue };
        let times_are_numbers = played.onset_secs.is_finite() && played.duration_secs.is_finite();
        let sign = signs.at(played.note).filter(|_| times_are_numbers && added < MOST_ADDED);
        let shape = sign.and_then(|sign| surroundings.figure(k, played, sign).shape(played.note));
        match (sign, shape) {
            (Some(sign), Some(shape)) => {
                let neighbours = Neighbours::of(score, &surroundings.bars, played.note as usize, sign);
                added += shape.parts.len();
                add(&mut strokes, played, &shape, &neighbours);
            }
            _ => strokes.push(stroke(written, played)),
        }
    }
    strokes
}

/// What the ornaments of a performance depend on beside their notes.
struct Surroundings<'a> {
    score: &'a Score,
    curve: BeatCurve,
    next: NextInVoice,
    bars: BarPitches,
    /// Whether trills start on their upper note.
    starts_above: bool,
}

impl<'a> Surroundings<'a> {
    fn of(score: &'a Score, notes: &[PlayedNote]) -> Self {
        let played = Performance { notes: notes.to_vec(), pedals: Vec::new() };
        Self {
            score,
            curve: codec::encode(score, &played).curve(),
            next: NextInVoice::of(score, notes),
            bars: BarPitches::of(score),
            starts_above: score.composer.as_deref().is_some_and(figures::trills_from_above),
        }
    }

    /// What is played for a sign over the `k`-th played note.
    fn figure(&self, k: usize, played: &PlayedNote, signs: Marks) -> Figure {
        let written = &self.score.notes[played.note as usize];
        Figure {
            signs,
            length_secs: self.length_secs(k, played, signs),
            quarter_secs: self.curve.period_secs_at(written.onset.to_f64()),
            starts_above: self.starts_above,
        }
    }

    /// How long an ornament lasts: to the end of the key or of the written length, whichever is later
    /// (people who play a trill hold its main note for one stroke of it), and no longer than to the
    /// next note of its voice, the grace notes that close a trill among them.
    fn length_secs(&self, k: usize, played: &PlayedNote, signs: Marks) -> f64 {
        let written = &self.score.notes[played.note as usize];
        let at = |quarters: notation::Quarters| self.curve.secs_at(quarters.to_f64());
        let written_secs = at(written.offset()) - at(written.onset);
        let is_short = signs.intersects(Marks::STACCATO | Marks::STACCATISSIMO);
        let wanted = if is_short { 0.0 } else { FILLED * written_secs };
        let next = self.next.secs(k).map_or(f64::INFINITY, |next| next - CLEAR_SECS - played.onset_secs);
        let length = played.duration_secs.max(wanted);
        let length = if next > 0.0 { length.min(next) } else { length };
        length.min(LONGEST_SECS)
    }
}

/// The note alone.
fn stroke(written: &Note, played: &PlayedNote) -> Stroke {
    let PlayedNote { note, onset_secs, duration_secs, velocity } = *played;
    Stroke { note, pitch: written.pitch, onset_secs, duration_secs, velocity }
}

fn add(strokes: &mut Vec<Stroke>, played: &PlayedNote, shape: &Shape, neighbours: &Neighbours) {
    let mut onset_secs = played.onset_secs;
    for part in &shape.parts {
        let velocity = i32::from(played.velocity) + part.louder;
        strokes.push(Stroke {
            note: played.note,
            pitch: neighbours.pitch(part.step),
            onset_secs,
            duration_secs: part.secs * part.held,
            velocity: velocity.clamp(1, 127) as u8,
        });
        onset_secs += part.secs;
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
