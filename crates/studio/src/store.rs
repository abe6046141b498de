//! The project file: every step is in it as soon as it is done.
//!
//! A [`Store`] is an open file that can be written. It holds no state of its own that matters: the
//! truth is the [`Document`] and its [`History`], and the store is told what of them has changed.
//! Each call is one transaction, so the file is always the state after some step.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::document::{Document, Source, Take, clean};
use crate::history::{Change, History, Step};
use crate::journal;
use crate::schema::{APPLICATION_ID, FORMAT, MAGIC, SETTINGS, TABLES};

/// What went wrong with a project file, and what to do.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file cannot be opened at all.
    #[error("cannot open the project ({why}): {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Some other file.
    #[error("this is not an Espressivo project: {}", path.display())]
    NotAProject {
        /// The file.
        path: PathBuf,
    },
    /// A file from the future.
    #[error(
        "this project was saved by a newer Espressivo (format {found}, this one knows up to {FORMAT}); \
         update Espressivo to open it: {}", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i32,
    },
    /// The contents contradict each other.
    #[error("the project is damaged ({why}); go back to a copy of it: {}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The disk is full.
    #[error(
        "the disk is full, so the last changes are not in the project file; make room, or save \
         under a name on another disk: {}", path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else wrote into the file.
    #[error(
        "another program has changed the project file; save under another name to keep your changes: {}",
        path.display()
    )]
    ChangedElsewhere {
        /// The file.
        path: PathBuf,
    },
    /// Writing failed.
    #[error("the last changes could not be written into the project file ({why}): {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: String,
    },
}

/// A project file that is open for writing.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// Changes when another connection writes into the file.
    data_version: i64,
}

/// A project as read from a file.
#[derive(Debug)]
pub struct Saved {
    /// Its state.
    pub document: Document,
    /// Its steps.
    pub history: History,
}

impl Store {
    /// Writes a project into a new file; there must be none yet.
    pub fn create(path: &Path, document: &Document, history: &History) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let failed = |error: rusqlite::Error| write_error(path, &error);
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.execute_batch(SETTINGS).map_err(failed)?;
        let mut store = Self { connection, path: path.to_owned(), data_version: 0 };
        store.transaction(|tx| {
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", FORMAT)?;
            tx.execute_batch(TABLES)?;
            write_all(tx, document, history)
        })?;
        Ok(store)
    }

    /// Opens a project for writing. Fails where it can only be read.
    pub fn open(path: &Path) -> Result<(Self, Saved), StoreError> {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.execute_batch(SETTINGS).map_err(|error| read_error(path, &error))?;
        let saved = read(path, &mut connection)?;
        let mut store = Self { connection, path: path.to_owned(), data_version: 0 };
        // A folder without write permission shows only when something is written.
        store.transaction(|tx| tx.execute("UPDATE project SET only_row = 1", []).map(drop))?;
        Ok((store, saved))
    }

    /// Reads a project without writing anything into it. What a kill left half done is taken back
    /// in a copy.
    pub fn read_only(path: &Path) -> Result<Saved, StoreError> {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if journal::is_left_over(&connection) {
            let open = |error: std::io::Error| StoreError::Open { path: path.into(), why: error.to_string() };
            let (_folder, copy) = journal::copy_aside(path).map_err(open)?;
            return read(path, &mut connect(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?);
        }
        read(path, &mut connection)
    }

    /// Writes a step that was just done.
    pub fn push(&mut self, document: &Document, history: &History, step: &Step) -> Result<(), StoreError> {
        self.transaction(|tx| {
            let number = history.first() + history.done() as u64 - 1;
            tx.execute(
                "DELETE FROM steps WHERE number >= ? OR number < ?",
                params![number as i64, history.first() as i64],
            )?;
            write_step(tx, number, step)?;
            write_changed(tx, document, history, step)
        })
    }

    /// Writes that a step was taken back or done again.
    pub fn moved(&mut self, document: &Document, history: &History, step: &Step) -> Result<(), StoreError> {
        self.transaction(|tx| write_changed(tx, document, history, step))
    }

    /// Writes how the window looks and what is heard.
    pub fn looked(&mut self, document: &Document, history: &History) -> Result<(), StoreError> {
        self.transaction(|tx| write_project(tx, document, history))
    }

    /// Writes everything anew.
    pub fn rewrite(&mut self, document: &Document, history: &History) -> Result<(), StoreError> {
        self.transaction(|tx| write_all(tx, document, history))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn transaction(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let path = &self.path;
        let known = self.data_version;
        let run = || -> rusqlite::Result<Option<i64>> {
            let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let found: i64 = tx.pragma_query_value(None, "data_version", |row| row.get(0))?;
            if known != 0 && found != known {
                return Ok(None);
            }
            write(&tx)?;
            tx.commit()?;
            Ok(Some(found))
        };
        match run() {
            Ok(Some(found)) => self.data_version = found,
            Ok(None) => return Err(StoreError::ChangedElsewhere { path: path.clone() }),
            Err(error) => return Err(write_error(path, &error)),
        }
        Ok(())
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let mut start = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start));
    if let Err(error) = opened {
        return Err(StoreError::Open { path: path.to_owned(), why: error.to_string() });
    }
    if start != MAGIC {
        return Err(StoreError::NotAProject { path: path.to_owned() });
    }
    Connection::open_with_flags(path, flags).map_err(|error| read_error(path, &error))
}

