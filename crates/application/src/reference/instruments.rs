//! Whether a piano plays a MIDI file, by its programs.

use std::collections::BTreeMap;

use notation::smf::file::{DRUM_CHANNEL, MidiFile};

use super::error::ReferenceError;
use crate::text::counted;

/// Programs of a family in General MIDI.
const FAMILY: u8 = 8;

/// The families of General MIDI, in words; the first are pianos.
const FAMILIES: [&str; 16] = [
    "a piano",
    "bells or mallets",
    "an organ or an accordion",
    "a guitar",
    "a bass",
    "strings",
    "strings or voices",
    "brass",
    "reeds",
    "flutes",
    "a synthesizer",
    "a synthesizer",
    "a synthesizer",
    "folk instruments",
    "percussion",
    "noises",
];

/// What to tell if other instruments play a part of it; a file without programs is played by a piano.
///
/// # Errors
/// If they play most of it.
pub(super) fn check(file: &MidiFile) -> Result<Option<String>, ReferenceError> {
    // A program may stand in another track than the notes of its channel.
    let programs: BTreeMap<u8, u8> = file
        .tracks
        .iter()
        .flat_map(|track| &track.programs)
        .map(|(channel, program)| (*channel, *program))
        .collect();
    let mut notes = [0_usize; FAMILIES.len()];
    for track in &file.tracks {
        for note in track.notes.iter().filter(|note| note.channel != DRUM_CHANNEL) {
            let program = track.programs.get(&note.channel).or_else(|| programs.get(&note.channel));
            let family = usize::from(program.copied().unwrap_or(0) / FAMILY);
            if let Some(count) = notes.get_mut(family) {
                *count += 1;
            }
        }
    }
    let all: usize = notes.iter().sum();
    let drums = || file.tracks.iter().map(|track| track.notes.len()).sum();
    if all == 0 && drums() > 0 {
        return Err(ReferenceError::Instrument { family: "percussion", notes: drums(), all: drums() });
    }
    let others = all - notes[0];
    if others == 0 {
        return Ok(None);
    }
    let largest = (1..notes.len()).max_by_key(|family| notes[*family]).unwrap_or(0);
    let family = FAMILIES[largest];
    if 2 * others > all {
        return Err(ReferenceError::Instrument { family, notes: others, all });
    }
    let others = counted(others, "note", "notes");
    Ok(Some(format!(
        "{others} of {all} are played by other instruments ({family}); they are read as the piano's"
    )))
}
