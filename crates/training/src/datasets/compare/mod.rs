//! Whether two containers hold the same.
//!
//! Scores are matched by folder, their notes by onset, pitch and kind (main or grace note),
//! performances by file, their notes by score note. What is matched is compared column by column;
//! what differs is counted by reason, so that a remainder can be read at a glance.

mod beats;
mod notes;
mod outcome;
mod performances;
mod scores;
mod table;

use anyhow::Result;
pub use outcome::{Column, Comparison};

use crate::datasets::container::{BeatRecording, Container, Recording};

/// Compares two containers of note-aligned performances; what only `theirs` holds is listed too.
///
/// # Errors
/// When a container is inconsistent.
pub fn aligned(ours: &Container<Recording>, theirs: &Container<Recording>) -> Result<Comparison> {
    let mut comparison = Comparison::default();
    let pairs =
        scores::compare(&mut comparison, (&ours.scores, &ours.columns), (&theirs.scores, &theirs.columns))?;
    performances::compare(&mut comparison, ours, theirs, &pairs)?;
    Ok(comparison)
}

/// Compares two containers of beats.
///
/// # Errors
/// When a container is inconsistent.
pub fn beats(ours: &Container<BeatRecording>, theirs: &Container<BeatRecording>) -> Result<Comparison> {
    let mut comparison = Comparison::default();
    scores::compare(&mut comparison, (&ours.scores, &ours.columns), (&theirs.scores, &theirs.columns))?;
    beats::compare(&mut comparison, ours, theirs)?;
    Ok(comparison)
}
