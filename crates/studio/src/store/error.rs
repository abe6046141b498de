//! What can go wrong with a project file.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

use super::schema::FORMAT;

/// What went wrong with a project file, and what to do.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file cannot be opened at all.
    #[error("cannot open the project ({why}): {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The system's error.
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
        /// SQLite's error.
        why: String,
    },
}

/// What a write that failed is.
pub(super) fn write_error(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        _ => StoreError::Write { path, why: words(error) },
    }
}

/// What a read that failed is.
pub(super) fn read_error(path: &Path, error: &rusqlite::Error) -> StoreError {
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
