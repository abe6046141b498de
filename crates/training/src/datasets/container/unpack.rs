//! Unpacking the columns of a container.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::columns::Columns;
use super::index::Place;
use super::schema::Spec;

/// Unpacks `NAME.bin.gz`. `places` and `bin_bytes` (the length of the unpacked buffer) are what the index
/// says, `specs` the columns to read; others are passed over.
///
/// # Errors
/// When the file is missing or damaged, or is not as long as its index says; when a column is missing,
/// has values of another type, ends after the buffer or is not as long as the others of its table.
pub fn unpack(
    path: &Path,
    bin_bytes: usize,
    places: &BTreeMap<String, Place>,
    specs: &'static [&'static [Spec]],
) -> Result<Columns> {
    let file = File::open(path).with_context(|| format!("no columns at {}", path.display()))?;
    let mut bytes = Vec::new();
    // One byte more than expected is enough to see that there are too many.
    flate2::read::GzDecoder::new(file)
        .take((bin_bytes as u64).saturating_add(1))
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} is damaged", path.display()))?;
    columns(&bytes, bin_bytes, places, specs).with_context(|| format!("in {}", path.display()))
}

fn columns(
    bytes: &[u8],
    bin_bytes: usize,
    places: &BTreeMap<String, Place>,
    specs: &'static [&'static [Spec]],
) -> Result<Columns> {
    let or_more = if bytes.len() > bin_bytes { " or more" } else { "" };
    let found = bytes.len();
    ensure!(found == bin_bytes, "the buffer has {found} bytes{or_more}, expected {bin_bytes}");
    let mut columns = Columns::new(specs);
    for spec in specs.iter().copied().flatten() {
        let place = places.get(spec.0).with_context(|| format!("there is no column {}", spec.0))?;
        columns.set(spec.0, column(bytes, place, spec)?);
    }
    columns.check()?;
    Ok(columns)
}

/// The bytes of a column.
fn column<'a>(bytes: &'a [u8], place: &Place, Spec(name, table, kind): &Spec) -> Result<&'a [u8]> {
    ensure!(place.table == *table, "column {name} is in table {}, expected {table}", place.table);
    ensure!(place.kind == *kind, "column {name} has values of type {}, expected {kind}", place.kind);
    let Place { offset, count, .. } = place;
    let end = count.checked_mul(kind.width()).and_then(|length| offset.checked_add(length));
    end.and_then(|end| bytes.get(*offset..end)).with_context(|| {
        let (found, width) = (bytes.len(), kind.width());
        format!(
            "column {name} ends after the buffer, which has {found} bytes, expected {count} values, \
             {width} bytes each, from byte {offset} on"
        )
    })
}

#[cfg(test)]
#[path = "unpack_tests.rs"]
mod tests;
