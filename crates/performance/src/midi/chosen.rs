//! What of a performance is written.

use notation::Score;

use super::options::{ExportError, ExportOptions};
use crate::{Performance, PlayedNote};

/// The notes to write: of the chosen bars, and with times that exist.
pub(super) fn chosen(
    score: &Score,
    played: &Performance,
    options: &ExportOptions,
) -> Result<Vec<PlayedNote>, ExportError> {
    let range = options.bars.clone().map_or(0..score.notes.len(), |bars| score.notes_in_measures(bars));
    let usable = |n: &&PlayedNote| {
        range.contains(&(n.note as usize)) && n.onset_secs.is_finite() && n.duration_secs.is_finite()
    };
    let notes: Vec<PlayedNote> = played.notes.iter().filter(usable).copied().collect();
    if notes.is_empty() { Err(ExportError::Empty) } else { Ok(notes) }
}

/// When the first of the notes is played; infinity without notes.
pub(super) fn first_onset(notes: &[PlayedNote]) -> f64 {
    notes.iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min)
}

/// The name of the marker at the first bar that is written.
pub(super) fn first_bar_name(score: &Score, options: &ExportOptions) -> String {
    let first = options.bars.as_ref().map_or(0, |b| b.start);
    let number = score.measures.get(first).map_or("1", |m| m.number.as_str());
    format!("Bar {number}")
}
