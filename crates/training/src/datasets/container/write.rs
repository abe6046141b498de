//! Writing a container.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::index::{Index, Performances, Place};
use super::read::Container;
use super::schema::Spec;

impl<P: Performances + Clone> Container<P> {
    /// Writes `NAME.json` and `NAME.bin.gz` into a folder. The same container gives the same bytes.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let mut bytes = Vec::new();
        let mut places = BTreeMap::new();
        let mut tables = BTreeMap::new();
        for Spec(name, table, kind) in self.columns.specs() {
            bytes.resize(bytes.len().next_multiple_of(8), 0);
            let values = self.columns.bytes(name);
            let count = values.len() / kind.width();
            let place = Place { table: (*table).to_owned(), kind: *kind, offset: bytes.len(), count };
            places.insert((*name).to_owned(), place);
            tables.insert((*table).to_owned(), count);
            bytes.extend_from_slice(values);
        }
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let index = Index {
            format: P::FORMAT.to_owned(),
            version: 1,
            split: self.name.clone(),
            byte_order: "little".to_owned(),
            bin_bytes: bytes.len(),
            columns: places,
            tables,
            scores: self.scores.clone(),
            performances: self.performances.clone(),
        };
        let bin_path = folder.join(format!("{}.bin.gz", self.name));
        pack(&bytes, &bin_path).with_context(|| format!("cannot write {}", bin_path.display()))?;
        let index_path = folder.join(format!("{}.json", self.name));
        write_index(&index, &index_path).with_context(|| format!("cannot write {}", index_path.display()))
    }
}

fn pack(bytes: &[u8], path: &Path) -> Result<()> {
    let mut packed = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::best());
    packed.write_all(bytes)?;
    packed.finish()?.flush()?;
    Ok(())
}

fn write_index<P: Performances>(index: &Index<P>, path: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    serde_json::to_writer(&mut file, index)?;
    file.write_all(b"\n")?;
    file.flush()?;
    Ok(())
}
