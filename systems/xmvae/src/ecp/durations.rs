//! Lengths of beats and written durations of notes.

use std::sync::LazyLock;

use notation::Quarters;

/// The 51 durations in quarters, numerators and denominators, of tokens 1 to 51: those that are most frequent in
/// the training scores (99 % of their notes have one of them exactly) and the lengths of beats. The first stands for
/// grace notes alone.
pub const DURATIONS: [(i64, i64); 51] = [
    (1, 24),
    (1, 16),
    (1, 14),
    (1, 12),
    (3, 32),
    (1, 10),
    (1, 9),
    (1, 8),
    (1, 7),
    (1, 6),
    (3, 16),
    (1, 5),
    (1, 4),
    (2, 7),
    (3, 10),
    (1, 3),
    (3, 8),
    (2, 5),
    (1, 2),
    (3, 5),
    (5, 8),
    (2, 3),
    (3, 4),
    (5, 6),
    (7, 8),
    (1, 1),
    (9, 8),
    (5, 4),
    (4, 3),
    (11, 8),
    (3, 2),
    (5, 3),
    (7, 4),
    (2, 1),
    (9, 4),
    (5, 2),
    (8, 3),
    (11, 4),
    (3, 1),
    (13, 4),
    (7, 2),
    (15, 4),
    (4, 1),
    (9, 2),
    (5, 1),
    (11, 2),
    (6, 1),
    (7, 1),
    (8, 1),
    (9, 1),
    (12, 1),
];

/// log2 of the durations.
static LOGARITHMS: LazyLock<Vec<f64>> =
    LazyLock::new(|| DURATIONS.iter().map(|(n, d)| (*n as f64 / *d as f64).log2()).collect());

/// The duration of a token; a quarter for 0 and for what is no token.
pub fn duration_of(token: u8) -> Quarters {
    let entry = usize::from(token).checked_sub(1).and_then(|k| DURATIONS.get(k));
    entry.map_or(Quarters::whole(1), |(n, d)| Quarters::new(*n, *d))
}

/// The token of a duration: the nearest of the table by ratio, the shorter of two. Grace notes have the first,
/// all other notes and beats another.
pub fn duration_token(duration: Quarters, is_grace: bool) -> u8 {
    if is_grace { 1 } else { nearest_token(duration.to_f64(), 1) }
}

/// The token nearest by ratio to a number of quarters, from an entry of the table on.
pub(super) fn nearest_token(quarters: f64, from: usize) -> u8 {
    let from = from.min(DURATIONS.len() - 1);
    if quarters <= 0.0 {
        return from as u8 + 1;
    }
    let at = quarters.log2();
    let next = LOGARITHMS.partition_point(|entry| *entry < at).clamp(from, DURATIONS.len() - 1);
    let is_nearer = next > from && at - LOGARITHMS[next - 1] <= LOGARITHMS[next] - at;
    (if is_nearer { next } else { next + 1 }) as u8
}

#[cfg(test)]
#[path = "durations_tests.rs"]
mod tests;