fn read(path: &Path, connection: &mut Connection) -> Result<Saved, StoreError> {
    let failed = |error: rusqlite::Error| read_error(path, &error);
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if pragma("application_id").map_err(failed)? != APPLICATION_ID {
        return Err(StoreError::NotAProject { path: path.to_owned() });
    }
    let found = pragma("user_version").map_err(failed)?;
    if found > FORMAT {
        return Err(StoreError::Newer { path: path.to_owned(), found });
    }
    let tx = connection.transaction().map_err(failed)?;
    read_tables(&tx).map_err(|why| match why {
        Flaw::Sqlite(error) => read_error(path, &error),
        Flaw::Contents(why) => StoreError::Damaged { path: path.to_owned(), why },
    })
}

/// What can be wrong with tables.
enum Flaw {
    Sqlite(rusqlite::Error),
    Contents(String),
}

impl From<rusqlite::Error> for Flaw {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn unpack<T: DeserializeOwned>(blob: &[u8], what: &str) -> Result<T, Flaw> {
    rmp_serde::from_slice(blob).map_err(|error| Flaw::Contents(format!("{what}: {error}")))
}

fn read_tables(tx: &Transaction<'_>) -> Result<Saved, Flaw> {
    type Row = (String, Vec<u8>, bool, u32, Vec<u8>, Vec<u8>, Vec<u8>, i64, i64);
    let sql = "SELECT score_name, score, as_written, next_number, listening, compared, view,
               first_step, steps_done FROM project";
    let row: Row = tx.query_row(sql, [], |r| r.try_into())?;
    let (name, bytes, as_written, next_number, listening, compared, view, first, done) = row;
    let source = Source { name, bytes, as_written };
    let mut document = Document::new(source).map_err(|error| Flaw::Contents(error.to_string()))?;
    document.takes = read_takes(tx, &document)?;
    let highest = document.takes.iter().map(|t| t.number().saturating_add(1)).max().unwrap_or(1);
    document.next_number = next_number.max(highest);
    document.listening = unpack(&listening, "what is heard")?;
    document.compared = unpack(&compared, "what is compared")?;
    document.view = unpack(&view, "the view")?;
    document.settle();
    let mut steps = Vec::new();
    let mut query = tx.prepare("SELECT name, changes FROM steps WHERE number >= ? ORDER BY number")?;
    let mut rows = query.query([first])?;
    while let Some(row) = rows.next()? {
        let changes: Vec<Change> = unpack(row.get_ref(1)?.as_blob().map_err(from_sql)?, "a step")?;
        steps.push(Step { name: row.get(0)?, changes });
    }
    let history = History::restored(first.max(0) as u64, steps, done.max(0) as usize);
    Ok(Saved { document, history })
}

fn read_takes(tx: &Transaction<'_>, document: &Document) -> Result<Vec<Take>, Flaw> {
    let mut takes = Vec::new();
    let mut query = tx.prepare("SELECT take FROM takes ORDER BY place")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let mut take: Take = unpack(row.get_ref(0)?.as_blob().map_err(from_sql)?, "a take")?;
        let played = clean(&document.score, (*take.performance).clone());
        take.performance = played.into();
        takes.push(take);
    }
    Ok(takes)
}

