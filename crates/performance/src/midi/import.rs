//! A MIDI file as a performance in seconds.

use notation::smf::SmfError;
use notation::smf::file::{DRUM_CHANNEL, Division, MidiFile};

use crate::tempo_map::TempoMap;
use crate::{Pedal, PedalEvent};

/// What a MIDI file plays, without a score.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlayedMidi {
    /// Its notes, ordered by onset, then pitch.
    pub notes: Vec<MidiNote>,
    /// Its pedal movements, ordered by time; what several tracks have alike is there once.
    pub pedals: Vec<PedalEvent>,
}

/// One note of a MIDI file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MidiNote {
    /// When the key goes down, in seconds from the start of the file.
    pub onset_secs: f64,
    /// How long the key is down.
    pub duration_secs: f64,
    /// MIDI pitch.
    pub pitch: u8,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
    /// Its track in the file, from 0.
    pub track: usize,
}

/// Reads a MIDI file of format 0 or 1, in ticks per quarter or in time code, as it sounds. Drums
/// are left out.
///
/// # Errors
/// When the bytes are no such file or hold no notes; see [`SmfError`].
pub fn read_performance(bytes: &[u8]) -> Result<PlayedMidi, SmfError> {
    let file = MidiFile::read(bytes)?;
    let clock = Clock::of(&file);
    let mut played = PlayedMidi::default();
    played.notes.extend(notes(&file, &clock).into_iter().map(|(note, _)| note));
    for track in &file.tracks {
        for control in track.controls.iter().filter(|c| c.channel != DRUM_CHANNEL) {
            if let Some(pedal) = Pedal::from_controller(control.controller) {
                let time_secs = clock.secs(control.tick);
                played.pedals.push(PedalEvent { time_secs, pedal, value: control.value });
            }
        }
    }
    if played.notes.is_empty() {
        return Err(file.why_empty());
    }
    played.pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    played.pedals = changes(&played.pedals);
    Ok(played)
}

/// Where a note is in a file: indices into its tracks and into the notes of the track.
pub(super) type Source = (usize, usize);

/// The notes of a file as [`read_performance`] has them, and where each is.
pub(super) fn notes(file: &MidiFile, clock: &Clock) -> Vec<(MidiNote, Source)> {
    let mut notes = Vec::new();
    for (t, track) in file.tracks.iter().enumerate() {
        for (k, note) in track.notes.iter().enumerate().filter(|(_, n)| n.channel != DRUM_CHANNEL) {
            let onset_secs = clock.secs(note.on_tick);
            let note = MidiNote {
                onset_secs,
                duration_secs: clock.secs(note.off_tick) - onset_secs,
                pitch: note.pitch,
                velocity: note.velocity,
                track: track.number,
            };
            notes.push((note, (t, k)));
        }
    }
    notes.sort_by(|(a, _), (b, _)| a.onset_secs.total_cmp(&b.onset_secs).then(a.pitch.cmp(&b.pitch)));
    notes
}

/// The movements that change something: the tracks of the hands repeat each other's. Of several
/// movements of a pedal at one moment only the last leaves something behind.
fn changes(pedals: &[PedalEvent]) -> Vec<PedalEvent> {
    let mut settled: Vec<PedalEvent> = Vec::with_capacity(pedals.len());
    for event in pedals {
        let mut now = settled.iter_mut().rev().take_while(|e| e.time_secs == event.time_secs);
        match now.find(|e| e.pedal == event.pedal) {
            Some(same) => same.value = event.value,
            None => settled.push(*event),
        }
    }
    let mut values: [Option<u8>; 3] = [None; 3];
    settled.retain(|event| values[event.pedal as usize].replace(event.value) != Some(event.value));
    settled
}

/// Ticks to seconds.
pub(super) enum Clock {
    Tempo(TempoMap),
    TicksPerSecond(f64),
}

impl Clock {
    pub fn of(file: &MidiFile) -> Self {
        match file.division {
            Division::PerQuarter(ticks) => {
                Self::Tempo(TempoMap::new(u32::from(ticks), file.tempos.iter().copied()))
            }
            Division::PerSecond(ticks) => Self::TicksPerSecond(ticks),
        }
    }

    pub fn secs(&self, tick: u64) -> f64 {
        match self {
            Self::Tempo(map) => map.secs_at(tick),
            Self::TicksPerSecond(ticks) => tick as f64 / ticks,
        }
    }
}
