//! How long notes are held: articulation marks, slurs, and what is usual without them.

use notation::Marks;

use super::weights::Weights;
use crate::sketch::Sketch;

/// Played over written length. The order is about that of pianists in the training split; the
/// unmarked notes are held longer than theirs, who leave more to the pedal.
const PLAIN: f64 = 0.8;
const SLURRED: f64 = 0.97;
const TENUTO: f64 = 0.95;
const PORTATO: f64 = 0.6;
const STACCATO: f64 = 0.4;
const STACCATISSIMO: f64 = 0.3;
const DETACHED: f64 = 0.65;

/// Last note under a slur: shortened by 60·k ms, at most by this share of it.
const SLUR_END_SECS: f64 = 0.06;
const SLUR_END_SHARE: f64 = 0.35;

/// Staccato notes are never held longer than this.
const LONGEST_STACCATO_SECS: f64 = 0.35;

/// Gives every note its share of the written length.
pub fn marks(sketch: &mut Sketch<'_>, weights: &Weights) {
    for index in 0..sketch.notes.len() {
        let written = &sketch.score.notes[index];
        let ratio = ratio(written.marks);
        let note = &mut sketch.notes[index];
        note.ratio = PLAIN + weights.articulation * (ratio - PLAIN);
        let onset = &sketch.onsets[note.onset];
        let length = written.duration.to_f64() * onset.nominal_secs / onset.span_quarters;
        if written.marks.intersects(Marks::STACCATO | Marks::STACCATISSIMO) && length > 0.0 {
            let longest = LONGEST_STACCATO_SECS / length;
            note.ratio = note.ratio.min(longest.max(0.1));
        }
    }
}

/// The share that a note's marks prescribe.
fn ratio(marks: Marks) -> f64 {
    let slurred = marks.contains(Marks::SLURRED);
    match () {
        () if marks.contains(Marks::STACCATISSIMO) => STACCATISSIMO,
        () if marks.contains(Marks::STACCATO) && (slurred || marks.contains(Marks::TENUTO)) => PORTATO,
        () if marks.contains(Marks::STACCATO) => STACCATO,
        () if marks.contains(Marks::FERMATA) => 0.95,
        () if marks.contains(Marks::TENUTO) => TENUTO,
        () if slurred => SLURRED,
        () if marks.contains(Marks::MARCATO) => DETACHED,
        () => PLAIN,
    }
}

/// Shortens the last note under a slur by 60·k ms.
pub fn slur_ends(sketch: &mut Sketch<'_>, k: f64) {
    for (note, written) in sketch.notes.iter_mut().zip(&sketch.score.notes) {
        if written.marks.contains(Marks::SLUR_STOP) && !written.marks.contains(Marks::SLUR_START) {
            let onset = &sketch.onsets[note.onset];
            let length = written.duration.to_f64() * onset.nominal_secs / onset.span_quarters;
            note.shorten_secs += (SLUR_END_SECS * k).min(SLUR_END_SHARE * length * note.ratio);
        }
    }
}
