//! The tables of the present format: documents and steps into them, and back.

use rusqlite::{Transaction, params};

use super::contents::{Flaw, Saved, pack, unpack};
use super::names::Names;
use super::rows::{ChangeRow, Reader, TakeRow, Writer};
use super::schema::{APPLICATION_ID, FORMAT, TABLES};
use super::score::ScoreRow;
use crate::document::{Document, Source, Take};
use crate::history::{Change, History, Step};
use crate::scores::{Entry, Scores};
use notation::Fingerprint;
use protocol::ScoreId;

/// Makes the tables in a new file and writes everything.
pub(super) fn create(tx: &Transaction<'_>, document: &Document, history: &History) -> rusqlite::Result<()> {
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.execute_batch(TABLES)?;
    write_all(tx, document, history)
}

/// Puts the tables of this format into the place of those of an older one.
pub(super) fn upgrade(tx: &Transaction<'_>, document: &Document, history: &History) -> rusqlite::Result<()> {
    tx.execute_batch("DROP TABLE project; DROP TABLE takes; DROP TABLE steps;")?;
    create(tx, document, history)
}

/// Writes everything anew.
pub(super) fn write_all(
    tx: &Transaction<'_>,
    document: &Document,
    history: &History,
) -> rusqlite::Result<()> {
    tx.execute_batch("DELETE FROM project; DELETE FROM scores; DELETE FROM takes; DELETE FROM steps;")?;
    let (source, nothing) = (&document.source, pack(&())?);
    tx.execute(
        "INSERT INTO project VALUES (1, ?1, ?2, ?3, 0, 1, ?4, ?4, ?4, 0, 0)",
        params![source.name, source.bytes, source.as_written, nothing],
    )?;
    let writer = Writer(&document.scores);
    for (place, take) in document.takes.iter().enumerate() {
        write_take(tx, &writer, place, take)?;
    }
    for (number, step) in history.numbered() {
        write_step(tx, &document.scores, number, step)?;
    }
    write_project(tx, document, history)
}

/// Writes what a step has changed.
pub(super) fn write_changed(
    tx: &Transaction<'_>,
    document: &Document,
    history: &History,
    step: &Step,
) -> rusqlite::Result<()> {
    for id in step.versions() {
        match document.takes.iter().position(|t| t.id == id) {
            Some(place) => write_take(tx, &Writer(&document.scores), place, &document.takes[place])?,
            None => drop(tx.execute("DELETE FROM takes WHERE id = ?", [pack(&id)?])?),
        }
    }
    let mut place_take = tx.prepare_cached("UPDATE takes SET place = ?1 WHERE id = ?2 AND place <> ?1")?;
    for (place, take) in document.takes.iter().enumerate() {
        place_take.execute(params![place as i64, pack(&take.id)?])?;
    }
    write_project(tx, document, history)
}

fn write_take(tx: &Transaction<'_>, writer: &Writer<'_>, place: usize, take: &Take) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO takes VALUES (?, ?, ?)")?;
    insert.execute(params![pack(&take.id)?, place as i64, pack(&writer.take(take))?]).map(drop)
}

/// Writes a step.
pub(super) fn write_step(
    tx: &Transaction<'_>,
    scores: &Scores,
    number: u64,
    step: &Step,
) -> rusqlite::Result<()> {
    let writer = Writer(scores);
    let changes: Vec<ChangeRow> = step.changes.iter().map(|change| writer.change(change)).collect();
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO steps VALUES (?, ?, ?)")?;
    insert.execute(params![number as i64, step.name, pack(&changes)?]).map(drop)
}

/// Writes what belongs to no take, and the scores that are new.
pub(super) fn write_project(
    tx: &Transaction<'_>,
    document: &Document,
    history: &History,
) -> rusqlite::Result<()> {
    let known: i64 = tx.prepare_cached("SELECT count(*) FROM scores")?.query_row([], |row| row.get(0))?;
    for (id, entry) in document.scores.numbered().skip(known.max(0) as usize) {
        write_score(tx, id, entry)?;
    }
    let mut update = tx.prepare_cached(
        "UPDATE project SET main_score = ?, next_number = ?, listening = ?, compared = ?, view = ?,
         first_step = ?, steps_done = ?",
    )?;
    let (first, done) = (history.first() as i64, history.done() as i64);
    let (listening, compared, view) =
        (pack(&document.listening)?, pack(&document.compared)?, pack(&document.view)?);
    let (main, next) = (document.main().0, document.next_number);
    update.execute(params![main, next, listening, compared, view, first, done]).map(drop)
}

