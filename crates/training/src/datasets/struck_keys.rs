//! Every key that went down in a recording, also those of no note of the score.

use anyhow::{Context, Result};
use notation::Score;
use performance::midi::MidiNote;

use super::container::{Columns, Recording};

/// Bit of `pflag`: the key is another one than that of the score, and nobody says which.
const OTHER_PITCH: u8 = 2;

/// A key, and the note of the score that it was struck for; none for keys besides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StruckKey {
    /// When and how it was struck.
    pub key: MidiNote,
    /// Index of the note.
    pub note: Option<u32>,
}

/// The keys of a recording by onset, then pitch; those whose pitch is not known are left out.
///
/// # Errors
/// When a row points outside its table or its score.
pub fn struck_keys(recording: &Recording, score: &Score, columns: &Columns) -> Result<Vec<StruckKey>> {
    let get = |column: &str, rows| columns.get(column, rows);
    let (sidx, onset, dur) =
        (get("sidx", recording.perf)?, get("onset", recording.perf)?, get("dur", recording.perf)?);
    let (vel, pflag) = (get("vel", recording.perf)?, get("pflag", recording.perf)?);
    let mut keys = Vec::with_capacity(sidx.len() + recording.extra.1);
    for k in 0..sidx.len() {
        let note = sidx[k] as u32;
        let written = score.notes.get(note as usize);
        let written =
            written.with_context(|| format!("{} plays a note that is not there", recording.midi))?;
        if pflag[k] as u8 & OTHER_PITCH == 0 {
            keys.push(StruckKey { key: key(onset[k], dur[k], written.pitch, vel[k]), note: Some(note) });
        }
    }
    let (onset, dur) = (get("ins_t", recording.extra)?, get("ins_dur", recording.extra)?);
    let (pitch, vel) = (get("ins_pitch", recording.extra)?, get("ins_vel", recording.extra)?);
    for k in 0..onset.len() {
        keys.push(StruckKey { key: key(onset[k], dur[k], pitch[k] as u8, vel[k]), note: None });
    }
    let order = |a: &MidiNote, b: &MidiNote| {
        a.onset_secs.total_cmp(&b.onset_secs).then_with(|| a.pitch.cmp(&b.pitch))
    };
    keys.sort_by(|a, b| order(&a.key, &b.key));
    Ok(keys)
}

fn key(onset_secs: f64, duration_secs: f64, pitch: u8, velocity: f64) -> MidiNote {
    MidiNote { onset_secs, duration_secs, pitch, velocity: (velocity as u8).clamp(1, 127), track: 0 }
}
