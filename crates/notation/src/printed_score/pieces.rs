//! Played notes cut where the page goes on with something else than what is played.

use std::collections::HashSet;

use super::measures::Order;
use crate::score::{Note, Score};
use crate::time::Quarters;

/// What of a played note stands in one place of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Index of the played note.
    pub note: usize,
    /// The playing of the measure that it starts in, and of the one that it ends in.
    pub playing: usize,
    pub last: usize,
    /// Quarters from the start of the measure.
    pub at: Quarters,
    pub duration: Quarters,
    /// Whether it goes on what another piece of the note began, and whether another one goes on.
    pub goes_on: bool,
    pub is_held: bool,
}

/// The pieces of all notes, by note.
pub(super) fn pieces(score: &Score, order: &Order) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(score.notes.len());
    let endings = grace_notes_at_ends(score);
    for (index, note) in score.notes.iter().enumerate() {
        let mut playing = order.playing_at(note.onset);
        if is_grace(note) && endings.contains(&note.id.written) && order.playings[playing].start == note.onset
        {
            playing = playing.saturating_sub(1);
        }
        add_pieces(&mut pieces, order, (index, note), playing);
    }
    pieces
}

fn is_grace(note: &Note) -> bool {
    note.grace.is_some() && note.duration.is_zero()
}

/// The written grace notes that end a measure. Where playing goes straight on they have the onset of
/// what follows, and yet they do not belong to it: at the end of the score they have no measure, and where
/// playing jumps they meet a note of their voice that is written before them.
fn grace_notes_at_ends(score: &Score) -> HashSet<u32> {
    let voice = |note: &Note| (note.part, note.staff, note.voice);
    let mut ends = HashSet::new();
    for onset in score.onset_groups() {
        let notes = &score.notes[onset];
        for grace in notes.iter().filter(|note| is_grace(note)) {
            let measure = score.measures.get(grace.measure as usize);
            let is_after_all = measure.is_some_and(|measure| measure.end == grace.onset);
            let is_main = |main: &Note| main.grace.is_none() && voice(main) == voice(grace);
            let mains = notes.iter().filter(|note| is_main(note));
            let first = mains.map(|main| main.id.written).min();
            if is_after_all || first.is_some_and(|main| main < grace.id.written) {
                ends.insert(grace.id.written);
            }
        }
    }
    ends
}

fn add_pieces(pieces: &mut Vec<Piece>, order: &Order, (index, note): (usize, &Note), mut playing: usize) {
    let end = note.offset();
    let mut at = note.onset;
    let mut goes_on = false;
    while let Some(first) = order.playings.get(playing) {
        let mut last = playing;
        while order.playings[last].end < end && !order.is_cut_after(last) && last + 1 < order.playings.len() {
            last += 1;
        }
        // What goes on after the last measure stays in it.
        let is_held = order.playings[last].end < end && last + 1 < order.playings.len();
        let to = if is_held { order.playings[last].end } else { end };
        let duration = to - at;
        pieces.push(Piece { note: index, playing, last, at: at - first.start, duration, goes_on, is_held });
        if !is_held {
            break;
        }
        (at, playing, goes_on) = (to, last + 1, true);
    }
}
