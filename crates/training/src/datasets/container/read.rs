//! A container in memory, and reading one.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::columns::Columns;
use super::index::{Index, Performances, ScoreEntry};
use super::unpack::unpack;

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
        let columns = unpack(&bin_path, index.bin_bytes, &index.columns, P::COLUMNS)?;
        for entry in &index.scores {
            let rows = columns.rows("score");
            ensure!(
                entry.first.checked_add(entry.count).is_some_and(|end| end <= rows),
                "{}: table score has {rows} rows, expected {} from row {} on for {}",
                index_path.display(),
                entry.count,
                entry.first,
                entry.folder
            );
        }
        Ok(Self { name: index.split, columns, scores: index.scores, performances: index.performances })
    }
}
