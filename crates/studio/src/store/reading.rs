//! Opening a project file, whatever is in it, and reading all of it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::contents::{Flaw, Saved};
use super::error::{StoreError, read_error};
use super::paths::check_are_files;
use super::schema::{APPLICATION_ID, FORMAT, MAGIC};
use super::{foreign, format_1, format_2, tables};

/// Opens a file that looks like an SQLite database.
pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    check_are_files(path)?;
    let mut start = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start));
    if let Err(error) = opened {
        return Err(StoreError::Open { path: path.to_owned(), why: error.to_string() });
    }
    if start != MAGIC {
        return Err(StoreError::NotAProject { path: path.to_owned() });
    }
    let failed = |error: rusqlite::Error| read_error(path, &error);
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    foreign::confine(&connection).map_err(failed)?;
    Ok(connection)
}

/// Reads all that is in a file.
pub(super) fn read(path: &Path, connection: &mut Connection) -> Result<Saved, StoreError> {
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
    let saved = foreign::check(&tx, found).and_then(|()| match found {
        format_1::FORMAT => format_1::read(&tx),
        format_2::FORMAT => format_2::read(&tx),
        format => tables::read(&tx, format),
    });
    saved.map_err(|why| match why {
        Flaw::Sqlite(error) => read_error(path, &error),
        Flaw::Contents(why) => StoreError::Damaged { path: path.to_owned(), why },
    })
}
