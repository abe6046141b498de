//! A song of POP909 as it would be written.
//!
//! [`Song`] lays a fixed tempo and bars through what was played. Here its thirds of a quarter, which are
//! mostly sixteenths played a little off, become sixteenths, unless the quarter has no other sixteenths; and
//! keys are as long as the nearest number of sixteenths, or of thirds where they are struck on one.

use std::collections::BTreeSet;

use notation::{Note, Quarters, Score};

use crate::groove::Key;
use crate::groove::song::Song;

/// Steps of a quarter: sixteenths are three of them, thirds four.
const STEPS: i64 = 12;
const SIXTEENTH: i64 = 3;
const THIRD: i64 = 4;

/// The score of a song; nothing if its tempo is not fixed.
pub fn written(keys: &[Key]) -> Option<Score> {
    Song::of(keys).map(|song| settled(song.score))
}

fn settled(mut score: Score) -> Score {
    let steps: Vec<i64> = score.notes.iter().map(|note| steps(note.onset)).collect();
    let odd = |step: &&i64| step.rem_euclid(STEPS) % (2 * SIXTEENTH) == SIXTEENTH;
    // Quarters with the second or the fourth sixteenth.
    let straight: BTreeSet<i64> = steps.iter().filter(odd).map(|step| step.div_euclid(STEPS)).collect();
    for (note, step) in score.notes.iter_mut().zip(&steps) {
        let is_third = step % SIXTEENTH != 0;
        let stays = is_third && !straight.contains(&step.div_euclid(STEPS));
        let unit = if stays { THIRD } else { SIXTEENTH };
        note.onset = Quarters::new(nearest(*step, unit), STEPS);
        note.duration = Quarters::new(nearest(steps_of(note), unit).max(unit), STEPS);
    }
    score.notes.sort_by_key(|note| (note.onset, note.pitch));
    score.notes.dedup_by_key(|note| (note.onset, note.pitch));
    score
}

fn steps_of(note: &Note) -> i64 {
    steps(note.duration)
}

fn steps(quarters: Quarters) -> i64 {
    nearest(quarters.numerator() * STEPS, quarters.denominator()) / quarters.denominator()
}

/// The nearest multiple of a unit.
fn nearest(step: i64, unit: i64) -> i64 {
    (2 * step + unit).div_euclid(2 * unit) * unit
}

#[cfg(test)]
#[path = "song_tests.rs"]
mod tests;
