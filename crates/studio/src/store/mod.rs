//! The project file: every step is in it as soon as it is done.
//!
//! A [`Store`] is an open file that can be written. It holds no state of its own that matters: the
//! truth is the [`Document`] and its [`History`], and callers name what of them has changed.
//! Each call is one transaction, so the file is always the state after some step.

mod checksum;
mod contents;
mod error;
mod foreign;
mod format_1;
mod format_2;
pub mod journal;
mod names;
mod paths;
mod reading;
mod records;
mod renumber;
mod rows;
pub mod schema;
mod score;
mod sounds;
mod tables;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};

use crate::document::Document;
use crate::history::{History, Step};
pub use contents::Saved;
pub use error::StoreError;
use error::{read_error, write_error};
use journal::Beside;
use reading::{connect, read};
use schema::{FORMAT, SETTINGS};

/// A project file that is open for writing.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// Changes when another connection writes into the file.
    data_version: i64,
}

impl Store {
    /// Writes a project into a new file; there must be none yet.
    pub fn create(path: &Path, document: &Document, history: &History) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let failed = |error: rusqlite::Error| write_error(path, &error);
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.execute_batch(SETTINGS).map_err(failed)?;
        let mut store = Self { connection, path: path.to_owned(), data_version: 0 };
        store.transaction(|tx| tables::create(tx, document, history))?;
        Ok(store)
    }

    /// Opens a project for writing; a file of an older format has the present one afterwards, and a
    /// journal of another file is out of the way. Fails where it can only be read.
    pub fn open(path: &Path) -> Result<(Self, Saved), StoreError> {
        paths::check_are_files(path)?;
        let mut notice = None;
        if let Beside::Foreign(strange, _) = journal::beside(path)? {
            let failed = |e: std::io::Error| StoreError::Write { path: path.into(), why: e.to_string() };
            notice = Some(strange_notice(&journal::set_aside(&strange).map_err(failed)?));
        }
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.execute_batch(SETTINGS).map_err(|error| read_error(path, &error))?;
        let mut saved = read(path, &mut connection)?;
        saved.notice = saved.notice.or(notice);
        let mut store = Self { connection, path: path.to_owned(), data_version: 0 };
        // A folder without write permission shows only when something is written.
        store.transaction(|tx| match saved.format {
            FORMAT => tx.execute("UPDATE project SET only_row = 1", []).map(drop),
            _ => tables::upgrade(tx, &saved.document, &saved.history),
        })?;
        Ok((store, saved))
    }

    /// Reads a project without writing anything into it. What a kill left half done is taken back
    /// in a copy.
    pub fn read_only(path: &Path) -> Result<Saved, StoreError> {
        paths::check_are_files(path)?;
        match journal::beside(path)? {
            Beside::Nothing => read(path, &mut connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?),
            Beside::HalfDone(saved) => Ok(*saved),
            Beside::Foreign(strange, saved) => {
                let notice = Some(strange_notice(&strange));
                Ok(Saved { notice: saved.notice.clone().or(notice), ..*saved })
            }
        }
    }

    /// Writes a step that was just done.
    pub fn push(&mut self, document: &Document, history: &History, step: &Step) -> Result<(), StoreError> {
        self.transaction(|tx| {
            let number = history.first() + history.done() as u64 - 1;
            tx.execute(
                "DELETE FROM steps WHERE number >= ? OR number < ?",
                params![number as i64, history.first() as i64],
            )?;
            tables::write_step(tx, &document.scores, number, step)?;
            tables::write_changed(tx, document, history, step)
        })
    }

    /// Writes that a step was taken back or done again.
    pub fn moved(&mut self, document: &Document, history: &History, step: &Step) -> Result<(), StoreError> {
        self.transaction(|tx| tables::write_changed(tx, document, history, step))
    }

    /// Writes the view and which version is heard.
    pub fn view_changed(&mut self, document: &Document, history: &History) -> Result<(), StoreError> {
        self.transaction(|tx| tables::write_project(tx, document, history))
    }

    /// Writes everything anew.
    pub fn rewrite(&mut self, document: &Document, history: &History) -> Result<(), StoreError> {
        self.transaction(|tx| tables::write_all(tx, document, history))
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

fn strange_notice(strange: &Path) -> String {
    format!(
        "a journal that belongs to another file lay beside the project and was not applied; if that file is \
         yours, it may need it: {}",
        strange.display()
    )
}

#[cfg(test)]
mod manner_tests;
#[cfg(test)]
mod tests;
