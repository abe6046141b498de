//! Files of format 1: the score is read anew from its file, and notes are indices into it.
//!
//! The file does not contain that score. If a complete take has another number of notes than the score
//! that is read today, the notes are found by their times ([`super::renumber`]).

use std::sync::Arc;

use performance::{Performance, PlayedNote};
use protocol::{PinKind, ScoreId, VersionId};
use rusqlite::Transaction;
use serde::Deserialize;

use super::contents::{Flaw, Saved, unpack};
use super::records::{IndexedNotes, Pedals};
use super::renumber::renumber;
use crate::document::{Document, Origin, Pins, Source, Take, clean};
use crate::history::{Change, History, Step};

/// The number of this format.
pub(super) const FORMAT: i32 = 1;

/// Its tables.
pub(super) const TABLES: &str = "
CREATE TABLE project (
    only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
    score_name    TEXT NOT NULL,
    score         BLOB NOT NULL,
    as_written    INTEGER NOT NULL,
    next_number   INTEGER NOT NULL,
    listening     BLOB NOT NULL,
    compared      BLOB NOT NULL,
    view          BLOB NOT NULL,
    first_step    INTEGER NOT NULL,
    steps_done    INTEGER NOT NULL
);
CREATE TABLE takes (
    id            BLOB PRIMARY KEY,
    place         INTEGER NOT NULL,
    take          BLOB NOT NULL
);
CREATE TABLE steps (
    number        INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    changes       BLOB NOT NULL
);
";

#[derive(Deserialize)]
struct TakeRow {
    id: VersionId,
    name: String,
    origin: Origin,
    is_edited: bool,
    pins: Vec<(u32, PinKind)>,
    performance: PlayedRow,
}

#[derive(Deserialize)]
struct PlayedRow {
    notes: IndexedNotes,
    pedals: Pedals,
}

#[derive(Deserialize)]
enum ChangeRow {
    Added { at: usize, take: Box<TakeRow> },
    Removed { at: usize, take: Box<TakeRow> },
    Renamed { id: VersionId, before: String, after: String },
    Notes { id: VersionId, before: IndexedNotes, after: IndexedNotes },
    Pedals { id: VersionId, at: usize, before: Pedals, after: Pedals },
    Pinned { id: VersionId, before: Vec<(u32, PinKind)>, after: Vec<(u32, PinKind)> },
    Edited { id: VersionId, before: bool, after: bool },
    Listening { before: VersionId, after: VersionId },
}

/// Reads everything.
pub(super) fn read(tx: &Transaction<'_>) -> Result<Saved, Flaw> {
    let sql = "SELECT score_name, score, as_written, next_number, listening, compared, view,
               first_step, steps_done FROM project";
    let mut query = tx.prepare(sql)?;
    let mut rows = query.query([])?;
    let row = rows.next()?.ok_or_else(|| Flaw::Contents("there is no project in it".to_owned()))?;
    let source = Source { name: row.get(0)?, bytes: row.get(1)?, as_written: row.get(2)? };
    let mut document = Document::new(source).map_err(|error| Flaw::Contents(error.to_string()))?;
    document.listening = unpack(row.get_ref(4)?, "what is heard")?;
    document.compared = unpack(row.get_ref(5)?, "what is compared")?;
    document.view = unpack(row.get_ref(6)?, "the view")?;
    let (first, done): (i64, i64) = (row.get(7)?, row.get(8)?);
    let rows = Rows { takes: read_takes(tx)?, steps: read_steps(tx, first)? };
    let numbers = rows.complete_take(document.score().notes.len()).map(|take| {
        renumber(take, document.score()).unwrap_or_else(|| (0..take.len() as u32).map(Some).collect())
    });
    let notice = numbers.as_deref().map(|numbers| notice(&document, numbers));
    let reader = Reader { document: &document, numbers };
    let takes = rows.takes.into_iter().map(|row| reader.take(row)).collect();
    let step = |(name, changes): (String, Vec<ChangeRow>)| Step {
        name,
        changes: changes.into_iter().map(|change| reader.change(change)).collect(),
    };
    let steps = rows.steps.into_iter().map(step).collect();
    document.takes = takes;
    document.number_from(row.get(3)?);
    document.settle();
    let history = History::restored(first.max(0) as u64, steps, done.max(0) as usize);
    Ok(Saved { document, history, format: FORMAT, notice, stamps: None })
}

fn notice(document: &Document, numbers: &[Option<u32>]) -> String {
    format!(
        "{} was read differently by the Espressivo that made this project. {} of the {} notes of its takes \
         are found again by their times, and the score has {} notes now: listen to the takes, and perform \
         anew what is wrong",
        document.source.name,
        numbers.iter().flatten().count(),
        numbers.len(),
        document.score().notes.len()
    )
}

