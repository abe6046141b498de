//! The tables of the present format: documents and steps into them, and back.

use std::hash::{BuildHasher, Hasher, RandomState};

use protocol::ScoreId;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::checksum::Checksum;
use super::contents::{Flaw, Head, Saved, Stamps, only_row, pack, rows, scores, unpack};
use super::names::Names;
use super::rows::{ChangeRow, Reader, TakeRow, Writer};
use super::schema::{APPLICATION_ID, FORMAT, SOUNDS, TABLES, WITHOUT_SOUNDS};
use super::score::ScoreRow;
use super::sounds;
use crate::document::{Document, Source, Take};
use crate::history::{History, Step};
use crate::scores::{Entry, Scores};

/// Makes the tables in a new file and writes everything.
pub(super) fn create(tx: &Transaction<'_>, document: &Document, history: &History) -> rusqlite::Result<()> {
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.execute_batch(TABLES)?;
    tx.execute_batch(SOUNDS)?;
    write_all(tx, document, history)
}

/// Puts the tables of this format into the place of those of an older one.
pub(super) fn upgrade(tx: &Transaction<'_>, document: &Document, history: &History) -> rusqlite::Result<()> {
    tx.execute_batch(
        "DROP TABLE project; DROP TABLE IF EXISTS source; DROP TABLE IF EXISTS scores; DROP TABLE takes;
         DROP TABLE steps;",
    )?;
    create(tx, document, history)
}

/// Writes everything anew.
pub(super) fn write_all(
    tx: &Transaction<'_>,
    document: &Document,
    history: &History,
) -> rusqlite::Result<()> {
    tx.execute_batch(
        "DELETE FROM source; DELETE FROM scores; DELETE FROM sounds; DELETE FROM takes; DELETE FROM steps;",
    )?;
    let source = &document.source;
    let sum = source_sum(source);
    tx.execute(
        "INSERT INTO source VALUES (1, ?, ?, ?, ?)",
        params![source.name, source.bytes, source.as_written, sum.sum()],
    )?;
    for take in &document.takes {
        write_take(tx, &Writer(&document.scores), take)?;
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
        match document.takes.iter().find(|t| t.id == id) {
            Some(take) => write_take(tx, &Writer(&document.scores), take)?,
            None => drop(tx.execute("DELETE FROM takes WHERE number = ?", [number_of(id)])?),
        }
    }
    write_project(tx, document, history)
}

fn number_of(id: protocol::VersionId) -> u32 {
    match id {
        protocol::VersionId::Deadpan => 0,
        protocol::VersionId::Take(number) | protocol::VersionId::Recording(number) => number,
    }
}

fn write_take(tx: &Transaction<'_>, writer: &Writer<'_>, take: &Take) -> rusqlite::Result<()> {
    let (number, packed) = (take.number(), pack(&writer.take(take))?);
    let sum = take_sum(number, &packed).sum();
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO takes VALUES (?, ?, ?)")?;
    insert.execute(params![number, packed, sum]).map(drop)
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
    let (number, packed) = (number as i64, pack(&changes)?);
    let sum = step_sum(number, &step.name, &packed).sum();
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?)")?;
    insert.execute(params![number, step.name, packed, sum]).map(drop)
}

/// Writes what belongs to no take, and the scores and sounds that are new.
pub(super) fn write_project(
    tx: &Transaction<'_>,
    document: &Document,
    history: &History,
) -> rusqlite::Result<()> {
    let known: i64 = tx.prepare_cached("SELECT count(*) FROM scores")?.query_row([], |row| row.get(0))?;
    for (id, entry) in document.scores.numbered().skip(known.max(0) as usize) {
        write_score(tx, id, entry)?;
    }
    sounds::write_new(tx, document, history)?;
    let stamp = tx.prepare_cached("SELECT stamp FROM project")?.query_row([], |row| row.get(0)).optional()?;
    let numbers: Vec<u32> = document.takes.iter().map(Take::number).collect();
    let row = ProjectRow {
        numbers: [
            i64::from(document.main().0),
            i64::from(document.next_number),
            document.scores.numbered().count() as i64,
            history.first() as i64,
            history.numbered().count() as i64,
            history.done() as i64,
            RandomState::new().build_hasher().finish().cast_signed(),
            stamp.unwrap_or_default(),
        ],
        blobs: [
            pack(&document.listening)?,
            pack(&document.compared)?,
            pack(&document.view)?,
            pack(&numbers)?,
        ],
    };
    let [main, next, scores, first, steps, done, stamp, before] = row.numbers;
    let [listening, compared, view, takes] = &row.blobs;
    let sql = "INSERT OR REPLACE INTO project VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    tx.prepare_cached(sql)?
        .execute(params![
            main,
            next,
            listening,
            compared,
            view,
            scores,
            takes,
            first,
            steps,
            done,
            stamp,
            before,
            row.sum().sum()
        ])
        .map(drop)
}

