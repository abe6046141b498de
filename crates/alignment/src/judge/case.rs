//! Recordings of which it is known what every key was struck for.

use std::collections::HashMap;

use notation::{NoteId, Score};
use performance::midi::MidiNote;

use super::kind::Damage;
use crate::aligned::Role;

/// A key and what it was struck for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// When and how it was struck.
    pub note: MidiNote,
    /// What for.
    pub role: Role,
}

/// A recording and the truth about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What to call it.
    pub name: String,
    /// How it was damaged.
    pub damage: Damage,
    /// Its keys, ordered by onset, then pitch.
    pub keys: Vec<Key>,
}

/// Onsets of an alignment and of its MIDI file are no further apart.
const SAME_SECS: f64 = 1e-3;

impl Case {
    /// A recording with the pairs of a `note_alignment.tsv` of (n)ASAP: the score note (`n12-1`), the
    /// performance note, track, channel, pitch and onset in seconds. Lines that name no pair, or a note that
    /// the score does not have, are passed over.
    pub fn read(name: &str, score: &Score, heard: &[MidiNote], alignment: &str) -> Self {
        let notes: HashMap<NoteId, u32> = (0..).zip(&score.notes).map(|(k, note)| (note.id, k)).collect();
        let mut keys: Vec<Key> = heard.iter().map(|note| Key { note: *note, role: Role::Extra }).collect();
        let mut taken = vec![false; score.notes.len()];
        for (note, pitch, onset_secs) in alignment.lines().filter_map(pair) {
            let Some(note) = notes.get(&note).filter(|note| !taken[**note as usize]) else { continue };
            let first = keys.partition_point(|key| key.note.onset_secs < onset_secs - SAME_SECS);
            let near =
                keys[first..].iter_mut().take_while(|key| key.note.onset_secs <= onset_secs + SAME_SECS);
            let mut free = near.filter(|key| key.role == Role::Extra && key.note.pitch == pitch);
            if let Some(key) = free.next() {
                taken[*note as usize] = true;
                let is_same = score.notes[*note as usize].pitch == pitch;
                key.role = if is_same { Role::Note(*note) } else { Role::Wrong(*note) };
            }
        }
        Self { name: name.to_owned(), damage: Damage::None, keys }
    }

    /// Its keys as lines: onset and duration in seconds, pitch, velocity, and the score note, `-` for none;
    /// `!` before it if another key was meant.
    pub fn write(&self, score: &Score) -> String {
        let mut text = String::from("onset\tduration\tpitch\tvelocity\tnote\n");
        for Key { note, role } in &self.keys {
            let name = |note: u32| score.notes[note as usize].id.to_string();
            let role = match role {
                Role::Note(note) => name(*note),
                Role::Wrong(note) => format!("!{}", name(*note)),
                Role::Ornament(_) | Role::Extra => "-".to_owned(),
            };
            let MidiNote { onset_secs, duration_secs, pitch, velocity, .. } = note;
            text += &format!("{onset_secs:.5}\t{duration_secs:.5}\t{pitch}\t{velocity}\t{role}\n");
        }
        text
    }
}

/// Score note, pitch and onset of a line.
fn pair(line: &str) -> Option<(NoteId, u8, f64)> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [name, _, _, _, pitch, onset, ..] = fields.as_slice() else { return None };
    let (written, pass) = name.split_once('-').unwrap_or((name, "1"));
    let id = NoteId { written: written.strip_prefix('n')?.parse().ok()?, pass: pass.parse().ok()? };
    Some((id, pitch.parse().ok()?, onset.parse().ok()?))
}
