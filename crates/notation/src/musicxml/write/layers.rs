//! Notes of a voice that sound together without being a chord, in layers of their own.
//!
//! What MusicXML calls a voice is a row of notes, rests and chords, one after the other. The voice of a
//! score may hold more at a time: MIDI files know hands alone, so a hand may hold a note while others
//! move. Each chord goes to the first layer of its voice that is free; of chords that start together
//! the highest comes first, so the melody of a right hand is its first layer.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::marks::Marks;
use crate::musicxml::chords::{RELEASE, SHARED};
use crate::score::Score;
use crate::time::Quarters;

/// Notes of a layer that start and end together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chord {
    pub onset: Quarters,
    pub duration: Quarters,
    /// Indices into the notes of the score, by pitch.
    pub notes: Vec<usize>,
}

/// A row of chords, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layer {
    pub voice: u8,
    /// Which layer of its voice, from 0.
    pub number: u32,
    pub chords: Vec<Chord>,
    /// Grace notes in the order in which they are played, by their onset.
    pub graces: BTreeMap<Quarters, Vec<usize>>,
}

impl Layer {
    fn end(&self) -> Quarters {
        self.chords.last().map_or(Quarters::ZERO, |chord| chord.onset + chord.duration)
    }

    /// Whether a chord sounds across a point.
    fn is_held_at(&self, at: Quarters) -> bool {
        let next = self.chords.partition_point(|chord| chord.onset < at);
        next.checked_sub(1).is_some_and(|k| self.chords[k].onset + self.chords[k].duration > at)
    }

    fn starts_at(&self, at: Quarters) -> bool {
        self.chords.binary_search_by_key(&at, |chord| chord.onset).is_ok()
    }
}

/// The layers of a part, by voice and number.
pub(super) fn layers(score: &Score, part: u16) -> Vec<Layer> {
    let mut voices: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (index, note) in score.notes.iter().enumerate().filter(|(_, note)| note.part == part) {
        voices.entry(note.voice).or_default().push(index);
    }
    voices.into_iter().flat_map(|(voice, notes)| layers_of_voice(score, voice, &notes)).collect()
}

fn layers_of_voice(score: &Score, voice: u8, notes: &[usize]) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    let new = |layers: &mut Vec<Layer>| {
        layers.push(Layer { voice, number: layers.len() as u32, ..Layer::default() });
        layers.len() - 1
    };
    for chord in chords(score, notes) {
        let free = layers.iter().position(|layer| layer.end() <= chord.onset);
        let layer = free.unwrap_or_else(|| new(&mut layers));
        layers[layer].chords.push(chord);
    }
    for (onset, graces) in graces(score, notes) {
        let starting = layers.iter().position(|layer| layer.starts_at(onset));
        let free = || layers.iter().position(|layer| !layer.is_held_at(onset));
        let layer = starting.or_else(free).unwrap_or_else(|| new(&mut layers));
        layers[layer].graces.insert(onset, graces);
    }
    layers
}

/// What makes notes a chord: onset, duration, the marks that hold for a whole chord, and a number that
/// keeps two notes on one key apart.
type ChordKey = (Quarters, Quarters, u32, usize);

/// The chords by onset, the highest first. Notes that a grace note is tied to are among them.
fn chords(score: &Score, notes: &[usize]) -> Vec<Chord> {
    let mut groups: BTreeMap<ChordKey, Vec<usize>> = BTreeMap::new();
    for index in notes {
        let note = &score.notes[*index];
        if note.duration <= Quarters::ZERO {
            continue;
        }
        // The marks of a grace note stand at it, but for those of its end.
        let shared = if note.grace.is_some() { SHARED & RELEASE } else { SHARED };
        let marks: Marks = note.marks & shared;
        let key = |rank| (note.onset, note.duration, marks.bits(), rank);
        let is_free = |rank: &usize| {
            let here = groups.get(&key(*rank)).map_or(&[][..], Vec::as_slice);
            here.iter().all(|other| score.notes[*other].pitch != note.pitch)
        };
        let rank = (0..).find(is_free).unwrap_or_default();
        groups.entry(key(rank)).or_default().push(*index);
    }
    let top = |notes: &[usize]| notes.iter().map(|n| score.notes[*n].pitch).max();
    let mut chords: Vec<Chord> =
        groups.into_iter().map(|((onset, duration, ..), notes)| Chord { onset, duration, notes }).collect();
    chords.sort_by_key(|chord| (chord.onset, Reverse(top(&chord.notes)), Reverse(chord.duration)));
    chords
}

/// Grace notes by onset, in the order in which they are played.
fn graces(score: &Score, notes: &[usize]) -> BTreeMap<Quarters, Vec<usize>> {
    let mut graces: BTreeMap<Quarters, Vec<usize>> = BTreeMap::new();
    for index in notes {
        let note = &score.notes[*index];
        if note.grace.is_some() {
            graces.entry(note.onset).or_default().push(*index);
        }
    }
    for notes in graces.values_mut() {
        notes.sort_by_key(|n| score.notes[*n].id);
    }
    graces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{Grace, Note};

    fn rows(notes: &[(i64, i64, u8)]) -> Vec<Vec<(String, Vec<u8>)>> {
        let note = |(onset, duration, pitch): &(i64, i64, u8)| Note {
            onset: Quarters::whole(*onset),
            duration: Quarters::whole(*duration),
            pitch: *pitch,
            grace: (*duration == 0).then_some(Grace::Appoggiatura),
            ..Note::default()
        };
        let score = Score { notes: notes.iter().map(note).collect(), ..Score::default() };
        let pitches = |notes: &[usize]| notes.iter().map(|n| score.notes[*n].pitch).collect::<Vec<u8>>();
        let row = |layer: &Layer| {
            let graces = layer.graces.iter().map(|(at, notes)| (format!("grace {at}"), pitches(notes)));
            let chords = layer.chords.iter().map(|c| (c.onset.to_string(), pitches(&c.notes)));
            graces.chain(chords).collect()
        };
        layers(&score, 0).iter().map(row).collect()
    }

    #[test]
    fn a_held_note_has_a_layer_of_its_own() {
        let found = rows(&[(0, 4, 48), (0, 1, 64), (0, 1, 67), (1, 1, 65), (4, 1, 48)]);
        let row = |items: &[(&str, &[u8])]| {
            items.iter().map(|(at, notes)| ((*at).to_owned(), notes.to_vec())).collect::<Vec<_>>()
        };
        assert_eq!(found, [row(&[("0", &[64, 67]), ("1", &[65]), ("4", &[48])]), row(&[("0", &[48])])]);
    }

    #[test]
    fn a_grace_note_stands_where_no_note_is_held() {
        let found = rows(&[(0, 2, 60), (1, 0, 71), (2, 0, 71), (2, 1, 72)]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0][0].0, "grace 2");
        assert_eq!(found[1][0].0, "grace 1");
        assert_eq!(rows(&[(0, 1, 60), (0, 1, 60)]).len(), 2, "one key twice is no chord");
    }
}
