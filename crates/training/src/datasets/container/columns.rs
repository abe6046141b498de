//! Typed columns.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use super::schema::{Kind, Spec};

/// A column: type and the values as little-endian bytes.
struct Column {
    kind: Kind,
    bytes: Vec<u8>,
}

/// The values of a container, by column. Every value is handled as `f64`, which holds all types
/// exactly.
pub struct Columns {
    specs: &'static [&'static [Spec]],
    columns: BTreeMap<&'static str, Column>,
}

impl Columns {
    /// Empty columns.
    pub fn new(specs: &'static [&'static [Spec]]) -> Self {
        let column = |Spec(name, _, kind): &Spec| (*name, Column { kind: *kind, bytes: Vec::new() });
        Self { specs, columns: specs.iter().copied().flatten().map(column).collect() }
    }

    /// The columns in the order of the file.
    pub fn specs(&self) -> impl Iterator<Item = &'static Spec> + Clone {
        self.specs.iter().copied().flatten()
    }

    /// Number of rows of a table.
    pub fn rows(&self, table: &str) -> usize {
        let first = self.specs().find(|spec| spec.1 == table);
        first.map_or(0, |Spec(name, _, kind)| self.bytes(name).len() / kind.width())
    }

    /// Appends a row to a table; `values` go in the order of the table's columns.
    pub fn push(&mut self, table: &str, values: &[f64]) {
        let specs = self.specs;
        let of_table = specs.iter().copied().flatten().filter(|s| s.1 == table);
        debug_assert_eq!(of_table.clone().count(), values.len());
        for (Spec(name, ..), value) in of_table.zip(values) {
            if let Some(column) = self.columns.get_mut(name) {
                column.kind.encode(*value, &mut column.bytes);
            }
        }
    }

    /// Rows `first .. first + count` of a column.
    ///
    /// # Errors
    /// When there is no such column, or it has fewer rows.
    pub fn get(&self, name: &str, (first, count): (usize, usize)) -> Result<Vec<f64>> {
        let column = self.columns.get(name).with_context(|| format!("the data has no column {name}"))?;
        let width = column.kind.width();
        let rows = column.bytes.len() / width;
        let end = first.checked_add(count).filter(|end| *end <= rows);
        let end = end.with_context(|| {
            format!("column {name} has {rows} rows, expected {count} from row {first} on")
        })?;
        let values = column.bytes[first * width..end * width].chunks_exact(width);
        Ok(values.map(|value| column.kind.decode(value)).collect())
    }

    /// The bytes of a column.
    pub(super) fn bytes(&self, name: &str) -> &[u8] {
        self.columns.get(name).map_or(&[], |c| &c.bytes)
    }

    /// Replaces the values of a column.
    pub(super) fn set(&mut self, name: &str, bytes: &[u8]) {
        if let Some(column) = self.columns.get_mut(name) {
            column.bytes = bytes.to_vec();
        }
    }

    /// Fails unless the columns of each table have one length.
    pub(super) fn check(&self) -> Result<()> {
        for Spec(name, table, kind) in self.specs() {
            let rows = self.bytes(name).len() / kind.width();
            let expected = self.rows(table);
            ensure!(
                rows == expected,
                "column {name} has {rows} rows, expected {expected} as its table {table}"
            );
        }
        Ok(())
    }
}
