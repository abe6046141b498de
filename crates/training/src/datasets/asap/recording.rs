//! The recording of a person, from its MIDI file and its note alignment.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};
use notation::{NoteId, Score};
use performance::midi::{MidiNote, read_performance};

use super::alignment::{self, Key, Pair};
use crate::datasets::csv;
use crate::datasets::performed::{Performed, Struck};

/// How far apart the onsets of an alignment and of its MIDI file may lie.
const SAME_SECS: f64 = 1e-3;

/// Reads a performance.
///
/// # Errors
/// When a file cannot be read or is broken.
pub fn read(score: &Score, midi: &Path, alignment: &Path) -> Result<Performed> {
    let bytes = std::fs::read(midi).with_context(|| format!("cannot read {}", midi.display()))?;
    let played = read_performance(&bytes).with_context(|| format!("in {}", midi.display()))?;
    let pairs = alignment::parse(&csv::read_text(alignment)?);
    let pairs = pairs.with_context(|| format!("in {}", alignment.display()))?;
    Ok(Performed { pedals: played.pedals, ..pair(score, &pairs, &played.notes) })
}

/// Finds score notes and keys of an alignment.
fn pair(score: &Score, pairs: &[Pair], notes: &[MidiNote]) -> Performed {
    let rows: HashMap<NoteId, usize> = score.notes.iter().enumerate().map(|(k, n)| (n.id, k)).collect();
    let mut keys = Keys::new(notes);
    let mut taken = vec![false; score.notes.len()];
    let mut performed = Performed::default();
    for pair in pairs {
        match pair {
            Pair::Deletion(_) => performed.faults.deletions += 1,
            // Some files call a key an insertion that they align as well.
            Pair::Insertion(_) => {}
            Pair::Match(id, key) => match (rows.get(id), keys.take(*key)) {
                (None, _) => performed.faults.id_missing += 1,
                (_, None) => performed.faults.no_midi += 1,
                (Some(row), _) if taken[*row] => performed.faults.duplicate += 1,
                (Some(row), Some(struck)) => {
                    taken[*row] = true;
                    performed.aligned.push((*row, struck));
                }
            },
        }
    }
    performed.extra = keys.rest();
    performed
}

/// The keys of a MIDI file that no line of the alignment has taken yet.
struct Keys<'a> {
    notes: &'a [MidiNote],
    taken: Vec<bool>,
}

impl<'a> Keys<'a> {
    fn new(notes: &'a [MidiNote]) -> Self {
        Self { notes, taken: vec![false; notes.len()] }
    }

    /// The key of this pitch that goes down nearest to this time.
    fn take(&mut self, key: Key) -> Option<Struck> {
        let first = self.notes.partition_point(|n| n.onset_secs < key.onset_secs - SAME_SECS);
        let near = self.notes[first..].iter().take_while(|n| n.onset_secs <= key.onset_secs + SAME_SECS);
        let distance = |k: usize| (self.notes[k].onset_secs - key.onset_secs).abs();
        let free = near.enumerate().map(|(k, _)| first + k);
        let free = free.filter(|k| !self.taken[*k] && self.notes[*k].pitch == key.pitch);
        let at = free.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
        self.taken[at] = true;
        Some(struck(&self.notes[at]))
    }

    /// The keys that were not taken, by time.
    fn rest(&self) -> Vec<Struck> {
        let free = self.notes.iter().zip(&self.taken).filter(|(_, taken)| !**taken);
        free.map(|(note, _)| struck(note)).collect()
    }
}

fn struck(note: &MidiNote) -> Struck {
    let MidiNote { onset_secs, duration_secs, pitch, velocity, .. } = *note;
    Struck { onset_secs, duration_secs, pitch, velocity }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::Note;

    fn key(pitch: u8, onset_secs: f64) -> MidiNote {
        MidiNote { onset_secs, duration_secs: 0.4, pitch, velocity: 70, track: 0 }
    }

    #[test]
    fn keys_are_found_by_pitch_and_time_and_used_once() {
        let id = |written| NoteId { written, pass: 1 };
        let note = |written, pitch| Note { id: id(written), pitch, ..Note::default() };
        let score = Score { notes: vec![note(1, 60), note(2, 64), note(3, 67)], ..Score::default() };
        let notes = [key(60, 1.0), key(64, 1.0), key(64, 2.0), key(65, 2.5), key(66, 2.6)];
        let at = |pitch, onset_secs| Key { pitch, onset_secs };
        let pairs = [
            Pair::Match(id(1), at(60, 1.000_01)),
            Pair::Match(id(2), at(64, 2.0)),
            Pair::Insertion(at(60, 1.0)),
            Pair::Match(id(2), at(64, 1.0)),
            Pair::Match(id(9), at(65, 2.5)),
            Pair::Match(id(3), at(67, 3.0)),
            Pair::Deletion(id(3)),
        ];
        let performed = pair(&score, &pairs, &notes);
        let onsets: Vec<_> = performed.aligned.iter().map(|(row, s)| (*row, s.onset_secs)).collect();
        assert_eq!(onsets, [(0, 1.0), (1, 2.0)]);
        assert_eq!(performed.extra.iter().map(|k| k.pitch).collect::<Vec<_>>(), [66]);
        let faults = performed.faults;
        assert_eq!((faults.deletions, faults.duplicate, faults.id_missing, faults.no_midi), (1, 1, 1, 1));
    }
}
