//! The page that a played score was read from: each printed measure once, with signs for the order.
//!
//! A [`Score`] has its repeats written out and keeps no signs. They are found again by the order in
//! which its written measures are played (`deduce`), and a player of the signs has to find that same order
//! (`player`). Notes are cut where the page goes on with something else than what is played (`pieces`), and
//! what all playings of a measure have in common is one note of the page (`heads`). Where anything does not
//! come out even, the page is the score as it is played, without signs.

mod deduce;
mod heads;
mod measures;
mod page;
mod pieces;
mod play;
mod repeats;
mod sign;
mod tied;

use std::collections::HashSet;

pub use sign::{Al, Sign, SignKind};
pub use tied::Tied;

use crate::marks::Marks;
use crate::score::{Note, NoteId, Score};
use heads::Head;
use measures::{Order, PageMeasure};

/// A score as it stands on the page: each printed measure once, with signs that say in which order they
/// are played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrintedScore {
    /// The measures of the page in the order of the page, contiguous in time, with the notes,
    /// directions, metres, keys and swing that stand there. Notes and measures keep the ids, `written`
    /// and `pass` of the pass that they were taken from, as far as no two are the same: of the parts of a
    /// measure that is cut the second may have a later pass, and what is tied over to where it stands for
    /// itself may have a number of its own. A part of a printed measure that signs cut is a measure.
    pub score: Score,
    /// For each note of `score.notes` the indices into the played score's notes of all times that it is
    /// played, rising, at least one. A played note is in more than one where it is tied over to what
    /// does not always stand beside it on the page.
    pub notes: Vec<Vec<u32>>,
    /// For each measure of `score.measures` the indices into the played score's measures, rising, at
    /// least one. A played measure is in more than one if it is cut on the page.
    pub measures: Vec<Vec<u32>>,
    /// Signs, in the order of the page.
    pub signs: Vec<Sign>,
    /// For each note of `score.notes` whether it is tied to what does not always stand beside it.
    pub ties: Vec<Tied>,
    /// For each note of `score.notes` the passes in which it is played, from 1, counted anew after a
    /// D.C. or D.S.; none if it is played every time.
    pub passes: Vec<Vec<u8>>,
}

/// How a note ends, which is written at the last of its heads.
const RELEASE: Marks = Marks::FERMATA.union(Marks::SLUR_STOP).union(Marks::BREATH);

impl PrintedScore {
    /// The page of a played score; the score itself where nothing is repeated, or no signs would be
    /// played like it.
    pub fn of(score: &Score) -> Self {
        Self::with_signs(score).unwrap_or_else(|| Self::written_out(score))
    }

    /// The score as it is played, without signs.
    fn written_out(score: &Score) -> Self {
        let each = |count: usize| (0..count as u32).map(|k| vec![k]).collect();
        let notes = score.notes.len();
        Self {
            notes: each(notes),
            measures: each(score.measures.len()),
            signs: Vec::new(),
            ties: vec![Tied::default(); notes],
            passes: vec![Vec::new(); notes],
            score: score.clone(),
        }
    }

    fn with_signs(score: &Score) -> Option<Self> {
        let order = Order::of(score)?;
        if order.is_straight() {
            return None;
        }
        let deduced = deduce::deduce(order.page.len(), &order.sequence())?;
        let pieces = pieces::pieces(score, &order);
        let heads = heads::heads(score, &order, &pieces, &order.passes(deduced.after_jump))?;
        let measures_of = |page: &PageMeasure| {
            let mut played: Vec<u32> =
                page.playings.iter().map(|playing| order.playings[*playing].measure as u32).collect();
            played.dedup();
            played
        };
        let mut printed = Self {
            score: page::page(score, &order)?,
            measures: order.page.iter().map(measures_of).collect(),
            signs: deduced.signs,
            ..Self::default()
        };
        printed.add_notes(score, &order, heads)?;
        Some(printed)
    }

    fn add_notes(&mut self, score: &Score, order: &Order, heads: Vec<Head>) -> Option<()> {
        let mut notes = Vec::with_capacity(heads.len());
        for head in heads {
            notes.push((note(score, order, &head)?, head));
        }
        // Of equals the one that comes first as it is played.
        let played_first = |head: &Head| head.own().map(|piece| piece.note);
        notes.sort_by_key(|(note, head)| (note.onset, note.pitch, note.measure, played_first(head)));
        let mut ids: HashSet<NoteId> = HashSet::with_capacity(notes.len());
        let highest = score.notes.iter().map(|note| note.id.written).max().unwrap_or_default();
        let mut free = highest.checked_add(1)?;
        for (mut note, head) in notes {
            if !ids.insert(note.id) {
                note.id = NoteId { written: free, pass: 1 };
                free = free.checked_add(1)?;
            }
            let mut played: Vec<u32> = head.pieces.iter().map(|piece| piece.note as u32).collect();
            played.sort_unstable();
            played.dedup();
            self.notes.push(played);
            self.ties.push(head.tied);
            self.passes.push(head.passes);
            self.score.notes.push(note);
        }
        Some(())
    }
}

/// The note of the page that a head is.
fn note(score: &Score, order: &Order, head: &Head) -> Option<Note> {
    let own = head.own()?;
    let played = score.notes.get(own.note)?;
    let page = order.playings.get(own.playing)?.page;
    let marks = match (own.goes_on, own.is_held) {
        (false, false) => played.marks,
        (false, true) => played.marks - RELEASE,
        (true, false) => played.marks & RELEASE,
        (true, true) => Marks::empty(),
    };
    Some(Note {
        onset: order.page.get(page)?.start + own.at,
        duration: own.duration,
        measure: page as u32,
        staff: head.staff,
        voice: head.voice,
        grace: played.grace.filter(|_| !own.goes_on),
        marks,
        ..played.clone()
    })
}
