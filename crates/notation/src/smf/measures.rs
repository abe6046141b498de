//! Bar lines out of the time signature events of a file.

use super::error::SmfError;
use crate::score::{Measure, Place, Score, TimeSignature, Warning};
use crate::time::Quarters;

const MOST_MEASURES: usize = 100_000;

/// Warnings about bars cut short beyond this many say nothing new.
const MOST_WARNINGS: usize = 20;

/// Writes the bar lines: full measures from each time signature to the next, which cuts the last.
/// `metres` holds ticks, beats and beat types; `at` turns ticks into score time.
pub(super) fn write(
    score: &mut Score,
    metres: &[(u64, (u8, u8))],
    at: impl Fn(u64) -> Quarters,
) -> Result<(), SmfError> {
    let mut metres = changes(metres, at);
    let end = score.notes.iter().map(|n| n.offset()).fold(Quarters::whole(1), Quarters::max);
    metres.retain(|(at, _)| *at < end);
    for (k, (from, time)) in metres.iter().enumerate() {
        let stop = metres.get(k + 1).map(|m| m.0);
        let mut start = *from;
        while start < stop.unwrap_or(end) {
            let full = start + time.measure_length();
            let measure_end = stop.map_or(full, |s| full.min(s));
            if score.measures.len() >= MOST_MEASURES {
                return Err(SmfError::TooLarge { what: "measures", most: MOST_MEASURES });
            }
            let written = score.measures.len() as u32;
            let number = (written + 1).to_string();
            score.measures.push(Measure { start, end: measure_end, number, written, pass: 1, time: *time });
            start = measure_end;
        }
    }
    mark_pick_up(score, &mut metres);
    score.time_signatures = metres;
    warn_of_cut_measures(score);
    Ok(())
}

/// Time signatures in score time, from the start on, each another than the one before.
fn changes(metres: &[(u64, (u8, u8))], at: impl Fn(u64) -> Quarters) -> Vec<(Quarters, TimeSignature)> {
    let mut changes = vec![(Quarters::ZERO, TimeSignature::default())];
    for (tick, (beats, beat_type)) in metres {
        let (at, time) = (at(*tick), TimeSignature { beats: *beats, beat_type: *beat_type });
        match changes.last_mut() {
            Some(last) if last.0 == at => last.1 = time,
            Some(last) if last.1 == time => {}
            _ => changes.push((at, time)),
        }
    }
    changes
}

/// A first measure that has a shorter metre of its own is a pick-up to the second.
fn mark_pick_up(score: &mut Score, metres: &mut Vec<(Quarters, TimeSignature)>) {
    let [first, second, ..] = score.measures.as_mut_slice() else { return };
    if first.time == second.time || first.end - first.start >= second.time.measure_length() {
        return;
    }
    first.time = second.time;
    metres.remove(0);
    metres[0].0 = Quarters::ZERO;
    for (k, measure) in score.measures.iter_mut().enumerate() {
        measure.number = k.to_string();
    }
}

/// A time signature within a bar ends the bar there, which few files mean.
fn warn_of_cut_measures(score: &mut Score) {
    let is_cut = |m: &&Measure| m.end - m.start < m.time.measure_length();
    let cut = score.measures.iter().skip(1).filter(is_cut).take(MOST_WARNINGS);
    let warning = |m: &Measure| Warning {
        place: Place { measure: Some(m.number.clone()), ..Place::default() },
        message: format!("a time signature after {} quarters cuts the measure short", m.end - m.start),
    };
    let warnings: Vec<Warning> = cut.map(warning).collect();
    score.warnings.extend(warnings);
}
