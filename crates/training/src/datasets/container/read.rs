//! A container in memory, and reading one.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::columns::Columns;
use super::index::{Index, Performances, ScoreEntry};

/// A data set as columns, with performances of type `P`: [`Recording`](super::Recording) or
/// [`BeatRecording`](super::BeatRecording).
pub struct Container<P> {
    /// Name of the set, such as `train`.
    pub name: String,
    /// The values.
    pub columns: Columns,
    /// Every score: rows of table `score`.
    pub scores: Vec<ScoreEntry>,
    /// Every performance: rows of the other tables.
    pub performances: Vec<P>,
}

impl<P: Performances> Container<P> {
    /// A container without scores.
    pub fn new(name: &str) -> Self {
        let columns = Columns::new(P::COLUMNS);
        Self { name: name.to_owned(), columns, scores: Vec::new(), performances: Vec::new() }
    }

    /// Reads `NAME.json` and `NAME.bin.gz` of a folder.
    ///
    /// # Errors
    /// When a file is missing, damaged, of another format, or does not fit the other.
    pub fn read(folder: &Path, name: &str) -> Result<Self> {
        let index_path = folder.join(format!("{name}.json"));
        let bin_path = folder.join(format!("{name}.bin.gz"));
        let index =
            File::open(&index_path).with_context(|| format!("no data split at {}", index_path.display()))?;
        let index: Index<P> = serde_json::from_reader(BufReader::new(index))
            .with_context(|| format!("{} is not an index of this data set", index_path.display()))?;
        if index.format != P::FORMAT {
            bail!("{} has the format {}, not {}", index_path.display(), index.format, P::FORMAT);
        }
        let bytes = unpack(&bin_path)?;
        if bytes.len() != index.bin_bytes {
            bail!("{} holds {} bytes, its index says {}", bin_path.display(), bytes.len(), index.bin_bytes);
        }
        let mut columns = Columns::new(P::COLUMNS);
        for (name, place) in &index.columns {
            let end = place.offset + place.count * place.kind.width();
            let values = bytes.get(place.offset..end);
            let values = values
                .with_context(|| format!("column {name} ends after the file {}", bin_path.display()))?;
            columns.set(name, place.kind, values).with_context(|| format!("in {}", index_path.display()))?;
        }
        columns.check().with_context(|| format!("in {}", index_path.display()))?;
        for entry in &index.scores {
            let rows = columns.rows("score");
            ensure!(
                entry.first + entry.count <= rows,
                "{}: the score {} ends after table score, which has {rows} rows",
                index_path.display(),
                entry.folder
            );
        }
        Ok(Self { name: index.split, columns, scores: index.scores, performances: index.performances })
    }
}

fn unpack(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("no columns at {}", path.display()))?;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} is damaged", path.display()))?;
    Ok(bytes)
}