fn write_score(tx: &Transaction<'_>, id: ScoreId, entry: &Entry) -> rusqlite::Result<()> {
    let fingerprint = entry.fingerprint.to_bits().cast_signed();
    let packed = pack(&ScoreRow::of(entry))?;
    let sum = score_sum(id.0, fingerprint, &packed).sum();
    let mut insert = tx.prepare_cached("INSERT INTO scores VALUES (?, ?, ?, ?)")?;
    insert.execute(params![id.0, fingerprint, packed, sum]).map(drop)
}

/// The values of the row of `project`.
struct ProjectRow {
    /// Main score, next number, scores, first step, steps, steps done, stamp, stamp before.
    numbers: [i64; 8],
    /// What is heard, what is compared, the view, the numbers of the takes.
    blobs: [Vec<u8>; 4],
}

impl ProjectRow {
    const READ: &str = "SELECT main_score, next_number, scores, first_step, steps, steps_done, stamp,
                        stamp_before, listening, compared, view, takes, checksum FROM project";

    fn read(row: &Row<'_>) -> Result<Self, Flaw> {
        let mut read = Self { numbers: [0; 8], blobs: Default::default() };
        for (k, number) in read.numbers.iter_mut().enumerate() {
            *number = row.get(k)?;
        }
        for (k, blob) in read.blobs.iter_mut().enumerate() {
            *blob = row.get(8 + k)?;
        }
        read.sum().check(row.get(12)?, || "the state of the project".to_owned())?;
        Ok(read)
    }

    fn sum(&self) -> Checksum {
        let sum = self.numbers.iter().fold(Checksum::of("project"), |sum, number| sum.number(*number));
        self.blobs.iter().fold(sum, |sum, blob| sum.bytes(blob))
    }

    fn head(&self) -> Result<Head, Flaw> {
        let [main, next, _, first_step, _, steps_done, ..] = self.numbers;
        let [listening, compared, view, _] = &self.blobs;
        Ok(Head {
            main: ScoreId(main.try_into().unwrap_or(u32::MAX)),
            next_number: next.try_into().unwrap_or(u32::MAX),
            listening: unpack(listening.as_slice().into(), "what is heard")?,
            compared: unpack(compared.as_slice().into(), "what is compared")?,
            view: unpack(view.as_slice().into(), "the view")?,
            first_step,
            steps_done,
        })
    }
}

fn source_sum(source: &Source) -> Checksum {
    let sum = Checksum::of("source").bytes(source.name.as_bytes()).bytes(&source.bytes);
    sum.number(source.as_written)
}

fn score_sum(id: u32, fingerprint: i64, packed: &[u8]) -> Checksum {
    Checksum::of("scores").number(id).number(fingerprint).bytes(packed)
}

fn take_sum(number: u32, packed: &[u8]) -> Checksum {
    Checksum::of("takes").number(number).bytes(packed)
}

fn step_sum(number: i64, name: &str, packed: &[u8]) -> Checksum {
    Checksum::of("steps").number(number).bytes(name.as_bytes()).bytes(packed)
}

