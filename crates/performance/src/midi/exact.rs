//! What was played, without a score, as a Standard MIDI File.

use std::collections::BTreeMap;

use midly::num::{u4, u24};
use midly::{MetaMessage, TrackEventKind};

use super::events::{self, Events, controller};
use super::import::PlayedMidi;
use super::options::ExportError;
use super::struck::{Struck, add_notes, strike_once};
use crate::Pedal;

/// Ticks of a quarter, of which two last a second: a tick is a twentieth of a millisecond.
const TICKS_PER_QUARTER: u32 = 10_000;
const MICROS_PER_QUARTER: u32 = 500_000;
const TICKS_PER_SECOND: f64 = 20_000.0;

/// The bytes of a file that plays this at a constant tempo, every movement at its moment to within a twentieth
/// of a millisecond; bars and beats of the file mean nothing. Times before 0 become 0.
///
/// # Errors
/// There are no notes, or a pause is longer than three and a half hours.
pub fn export_played(played: &PlayedMidi, name: &str) -> Result<Vec<u8>, ExportError> {
    if played.notes.is_empty() {
        return Err(ExportError::Empty);
    }
    let channel = u4::from(0);
    let mut track = Events::new();
    events::name_track(&mut track, name);
    track.push((0, 0, TrackEventKind::Meta(MetaMessage::Tempo(u24::from(MICROS_PER_QUARTER)))));
    track.push(events::program(channel, 0));
    let mut moves: BTreeMap<(u64, Pedal), u8> = BTreeMap::new();
    for event in &played.pedals {
        moves.insert((tick(event.time_secs), event.pedal), event.value);
    }
    track.extend(
        moves.into_iter().map(|((at, pedal), value)| (at, 3, controller(channel, pedal.controller(), value))),
    );
    let struck = played.notes.iter().map(|note| {
        let (on, off) = (tick(note.onset_secs), tick(note.onset_secs + note.duration_secs));
        Struck { on, off: off.max(on + 1), pitch: note.pitch, velocity: note.velocity }
    });
    let mut struck: Vec<Struck> = struck.collect();
    strike_once(&mut struck);
    add_notes(&mut track, channel, &struck);
    let end = track.iter().map(|(at, ..)| *at).max().unwrap_or(0);
    events::file(TICKS_PER_QUARTER, vec![track], end)
}

/// What is no number counts as the beginning.
fn tick(secs: f64) -> u64 {
    (secs * TICKS_PER_SECOND).round().max(0.0) as u64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::PedalEvent;
    use crate::midi::{MidiNote, read_performance};

    #[test]
    fn what_was_played_comes_back_to_within_a_tick() {
        let note = |onset_secs, duration_secs, pitch, velocity| MidiNote {
            onset_secs,
            duration_secs,
            pitch,
            velocity,
            track: 0,
        };
        let pedal = |time_secs, pedal, value| PedalEvent { time_secs, pedal, value };
        let played = PlayedMidi {
            notes: vec![note(12.345_67, 0.5, 60, 1), note(12.4, 0.002, 72, 127), note(13.0, 4.0, 60, 64)],
            pedals: vec![
                pedal(12.3, Pedal::Sustain, 12),
                pedal(12.36, Pedal::Sustain, 47),
                pedal(12.36, Pedal::Soft, 127),
                pedal(14.0, Pedal::Sustain, 0),
            ],
        };
        let read = read_performance(&export_played(&played, "Recording 1").unwrap()).unwrap();
        assert_eq!(read.notes.len(), 3);
        for (read, note) in read.notes.iter().zip(&played.notes) {
            assert!((read.onset_secs - note.onset_secs).abs() < 3e-5, "{read:?}");
            assert!((read.duration_secs - note.duration_secs).abs() < 6e-5, "{read:?}");
            assert_eq!((read.pitch, read.velocity), (note.pitch, note.velocity));
        }
        let moves = |pedals: &[PedalEvent]| -> Vec<(Pedal, u8)> {
            pedals.iter().map(|p| (p.pedal, p.value)).collect()
        };
        assert_eq!(moves(&read.pedals), moves(&played.pedals));
        assert!((read.pedals[1].time_secs - 12.36).abs() < 3e-5);
        assert!(matches!(export_played(&PlayedMidi::default(), ""), Err(ExportError::Empty)));
    }
}
