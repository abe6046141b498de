//! Identifiers of score notes in alignments.

use anyhow::{Context, Result};
use notation::NoteId;

/// Reads `n12-1`: the written note, and which repetition of it; without a repetition it is the first.
///
/// # Errors
/// When the text has another form.
pub fn parse(name: &str) -> Result<NoteId> {
    let (written, pass) = name.split_once('-').unwrap_or((name, "1"));
    let number = written.strip_prefix('n').and_then(|n| n.parse().ok());
    let id = number.zip(pass.parse().ok()).map(|(written, pass)| NoteId { written, pass });
    id.with_context(|| format!("{name} is no identifier of a score note such as n12-1"))
}
