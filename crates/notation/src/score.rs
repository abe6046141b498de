//! The score: measures, notes and the marks around them.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::marks::{Direction, Marks};
use crate::swing::Swing;
use crate::time::Quarters;

/// A piece as written, unfolded into the order in which it is played.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Title of the work or movement.
    pub title: Option<String>,
    /// Composer's name as the file gives it.
    pub composer: Option<String>,
    /// The parts (instruments) in file order; a piano is one part with two staves.
    pub parts: Vec<Part>,
    /// Measures in playing order, contiguous: each starts where the one before ends.
    pub measures: Vec<Measure>,
    /// Sounding notes, ordered by onset, then pitch (grace notes have the onset of their main note).
    /// Every index called `note` in other crates points into this list.
    pub notes: Vec<Note>,
    /// Dynamics, hairpins, tempo marks, pedal marks and words, ordered by onset.
    pub directions: Vec<Direction>,
    /// Metre changes, ordered; the first is at the start.
    pub time_signatures: Vec<(Quarters, TimeSignature)>,
    /// Key changes, ordered.
    pub key_signatures: Vec<(Quarters, KeySignature)>,
    /// What the importer had to guess or leave out.
    pub warnings: Vec<Warning>,
    /// How pairs of equal notes are played, ordered; even where nothing is said. Onsets and durations
    /// are as they are written, whatever swings.
    #[serde(default)]
    pub swing: Vec<(Quarters, Swing)>,
    /// MIDI velocities that the file has, by [`NoteId::written`]: those of a MIDI file whose notes are not all
    /// alike. They are how somebody played or drew the notes and are no part of what is written.
    #[serde(default)]
    pub velocities: BTreeMap<u32, u8>,
}

impl Score {
    /// End of the last measure or of the last note, whichever is later.
    pub fn end(&self) -> Quarters {
        let measures = self.measures.last().map_or(Quarters::ZERO, |m| m.end);
        self.notes.iter().map(|n| n.onset + n.duration).fold(measures, Quarters::max)
    }

    /// The metre in force at a point; 4/4 if the score gives none.
    pub fn time_signature_at(&self, at: Quarters) -> TimeSignature {
        let next = self.time_signatures.partition_point(|(q, _)| *q <= at);
        let k = next.saturating_sub(1);
        self.time_signatures.get(k).map_or(TimeSignature::default(), |(_, t)| *t)
    }

    /// The key signature in force at a point; no accidentals if the score gives none.
    pub fn key_signature_at(&self, at: Quarters) -> KeySignature {
        let next = self.key_signatures.partition_point(|(q, _)| *q <= at);
        let k = next.saturating_sub(1);
        self.key_signatures.get(k).map_or(KeySignature::default(), |(_, t)| *t)
    }

    /// How pairs of equal notes are played at a point; even if the score does not say.
    pub fn swing_at(&self, at: Quarters) -> Swing {
        let next = self.swing.partition_point(|(q, _)| *q <= at);
        next.checked_sub(1).map_or(Swing::default(), |k| self.swing[k].1)
    }

    /// Where a point of the score is played if pairs of equal notes are swung there: pairs are counted
    /// from the start of the measure, in a pick-up from its end, and so in the last part of a measure
    /// that a repeat divides.
    pub fn swung(&self, at: Quarters) -> Quarters {
        let swing = self.swing_at(at);
        let next = self.measures.partition_point(|m| m.start <= at);
        let Some(measure) = next.checked_sub(1).and_then(|k| self.measures.get(k)) else { return at };
        if swing.is_even() || at >= measure.end {
            return at;
        }
        let from = if self.is_upbeat(next - 1) { measure.end } else { measure.start };
        let (whole, part) = swing.split(at - from);
        from + whole + swing.scaled(swing.played(part))
    }

    /// Whether a measure, by its index, is the first, or completes the shorter one before it: its beats are
    /// counted from its end.
    pub fn is_upbeat(&self, measure: usize) -> bool {
        let Some(before) = measure.checked_sub(1) else { return true };
        let length = |k: usize| self.measures[k].end - self.measures[k].start;
        let full = self.measures[measure].time.measure_length();
        length(before) < full && length(before) + length(measure) == full
    }

    /// The notes of each distinct onset, in order: ranges of indices into `notes`.
    pub fn onset_groups(&self) -> Vec<Range<usize>> {
        let mut groups = Vec::new();
        let mut start = 0;
        for end in 1..=self.notes.len() {
            if end == self.notes.len() || self.notes[end].onset != self.notes[start].onset {
                groups.push(start..end);
                start = end;
            }
        }
        groups
    }

    /// Indices of the notes that start within the measures `bars` (indices into `measures`).
    pub fn notes_in_measures(&self, bars: Range<usize>) -> Range<usize> {
        let first = self.notes.partition_point(|n| (n.measure as usize) < bars.start);
        let last = self.notes.partition_point(|n| (n.measure as usize) < bars.end);
        first..last
    }
}

/// An instrument of the score.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The file's own identifier, for example `P1`.
    pub id: String,
    /// The name printed before the first system.
    pub name: String,
    /// Number of staves, at least 1.
    pub staves: u8,
}

