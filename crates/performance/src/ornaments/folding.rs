//! The way back: what a file has of an ornament becomes its main note again.

use std::collections::HashSet;

use notation::Score;

use super::Ornaments;
use super::neighbours::Neighbours;
use crate::PlayedNote;
use crate::midi::MidiNote;

/// Strokes of one ornament follow each other this fast.
const LONGEST_STROKE_SECS: f64 = 0.22;

/// A chain of strokes around a main note has at most so many.
const MOST_STROKES: usize = 4096;

/// Takes the strokes of ornaments together. `notes` were given to `played` (ordered by onset) by
/// matching, so of an ornament that is written out each has one stroke; it gets the onset and the
/// loudness of the first of those around it that no other note has, and lasts to the end of the
/// last one.
pub fn fold(score: &Score, played: &[MidiNote], notes: &mut [PlayedNote]) {
    let ornaments = Ornaments::of(score);
    let identity = |pitch: u8, onset_secs: f64| (pitch, onset_secs.to_bits());
    let taken: HashSet<(u8, u64)> = notes
        .iter()
        .filter_map(|n| Some(identity(score.notes.get(n.note as usize)?.pitch, n.onset_secs)))
        .collect();
    for note in notes.iter_mut() {
        let Some(signs) = ornaments.signs(note.note) else { continue };
        let neighbours = Neighbours::of(score, note.note as usize, signs);
        let belongs =
            |m: &&MidiNote| neighbours.has(m.pitch) && !taken.contains(&identity(m.pitch, m.onset_secs));
        let here = played.partition_point(|m| m.onset_secs < note.onset_secs);
        let (mut first, mut from) = (None, note.onset_secs);
        for stroke in played[..here].iter().rev().filter(belongs).take(MOST_STROKES) {
            if from - stroke.onset_secs > LONGEST_STROKE_SECS {
                break;
            }
            (first, from) = (Some(*stroke), stroke.onset_secs);
        }
        let mut end = note.onset_secs + note.duration_secs;
        let mut last = note.onset_secs;
        for stroke in played[here..].iter().filter(belongs).take(MOST_STROKES) {
            // A held main note may come before the strokes of its turn.
            if stroke.onset_secs - last > LONGEST_STROKE_SECS && stroke.onset_secs - end > 0.05 {
                break;
            }
            (last, end) = (stroke.onset_secs, end.max(stroke.onset_secs + stroke.duration_secs));
        }
        if let Some(first) = first {
            note.velocity = first.velocity;
        }
        note.duration_secs = end - from;
        note.onset_secs = from;
    }
}
