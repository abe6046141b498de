//! The slowing down at the very end, where a performer does too little of it.

use notation::{Marks, Quarters};
use performance::Performance;

use super::scene::Scene;

/// Measures over which it slows down, and how many quarters before the last onset it starts at the
/// latest.
pub(super) const BARS: usize = 2;
const LEAST_QUARTERS: i64 = 4;

/// Shorter pieces are no pieces.
pub(super) const LEAST_BARS: usize = 6;

/// A piece ends on a note that is longer by this factor than its notes mostly are, or on a
/// fermata; an excerpt breaks off in the middle.
const LONG_END: f64 = 1.5;

/// Makes the last quarter longer by `share`, the ones before by less: the slope of the map from the
/// time played to the time that is is 1 + share · x², with x from 0 at the start of the last bars
/// to 1 at the last onset, so that the tempo has no step.
pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance, share: f64) {
    let score = scene.score;
    let Some(last) = score.notes.last() else { return };
    // Files may have empty bars after the music.
    let bars = score.measures.len().min(last.measure as usize + 1);
    if share <= 0.0 || bars < LEAST_BARS || !ends(scene) {
        return;
    }
    let from = score.measures[bars - BARS].start.min(last.onset - Quarters::whole(LEAST_QUARTERS));
    let first = score.notes.partition_point(|n| n.onset < from);
    // Only a region with all of the end in it may set the end's time.
    if first == 0 || !(first..score.notes.len()).all(|n| scene.may_move(played, n)) {
        return;
    }
    let groups = score.onset_groups();
    let (start, end) = (
        groups.iter().find(|g| g.start >= first).and_then(|g| scene.extent(played, g.clone())),
        groups.last().and_then(|g| scene.extent(played, g.clone())),
    );
    let (Some((start, _)), Some((end, _))) = (start, end) else { return };
    let length = end - start;
    if length <= 0.0 {
        return;
    }
    let later = |secs: f64| {
        let x = ((secs - start) / length).max(0.0);
        let added = if x <= 1.0 { share * x.powi(3) / 3.0 } else { share / 3.0 + share * (x - 1.0) };
        secs + length * added
    };
    for note in &mut played.notes {
        let end_secs = note.onset_secs + note.duration_secs;
        if end_secs <= start {
            continue;
        }
        let onset_secs = if note.note as usize >= first { later(note.onset_secs) } else { note.onset_secs };
        note.duration_secs = later(end_secs) - onset_secs;
        note.onset_secs = onset_secs;
    }
    for pedal in played.pedals.iter_mut().filter(|p| p.time_secs > start) {
        pedal.time_secs = later(pedal.time_secs);
    }
}

/// Whether the score comes to an end.
pub(super) fn ends(scene: &Scene<'_>) -> bool {
    let notes = &scene.score.notes;
    let mut lengths: Vec<f64> =
        notes.iter().filter(|n| n.grace.is_none()).map(|n| n.duration.to_f64()).collect();
    lengths.sort_by(f64::total_cmp);
    let Some(middle) = lengths.get(lengths.len() / 2) else { return false };
    let Some(last) = notes.last().map(|n| n.onset) else { return false };
    let end = notes.iter().rev().take_while(|n| n.onset == last);
    end.clone().any(|n| n.marks.contains(Marks::FERMATA) || n.duration.to_f64() >= LONG_END * middle)
}