/// One measure in playing order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Where it starts.
    pub start: Quarters,
    /// Where it ends.
    pub end: Quarters,
    /// The number printed in the score, such as `12` or `X1`.
    pub number: String,
    /// Index of the written measure that this one repeats (0 for the first in the file).
    pub written: u32,
    /// Which pass through the written measure this is, from 1.
    pub pass: u8,
    /// Metre at its start.
    pub time: TimeSignature,
}

impl Measure {
    /// The measure at an index, counted from 0, of a score that keeps one metre and repeats nothing.
    pub fn regular(index: u32, time: TimeSignature) -> Self {
        let start = time.measure_length() * i64::from(index);
        let end = start + time.measure_length();
        Self { start, end, number: (index + 1).to_string(), written: index, pass: 1, time }
    }

    /// Quarters from the start of the full measure to `at`; a pick-up (a first measure shorter
    /// than its metre) is counted from the end of a full measure.
    pub fn position(&self, at: Quarters, is_first: bool) -> Quarters {
        let full = self.time.measure_length();
        let length = self.end - self.start;
        let missing = if is_first && length < full { full - length } else { Quarters::ZERO };
        at - self.start + missing
    }
}

/// A sounding note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Stays the same however the score is sorted or unfolded.
    pub id: NoteId,
    /// When it starts.
    pub onset: Quarters,
    /// How long it is written, ties merged; zero for grace notes, unless tied to their main note.
    pub duration: Quarters,
    /// Sounding MIDI pitch, transposition applied.
    pub pitch: u8,
    /// Index into [`Score::measures`].
    pub measure: u32,
    /// Index into [`Score::parts`].
    pub part: u16,
    /// Staff within the part, from 1 (the upper).
    pub staff: u8,
    /// Voice as written, from 1.
    pub voice: u8,
    /// Whether and what kind of grace note.
    pub grace: Option<Grace>,
    /// Articulations, ornaments and slurs.
    pub marks: Marks,
}

/// A quarter on middle C at the start of the score, in the upper staff, without any mark: what a
/// note is made from in code, `Note { pitch, onset, ..Note::default() }`.
impl Default for Note {
    fn default() -> Self {
        Self {
            id: NoteId { written: 0, pass: 1 },
            onset: Quarters::ZERO,
            duration: Quarters::whole(1),
            pitch: 60,
            measure: 0,
            part: 0,
            staff: 1,
            voice: 1,
            grace: None,
            marks: Marks::empty(),
        }
    }
}

impl Note {
    /// The hand that a pianist plays it with, by staff.
    pub fn hand(&self) -> Hand {
        if self.staff <= 1 { Hand::Right } else { Hand::Left }
    }

    /// Where it ends as written.
    pub fn offset(&self) -> Quarters {
        self.onset + self.duration
    }
}

/// Identity of a note: the written note, and which repetition of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NoteId {
    /// Number of the written note in the file, from 0.
    pub written: u32,
    /// Which pass, from 1.
    pub pass: u8,
}

impl fmt::Display for NoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}-{}", self.written, self.pass)
    }
}

/// Kinds of grace note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Grace {
    /// With a slash: as short as possible.
    Acciaccatura,
    /// Without a slash: takes time from the main note.
    Appoggiatura,
}

/// A pianist's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Hand {
    /// Usually the upper staff.
    Right,
    /// Usually the lower staff.
    Left,
}

/// A metre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeSignature {
    /// Beats in a measure.
    pub beats: u8,
    /// The beat's note value: 4 for a quarter, 8 for an eighth.
    pub beat_type: u8,
}

impl Default for TimeSignature {
    fn default() -> Self {
        Self { beats: 4, beat_type: 4 }
    }
}

impl TimeSignature {
    /// Length of a full measure.
    pub fn measure_length(self) -> Quarters {
        Quarters::new(4 * i64::from(self.beats), i64::from(self.beat_type.max(1)))
    }

    /// Length of what a musician counts: a dotted value in compound metres (6/8, 9/8, 12/8).
    pub fn beat_length(self) -> Quarters {
        let unit = Quarters::new(4, i64::from(self.beat_type.max(1)));
        let compound = self.beat_type >= 8 && self.beats > 3 && self.beats.is_multiple_of(3);
        if compound { unit * 3 } else { unit }
    }
}

/// A key signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeySignature {
    /// Sharps if positive, flats if negative.
    pub fifths: i8,
    /// Whether the file calls it minor.
    pub minor: bool,
}

/// Where in a file something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line, from 1, where the format has lines.
    pub line: Option<u32>,
    /// Printed number of the measure.
    pub measure: Option<String>,
    /// Part identifier or MIDI track.
    pub part: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.part.as_ref().map(|p| format!("part {p}")),
            self.measure.as_ref().map(|m| format!("measure {m}")),
            self.line.map(|l| format!("line {l}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        f.write_str(&parts.join(", "))
    }
}

/// Something that the importer guessed or left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Where it was met.
    pub place: Place,
    /// What happened and what was done about it.
    pub message: String,
}
