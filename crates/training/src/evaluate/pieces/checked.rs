//! Whether pieces are in order: two hands can play them, their bars add up, and what is written of them is read back.

use notation::musicxml::write::write;
use notation::{Hand, ImportOptions, Measure, Note, Score, read_score};
use serde::Serialize;
use xmvae::writer::{MOST_A_HAND, WIDEST};

/// How pieces are in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Checked {
    /// Pieces of exactly the bars that were asked for, each as long as its metre says, with notes that end with the
    /// last one at the latest.
    pub bars_add_up: usize,
    /// Pieces that are read from their MusicXML as they were written.
    pub read_back: usize,
    /// Pieces of which hands can play everything, as they are divided on the page.
    pub playable: usize,
    /// The most notes at once.
    pub most_at_once: usize,
    /// The most notes of one hand at once.
    pub most_a_hand: usize,
    /// The widest span of one hand, in semitones.
    pub widest: u8,
}

/// What is asked of hands at the worst moment.
#[derive(Clone, Copy, Default)]
struct Worst {
    at_once: usize,
    a_hand: usize,
    span: u8,
}

impl Checked {
    /// Looks at pieces that were to have so many bars.
    pub fn of<'a>(pieces: impl Iterator<Item = &'a Score>, bars: usize) -> Self {
        let mut checked = Self::default();
        for piece in pieces {
            let worst = worst(piece);
            let is_playable = worst.a_hand <= MOST_A_HAND && worst.span <= WIDEST;
            checked.bars_add_up += usize::from(adds_up(piece, bars));
            checked.read_back += usize::from(comes_back(piece));
            checked.playable += usize::from(is_playable);
            checked.most_at_once = checked.most_at_once.max(worst.at_once);
            checked.most_a_hand = checked.most_a_hand.max(worst.a_hand);
            checked.widest = checked.widest.max(worst.span);
        }
        checked
    }
}

fn adds_up(piece: &Score, bars: usize) -> bool {
    let is_full = |bar: &Measure| bar.end - bar.start == bar.time.measure_length();
    let end = piece.measures.last().map(|last| last.end);
    piece.measures.len() == bars
        && piece.measures.iter().all(is_full)
        && piece.notes.iter().all(|note| Some(note.offset()) <= end)
}

fn comes_back(piece: &Score) -> bool {
    let Ok(text) = write(piece) else { return false };
    let read = read_score("piece", text.as_bytes(), &ImportOptions::default());
    read.is_ok_and(|read| Score { warnings: Vec::new(), ..read } == *piece)
}

/// What sounds when notes begin, since only then there can be more than before.
fn worst(piece: &Score) -> Worst {
    let mut worst = Worst::default();
    let mut held: Vec<&Note> = Vec::new();
    for group in piece.onset_groups() {
        let struck = &piece.notes[group];
        let now = struck.first().map(|note| note.onset).unwrap_or_default();
        held.retain(|note| note.offset() > now);
        held.extend(struck);
        worst.at_once = worst.at_once.max(held.len());
        for hand in [Hand::Left, Hand::Right] {
            let own = || held.iter().filter(|note| note.hand() == hand).map(|note| note.pitch);
            let span = own().max().zip(own().min()).map_or(0, |(high, low)| high - low);
            worst.a_hand = worst.a_hand.max(own().count());
            worst.span = worst.span.max(span);
        }
    }
    worst
}

#[cfg(test)]
#[path = "checked_tests.rs"]
mod tests;
