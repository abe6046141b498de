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

use notation::{Marks, Note, Score};

pub use folding::fold;

use crate::{BeatCurve, Performance, PlayedNote, codec};
use figures::{Figure, Shape};
use neighbours::Neighbours;

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

/// What is written over a note and played as more than one stroke.
const SIGNS: Marks = Marks::TRILL.union(Marks::MORDENT).union(Marks::TURN).union(Marks::TREMOLO);

/// An ornament lasts for this share of the written length.
const FILLED: f64 = 0.95;

/// No ornament goes on for longer than this; a note of an hour is held after it.
const LONGEST_SECS: f64 = 120.0;

/// A trill is over this long before the next note of its voice.
const CLEAR_SECS: f64 = 0.01;

/// The keys that go down for the notes of a performance, ordered by note, then time. A note
/// without an ornament is one stroke; so is one that is too short for its ornament. The first
/// stroke comes when the note does, as loud as it.
pub fn strokes(score: &Score, notes: &[PlayedNote]) -> Vec<Stroke> {
    let ornaments = Ornaments::of(score);
    let mut strokes = Vec::with_capacity(notes.len());
    let mut curve: Option<BeatCurve> = None;
    for played in notes {
        let Some(written) = score.notes.get(played.note as usize) else { continue };
        let times_are_numbers = played.onset_secs.is_finite() && played.duration_secs.is_finite();
        let signs = ornaments.signs(played.note).filter(|_| times_are_numbers);
        let Some(signs) = signs else {
            strokes.push(stroke(written, played));
            continue;
        };
        let curve = curve.get_or_insert_with(|| {
            codec::encode(score, &Performance { notes: notes.to_vec(), pedals: Vec::new() }).curve()
        });
        let length_secs = length_secs(score, notes, curve, played, signs);
        let quarter_secs = curve.period_secs_at(written.onset.to_f64());
        let figure = Figure { signs, length_secs, quarter_secs, starts_above: ornaments.starts_above };
        match figure.shape(played.note) {
            Some(shape) => {
                let neighbours = Neighbours::of(score, played.note as usize, signs);
                add(&mut strokes, played, &shape, &neighbours);
            }
            None => strokes.push(stroke(written, played)),
        }
    }
    strokes
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

/// How long an ornament lasts: to the end of the key or of the written length, whichever is later
/// (people who play a trill hold its main note for one stroke of it), and no longer than to the
/// next note of its voice, the grace notes that close a trill among them.
fn length_secs(
    score: &Score,
    notes: &[PlayedNote],
    curve: &BeatCurve,
    played: &PlayedNote,
    signs: Marks,
) -> f64 {
    let written = &score.notes[played.note as usize];
    let written_secs = curve.secs_at(written.offset().to_f64()) - curve.secs_at(written.onset.to_f64());
    let is_short = signs.intersects(Marks::STACCATO | Marks::STACCATISSIMO);
    let wanted = if is_short { 0.0 } else { FILLED * written_secs };
    let next = next_in_voice(score, notes, played.note)
        .map_or(f64::INFINITY, |next| next - CLEAR_SECS - played.onset_secs);
    let length = played.duration_secs.max(wanted);
    let length = if next > 0.0 { length.min(next) } else { length };
    length.min(LONGEST_SECS)
}

/// When the voice of a note goes on.
fn next_in_voice(score: &Score, notes: &[PlayedNote], note: u32) -> Option<f64> {
    let written = &score.notes[note as usize];
    let after = notes.partition_point(|p| p.note <= note);
    let same_voice = |p: &&PlayedNote| {
        let other = score.notes.get(p.note as usize);
        other.is_some_and(|o| {
            o.onset > written.onset
                && (o.part, o.staff, o.voice) == (written.part, written.staff, written.voice)
        })
    };
    let mut later = notes[after..].iter().filter(same_voice).peekable();
    let at = later.peek().and_then(|p| score.notes.get(p.note as usize))?.onset;
    let together = later.take_while(|p| score.notes[p.note as usize].onset == at);
    together.map(|p| p.onset_secs).reduce(f64::min)
}

/// Which notes of a score have ornaments.
pub(crate) struct Ornaments<'a> {
    score: &'a Score,
    /// Whether trills start on their upper note.
    starts_above: bool,
}

impl<'a> Ornaments<'a> {
    pub fn of(score: &'a Score) -> Self {
        Self { score, starts_above: score.composer.as_deref().is_some_and(figures::trills_from_above) }
    }

    /// The signs that a note is played with. A sign stands over a chord and is written at one of
    /// its notes; the top note has it, unless several notes have signs of their own.
    pub fn signs(&self, note: u32) -> Option<Marks> {
        let written = self.score.notes.get(note as usize).filter(|n| n.grace.is_none())?;
        let has_sign = |n: &Note| {
            n.marks.intersects(SIGNS) && !n.marks.contains(Marks::TREMOLO_PAIR) && n.grace.is_none()
        };
        let chord = self.chord(note);
        let marked = chord.clone().filter(|n| has_sign(n)).count();
        let is_tremolo = written.marks.contains(Marks::TREMOLO);
        match marked {
            0 => None,
            1 if !is_tremolo => {
                let top = chord.clone().map(|n| n.pitch).max() == Some(written.pitch);
                let sign = chord.clone().find(|n| has_sign(n))?.marks;
                top.then_some(sign)
            }
            _ => has_sign(written).then_some(written.marks),
        }
    }

    /// The notes of one voice that start together.
    fn chord(&self, note: u32) -> impl Iterator<Item = &'a Note> + Clone {
        let notes = &self.score.notes;
        let written = &notes[note as usize];
        let first = notes[..note as usize].iter().rev().take_while(|n| n.onset == written.onset).count();
        let chord = notes[note as usize - first..].iter().take_while(|n| n.onset == written.onset);
        chord.filter(|n| {
            n.grace.is_none() && (n.part, n.staff, n.voice) == (written.part, written.staff, written.voice)
        })
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
