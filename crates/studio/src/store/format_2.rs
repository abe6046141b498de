//! Files of format 2: they have no checksums.

use protocol::ScoreId;
use rusqlite::Transaction;

use super::contents::{Flaw, Head, Saved, only_row, rows, scores, unpack};
use super::names::Names;
use super::rows::{Reader, TakeRow};
use super::score::ScoreRow;
use crate::document::{Sounds, Source};

/// The number of this format.
pub(super) const FORMAT: i32 = 2;

/// Its tables.
pub(super) const TABLES: &str = "
CREATE TABLE project (
    only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
    source_name   TEXT NOT NULL,
    source        BLOB NOT NULL,
    as_written    INTEGER NOT NULL,
    main_score    INTEGER NOT NULL,
    next_number   INTEGER NOT NULL,
    listening     BLOB NOT NULL,
    compared      BLOB NOT NULL,
    view          BLOB NOT NULL,
    first_step    INTEGER NOT NULL,
    steps_done    INTEGER NOT NULL
);
CREATE TABLE scores (
    id            INTEGER PRIMARY KEY,
    fingerprint   INTEGER NOT NULL,
    score         BLOB NOT NULL
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

/// Reads everything.
pub(super) fn read(tx: &Transaction<'_>) -> Result<Saved, Flaw> {
    let sql = "SELECT source_name, source, as_written, main_score, next_number, listening, compared,
               view, first_step, steps_done FROM project";
    let (source, head) = only_row(tx, sql, |row| {
        let source = Source { name: row.get(0)?, bytes: row.get(1)?, as_written: row.get(2)? };
        let head = Head {
            main: ScoreId(row.get(3)?),
            next_number: row.get(4)?,
            listening: unpack(row.get_ref(5)?, "what is heard")?,
            compared: unpack(row.get_ref(6)?, "what is compared")?,
            view: unpack(row.get_ref(7)?, "the view")?,
            first_step: row.get(8)?,
            steps_done: row.get(9)?,
        };
        Ok((source, head))
    })?;
    let found = rows(tx, "SELECT id, fingerprint, score FROM scores ORDER BY id", [], |row| {
        let score = unpack::<ScoreRow>(row.get_ref(2)?, "a score")?.read()?;
        Ok((ScoreId(row.get(0)?), row.get(1)?, score))
    })?;
    let document = head.document(source, scores(found)?)?;
    let scores = document.scores.clone();
    let no_sounds = Sounds::default();
    let mut reader = Reader(Names::new(&scores), &no_sounds);
    let takes = rows(tx, "SELECT take FROM takes ORDER BY place", [], |row| {
        reader.take(unpack::<TakeRow>(row.get_ref(0)?, "a take")?)
    })?;
    let sql = "SELECT name, changes FROM steps WHERE number >= ? ORDER BY number";
    let steps =
        rows(tx, sql, [head.first_step], |row| reader.step(row.get(0)?, unpack(row.get_ref(1)?, "a step")?))?;
    Ok(head.saved(FORMAT, document, takes, steps))
}
