//! The invariants of a performance.

use notation::Score;
use performance::Performance;

/// No note lasts less, since it has to be seen and the codec needs a length.
pub const SHORTEST_EDITED_SECS: f64 = 0.005;

/// No performance lasts longer.
pub use performers::take::LONGEST_SECS;

/// The performance with all invariants: notes of the score, each once and in order, times
/// that are finite and not negative, velocities that sound, pedals ordered by time. What is
/// already so is not changed, to the last bit.
pub fn clean(score: &Score, mut performance: Performance) -> Performance {
    performance.notes.retain(|n| {
        (n.note as usize) < score.notes.len() && n.onset_secs.is_finite() && n.duration_secs.is_finite()
    });
    performance.notes.sort_by_key(|n| n.note);
    performance.notes.dedup_by_key(|n| n.note);
    for note in &mut performance.notes {
        note.onset_secs = note.onset_secs.clamp(0.0, LONGEST_SECS);
        note.duration_secs = note.duration_secs.clamp(SHORTEST_EDITED_SECS, LONGEST_SECS);
        note.velocity = note.velocity.clamp(1, 127);
    }
    performance.pedals.retain(|p| p.time_secs.is_finite());
    for pedal in &mut performance.pedals {
        pedal.time_secs = pedal.time_secs.clamp(0.0, LONGEST_SECS);
        pedal.value = pedal.value.min(127);
    }
    performance.pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    performance
}
