//! Notes off the beat: grace notes and rolled chords.

use analysis::sketch::Sketch;
use notation::{Grace, Marks, graces};

/// Length of a grace note, at most, and as a share of the span that it takes its time from.
const LONGEST_GRACE_SECS: f64 = 0.11;
const GRACE_SHARE: f64 = 0.35;

/// Time between the notes of a rolled chord, and the longest roll.
const ROLL_STEP_SECS: f64 = 0.035;
const LONGEST_ROLL_SECS: f64 = 0.25;

/// Rolls the chords marked so, from the bottom; the top note comes a little after the beat.
pub(super) fn rolled_chords(sketch: &mut Sketch<'_>) {
    let score = sketch.score;
    for onset in &sketch.onsets {
        let rolled =
            |n: &usize| score.notes[*n].marks.contains(Marks::ARPEGGIO) && score.notes[*n].grace.is_none();
        let mut notes: Vec<usize> = onset.notes.clone().filter(rolled).collect();
        if notes.len() < 2 {
            continue;
        }
        notes.sort_by_key(|n| score.notes[*n].pitch);
        let steps = (notes.len() - 1) as f64;
        let step = ROLL_STEP_SECS.min(LONGEST_ROLL_SECS / steps).min(0.4 * onset.nominal_secs / steps);
        for (k, n) in notes.into_iter().enumerate() {
            sketch.notes[n].shift_secs = step * (k as f64 - 0.7 * steps);
        }
    }
}

/// Grace notes in their written order, those of a chord together and each voice by itself: with a slash
/// before the beat, without one on it, the main note then coming later.
pub(super) fn grace_notes(sketch: &mut Sketch<'_>) {
    let score = sketch.score;
    for index in 0..sketch.onsets.len() {
        for strokes in graces::by_voice(&score.notes, sketch.onsets[index].notes.clone()) {
            place(sketch, index, &strokes);
        }
    }
}

/// Places the grace notes of one voice at an onset.
fn place(sketch: &mut Sketch<'_>, index: usize, strokes: &[Vec<usize>]) {
    let written = &sketch.score.notes;
    let onset = &sketch.onsets[index];
    let mains: Vec<usize> = onset.notes.clone().filter(|n| written[*n].grace.is_none()).collect();
    let is_long = |n: &usize| written[*n].grace == Some(Grace::Appoggiatura);
    let on_beat = strokes.iter().flatten().any(is_long) && !mains.is_empty();
    let count = strokes.len() as f64;
    let source =
        if on_beat || index == 0 { onset.nominal_secs } else { sketch.onsets[index - 1].nominal_secs };
    let step = LONGEST_GRACE_SECS.min(GRACE_SHARE * source / count);
    if on_beat {
        let voice = |n: usize| (written[n].part, written[n].staff, written[n].voice);
        let own = strokes.iter().flatten().next().map(|n| voice(*n));
        for n in mains.into_iter().filter(|n| Some(voice(*n)) == own) {
            sketch.notes[n].shift_secs += step * count;
            sketch.notes[n].shorten_secs += step * count;
        }
    }
    for (k, stroke) in strokes.iter().enumerate() {
        let from_beat = if on_beat { k as f64 } else { k as f64 - count };
        for n in stroke {
            let note = &mut sketch.notes[*n];
            note.shift_secs = step * from_beat;
            note.level_db -= 1.5;
            // The rendering gives grace notes a tenth of a second.
            note.ratio = step * 0.9 / 0.1;
            note.shorten_secs = 0.0;
        }
    }
}
