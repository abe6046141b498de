//! Project files come from anywhere: what an SQLite file can do beyond holding values is kept from it.
//!
//! A database may bring triggers, views, generated columns and checks with calls of functions, which
//! run when it is read or written. None of them is in a project.

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, Transaction};

use super::contents::Flaw;
use super::schema::{LARGEST_VALUE_BYTES, SOUNDS, TABLES, WITHOUT_SOUNDS};
use super::{format_1, format_2};

/// Lets nothing that a file brings along run, and bounds the size of its values.
pub(super) fn confine(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST_VALUE_BYTES)?;
    Ok(())
}

/// Fails unless a file of this format has the tables of a project, word for word, and nothing else.
pub(super) fn check(tx: &Transaction<'_>, format: i32) -> Result<(), Flaw> {
    let (tables, more) = match format {
        format_1::FORMAT => (format_1::TABLES, ""),
        format_2::FORMAT => (format_2::TABLES, ""),
        WITHOUT_SOUNDS => (TABLES, ""),
        _ => (TABLES, SOUNDS),
    };
    let statements = tables.split(';').chain(more.split(';')).map(str::trim);
    let mut expected: Vec<&str> = statements.filter(|statement| !statement.is_empty()).collect();
    // Indices of primary keys have no statement; everything else has.
    let mut query = tx.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (name, sql): (String, String) = (row.get(0)?, row.get(1)?);
        let Some(at) = expected.iter().position(|statement| *statement == sql) else {
            return Err(Flaw::Contents(format!("it has something that no project has: `{name}`")));
        };
        expected.remove(at);
    }
    match expected.first() {
        Some(statement) => {
            let table = statement.split_whitespace().nth(2).unwrap_or_default();
            Err(Flaw::Contents(format!("its table `{table}` is missing")))
        }
        None => Ok(()),
    }
}
