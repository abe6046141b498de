//! Piano sound to notes with velocity and pedal.

mod error;
mod notes;
mod samples;
mod transcriber;

pub use error::{LoadError, TranscribeError};
pub use notes::{Progress, TranscribedNote, Transcription};
pub use samples::{SAMPLE_RATE, Samples};
pub use transcriber::Transcriber;
