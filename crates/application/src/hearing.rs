//! Notes heard in a recording of sound.

use std::path::Path;

use performance::midi::{ExportError, MidiNote, PlayedMidi, export_played};
use performance::{Pedal, PedalEvent};
use sound::decode::{DecodeError, SoundFile};
use thiserror::Error;
use transcription::{LoadError, Samples, TranscribeError};
pub use transcription::{Progress, TranscribedNote, Transcriber, Transcription};

use crate::files::{self, FileError};

// Sound is decoded at the rate that the network hears.
const _: () = assert!(sound::decode::SAMPLE_RATE == transcription::SAMPLE_RATE);

/// What was heard in a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// A MIDI file of the notes and the sustain pedal, at the moments of the recording.
    pub midi: Vec<u8>,
    /// Number of notes.
    pub notes: usize,
    /// Length of the recording.
    pub length_secs: f64,
    /// Where the file breaks off, if it ends earlier than it says.
    pub cut_off_secs: Option<f64>,
}

/// Why no notes were heard. The caller names the file.
#[derive(Debug, Error)]
pub enum HearError {
    /// The path leads to no file that can be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file gives no sound.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The network that hears notes is not there or cannot be used.
    #[error(transparent)]
    Transcriber(#[from] LoadError),
    /// The sound has none.
    #[error("no piano is heard in this recording: not a single note was found in its {}", lasting(*length_secs))]
    NoPiano {
        /// Length of the recording.
        length_secs: f64,
    },
    /// The file holds values that are no sound.
    #[error("the sound is damaged at {secs:.1} s; get the file again")]
    Damaged {
        /// Where, from the start.
        secs: f64,
    },
    /// What was heard does not fit into a MIDI file.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// Whoever asked no longer wants the notes.
    #[error("cancelled")]
    Cancelled,
}

/// Hears the notes and the sustain pedal of a recording: WAV, FLAC, MP3 or Ogg Vorbis. `transcriber` is the folder
/// of the network ([`Folders::transcriber`](crate::Folders::transcriber)). `progress` is called several times a
/// second and returns whether to go on. Memory does not grow with the length of the recording.
///
/// # Errors
/// If the file holds no sound that can be read, the network is not there, nothing is heard, or `progress` returned
/// false.
pub fn hear(
    path: &Path,
    transcriber: &Path,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Heard, HearError> {
    // Looked at before opening, which would wait at a pipe.
    files::check_is_file(path)?;
    let mut decoded = Decoded(SoundFile::open(path)?);
    let transcription = listen(&mut decoded, &Transcriber::load(transcriber)?, progress)?;
    let length_secs = transcription.length_secs;
    if transcription.notes.is_empty() {
        return Err(HearError::NoPiano { length_secs });
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let played = played(&transcription);
    let midi = export_played(&played, &name)?;
    Ok(Heard { midi, notes: played.notes.len(), length_secs, cut_off_secs: decoded.0.cut_off_secs() })
}

/// Hears a recording as [`hear`] does, with a network that was loaded before; a recording without a note gives none.
///
/// # Errors
/// If the file holds no sound that can be read, or `progress` returned false.
pub fn transcribe(
    path: &Path,
    network: &Transcriber,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Transcription, HearError> {
    files::check_is_file(path)?;
    listen(&mut Decoded(SoundFile::open(path)?), network, progress)
}

fn listen(
    decoded: &mut Decoded,
    network: &Transcriber,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Transcription, HearError> {
    network.transcribe(decoded, progress).map_err(|error| match error {
        TranscribeError::Samples(error) => HearError::Decode(error),
        TranscribeError::Cancelled => HearError::Cancelled,
        TranscribeError::NotFinite { secs } => HearError::Damaged { secs },
    })
}

/// Sound from a file as the network reads it.
struct Decoded(SoundFile);

impl Samples for Decoded {
    type Error = DecodeError;

    fn read(&mut self, into: &mut [f32]) -> Result<usize, DecodeError> {
        self.0.read(into)
    }

    fn length_hint(&self) -> Option<u64> {
        self.0.length_hint()
    }
}

/// A transcription as if it had been played on a keyboard.
fn played(transcription: &Transcription) -> PlayedMidi {
    let notes = transcription.notes.iter().map(|note| MidiNote {
        onset_secs: note.onset_secs,
        duration_secs: note.end_secs - note.onset_secs,
        pitch: note.pitch,
        // A stroke of velocity 0 would be a release.
        velocity: note.velocity.clamp(1, 127),
        track: 0,
    });
    let mut notes: Vec<MidiNote> = notes.collect();
    notes.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs).then(a.pitch.cmp(&b.pitch)));
    let pedal = |(time_secs, value): &(f64, u8)| PedalEvent {
        time_secs: *time_secs,
        pedal: Pedal::Sustain,
        value: *value,
    };
    PlayedMidi { notes, pedals: transcription.pedal.iter().map(pedal).collect() }
}

/// A length in words.
fn lasting(secs: f64) -> String {
    if secs < 120.0 { format!("{secs:.0} seconds") } else { format!("{:.0} minutes", secs / 60.0) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::midi::read_performance;

    use super::*;

    #[test]
    fn a_transcription_becomes_a_midi_file_with_its_pedal() {
        let note =
            |pitch, velocity, onset_secs, end_secs| TranscribedNote { pitch, velocity, onset_secs, end_secs };
        let transcription = Transcription {
            notes: vec![note(60, 0, 1.0, 1.5), note(67, 90, 2.0, 4.0), note(64, 127, 2.0, 2.25)],
            pedal: vec![(1.25, 127), (3.0, 0)],
            length_secs: 5.0,
        };
        let played = played(&transcription);
        let read = read_performance(&export_played(&played, "Lesson").unwrap()).unwrap();
        let notes: Vec<(u8, u8)> = read.notes.iter().map(|note| (note.pitch, note.velocity)).collect();
        assert_eq!(notes, [(60, 1), (64, 127), (67, 90)]);
        assert!((read.notes[2].duration_secs - 2.0).abs() < 1e-3);
        let pedals: Vec<(Pedal, u8)> = read.pedals.iter().map(|event| (event.pedal, event.value)).collect();
        assert_eq!(pedals, [(Pedal::Sustain, 127), (Pedal::Sustain, 0)]);
        assert!((read.pedals[0].time_secs - 1.25).abs() < 1e-3);
    }

    #[test]
    fn what_cannot_be_heard_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            hear(&path, folder.path(), &mut |_| true).unwrap_err().to_string()
        };
        assert!(of("two.mp3", b"ab").contains("no recording of sound"));
        assert!(of("opus.ogg", include_bytes!("../../sound/tests/fixtures/opus.ogg")).contains("Opus"));
        let missing = of("tone.flac", include_bytes!("../../sound/tests/fixtures/tone.flac"));
        assert!(missing.contains("cargo xtask setup"), "{missing}");
        let is_folder = hear(folder.path(), folder.path(), &mut |_| true).unwrap_err();
        assert!(matches!(is_folder, HearError::File(FileError::Folder)), "{is_folder}");
    }
}
