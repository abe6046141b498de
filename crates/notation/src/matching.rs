//! Which note of one score is which note of another: two readings of one file, or two versions of a
//! piece that share bars.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use crate::printed::{Position, PrintedMeasures};
use crate::score::{Grace, Note, Score};

/// Ids tell notes apart in both scores only if this share of the notes that stand at the same place
/// has the same ones: a reader that counts one note more numbers all that follow anew.
const LEAST_SHARE: f64 = 0.9;

/// The notes that two scores have in common, each at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteMatch {
    /// For each note of the first score the note of the second.
    pub forth: Vec<Option<u32>>,
    /// For each note of the second score the note of the first.
    pub back: Vec<Option<u32>>,
}

impl NoteMatch {
    /// How many notes the scores have in common.
    pub fn common(&self) -> usize {
        self.forth.iter().flatten().count()
    }

    /// Whether every note of either score is one of the other.
    pub fn is_complete(&self) -> bool {
        self.forth.iter().chain(&self.back).all(Option::is_some)
    }
}

/// Matches the notes of two scores in three rounds: what stands at the same place of the same
/// printed measure in the same pass, part, staff and voice; then what has the same id, part, staff,
/// voice and pitch; then what has the same place and pitch, whatever voice it is written in.
pub fn match_notes(first: &Score, second: &Score) -> NoteMatch {
    let sides = [Side::new(first), Side::new(second)];
    let mut found = NoteMatch { forth: vec![None; first.notes.len()], back: vec![None; second.notes.len()] };
    round(&sides, &mut found, |side, note| Some((side.position(note)?, voice(note))));
    if ids_agree(&sides, &found) {
        round(&sides, &mut found, |_, note| Some((note.id, voice(note))));
    }
    round(&sides, &mut found, |side, note| Some((side.position(note)?, note.pitch, note.grace)));
    found
}

struct Side<'a> {
    score: &'a Score,
    printed: PrintedMeasures,
}

impl<'a> Side<'a> {
    fn new(score: &'a Score) -> Self {
        Self { score, printed: PrintedMeasures::of(score) }
    }

    fn position(&self, note: &Note) -> Option<Position<'_>> {
        let measure = self.score.measures.get(note.measure as usize)?;
        self.printed.position(note.measure as usize, note.onset - measure.start)
    }
}

/// Where and what a note is but for its place in time.
fn voice(note: &Note) -> (u16, u8, u8, u8, Option<Grace>) {
    (note.part, note.staff, note.voice, note.pitch, note.grace)
}

/// Pairs the notes that are still alone and have the same key, in order.
fn round<'a, K: Eq + Hash>(
    sides: &'a [Side<'a>; 2],
    found: &mut NoteMatch,
    key: impl Fn(&'a Side<'a>, &'a Note) -> Option<K>,
) {
    let [first, second] = sides;
    let mut waiting: HashMap<K, VecDeque<u32>> = HashMap::new();
    for (k, note) in (0..).zip(&second.score.notes).filter(|(k, _)| found.back[*k as usize].is_none()) {
        if let Some(key) = key(second, note) {
            waiting.entry(key).or_default().push_back(k);
        }
    }
    for (k, note) in first.score.notes.iter().enumerate() {
        if found.forth[k].is_some() {
            continue;
        }
        let other = key(first, note).and_then(|key| waiting.get_mut(&key)?.pop_front());
        if let Some(other) = other {
            found.forth[k] = Some(other);
            found.back[other as usize] = Some(k as u32);
        }
    }
}

fn ids_agree(sides: &[Side<'_>; 2], found: &NoteMatch) -> bool {
    let [first, second] = sides;
    let pairs =
        first.score.notes.iter().zip(&found.forth).filter_map(|(note, other)| Some((note, (*other)?)));
    let (mut common, mut same) = (0u32, 0u32);
    for (note, other) in pairs {
        common += 1;
        same += u32::from(second.score.notes[other as usize].id == note.id);
    }
    f64::from(same) >= LEAST_SHARE * f64::from(common)
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
