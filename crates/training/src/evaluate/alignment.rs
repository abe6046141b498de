//! `espressivo evaluate alignment`: how right alignments of recordings with their scores are.

use std::path::{Path, PathBuf};

use alignment::judge::samples;
pub use alignment::judge::{Row, Table};
use anyhow::{Context, Result};

/// Judges the samples of (n)ASAP in a data folder, as they are and damaged in every way; `said` hears every
/// recording. The damaged recordings go into the folder `write`, if there is one.
///
/// # Errors
/// When the samples are missing or broken.
pub fn run(data: &Path, write: Option<&Path>, said: &dyn Fn(&Row)) -> Result<Table> {
    let folder = data.join("asap/samples");
    let options = samples::Options { write: write.map(PathBuf::from), ..samples::Options::default() };
    samples::run(&folder, &options, said).with_context(|| format!("cannot judge {}", folder.display()))
}
