//! Whether the whole file was understood: measures that add up, signs that were followed, and every
//! note in its place.

use std::collections::BTreeMap;

use super::warnings::Warnings;
use super::writer::Played;
use super::written::WrittenScore;
use crate::time::Quarters;

/// Warns of measures that do not last as long as their metre says. A pick-up, the end that it is
/// taken from, and two parts of a divided measure are as they should be.
pub(super) fn measures(score: &WrittenScore, warnings: &mut Warnings) {
    let metres = score.metres();
    let count = score.measures.len();
    let mut free = vec![false; count];
    for part in score.part_measures.iter().filter(|part| part.is_free) {
        free[part.measure as usize] = true;
    }
    let length = |k: usize| score.measures[k].length;
    let full = |k: usize| metres[k].measure_length();
    let pick_up = if count > 0 && length(0) < full(0) { length(0) } else { Quarters::ZERO };
    let completes = |k: usize, other: usize| {
        other < count && length(k) + length(other) == full(k) && full(k) == full(other)
    };
    let is_divided = |k: usize| completes(k, k + 1) || (k > 0 && completes(k, k - 1));
    for k in 0..count {
        let (length, full) = (length(k), full(k));
        let is_short_end = length < full && (k == 0 || k + 1 == count || length + pick_up == full);
        let is_right = length == full || score.measures[k].is_implicit || free[k];
        if !(is_right || is_short_end || is_divided(k)) {
            let metre = metres[k];
            warnings.add(
                "length",
                || score.place(k as u32, None),
                || {
                    let (beats, beat_type) = (metre.beats, metre.beat_type);
                    format!("the measure lasts {length} quarters; in {beats}/{beat_type} it would be {full}")
                },
            );
        }
    }
    for part in &score.part_measures {
        let whole = length(part.measure as usize);
        if !part.reached.is_zero() && part.reached < whole {
            let reached = part.reached;
            warnings.add(
                "part",
                || score.place(part.measure, Some(part.part)),
                || format!("the part ends after {reached} of the measure's {whole} quarters"),
            );
        }
    }
}

/// Warns of signs that play no part.
pub(super) fn signs(score: &WrittenScore, unused: &[(usize, &'static str)], warnings: &mut Warnings) {
    for (index, why) in unused {
        let sign = &score.signs[*index];
        // A sign at a bar line stands in the measure before it or after it; the first is meant.
        let is_past = sign.position.measure as usize >= score.measures.len();
        let measure = sign.position.measure - u32::from(is_past && sign.position.measure > 0);
        warnings.add("signs", || score.place(measure, Some(sign.part)), || (*why).to_owned());
    }
}

/// Warns of measures, and of notes in other measures, that are never played.
pub(super) fn coverage(score: &WrittenScore, played: &Played, warnings: &mut Warnings) {
    for (k, is_played) in played.measures.iter().enumerate() {
        let is_empty = score.measures[k].length.is_zero();
        if !is_played && !is_empty {
            warnings.add(
                "unplayed",
                || score.place(k as u32, None),
                || "repeats, endings and jumps never come to this measure".to_owned(),
            );
        }
    }
    let mut missing: BTreeMap<(u16, u8), (u32, usize)> = BTreeMap::new();
    for (note, is_played) in score.notes.iter().zip(&played.notes) {
        let measure = note.position.measure;
        if !is_played && played.measures.get(measure as usize) == Some(&true) {
            missing.entry((note.part, note.voice)).or_insert((measure, 0)).1 += 1;
        }
    }
    for ((part, voice), (measure, count)) in missing {
        warnings.add(
            "notes",
            || score.place(measure, Some(part)),
            || format!("{count} notes of voice {voice} are never played, the first of them here"),
        );
    }
}
