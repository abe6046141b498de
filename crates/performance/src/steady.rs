//! Whether a performance keeps one tempo, as a groove does: then what sets its notes apart from the tempo curve
//! is how far they are from a steady beat, and not from the mean of their own onset.

use notation::Score;

use crate::deadpan::{deadpan, written_clock};
use crate::{BeatCurve, Performance};

/// How far from the beat a note may be, in quarters: a little more than half a sixteenth.
const FURTHEST_QUARTERS: f64 = 0.15;

/// The share of notes that are no further. Rolled chords are.
const LEAST_SHARE: f64 = 0.95;

/// A performance of fewer onsets has no beat.
const LEAST_ONSETS: usize = 8;

/// The tempo curve of a performance that keeps the written tempo, or a multiple of it, from the beginning of the
/// score at 0 seconds on; nothing for others. Of scores that prescribe swing nothing is known.
pub(crate) fn curve(score: &Score, played: &Performance) -> Option<BeatCurve> {
    if score.swing.iter().any(|(_, swing)| !swing.is_even()) {
        return None;
    }
    let clock = written_clock(score);
    let literal = deadpan(score);
    // Quarters, seconds when played literally, seconds.
    let main = played.notes.iter().filter_map(|note| {
        let written = score.notes.get(note.note as usize).filter(|written| written.grace.is_none())?;
        let literal_secs = literal.notes.get(note.note as usize)?.onset_secs;
        Some((written.onset.to_f64(), literal_secs, note.onset_secs))
    });
    let main: Vec<(f64, f64, f64)> = main.collect();
    let mut onsets: Vec<f64> = main.iter().map(|note| note.0).collect();
    onsets.dedup();
    let slower = slope(&main);
    if onsets.len() < LEAST_ONSETS || !(slower.is_finite() && slower > 0.0) {
        return None;
    }
    let is_near = |note: &&(f64, f64, f64)| {
        let furthest_secs = FURTHEST_QUARTERS * slower * clock.period_secs_at(note.0);
        (note.2 - slower * note.1).abs() <= furthest_secs
    };
    let near = main.iter().filter(is_near).count();
    let is_first_near = main.first().is_some_and(|first| is_near(&first));
    // Grace notes at the very beginning make the first beat later, played literally, too.
    let (at, first_secs, _) = *main.first()?;
    let later_secs = slower * (first_secs - clock.secs_at(at));
    let stretches = clock.points().map(|(at, _)| (at, slower * clock.period_secs_at(at)));
    let is_steady = is_first_near && near as f64 >= LEAST_SHARE * main.len() as f64;
    let start_secs = clock.points().next().map_or(0.0, |(_, secs)| slower * secs) + later_secs;
    is_steady.then(|| BeatCurve::from_periods(start_secs, stretches))
}

/// Of the straight line of least squares through literal and played seconds, wherever it begins: that all notes
/// are late is no tempo.
fn slope(notes: &[(f64, f64, f64)]) -> f64 {
    let count = notes.len() as f64;
    let (x, y) = notes.iter().fold((0.0, 0.0), |(x, y), note| (x + note.1 / count, y + note.2 / count));
    let both: f64 = notes.iter().map(|note| (note.1 - x) * (note.2 - y)).sum();
    both / notes.iter().map(|note| (note.1 - x).powi(2)).sum::<f64>()
}

#[cfg(test)]
#[path = "steady_tests.rs"]
mod tests;
