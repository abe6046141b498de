//! The way back: what a file has of an ornament becomes its main note again.

use notation::Score;

use super::neighbours::{BarPitches, Neighbours};
use super::signs::Signs;
use crate::PlayedNote;
use crate::midi::MidiNote;

/// Strokes of one ornament follow each other this fast.
const LONGEST_STROKE_SECS: f64 = 0.22;

/// So many notes before and after a main note are looked at for its strokes.
const MOST_NOTES: usize = 16_384;

/// Takes the strokes of ornaments together. `notes` were given to `played` (ordered by onset) by
/// matching, so of an ornament that is written out each has one stroke; it gets the onset and the
/// loudness of the first of those around it that no other note has, and lasts to the end of the
/// last one. `owners` has the note that each of `played` was given to; strokes get theirs.
pub fn fold(score: &Score, played: &[MidiNote], notes: &mut [PlayedNote], owners: &mut [Option<u32>]) {
    let (all_signs, bars) = (Signs::of(score), BarPitches::of(score));
    let is_free: Vec<bool> = owners.iter().map(Option::is_none).collect();
    for note in notes.iter_mut() {
        let Some(signs) = all_signs.at(note.note) else { continue };
        let neighbours = Neighbours::of(score, &bars, note.note as usize, signs);
        let belongs = |k: &usize| neighbours.has(played[*k].pitch) && is_free[*k];
        let here = played.partition_point(|m| m.onset_secs < note.onset_secs);
        let (mut first, mut from) = (None, note.onset_secs);
        for k in (0..here).rev().take(MOST_NOTES).filter(belongs) {
            if from - played[k].onset_secs > LONGEST_STROKE_SECS {
                break;
            }
            (first, from) = (Some(k), played[k].onset_secs);
            owners[k].get_or_insert(note.note);
        }
        let mut end = note.onset_secs + note.duration_secs;
        let mut last = note.onset_secs;
        for k in (here..played.len()).take(MOST_NOTES).filter(belongs) {
            let stroke = &played[k];
            // A held main note may come before the strokes of its turn.
            if stroke.onset_secs - last > LONGEST_STROKE_SECS && stroke.onset_secs - end > 0.05 {
                break;
            }
            (last, end) = (stroke.onset_secs, end.max(stroke.onset_secs + stroke.duration_secs));
            owners[k].get_or_insert(note.note);
        }
        if let Some(first) = first {
            note.velocity = played[first].velocity;
        }
        note.duration_secs = end - from;
        note.onset_secs = from;
    }
}
