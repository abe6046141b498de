//! What is heard: a performance on a piano, into memory, into a WAV file or on the sound device.
//!
//! ```no_run
//! # fn demo(score: &notation::Score, take: &performance::Performance) -> Result<(), sound::SoundError> {
//! use std::ops::ControlFlow;
//! let piano = sound::Piano::generated()?;
//! let events = sound::events(score, take);
//! let out = std::path::Path::new("take.wav");
//! let mut file = std::fs::File::create(out).expect("the file can be made");
//! sound::write_wav(&mut file, out, &events, &piano, 44_100, &mut |_| ControlFlow::Continue(()))?;
//! # Ok(())
//! # }
//! ```
//!
//! [`transport`] plays versions of a piece on the sound device: it seeks, loops, changes the tempo and
//! switches between versions at the same place in the score without a click, and it sounds what
//! [`write_wav`] writes.
//!
//! What is played is a [`Content`]: notes ([`Events`]), or sound that is there already, such as a
//! recording with a map of time. Whoever plays it renders a [`Source`] of it block by block. Notes
//! are played on an [`Instrument`] that a [`Piano`] opens: a soundfont or the generated piano, both through
//! rustysynth (16-bit SF2 samples), or a [`SampledPiano`] of many layers through the [`sampler`].
//!
//! A [`keyboard`] that a person plays on is heard through the transport, and told key by key with what was
//! heard meanwhile, so that it can be recorded.
//!
//! Sound that was recorded is read by [`decode`]; [`Recorded`] plays it as it is.
//!
//! The sustain pedal reaches the instrument with all its values, and so does the soft pedal. Rustysynth takes
//! the former as down from value 64 on and not the latter at all; the sampler has half-pedalling and una corda.
//! The sostenuto is not heard; it stays in the performance and in exported MIDI.

mod audio;
mod chase;
pub mod decode;
pub mod error;
pub mod events;
pub mod format;
mod frames;
mod from_performance;
pub mod generated;
pub mod instrument;
pub mod keyboard;
mod midi_port;
mod note_content;
mod note_source;
mod piano;
mod quiet;
pub mod recorded;
pub mod sampler;
mod sinc;
pub mod soundfont;
pub mod source;
pub mod stream;
pub mod transport;
pub mod wav;

pub use audio::{Audio, render};
pub use error::SoundError;
pub use events::{Events, SoundEvent, SoundEventKind};
pub use from_performance::events;
pub use instrument::{Instrument, InstrumentFactory};
pub use keyboard::Keyboard;
pub use midi_port::{MidiPort, midi_ports, open_midi_port};
pub use piano::{Found, Piano};
pub use recorded::{Excerpt, Recorded, RecordedError};
pub use sampler::{SampledPiano, SamplerError};
pub use source::{Content, Position, Source};
pub use stream::{Progress, Stream};
pub use wav::{WavSummary, write_wav};