/// Reads everything of a file of this format or of [`WITHOUT_SOUNDS`], and checks that it is what was written.
pub(super) fn read(tx: &Transaction<'_>, format: i32) -> Result<Saved, Flaw> {
    let structure: String = tx.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if structure != "ok" {
        return Err(Flaw::Contents(structure));
    }
    let project = only_row(tx, ProjectRow::READ, ProjectRow::read)?;
    let head = project.head()?;
    let [_, _, scores, _, steps, _, now, before] = project.numbers;
    let mut document = head.document(read_source(tx)?, read_scores(tx, scores)?)?;
    if format != WITHOUT_SOUNDS {
        document.sounds = sounds::read(tx)?;
    }
    let (scores, sounds) = (document.scores.clone(), document.sounds.clone());
    let mut reader = Reader(Names::new(&scores), &sounds);
    let order: Vec<u32> = unpack(project.blobs[3].as_slice().into(), "the list of takes")?;
    let takes = read_takes(tx, &mut reader, &order)?;
    let steps = read_steps(tx, &mut reader, head.first_step, steps)?;
    Ok(Saved { stamps: Some(Stamps { now, before }), ..head.saved(format, document, takes, steps) })
}

fn read_source(tx: &Transaction<'_>) -> Result<Source, Flaw> {
    only_row(tx, "SELECT name, bytes, as_written, checksum FROM source", |row| {
        let source = Source { name: row.get(0)?, bytes: row.get(1)?, as_written: row.get(2)? };
        source_sum(&source).check(row.get(3)?, || "the file of the score".to_owned())?;
        Ok(source)
    })
}

fn read_scores(tx: &Transaction<'_>, count: i64) -> Result<Scores, Flaw> {
    let found = rows(tx, "SELECT id, fingerprint, score, checksum FROM scores ORDER BY id", [], |row| {
        let (id, fingerprint, packed) = (row.get(0)?, row.get(1)?, row.get_ref(2)?);
        let what = || format!("score {id}");
        score_sum(id, fingerprint, packed.as_blob()?).check(row.get(3)?, what)?;
        Ok((ScoreId(id), fingerprint, unpack::<ScoreRow>(packed, "a score")?.read()?))
    })?;
    check_count("scores", found.len(), count)?;
    scores(found)
}

fn read_takes(tx: &Transaction<'_>, reader: &mut Reader<'_>, order: &[u32]) -> Result<Vec<Take>, Flaw> {
    let sql = "SELECT number, take, checksum FROM takes ORDER BY number";
    let mut takes = rows(tx, sql, [], |row| {
        let (number, packed) = (row.get(0)?, row.get_ref(1)?);
        take_sum(number, packed.as_blob()?).check(row.get(2)?, || format!("take {number}"))?;
        reader.take(unpack::<TakeRow>(packed, "a take")?)
    })?;
    check_count("takes", takes.len(), order.len() as i64)?;
    let place = |take: &Take| order.iter().position(|number| *number == take.number());
    if let Some(other) = takes.iter().find(|take| place(take).is_none()) {
        return Err(Flaw::Contents(format!("take {} is not in the list of takes", other.number())));
    }
    takes.sort_by_key(place);
    Ok(takes)
}

fn read_steps(
    tx: &Transaction<'_>,
    reader: &mut Reader<'_>,
    first: i64,
    count: i64,
) -> Result<Vec<Step>, Flaw> {
    let sql = "SELECT number, name, changes, checksum FROM steps WHERE number >= ? ORDER BY number";
    let mut next = first;
    let steps = rows(tx, sql, [first], |row| {
        let (number, name, packed) = (row.get(0)?, row.get::<_, String>(1)?, row.get_ref(2)?);
        let what = || format!("step {number}");
        step_sum(number, &name, packed.as_blob()?).check(row.get(3)?, what)?;
        if number != next {
            return Err(Flaw::Contents(format!("step {next} is missing")));
        }
        next = number.saturating_add(1);
        reader.step(name, unpack(packed, "a step")?)
    })?;
    check_count("steps", steps.len(), count)?;
    Ok(steps)
}

fn check_count(what: &str, found: usize, expected: i64) -> Result<(), Flaw> {
    if found as i64 == expected {
        return Ok(());
    }
    Err(Flaw::Contents(format!("{found} of its {expected} {what} are there")))
}