fn write_score(tx: &Transaction<'_>, id: ScoreId, entry: &Entry) -> rusqlite::Result<()> {
    let fingerprint = entry.fingerprint.to_bits().cast_signed();
    let mut insert = tx.prepare_cached("INSERT INTO scores VALUES (?, ?, ?)")?;
    insert.execute(params![id.0, fingerprint, pack(&ScoreRow::of(&entry.score))?]).map(drop)
}

/// Reads everything.
pub(super) fn read(tx: &Transaction<'_>) -> Result<Saved, Flaw> {
    let sql = "SELECT source_name, source, as_written, main_score, next_number, listening, compared,
               view, first_step, steps_done FROM project";
    let mut query = tx.prepare(sql)?;
    let mut rows = query.query([])?;
    let row = rows.next()?.ok_or_else(|| Flaw::Contents("there is no project in it".to_owned()))?;
    let source = Source { name: row.get(0)?, bytes: row.get(1)?, as_written: row.get(2)? };
    let mut document = Document::with_scores(source, read_scores(tx)?);
    let main = ScoreId(row.get(3)?);
    if !document.scores.has(main) {
        return Err(Flaw::Contents(format!("there is no score {}", main.0)));
    }
    document.set_main(main);
    document.listening = unpack(row.get_ref(5)?, "what is heard")?;
    document.compared = unpack(row.get_ref(6)?, "what is compared")?;
    document.view = unpack(row.get_ref(7)?, "the view")?;
    let (first, done): (i64, i64) = (row.get(8)?, row.get(9)?);
    let next_number = row.get(4)?;
    let scores = document.scores.clone();
    let mut reader = Reader(Names::new(&scores));
    document.takes = read_takes(tx, &mut reader)?;
    document.number_from(next_number);
    document.settle();
    let steps = read_steps(tx, &mut reader, first)?;
    let history = History::restored(first.max(0) as u64, steps, done.max(0) as usize);
    Ok(Saved { document, history, format: FORMAT, notice: None })
}

fn read_scores(tx: &Transaction<'_>) -> Result<Scores, Flaw> {
    let mut scores: Option<Scores> = None;
    let mut query = tx.prepare("SELECT id, fingerprint, score FROM scores ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let score = unpack::<ScoreRow>(row.get_ref(2)?, "a score")?.read()?;
        let (id, expected) =
            (ScoreId(row.get(0)?), Fingerprint::from_bits(row.get::<_, i64>(1)?.cast_unsigned()));
        let found = match &mut scores {
            Some(scores) => scores.add(score),
            None => {
                scores = Some(Scores::new(score));
                ScoreId::default()
            }
        };
        let is_right = scores.as_ref().is_some_and(|s| s.get(found).fingerprint == expected);
        if found != id || !is_right {
            return Err(Flaw::Contents(format!("score {} is not what it was", id.0)));
        }
    }
    scores.ok_or_else(|| Flaw::Contents("there is no score in it".to_owned()))
}

fn read_takes(tx: &Transaction<'_>, reader: &mut Reader<'_>) -> Result<Vec<Take>, Flaw> {
    let mut takes = Vec::new();
    let mut query = tx.prepare("SELECT take FROM takes ORDER BY place")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        takes.push(reader.take(unpack::<TakeRow>(row.get_ref(0)?, "a take")?)?);
    }
    Ok(takes)
}

fn read_steps(tx: &Transaction<'_>, reader: &mut Reader<'_>, first: i64) -> Result<Vec<Step>, Flaw> {
    let mut steps = Vec::new();
    let mut query = tx.prepare("SELECT name, changes FROM steps WHERE number >= ? ORDER BY number")?;
    let mut rows = query.query([first])?;
    while let Some(row) = rows.next()? {
        let changes: Vec<ChangeRow> = unpack(row.get_ref(1)?, "a step")?;
        let changes: Result<Vec<Change>, Flaw> = changes.into_iter().map(|c| reader.change(c)).collect();
        steps.push(Step { name: row.get(0)?, changes: changes? });
    }
    Ok(steps)
}
