//! The balance of melody and accompaniment.

use analysis::melody::melody;
use analysis::sketch::VELOCITY_PER_DB;
use notation::Score;
use performance::Performance;
use performance::amounts::BALANCES_DB;

/// Sets the melody of a performance of a score, or of some of its notes, `balance_db` further above its
/// accompaniment, by velocities alone: the melody gets louder and the rest softer (below 0 the other
/// way round) so that the mean velocity stays. 0, and what has no number, changes nothing. Velocities
/// stop at 1 and 127.
pub(crate) fn apply(score: &Score, played: &mut Performance, balance_db: f64) {
    if balance_db == 0.0 || balance_db.is_nan() {
        return;
    }
    let steps = balance_db.clamp(*BALANCES_DB.start(), *BALANCES_DB.end()) * VELOCITY_PER_DB;
    let melody = melody(score);
    let is_melody = |note: u32| melody.get(note as usize).copied().unwrap_or_default();
    let count = played.notes.iter().filter(|n| is_melody(n.note)).count();
    let share = count as f64 / played.notes.len().max(1) as f64;
    for note in &mut played.notes {
        let change = if is_melody(note.note) { steps * (1.0 - share) } else { -steps * share };
        note.velocity = (f64::from(note.velocity) + change).round().clamp(1.0, 127.0) as u8;
    }
}
