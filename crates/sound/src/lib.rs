//! What is heard: a performance through a SoundFont piano, into memory or into a WAV file.
//!
//! ```no_run
//! # fn demo(score: &notation::Score, take: &performance::Performance) -> Result<(), sound::SoundError> {
//! use std::ops::ControlFlow;
//! let found = sound::Piano::find(None)?;
//! let events = sound::events(score, take);
//! let out = std::path::Path::new("take.wav");
//! sound::write_wav(out, &events, &found.piano, 44_100, &mut |_| ControlFlow::Continue(()))?;
//! # Ok(())
//! # }
//! ```
//!
//! [`transport`] plays versions of a piece on the sound device: it seeks, loops, changes the tempo and
//! switches between versions at the same place in the score without a click, and it sounds what
//! [`write_wav`] writes.
//!
//! The synthesizer is rustysynth: 16-bit SF2 samples, sustain pedal on or off. Half-pedalling is
//! heard as full pedal from value 64 on; the sostenuto and the soft pedal are not heard (they stay
//! in the performance and in exported MIDI).

pub mod error;
pub mod events;
mod instrument;
pub mod piano;
pub mod soundfont;
pub mod synth;
pub mod transport;
pub mod wav;

pub use error::SoundError;
pub use events::{SoundEvent, SoundEventKind, events};
pub use soundfont::{Found, Piano};
pub use synth::{Audio, Progress, Stream, render};
pub use wav::{WavReport, write_wav};
