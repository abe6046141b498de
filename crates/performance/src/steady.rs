//! Whether a performance keeps one tempo, as a groove does: then what sets its notes apart from the tempo curve
//! is how far they are from a steady beat, and not from the mean of their own onset.

use notation::{Marks, Score};

use crate::deadpan::{deadpan, written_clock};
use crate::{BeatCurve, Performance};

/// How far from the beat a note may be, in quarters: a little more than half a sixteenth.
const FURTHEST_QUARTERS: f64 = 0.15;

/// The share of notes that are no further.
const LEAST_SHARE: f64 = 0.95;

/// A performance of fewer onsets has no beat.
const LEAST_ONSETS: usize = 8;

/// How far the first onset may be from where the written tempo, times a factor, has it, in seconds.
const LATEST_START_SECS: f64 = 0.03;

/// A note that is no grace note and in no rolled chord: quarters, seconds when played literally, seconds.
type Struck = (f64, f64, f64);

/// The tempo curve of a performance that keeps the written tempo, or a multiple of it, from the beginning of the
/// score at 0 seconds on; nothing for others. It goes through the means of the first and of the last onset. Of
/// scores that prescribe swing nothing is known.
pub(crate) fn curve(score: &Score, played: &Performance) -> Option<BeatCurve> {
    if score.swing.iter().any(|(_, swing)| !swing.is_even()) {
        return None;
    }
    let clock = written_clock(score);
    let literal = deadpan(score);
    let struck = played.notes.iter().filter_map(|note| {
        let written = score.notes.get(note.note as usize)?;
        if written.grace.is_some() || written.marks.contains(Marks::ARPEGGIO) {
            return None;
        }
        let literal_secs = literal.notes.get(note.note as usize)?.onset_secs;
        Some((written.onset.to_f64(), literal_secs, note.onset_secs))
    });
    let struck: Vec<Struck> = struck.collect();
    let onsets: Vec<&[Struck]> = struck.chunk_by(|a, b| a.0 == b.0).collect();
    if onsets.len() < LEAST_ONSETS {
        return None;
    }
    let [(first_literal, first), (last_literal, last)] = [mean(onsets.first()?), mean(onsets.last()?)];
    let slower = (last - first) / (last_literal - first_literal);
    let later_secs = first - slower * first_literal;
    if !(slower.is_finite() && slower > 0.0 && later_secs.abs() <= LATEST_START_SECS) {
        return None;
    }
    let due = |literal: f64| later_secs + slower * literal;
    let is_near = |(at, literal, secs): &&Struck| {
        (secs - due(*literal)).abs() <= FURTHEST_QUARTERS * slower * clock.period_secs_at(*at)
    };
    let near = struck.iter().filter(is_near).count();
    // Grace notes at the very beginning make the first beat later, played literally, too.
    let waiting_secs = first_literal - clock.secs_at(struck.first()?.0);
    let points = clock.points().collect::<Vec<_>>();
    let start_secs = due(points.first().map_or(0.0, |(_, secs)| *secs) + waiting_secs);
    let stretches = points.iter().map(|(at, _)| (*at, slower * clock.period_secs_at(*at)));
    (near as f64 >= LEAST_SHARE * struck.len() as f64).then(|| BeatCurve::from_periods(start_secs, stretches))
}

/// Mean of literal and of played seconds.
fn mean(notes: &[Struck]) -> (f64, f64) {
    let count = notes.len() as f64;
    notes.iter().fold((0.0, 0.0), |(x, y), (_, literal, secs)| (x + literal / count, y + secs / count))
}

#[cfg(test)]
#[path = "steady_tests.rs"]
mod tests;
