//! How long the alignment of half an hour of music takes: 24 000 keys of a score of 12 000 chords, with a stop and a
//! way back every two minutes.

use std::io::Write;
use std::time::Instant;

use alignment::{Role, align};
use notation::{Note, NoteId, Quarters, Score};
use performance::midi::MidiNote;

const CHORDS: u32 = 12_000;
/// Seconds a chord: half an hour in all.
const CHORD_SECS: f64 = 0.15;
const CHORDS_A_MEASURE: u32 = 8;
/// Chords from stop to stop, and how far it goes back.
const STOPS: u32 = 800;
const BACK: u32 = 24;

fn main() -> std::io::Result<()> {
    let score = score();
    let heard = heard(&score);
    let start = Instant::now();
    let found = align(&score, &heard);
    let secs = start.elapsed().as_secs_f64();
    let matched = found.roles.iter().filter(|role| matches!(role, Role::Note(_))).count();
    let (keys, stretches) = (heard.len(), found.stretches.len());
    writeln!(std::io::stdout(), "{keys} keys in {secs:.2} s; {matched} found in {stretches} stretches")
}

/// Two voices that wander.
fn score() -> Score {
    let mut notes = Vec::new();
    let mut state = 1_u32;
    for chord in 0..CHORDS {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let pitches = [36 + (state >> 27) as u8 % 24, 60 + (state >> 22) as u8 % 30];
        for (voice, pitch) in (0..).zip(pitches) {
            let id = NoteId { written: 2 * chord + voice, pass: 1 };
            let onset = Quarters::new(i64::from(chord), 4);
            let duration = Quarters::new(1, 4);
            notes.push(Note {
                id,
                onset,
                duration,
                pitch,
                measure: chord / CHORDS_A_MEASURE,
                ..Note::default()
            });
        }
    }
    Score { notes, ..Score::default() }
}

fn heard(score: &Score) -> Vec<MidiNote> {
    let mut heard = Vec::new();
    let mut onset_secs = 0.0;
    let mut from = 0;
    while from < CHORDS {
        let to = (from + STOPS).min(CHORDS);
        for chord in from..to {
            let notes = &score.notes[2 * chord as usize..2 * chord as usize + 2];
            let key = |note: &Note| MidiNote {
                onset_secs,
                duration_secs: 0.1,
                pitch: note.pitch,
                velocity: 64,
                track: 0,
            };
            heard.extend(notes.iter().map(key));
            onset_secs += CHORD_SECS;
        }
        onset_secs += 1.0;
        from = if to == CHORDS { CHORDS } else { to - BACK };
    }
    heard
}
