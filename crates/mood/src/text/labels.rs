//! The sentences about the mood labels, as embeddings.

use std::path::Path;

use neural::archive::Archive;

use super::error::TextError;
use super::table;
use super::vector::{WIDTH, unit};

/// Number of mood labels.
pub const LABELS: usize = 33;

/// The embeddings of the mood labels, each the mean of its sentences, unit length
/// `[LABELS][WIDTH]`, in the order of the labels of [`table`].
pub fn label_embeddings(models: &Path) -> Result<Vec<Vec<f32>>, TextError> {
    let path = models.join(table::FOLDER).join(table::LABELS);
    let means = Archive::read(&path)?.numbers("mean", &[LABELS, WIDTH])?;
    Ok(means.chunks_exact(WIDTH).map(unit).collect())
}