fn from_sql(error: rusqlite::types::FromSqlError) -> Flaw {
    Flaw::Contents(error.to_string())
}

fn pack(value: &impl Serialize) -> rusqlite::Result<Vec<u8>> {
    rmp_serde::to_vec_named(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn write_all(tx: &Transaction<'_>, document: &Document, history: &History) -> rusqlite::Result<()> {
    tx.execute_batch("DELETE FROM project; DELETE FROM takes; DELETE FROM steps;")?;
    let nothing = pack(&())?;
    tx.execute(
        "INSERT INTO project VALUES (1, ?, ?, ?, 1, ?, ?, ?, 0, 0)",
        params![
            document.source.name,
            document.source.bytes,
            document.source.as_written,
            nothing,
            nothing,
            nothing
        ],
    )?;
    for (place, take) in document.takes.iter().enumerate() {
        write_take(tx, place, take)?;
    }
    for (number, step) in history.numbered() {
        write_step(tx, number, step)?;
    }
    write_project(tx, document, history)
}

fn write_changed(
    tx: &Transaction<'_>,
    document: &Document,
    history: &History,
    step: &Step,
) -> rusqlite::Result<()> {
    for id in step.versions() {
        match document.takes.iter().position(|t| t.id == id) {
            Some(place) => write_take(tx, place, &document.takes[place])?,
            None => drop(tx.execute("DELETE FROM takes WHERE id = ?", [pack(&id)?])?),
        }
    }
    let mut place_take = tx.prepare_cached("UPDATE takes SET place = ?1 WHERE id = ?2 AND place <> ?1")?;
    for (place, take) in document.takes.iter().enumerate() {
        place_take.execute(params![place as i64, pack(&take.id)?])?;
    }
    write_project(tx, document, history)
}

fn write_take(tx: &Transaction<'_>, place: usize, take: &Take) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO takes VALUES (?, ?, ?)")?;
    insert.execute(params![pack(&take.id)?, place as i64, pack(take)?]).map(drop)
}

fn write_step(tx: &Transaction<'_>, number: u64, step: &Step) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO steps VALUES (?, ?, ?)")?;
    insert.execute(params![number as i64, step.name, pack(&step.changes)?]).map(drop)
}

fn write_project(tx: &Transaction<'_>, document: &Document, history: &History) -> rusqlite::Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE project SET next_number = ?, listening = ?, compared = ?, view = ?, first_step = ?,
         steps_done = ?",
    )?;
    let (first, done) = (history.first() as i64, history.done() as i64);
    let (listening, compared, view) =
        (pack(&document.listening)?, pack(&document.compared)?, pack(&document.view)?);
    update.execute(params![document.next_number, listening, compared, view, first, done]).map(drop)
}

fn write_error(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        _ => StoreError::Write { path, why: words(error) },
    }
}

fn read_error(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotAProject { path },
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure,
        ) => StoreError::Open { path, why: words(error) },
        _ => StoreError::Damaged { path, why: words(error) },
    }
}

fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, None) => code.to_string(),
        rusqlite::Error::SqliteFailure(_, Some(text)) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
