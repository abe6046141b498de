//! Pitch in its chord, its hand and its line.

use notation::Note;

use super::columns::PITCH_SCALE;
use super::context::{Context, LinePoint, staff_class};
use super::row::{Row, log_length};

pub(super) fn pitch_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let onset = &context.onsets[context.onset_of[index]];
    let chord = &context.score.notes[onset.notes.clone()];
    let pitch = f64::from(note.pitch);
    let top = chord.iter().map(|n| n.pitch).max().unwrap_or(note.pitch);
    let bottom = chord.iter().map(|n| n.pitch).min().unwrap_or(note.pitch);
    let same_staff = || chord.iter().filter(|n| staff_class(n) == staff_class(note));
    let staff_top = same_staff().map(|n| n.pitch).max().unwrap_or(note.pitch);
    let staff_bottom = same_staff().map(|n| n.pitch).min().unwrap_or(note.pitch);
    // Degree above the major tonic of the signature: the same for every transposition.
    let fifths = context.score.key_signature_at(note.onset).fifths;
    let degree = (i32::from(note.pitch) - 7 * i32::from(fifths)).rem_euclid(12);

    row.push((pitch - 64.0) / f64::from(PITCH_SCALE));
    row.one_hot(degree as usize, 12);
    row.flag(note.pitch == top);
    row.flag(note.pitch == bottom);
    row.flag(note.pitch == staff_top);
    row.flag(note.pitch == staff_bottom);
    row.flag(note.pitch == top && onset.held.is_none_or(|(high, _)| note.pitch >= high));
    row.flag(note.pitch == bottom && onset.held.is_none_or(|(_, low)| note.pitch <= low));
    row.push((chord.len() as f64).log2() / 2.0);
    row.push((same_staff().count() as f64).log2() / 2.0);
    row.push(f64::from(top - note.pitch) / 12.0);
    row.push(f64::from(note.pitch - bottom) / 12.0);
    row.push((pitch - context.mean_pitch[context.onset_of[index]]) / 12.0);
    row.flag(staff_class(note) == 0);
}

/// Where the note stands in the line of its staff.
pub(super) fn line_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let line = &context.lines[staff_class(note)];
    let at = context.onsets[context.onset_of[index]].at;
    let here = line.partition_point(|p| p.at < at);
    let before = here.checked_sub(1).map(|k| line[k]);
    let after = line.get(here + 1).copied();
    let interval =
        |point: Option<LinePoint>| point.map_or(0.0, |p| (f64::from(p.top) - f64::from(note.pitch)) / 12.0);
    row.push(interval(before));
    row.push(interval(after));
    row.push(before.map_or(2.0, |p| log_length(at - p.at)));
    row.push(after.map_or(2.0, |p| log_length(p.at - at)));
    // Positive: a rest before the next note of the hand; negative: held over it.
    let rest = after.map_or(1.0, |p| p.at - at - note.duration.to_f64());
    row.push(rest.clamp(-2.0, 2.0));
    let repeated = |point: Option<LinePoint>| point.is_some_and(|p| p.top == note.pitch);
    row.flag(repeated(before));
    row.flag(repeated(after));
}
