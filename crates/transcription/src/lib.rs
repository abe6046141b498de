//! Piano sound to notes with velocity and pedal.
//!
//! [`Transcriber`] is the published network Transkun V2 (Yan and Duan, ISMIR 2024), computed on the processor
//! by our own code. It reads sound segment by segment (`window`); each becomes a spectrogram, then tokens of
//! time and frequency and of time and key (`map`, `network`), then intervals in which a key sounds
//! (`intervals`), then notes (`attributes`), which are joined over the segments (`events`). The crate's
//! README describes each step.

mod attributes;
mod error;
mod events;
mod intervals;
mod layer;
mod linear;
mod lines;
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
