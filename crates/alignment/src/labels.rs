//! What keys without a note were struck for: strokes of ornaments and wrong keys.

use notation::Score;
use performance::midi::MidiNote;
use performance::{PlayedNote, ornaments};

use crate::aligned::{Alignment, Role};

/// A wrong key is so near to the one that was meant, in semitones, and in seconds.
const NEAR_SEMITONES: u8 = 2;
const NEAR_SECS: f64 = 0.2;
/// What a semitone counts beside a second.
const SEMITONE_SECS: f64 = 0.05;

/// Gives keys without a note to ornaments, then to missed notes beside them.
pub fn label(alignment: &mut Alignment, score: &Score, heard: &[MidiNote]) {
    for k in 0..alignment.stretches.len() {
        ornaments_of(alignment, score, heard, k);
        wrong_keys(alignment, score, heard, k);
    }
}

fn ornaments_of(alignment: &mut Alignment, score: &Score, heard: &[MidiNote], stretch: usize) {
    let keys = alignment.stretches[stretch].keys.clone();
    let heard = &heard[keys.clone()];
    let roles = &mut alignment.roles[keys];
    let mut owners: Vec<Option<u32>> = roles.iter().map(|role| role.note()).collect();
    let played = |(owner, key): (&Option<u32>, &MidiNote)| {
        let MidiNote { onset_secs, duration_secs, velocity, .. } = *key;
        owner.map(|note| PlayedNote { note, onset_secs, duration_secs, velocity })
    };
    let mut notes: Vec<PlayedNote> = owners.iter().zip(heard).filter_map(played).collect();
    notes.sort_by_key(|note| note.note);
    ornaments::fold(score, heard, &mut notes, &mut owners);
    for (role, owner) in roles.iter_mut().zip(owners) {
        if let (Role::Extra, Some(note)) = (*role, owner) {
            *role = Role::Ornament(note);
        }
    }
}

fn wrong_keys(alignment: &mut Alignment, score: &Score, heard: &[MidiNote], stretch: usize) {
    let Alignment { roles, stretches, .. } = alignment;
    let stretch = &mut stretches[stretch];
    let mut missed = stretch.missed.clone();
    missed.sort_by(|a, b| a.expected_secs.total_cmp(&b.expected_secs));
    let mut near: Vec<(f64, u32, usize)> = Vec::new();
    for key in stretch.keys.clone().filter(|key| roles[*key] == Role::Extra) {
        let MidiNote { onset_secs, pitch, .. } = heard[key];
        let first = missed.partition_point(|missed| missed.expected_secs < onset_secs - NEAR_SECS);
        for missed in missed[first..].iter().take_while(|m| m.expected_secs <= onset_secs + NEAR_SECS) {
            let semitones = score.notes[missed.note as usize].pitch.abs_diff(pitch);
            if semitones <= NEAR_SEMITONES {
                let apart = (missed.expected_secs - onset_secs).abs();
                near.push((apart + SEMITONE_SECS * f64::from(semitones), missed.note, key));
            }
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, note, key) in near {
        let is_missed = stretch.missed.binary_search_by_key(&note, |missed| missed.note);
        if let (Role::Extra, Ok(place)) = (roles[key], is_missed) {
            roles[key] = Role::Wrong(note);
            stretch.missed.remove(place);
        }
    }
}
