//! How long measures are: empty ones, and those that are longer than any music.

use super::warnings::Warnings;
use super::written::WrittenScore;
use crate::time::Quarters;

/// No measure is longer than this, in quarters, but for notes that stand further on.
const LONGEST_MEASURE: Quarters = Quarters::whole(1000);

/// Gives measures without notes and rests the length of their metre, and cuts those that are too
/// long. Measures that the file does not count may be empty: they hold signs alone, and are named.
pub(super) fn settle(score: &mut WrittenScore, warnings: &mut Warnings) {
    let metres = score.metres();
    let has_long = score.measures.iter().any(|m| m.length > LONGEST_MEASURE);
    let filled = if has_long { filled(score) } else { Vec::new() };
    for (k, metre) in metres.into_iter().enumerate() {
        let place = || score.place(k as u32, None);
        let measure = &score.measures[k];
        let mut length = measure.length;
        if length.is_zero() && measure.is_implicit {
            warnings.add("empty", place, || {
                "the measure is not counted and has neither notes nor rests; it lasts no time".to_owned()
            });
        } else if length.is_zero() {
            length = metre.measure_length();
            warnings.add("empty", place, || {
                format!("the measure has neither notes nor rests; it is taken as {length} quarters of rest")
            });
        } else if length > LONGEST_MEASURE {
            length = filled[k].max(LONGEST_MEASURE);
            if length < measure.length {
                let written = measure.length;
                warnings.add("long", place, || {
                    format!("the measure lasts {written} quarters; it is cut to {length}")
                });
            }
        }
        score.measures[k].length = length;
    }
}

/// Where the last note of each measure ends, or the measure after it would begin.
fn filled(score: &WrittenScore) -> Vec<Quarters> {
    let mut filled = vec![Quarters::ZERO; score.measures.len()];
    for note in &score.notes {
        if let Some(end) = filled.get_mut(note.position.measure as usize) {
            *end = (*end).max(note.position.offset + note.duration);
        }
    }
    filled
}
