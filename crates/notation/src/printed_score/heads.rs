//! The notes of the page: what all playings of a measure have at one place is one note.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::measures::Order;
use super::pieces::Piece;
use super::tied::Tied;
use crate::score::{Grace, Note, Score};
use crate::time::Quarters;

/// Where on the page a head lies, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    /// The measure of the page.
    page: usize,
    at: Quarters,
    duration: Quarters,
    part: u16,
    pitch: u8,
    /// Whether it is a grace note, and one with a slash.
    grace: Option<bool>,
}

/// Staff and voice.
type Line = (u8, u8);

/// A note of the page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Head {
    /// All that is played by it, in the order of play.
    pub pieces: Vec<Piece>,
    pub staff: u8,
    pub voice: u8,
    pub tied: Tied,
    /// The passes in which it is played, from 1; nothing if in all.
    pub passes: Vec<u8>,
}

impl Head {
    /// The piece that stands for all: the first that is struck.
    pub fn own(&self) -> Option<&Piece> {
        self.pieces.iter().find(|piece| !piece.goes_on).or(self.pieces.first())
    }
}

/// Passes beyond this one cannot be told apart in a file.
const MOST_PASSES: u32 = 16;

/// The notes of the page. `passes` has the pass of each playing since playing has jumped back. Nothing if
/// a note is not played in the same passes every time, or ties would be read in another way.
pub(super) fn heads(score: &Score, order: &Order, pieces: &[Piece], passes: &[u32]) -> Option<Vec<Head>> {
    let mut heads = Vec::with_capacity(pieces.len());
    for ((spot, line), pieces) in at_spots(score, order, pieces) {
        for pieces in layers(pieces) {
            heads.push(head(order, passes, spot.page, line, pieces)?);
        }
    }
    is_tied_as_played(score, &heads).then_some(heads)
}

/// The pieces by where they lie. What is tied over from elsewhere lies in the voice of the note that is
/// struck there in another pass.
fn at_spots(score: &Score, order: &Order, pieces: &[Piece]) -> BTreeMap<(Spot, Line), Vec<Piece>> {
    let mut spots: BTreeMap<(Spot, Line), Vec<Piece>> = BTreeMap::new();
    let (struck, tied): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(|piece| !piece.goes_on);
    let spot = |piece: &Piece, note: &Note| Spot {
        page: order.playings[piece.playing].page,
        at: piece.at,
        duration: piece.duration,
        part: note.part,
        pitch: note.pitch,
        grace: note.grace.filter(|_| !piece.goes_on).map(|kind| kind == Grace::Acciaccatura),
    };
    for piece in struck {
        let note = &score.notes[piece.note];
        spots.entry((spot(piece, note), (note.staff, note.voice))).or_default().push(*piece);
    }
    let lines: BTreeSet<(Spot, Line)> = spots.keys().copied().collect();
    for piece in tied {
        let note = &score.notes[piece.note];
        let (spot, own) = (spot(piece, note), (note.staff, note.voice));
        let first = || lines.range((spot, (0, 0))..=(spot, (u8::MAX, u8::MAX))).next().map(|(_, line)| *line);
        let line = if lines.contains(&(spot, own)) { own } else { first().unwrap_or(own) };
        spots.entry((spot, line)).or_default().push(*piece);
    }
    spots
}

/// Pieces of one spot, spread so that none of them has two of one playing.
fn layers(mut pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    pieces.sort_by_key(|piece| (piece.playing, piece.note));
    let mut layers: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        let is_free = |layer: &&mut Vec<Piece>| layer.last().is_none_or(|last| last.playing < piece.playing);
        match layers.iter_mut().find(is_free) {
            Some(layer) => layer.push(piece),
            None => layers.push(vec![piece]),
        }
    }
    layers
}

fn head(order: &Order, passes: &[u32], page: usize, line: Line, pieces: Vec<Piece>) -> Option<Head> {
    let playings = &order.page.get(page)?.playings;
    let sounding: BTreeSet<usize> = pieces.iter().map(|piece| piece.playing).collect();
    let mut in_passes: BTreeSet<u32> = BTreeSet::new();
    if sounding.len() < playings.len() {
        in_passes = sounding.iter().map(|playing| passes[*playing]).collect();
        let is_told = playings
            .iter()
            .all(|playing| in_passes.contains(&passes[*playing]) == sounding.contains(playing));
        if !is_told || in_passes.last().is_some_and(|pass| *pass > MOST_PASSES) {
            return None;
        }
    }
    let tied = Tied {
        from_elsewhere: pieces.iter().any(|piece| piece.goes_on),
        to_elsewhere: pieces.iter().any(|piece| piece.is_held),
    };
    let passes = in_passes.into_iter().map(|pass| pass as u8).collect();
    Some(Head { pieces, staff: line.0, voice: line.1, tied, passes })
}

/// By the playing that something ends before or starts with, part and pitch.
type Counts = HashMap<(usize, u16, u8), usize>;

/// Whether a reader who ties what ends with a measure to what starts with the next one played, where both
/// say that they are tied, has the notes that are played.
fn is_tied_as_played(score: &Score, heads: &[Head]) -> bool {
    let (mut ends, mut starts, mut tied) = (Counts::new(), Counts::new(), Counts::new());
    for head in heads {
        for piece in &head.pieces {
            let note = &score.notes[piece.note];
            let key = |playing: usize| (playing, note.part, note.pitch);
            if head.tied.to_elsewhere {
                *ends.entry(key(piece.last + 1)).or_default() += 1;
            }
            if head.tied.from_elsewhere {
                *starts.entry(key(piece.playing)).or_default() += 1;
            }
            if piece.goes_on {
                *tied.entry(key(piece.playing)).or_default() += 1;
            }
        }
    }
    let count = |counts: &Counts, key: &(usize, u16, u8)| counts.get(key).copied().unwrap_or_default();
    starts.keys().all(|key| count(&starts, key).min(count(&ends, key)) == count(&tied, key))
}