/// What the tables hold.
struct Rows {
    takes: Vec<TakeRow>,
    steps: Vec<(String, Vec<ChangeRow>)>,
}

impl Rows {
    /// A take that plays every note of another score than one of so many notes; none if the takes are
    /// of that score, as far as the numbers show.
    fn complete_take(&self, count: usize) -> Option<&[PlayedNote]> {
        let steps = self.steps.iter().flat_map(|(_, changes)| changes);
        let added = steps.filter_map(|change| match change {
            ChangeRow::Added { take, .. } | ChangeRow::Removed { take, .. } => Some(&**take),
            _ => None,
        });
        let mut takes: Vec<&[PlayedNote]> =
            self.takes.iter().chain(added).map(|take| take.performance.notes.0.as_slice()).collect();
        takes.sort_by_key(|notes| notes.len());
        let is_complete = |notes: &&&[PlayedNote]| (0..).zip(notes.iter()).all(|(k, n)| n.note == k);
        let longest = takes.last()?.len();
        let last = takes.iter().flat_map(|notes| notes.iter()).map(|n| n.note as usize + 1).max()?;
        let take = takes.iter().filter(|notes| notes.len() == longest).find(is_complete)?;
        (longest == last && longest != count).then_some(take)
    }
}

fn read_takes(tx: &Transaction<'_>) -> Result<Vec<TakeRow>, Flaw> {
    let mut takes = Vec::new();
    let mut query = tx.prepare("SELECT take FROM takes ORDER BY place")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        takes.push(unpack(row.get_ref(0)?, "a take")?);
    }
    Ok(takes)
}

fn read_steps(tx: &Transaction<'_>, first: i64) -> Result<Vec<(String, Vec<ChangeRow>)>, Flaw> {
    let mut steps = Vec::new();
    let mut query = tx.prepare("SELECT name, changes FROM steps WHERE number >= ? ORDER BY number")?;
    let mut rows = query.query([first])?;
    while let Some(row) = rows.next()? {
        steps.push((row.get(0)?, unpack(row.get_ref(1)?, "a step")?));
    }
    Ok(steps)
}

struct Reader<'a> {
    document: &'a Document,
    /// What number each note has in the score that is read today, if that is another one.
    numbers: Option<Vec<Option<u32>>>,
}

impl Reader<'_> {
    const SCORE: ScoreId = ScoreId(0);

    fn take(&self, row: TakeRow) -> Take {
        let TakeRow { id, name, origin, is_edited, pins, performance } = row;
        let notes = self.notes(performance.notes);
        let played = Performance { notes, pedals: performance.pedals.0 };
        let performance = Arc::new(clean(self.document.score(), played));
        // No file of this format has a sound.
        let origin = Origin { sound: None, ..origin };
        Take { id, name, origin, is_edited, score: Self::SCORE, pins: self.pins(pins), performance }
    }

    fn change(&self, row: ChangeRow) -> Change {
        use ChangeRow as R;
        let score = Self::SCORE;
        match row {
            R::Added { at, take } => Change::Added { at, take: Box::new(self.take(*take)) },
            R::Removed { at, take } => Change::Removed { at, take: Box::new(self.take(*take)) },
            R::Renamed { id, before, after } => Change::Renamed { id, before, after },
            R::Notes { id, before, after } => {
                Change::Notes { id, score, before: self.notes(before), after: self.notes(after) }
            }
            R::Pedals { id, at, before, after } => {
                Change::Pedals { id, at, before: before.0, after: after.0 }
            }
            R::Pinned { id, before, after } => {
                Change::Pinned { id, score, before: self.pins(before), after: self.pins(after) }
            }
            R::Edited { id, before, after } => Change::Edited { id, before, after },
            R::Listening { before, after } => Change::Listening { before, after },
        }
    }

    /// The notes that the score has.
    fn notes(&self, notes: IndexedNotes) -> Vec<PlayedNote> {
        let renumbered = |n: PlayedNote| Some(PlayedNote { note: self.number(n.note)?, ..n });
        notes.0.into_iter().filter_map(renumbered).collect()
    }

    fn pins(&self, pins: Vec<(u32, PinKind)>) -> Pins {
        pins.into_iter().filter_map(|(note, kind)| Some((self.number(note)?, kind))).collect()
    }

    /// The number of a note in the score; none if the score does not have it.
    fn number(&self, note: u32) -> Option<u32> {
        let number = match &self.numbers {
            Some(numbers) => numbers.get(note as usize).copied().flatten()?,
            None => note,
        };
        ((number as usize) < self.document.score().notes.len()).then_some(number)
    }
}
