//! A score for a recording without one: note values between beats that are estimated.

use alignment::match_recording;
use notation::smf::{self, SmfOptions};
use notation::{Direction, DirectionKind, Quarters, Score};
use performance::BeatGrid;
use performance::beats::{self, BeatOptions, Sureness};
use performance::midi::{PlayedMidi, export_played, on_beats, read_performance};

use super::error::ReferenceError;
use super::played::{Reference, check_length};

/// Estimates the score of a MIDI file, and matches its notes to that.
pub(super) fn read(bytes: Vec<u8>) -> Result<Reference, ReferenceError> {
    let mut played = read_performance(&bytes)?;
    let estimate = beats::estimate(&played, &BeatOptions::default())?;
    let laid = match on_beats(&bytes, &estimate.grid) {
        Ok(laid) => laid,
        // Of a file with faults what could be read is taken.
        Err(_) => on_beats(&anew(&mut played)?, &estimate.grid)?,
    };
    let mut score = smf::read(&laid.bytes, &SmfOptions::default())?;
    forget_playing(&mut score, &estimate.grid);
    let played = match_recording(&score, &played).matched.played;
    check_length(played.notes.len())?;
    let (per_minute, per_bar) = (estimate.grid.beats_per_minute().0, estimate.grid.beats_per_bar);
    let doubt = if estimate.sureness == Sureness::Unsure { ", and may well be wrong" } else { "" };
    let warning = format!(
        "its score is not known: the beats are estimated ({per_minute:.0} a minute, {per_bar} in a bar{doubt}), and \
         how long notes are held beside what is written cannot be told"
    );
    Ok(Reference { score, played, warnings: vec![warning] })
}

/// A file of the notes and pedals alone, which are then those of the file.
fn anew(played: &mut PlayedMidi) -> Result<Vec<u8>, ReferenceError> {
    let bytes = export_played(played, "")?;
    *played = read_performance(&bytes)?;
    Ok(bytes)
}

/// Takes out of the score what is somebody's playing: the tempo of each beat, and how loud each note is.
fn forget_playing(score: &mut Score, grid: &BeatGrid) {
    score.velocities.clear();
    score.directions.retain(|direction| !matches!(direction.kind, DirectionKind::Metronome(_)));
    let tempo = Direction {
        onset: Quarters::ZERO,
        end: None,
        part: 0,
        staff: None,
        kind: DirectionKind::Metronome(grid.beats_per_minute().0),
        text: String::new(),
    };
    score.directions.insert(0, tempo);
}
