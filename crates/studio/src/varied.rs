//! Variations in their place: the score of the piece with other notes in some bars, and how a version of the
//! piece plays it.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;
use std::sync::Arc;

use notation::{Hand, Note, NoteMatch, Quarters, ReplaceError, Score, replace_measures};
use performance::transfer::{NewNotes, transfer};
use performance::{Performance, PlayedNote};
use protocol::{Bars, ScoreId};

use crate::document::{Pins, clean};
use crate::scores::{Entry, Varied};

/// A score of the project with the notes of `passage` in some bars; `of` is its number.
///
/// # Errors
/// If the passage does not fit into the bars.
pub fn placed(written: &Entry, of: ScoreId, bars: &Bars, passage: &Score) -> Result<Entry, ReplaceError> {
    let score = replace_measures(&written.score, bars.clone(), passage)?;
    Ok(Entry::varied(score, written, Varied { of, bars: bars.clone() }))
}

/// A performance of a score as one of the score that [`placed`] made of it, until the bars are performed anew.
///
/// Every note that both have keeps its values to the bit, and so do the pedals. A note of a place and pitch
/// that was there before is played as that was. The others are played as long as written in the tempo of the
/// performance, as loud as the nearest notes of their hand.
pub fn played(from: &Score, to: &Score, performance: &Performance) -> Performance {
    let matched = same_notes(from, to);
    let mut varied = transfer(performance, from, to, &matched, NewNotes::Played);
    varied.pedals.clone_from(&performance.pedals);
    let loudness = [Hand::Right, Hand::Left].map(|hand| Loudness::of(from, performance, hand));
    for note in &mut varied.notes {
        if matched.back[note.note as usize].is_some() {
            continue;
        }
        let written = &to.notes[note.note as usize];
        let [right, left] = &loudness;
        let (own, other) = if written.hand() == Hand::Right { (right, left) } else { (left, right) };
        if let Some(velocity) = own.near(written).or_else(|| other.near(written)) {
            note.velocity = velocity;
        }
    }
    clean(to, varied)
}

/// The pins of the notes that both scores have.
pub fn pins(from: &Score, to: &Score, pins: &Pins) -> Pins {
    let matched = same_notes(from, to);
    let note = |note: u32| matched.forth.get(note as usize).copied().flatten();
    pins.iter().filter_map(|(n, kind)| Some((note(*n)?, *kind))).collect()
}

/// Which note of a score is which of the score that [`placed`] made of it: the notes with the same id, then those with the same place and pitch.
pub fn same_notes(from: &Score, to: &Score) -> NoteMatch {
    let mut found = NoteMatch { forth: vec![None; from.notes.len()], back: vec![None; to.notes.len()] };
    pair(from, to, &mut found, |n| n.id);
    pair(from, to, &mut found, |n| (n.onset, n.pitch, n.grace));
    found
}

/// Pairs the notes that are still alone and have the same key, in order.
fn pair<K: Eq + Hash>(from: &Score, to: &Score, found: &mut NoteMatch, key: impl Fn(&Note) -> K) {
    let mut waiting: HashMap<K, VecDeque<u32>> = HashMap::new();
    for (k, note) in (0u32..).zip(&to.notes) {
        if found.back[k as usize].is_none() {
            waiting.entry(key(note)).or_default().push_back(k);
        }
    }
    for (k, note) in (0u32..).zip(&from.notes) {
        if found.forth[k as usize].is_some() {
            continue;
        }
        if let Some(other) = waiting.get_mut(&key(note)).and_then(VecDeque::pop_front) {
            found.forth[k as usize] = Some(other);
            found.back[other as usize] = Some(k);
        }
    }
}

/// The score as it is engraved. Where bars have other notes in one pass than in another, a page with repeat
/// signs would show both over one another, so its repeats are written out.
pub fn to_engrave(written: &Entry) -> Arc<Score> {
    if written.varied.is_none() || !differs_by_pass(written) {
        return written.score.clone();
    }
    let mut score = (*written.score).clone();
    for (measure, k) in score.measures.iter_mut().zip(0..) {
        (measure.written, measure.pass) = (k, 1);
    }
    Arc::new(score)
}

/// Whether some bar does not have the same written notes each time it is played.
fn differs_by_pass(written: &Entry) -> bool {
    let score = &written.score;
    let mut seen: HashMap<(u32, Quarters), BTreeSet<u32>> = HashMap::new();
    score.measures.iter().enumerate().any(|(k, measure)| {
        let offset = written.printed.position(k, Quarters::ZERO).map_or(Quarters::ZERO, |place| place.offset);
        let notes = &score.notes[score.notes_in_measures(k..k + 1)];
        let numbers: BTreeSet<u32> = notes.iter().map(|n| n.id.written).collect();
        *seen.entry((measure.written, offset)).or_insert_with(|| numbers.clone()) != numbers
    })
}

/// How loud a hand plays where.
struct Loudness {
    /// Onsets in quarters with the mean velocity of the notes there, rising.
    onsets: Vec<(f64, f64)>,
}

impl Loudness {
    fn of(score: &Score, performance: &Performance, hand: Hand) -> Self {
        let onset = |n: &PlayedNote| score.notes[n.note as usize].onset;
        let own = performance.notes.iter().filter(|n| score.notes[n.note as usize].hand() == hand);
        let own: Vec<&PlayedNote> = own.collect();
        let mean = |chord: &[&PlayedNote]| {
            let sum: f64 = chord.iter().map(|n| f64::from(n.velocity)).sum();
            (onset(chord[0]).to_f64(), sum / chord.len() as f64)
        };
        Self { onsets: own.chunk_by(|a, b| onset(a) == onset(b)).map(mean).collect() }
    }

    /// At the onset that is nearest to a note's, the earlier one of two; none if the hand plays nothing.
    fn near(&self, note: &Note) -> Option<u8> {
        let at = note.onset.to_f64();
        let next = self.onsets.partition_point(|(onset, _)| *onset <= at);
        let before = next.checked_sub(1).and_then(|k| self.onsets.get(k));
        let nearest = match (before, self.onsets.get(next)) {
            (Some(before), Some(after)) if after.0 - at < at - before.0 => after,
            (Some(before), _) => before,
            (None, after) => after?,
        };
        Some(nearest.1.round().clamp(1.0, 127.0) as u8)
    }
}

#[cfg(test)]
#[path = "varied_tests.rs"]
mod tests;
