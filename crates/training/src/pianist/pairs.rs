//! A score and a performance of it, note by note, for fine-tuning.

use std::ops::Range;

use notation::Score;
use performance::{Performance, PlayedNote};
use pianist_transformer::tokens::{Aligned, Chords, SLOTS, Stream, Token, slot};

use crate::datasets::Human;

/// So many notes in a row that were not played end a stretch, as in the authors' program.
const MOST_MISSING: usize = 5;

/// Shorter stretches are left out, as in the authors' program.
const LEAST_NOTES: usize = 64;

/// A stretch of a score, what was played of it, and which tokens are learned: tables `[notes, 8]`.
pub struct Pair {
    /// The literal performance.
    pub read: Vec<Token>,
    /// What was played; where nothing was, something between.
    pub written: Vec<Token>,
    /// 1 where a written token is learned, else 0.
    pub counts: Vec<u8>,
}

/// The stretches of a performance without long holes, in the form in which the player reads what is
/// around a region. Notes whose alignment is doubtful count as not played.
pub fn pairs(score: &Score, human: &Human, chords: Chords) -> Vec<Pair> {
    let stream = Stream::of_score(score, chords);
    let Some(aligned) = Aligned::of(&stream, &without_outliers(human)) else { return Vec::new() };
    let pair = |stretch: Range<usize>| {
        let literal = &stream.events[stretch.clone()];
        let mut written = aligned.events[stretch.clone()].to_vec();
        // Nothing is before the first note, so its IOI is that of the score.
        written[0].ioi_ms = literal[0].ioi_ms;
        let counts = stretch.clone().flat_map(|k| {
            let is_lasting = has_known_duration(human, stream.order[k]);
            counts(&aligned.is_played, k, k == stretch.start, is_lasting)
        });
        Pair {
            read: literal.iter().flat_map(|event| event.tokens()).collect(),
            written: written.iter().flat_map(|event| event.tokens()).collect(),
            counts: counts.collect(),
        }
    };
    stretches(&aligned.is_played).into_iter().map(pair).collect()
}

/// The performance without notes that the alignment put far from their neighbours. The clock of a
/// stream never goes back, so one late note would take the time from all after it.
fn without_outliers(human: &Human) -> Performance {
    let is_sure = |k: usize| human.flags.get(k).is_none_or(|flags| !flags.timing_outlier);
    let notes = human.performance.notes.iter().enumerate();
    let sure: Vec<PlayedNote> = notes.filter(|(k, _)| is_sure(*k)).map(|(_, note)| *note).collect();
    Performance { notes: sure, pedals: human.performance.pedals.clone() }
}

fn has_known_duration(human: &Human, note: u32) -> bool {
    let place = human.performance.notes.binary_search_by_key(&note, |played| played.note);
    place.ok().and_then(|k| human.flags.get(k)).is_none_or(|flags| !flags.duration_unknown)
}

/// Which tokens of a note are learned: those that tell what somebody did. Pitches are the score's. Beside
/// a hole the time to the next or from the last note is made up, and with it three of the four places
/// at which the pedal was read.
fn counts(is_played: &[bool], note: usize, is_first: bool, is_lasting: bool) -> [u8; SLOTS] {
    let played = |k: usize| is_played.get(k).copied().unwrap_or(false);
    let before = !is_first && note.checked_sub(1).is_some_and(played);
    // After the last note of the piece the time is a fixed one.
    let after = note + 1 == is_played.len() || played(note + 1);
    std::array::from_fn(|slot| {
        let is_told = match slot {
            slot::PITCH => false,
            slot::IOI => before,
            slot::DURATION => is_lasting,
            slot::VELOCITY | slot::PEDAL => true,
            _ => after,
        };
        u8::from(played(note) && is_told)
    })
}

/// The stretches between long holes, from a played note to a played note.
fn stretches(is_played: &[bool]) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for k in (0..is_played.len()).filter(|k| is_played[*k]) {
        match stretches.last_mut() {
            Some(last) if k - last.end < MOST_MISSING => last.end = k + 1,
            _ => stretches.push(k..k + 1),
        }
    }
    stretches.retain(|stretch| stretch.len() >= LEAST_NOTES);
    stretches
}

#[cfg(test)]
#[path = "pairs_tests.rs"]
mod tests;
