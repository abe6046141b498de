//! A performance as PianoFlow sees it (SyMuPe, arXiv 2511.03425): note after note in score order,
//! each a time shift from the one before. Tempo, rubato and chord spread are all in that shift.

use notation::Score;
use serde::{Deserialize, Serialize};

use crate::{Performance, PlayedNote, pedal};

/// One note of the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequentialNote {
    /// Index into [`Score::notes`].
    pub note: u32,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
    /// From the onset of the note before in score order, negative where a chord is out of order;
    /// the first counts from the start of the performance.
    pub time_shift_secs: f64,
    /// How long the key is down.
    pub duration_secs: f64,
    /// How long it sounds, pedal included; at least as long as the key is down.
    pub sounding_secs: f64,
}

/// The played notes in score order. Of the pedals only what the sustain pedal does to the notes
/// is kept.
pub fn encode(score: &Score, played: &Performance) -> Vec<SequentialNote> {
    let mut before_secs = 0.0;
    let sounding = pedal::sounding_secs(score, played);
    let note = |(note, sounding_secs): (&PlayedNote, f64)| {
        let time_shift_secs = note.onset_secs - before_secs;
        before_secs = note.onset_secs;
        SequentialNote {
            note: note.note,
            velocity: note.velocity,
            time_shift_secs,
            duration_secs: note.duration_secs,
            sounding_secs,
        }
    };
    played.notes.iter().zip(sounding).map(note).collect()
}

/// The performance, with a sustain pedal that makes the notes sound as they should.
pub fn decode(score: &Score, sequence: &[SequentialNote]) -> Performance {
    let mut onset_secs = 0.0;
    let note = |n: &SequentialNote| {
        onset_secs += n.time_shift_secs;
        PlayedNote { note: n.note, onset_secs, duration_secs: n.duration_secs, velocity: n.velocity }
    };
    let mut played = Performance { notes: sequence.iter().map(note).collect(), pedals: Vec::new() };
    let sounding: Vec<f64> = sequence.iter().map(|n| n.sounding_secs).collect();
    played.pedals = pedal::from_sounding(score, &played, &sounding);
    played
}
