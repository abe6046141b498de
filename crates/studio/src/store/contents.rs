//! What comes out of a project file, and how values are packed into its blobs.

use rusqlite::types::{FromSqlError, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::history::History;

/// A project as read from a file.
#[derive(Debug)]
pub struct Saved {
    /// Its state.
    pub document: Document,
    /// Its steps.
    pub history: History,
    /// Number of the format that the file has; see [`super::schema::FORMAT`].
    pub format: i32,
    /// What a person should know about how it was read.
    pub notice: Option<String>,
}

/// What can be wrong with tables.
pub(super) enum Flaw {
    Sqlite(rusqlite::Error),
    Contents(String),
}

impl From<rusqlite::Error> for Flaw {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<FromSqlError> for Flaw {
    fn from(error: FromSqlError) -> Self {
        Self::Contents(error.to_string())
    }
}

/// A value as MessagePack with field names.
pub(super) fn pack(value: &impl Serialize) -> rusqlite::Result<Vec<u8>> {
    rmp_serde::to_vec_named(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// The value in a blob; `what` is for the message.
pub(super) fn unpack<T: DeserializeOwned>(blob: ValueRef<'_>, what: &str) -> Result<T, Flaw> {
    rmp_serde::from_slice(blob.as_blob()?).map_err(|error| Flaw::Contents(format!("{what}: {error}")))
}
