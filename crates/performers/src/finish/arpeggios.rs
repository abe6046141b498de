//! Rolled chords.
//!
//! In the train split of (n)ASAP chords with the sign are spread by 61 ms a note in the median
//! (27 to 96 between the quartiles), 73 of a hundred strictly upwards, and the last note is the
//! one on the beat: 17 ms after it in the median, the first 156 ms before. A performer that learned
//! from people has the middle of such a chord where theirs is, so the roll is laid around the
//! middle that it played, and the tempo does not change.

use notation::Marks;
use performance::Performance;

use super::scene::{Scene, start_at};

/// From note to note, and how far chords differ in it.
const STEP_SECS: f64 = 0.055;
const VARIETY: f64 = 0.2;

/// The longest roll, and the longest as a share of the time to the onsets around it.
const LONGEST_SECS: f64 = 0.3;
const SHARE: f64 = 0.4;

/// A chord that is spread by so much a note in the right order is already rolled.
const ROLLED_SECS: f64 = 0.02;

/// Notes that come so much too early for their order are no other order.
const SLACK_SECS: f64 = 0.005;

/// Seed of this step.
const PURPOSE: u64 = 1;

pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance) {
    let groups = scene.score.onset_groups();
    for (k, group) in groups.iter().enumerate() {
        let marked = |n: &usize| {
            let note = &scene.score.notes[*n];
            note.marks.contains(Marks::ARPEGGIO) && note.grace.is_none()
        };
        let mut notes: Vec<usize> = group.clone().filter(marked).collect();
        if notes.len() < 2 || !notes.iter().all(|n| scene.may_move(played, *n)) {
            continue;
        }
        notes.sort_by_key(|n| scene.score.notes[*n].pitch);
        if scene.score.notes[notes[0]].marks.contains(Marks::ARPEGGIO_DOWN) {
            notes.reverse();
        }
        let onsets: Vec<f64> = notes.iter().filter_map(|n| scene.onset_secs(played, *n)).collect();
        let steps = (onsets.len() - 1) as f64;
        let ordered = onsets.windows(2).all(|w| w[1] - w[0] > -SLACK_SECS);
        if ordered && onsets[onsets.len() - 1] - onsets[0] >= ROLLED_SECS * steps {
            continue;
        }
        let mean = onsets.iter().sum::<f64>() / onsets.len() as f64;
        let before = groups[..k].iter().rev().find_map(|g| scene.extent(played, g.clone()));
        let after = groups[k + 1..].iter().find_map(|g| scene.extent(played, g.clone()));
        let room = |secs: Option<f64>| secs.map_or(LONGEST_SECS, |secs| 2.0 * SHARE * secs.max(0.0));
        let most = room(before.map(|(_, last)| mean - last)).min(room(after.map(|(first, _)| first - mean)));
        let wanted = STEP_SECS * (1.0 + VARIETY * scene.random(PURPOSE, notes[0])) * steps;
        let step = wanted.min(LONGEST_SECS).min(most) / steps;
        for (j, n) in notes.into_iter().enumerate() {
            start_at(played, n, mean + step * (j as f64 - steps / 2.0));
        }
    }
}
