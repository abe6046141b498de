//! Whether a performance keeps one tempo, as a groove does: then what sets its notes apart from the tempo curve
//! is how far they are from a steady beat, and not from the mean of their own onset.

use notation::{Marks, Quarters, Score};

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

/// How much later than written the second of two eighths may be, in quarters: the first is up to 3.1 times as long
/// where jazz drummers swing (Friberg and Sundström, *Music Perception* 19, 2002).
const LATEST_SWING_QUARTERS: f64 = 3.1 / 4.1 - 0.5;

/// A note that is no grace note and in no rolled chord.
struct Struck {
    /// Quarters.
    at: f64,
    /// Where the score's own swing has it, in quarters.
    swung: f64,
    /// When it begins when played literally.
    literal_secs: f64,
    /// When it begins.
    secs: f64,
    /// How much later swing may make it, in quarters.
    swing_quarters: f64,
}

/// The beat of a performance that keeps the tempo.
#[derive(Debug, PartialEq)]
pub(crate) struct Beat {
    /// The tempo curve.
    pub curve: BeatCurve,
    /// Whether a note between the beats is so late that it is swung.
    pub is_swung: bool,
}

/// The beat of a performance that keeps the written tempo, or a multiple of it, from the beginning of the
/// score at 0 seconds on; nothing for others. It goes through the means of the first and of the last onset. Where
/// the beat is a quarter, what is between beats may be swung. Swing that the score prescribes is no part of the beat.
pub(crate) fn beat(score: &Score, played: &Performance) -> Option<Beat> {
    let clock = written_clock(score);
    let literal = deadpan(score);
    let struck = played.notes.iter().filter_map(|note| {
        let written = score.notes.get(note.note as usize)?;
        if written.grace.is_some() || written.marks.contains(Marks::ARPEGGIO) {
            return None;
        }
        Some(Struck {
            at: written.onset.to_f64(),
            swung: score.swung(written.onset).to_f64(),
            literal_secs: literal.notes.get(note.note as usize)?.onset_secs,
            secs: note.onset_secs,
            swing_quarters: swing_quarters(score, written.onset),
        })
    });
    let struck: Vec<Struck> = struck.collect();
    let onsets: Vec<&[Struck]> = struck.chunk_by(|a, b| a.at == b.at).collect();
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
    let late_quarters =
        |note: &Struck| (note.secs - due(note.literal_secs)) / (slower * clock.period_secs_at(note.at));
    let is_near = |&note: &&Struck| {
        (-FURTHEST_QUARTERS..=FURTHEST_QUARTERS + note.swing_quarters).contains(&late_quarters(note))
    };
    let near: Vec<&Struck> = struck.iter().filter(is_near).collect();
    if (near.len() as f64) < LEAST_SHARE * struck.len() as f64 {
        return None;
    }
    // Grace notes at the very beginning make the first beat later, played literally, too.
    let waiting_secs = first_literal - clock.secs_at(struck.first()?.swung);
    let points = clock.points().collect::<Vec<_>>();
    let start_secs = due(points.first().map_or(0.0, |(_, secs)| *secs) + waiting_secs);
    let stretches = points.iter().map(|(at, _)| (*at, slower * clock.period_secs_at(*at)));
    Some(Beat {
        curve: BeatCurve::from_periods(start_secs, stretches),
        is_swung: near.iter().any(|&note| late_quarters(note) > FURTHEST_QUARTERS),
    })
}

/// How much later swing may make a note at a place, in quarters: the second of two eighths most, what divides them
/// in proportion.
fn swing_quarters(score: &Score, at: Quarters) -> f64 {
    let next = score.measures.partition_point(|measure| measure.start <= at);
    let Some((k, measure)) = next.checked_sub(1).and_then(|k| Some((k, score.measures.get(k)?))) else {
        return 0.0;
    };
    if measure.time.beat_length() != Quarters::whole(1) {
        return 0.0;
    }
    let from = if score.is_upbeat(k) { measure.end } else { measure.start };
    let part = (at - from).to_f64().rem_euclid(1.0);
    2.0 * LATEST_SWING_QUARTERS * part.min(1.0 - part)
}

/// Mean of literal and of played seconds.
fn mean(notes: &[Struck]) -> (f64, f64) {
    let count = notes.len() as f64;
    notes.iter().fold((0.0, 0.0), |(x, y), note| (x + note.literal_secs / count, y + note.secs / count))
}

#[cfg(test)]
#[path = "steady_tests.rs"]
mod tests;
