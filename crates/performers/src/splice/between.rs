//! Keeping notes between their neighbours.

use performance::PlayedNote;

/// Distance kept from the neighbours' onsets, if there is room.
const CLEAR_SECS: f64 = 0.001;

/// Draws notes in between two times, linearly, if some are outside.
pub(super) fn squeeze(notes: &mut [PlayedNote], before: Option<f64>, after: Option<f64>) {
    let range = |notes: &[PlayedNote]| {
        let onsets = notes.iter().map(|n| n.onset_secs);
        onsets.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), t| (a.min(t), b.max(t)))
    };
    let (first, last) = range(notes);
    let room = match (before, after) {
        (Some(a), Some(b)) => (b - a).max(0.0),
        _ => f64::INFINITY,
    };
    let clear = CLEAR_SECS.min(room / 4.0);
    // Nothing comes before the start of the performance.
    let low = before.map_or(first.max(0.0), |b| first.max(b + clear));
    let high = after.map_or(last, |a| last.min(a - clear)).max(low);
    // A run that lay wholly on one side comes in with half the room that there is.
    let (low, high) = match (before, after) {
        (Some(b), Some(a)) if high <= low && last > first => (b + clear, (a - clear).max(b + clear)),
        _ => (low, high),
    };
    if low == first && high == last {
        return;
    }
    let factor = if last > first { (high - low) / (last - first) } else { 0.0 };
    notes.iter_mut().for_each(|n| n.onset_secs = low + (n.onset_secs - first) * factor);
}
