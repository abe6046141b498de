//! The steps of an alignment.

use notation::Score;
use performance::midi::MidiNote;

use crate::aligned::{Alignment, Role};
use crate::chords::Chords;
use crate::{labels, matching, path, stretches, transposition};

/// Aligns what was played, ordered by onset, with a score.
pub fn align(score: &Score, heard: &[MidiNote]) -> Alignment {
    let chords = Chords::of(score);
    let transposition = transposition::find(&chords, heard);
    let heard = transposition::moved(heard, transposition);
    let path = path::find(&chords, &heard);
    let found = stretches::cut(&chords, &heard, &path);
    let mut alignment =
        Alignment { transposition, roles: vec![Role::Extra; heard.len()], ..Alignment::default() };
    for found in found {
        matching::add(&mut alignment, score, &chords, &heard, found);
    }
    labels::label(&mut alignment, score, &heard);
    alignment
}
