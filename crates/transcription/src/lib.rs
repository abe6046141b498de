//! Piano sound to notes with velocity and pedal.

mod attributes;
mod error;
mod events;
mod intervals;
mod layer;
mod linear;
mod map;
mod network;
mod notes;
mod positions;
mod pulse;
mod rows;
mod samples;
mod settings;
mod spectrogram;
#[cfg(test)]
mod tiny;
mod transcriber;
mod window;

pub use error::{LoadError, TranscribeError};
pub use notes::{Progress, TranscribedNote, Transcription};
pub use samples::{SAMPLE_RATE, Samples};
pub use transcriber::Transcriber;
