//! A score as it stands in a file: MessagePack with field names, but the notes as columns, which
//! take a quarter of the room that a named field for each value of each note would.

use std::collections::BTreeMap;

use notation::{
    Direction, Grace, KeySignature, Marks, Measure, Note, NoteId, Part, Quarters, Score, Swing,
    TimeSignature, Warning,
};
use serde::{Deserialize, Serialize};

use super::contents::Flaw;
use crate::scores::{Entry, Varied};

/// A score. A field that a file does not have is as in an empty score.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ScoreRow {
    title: Option<String>,
    composer: Option<String>,
    parts: Vec<Part>,
    measures: Vec<Measure>,
    notes: Columns,
    directions: Vec<Direction>,
    time_signatures: Vec<(Quarters, TimeSignature)>,
    key_signatures: Vec<(Quarters, KeySignature)>,
    warnings: Vec<Warning>,
    #[serde(default)]
    swing: Vec<(Quarters, Swing)>,
    /// What it was made of. Older programs leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    varied: Option<Varied>,
    /// Older programs leave them out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    velocities: BTreeMap<u32, u8>,
}

/// The notes, a column for each of their fields. A column that a file does not have holds what a
/// note has by default.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Columns {
    written: Vec<u32>,
    pass: Vec<u8>,
    onset: Vec<Quarters>,
    duration: Vec<Quarters>,
    pitch: Vec<u8>,
    measure: Vec<u32>,
    part: Vec<u16>,
    staff: Vec<u8>,
    voice: Vec<u8>,
    grace: Vec<Option<Grace>>,
    marks: Vec<Marks>,
}

impl ScoreRow {
    pub(super) fn of(entry: &Entry) -> Self {
        let score = (*entry.score).clone();
        Self {
            title: score.title,
            composer: score.composer,
            parts: score.parts,
            measures: score.measures,
            notes: Columns::of(&score.notes),
            directions: score.directions,
            time_signatures: score.time_signatures,
            key_signatures: score.key_signatures,
            warnings: score.warnings,
            swing: score.swing,
            varied: entry.varied.clone(),
            velocities: score.velocities,
        }
    }

    /// The score and what it was made of, if its notes have all invariants: in order, and each in a measure.
    pub(super) fn read(self) -> Result<(Score, Option<Varied>), Flaw> {
        let notes = self.notes.read()?;
        let has_place = |n: &Note| (n.measure as usize) < self.measures.len() && n.pitch < 128;
        if !notes.is_sorted_by_key(|n| (n.onset, n.pitch)) || !notes.iter().all(has_place) {
            return Err(Flaw::Contents("the notes of a score are not in order".to_owned()));
        }
        let score = Score {
            title: self.title,
            composer: self.composer,
            parts: self.parts,
            measures: self.measures,
            notes,
            directions: self.directions,
            time_signatures: self.time_signatures,
            key_signatures: self.key_signatures,
            warnings: self.warnings,
            swing: self.swing,
            velocities: self.velocities,
        };
        Ok((score, self.varied))
    }
}

impl Columns {
    fn of(notes: &[Note]) -> Self {
        let mut columns = Self::default();
        for note in notes {
            let Note { id, onset, duration, pitch, measure, part, staff, voice, grace, marks } = note.clone();
            columns.written.push(id.written);
            columns.pass.push(id.pass);
            columns.onset.push(onset);
            columns.duration.push(duration);
            columns.pitch.push(pitch);
            columns.measure.push(measure);
            columns.part.push(part);
            columns.staff.push(staff);
            columns.voice.push(voice);
            columns.grace.push(grace);
            columns.marks.push(marks);
        }
        columns
    }

    fn read(self) -> Result<Vec<Note>, Flaw> {
        let count = self.written.len();
        let default = Note::default();
        let mut written = column(self.written, count, default.id.written)?;
        let mut pass = column(self.pass, count, default.id.pass)?;
        let mut onset = column(self.onset, count, default.onset)?;
        let mut duration = column(self.duration, count, default.duration)?;
        let mut pitch = column(self.pitch, count, default.pitch)?;
        let mut measure = column(self.measure, count, default.measure)?;
        let mut part = column(self.part, count, default.part)?;
        let mut staff = column(self.staff, count, default.staff)?;
        let mut voice = column(self.voice, count, default.voice)?;
        let mut grace = column(self.grace, count, default.grace)?;
        let mut marks = column(self.marks, count, default.marks)?;
        let mut note = || {
            Some(Note {
                id: NoteId { written: written.next()?, pass: pass.next()? },
                onset: onset.next()?,
                duration: duration.next()?,
                pitch: pitch.next()?,
                measure: measure.next()?,
                part: part.next()?,
                staff: staff.next()?,
                voice: voice.next()?,
                grace: grace.next()?,
                marks: marks.next()?,
            })
        };
        Ok(std::iter::from_fn(&mut note).collect())
    }
}

/// The values of a column, or so many times the default if there is no such column.
fn column<T: Clone>(values: Vec<T>, count: usize, default: T) -> Result<std::vec::IntoIter<T>, Flaw> {
    match values.len() {
        n if n == count => Ok(values.into_iter()),
        0 => Ok(vec![default; count].into_iter()),
        _ => Err(Flaw::Contents("the columns of a score are not equally long".to_owned())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use protocol::ScoreId;

    use super::*;
    use crate::scores::Scores;

    #[test]
    fn every_score_comes_back_as_it_was() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores");
        let mut checked = 0;
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let options = notation::ImportOptions::default();
            let Ok(score) = notation::read_score("x", &bytes, &options) else { continue };
            let written = Scores::new(score.clone()).get(ScoreId::default()).clone();
            let varied = Varied { of: ScoreId(3), bars: 4..8 };
            let made = Entry::varied(score.clone(), &written, varied);
            for written in [&made, &written] {
                let packed = rmp_serde::to_vec_named(&ScoreRow::of(written)).unwrap();
                let row: ScoreRow = rmp_serde::from_slice(&packed).unwrap();
                let Ok(read) = row.read() else { panic!("{}", entry.path().display()) };
                assert_eq!(read, (score.clone(), written.varied.clone()));
            }
            let packed = rmp_serde::to_vec_named(&ScoreRow::of(&written)).unwrap();
            assert!(packed.len() < 60 * score.notes.len() + 60 * score.measures.len() + 20_000);
            checked += 1;
        }
        assert!(checked >= 6);
    }

    #[test]
    fn velocities_come_back_and_older_files_have_none() {
        let score = Score { velocities: [(3, 90), (7, 31)].into(), ..Score::default() };
        for (score, names) in [(&score, true), (&Score::default(), false)] {
            let written = Scores::new(score.clone()).get(ScoreId::default()).clone();
            let packed = rmp_serde::to_vec_named(&ScoreRow::of(&written)).unwrap();
            assert_eq!(packed.windows(10).any(|bytes| bytes == b"velocities"), names);
            let row: ScoreRow = rmp_serde::from_slice(&packed).unwrap();
            let Ok((read, _)) = row.read() else { panic!("it can be read") };
            assert_eq!(read.velocities, score.velocities);
        }
    }

    #[test]
    fn columns_that_are_not_there_hold_the_default_and_uneven_ones_are_refused() {
        let one = || Columns { written: vec![7], ..Columns::default() };
        let Ok(notes) = one().read() else { panic!("it can be read") };
        assert_eq!(notes, [Note { id: NoteId { written: 7, pass: 1 }, ..Note::default() }]);
        assert!(Columns { pitch: vec![1, 2], ..one() }.read().is_err());
    }
}
