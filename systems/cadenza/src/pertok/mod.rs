//! PerTok, the tokens of *PerTok: Expressive Encoding and Modeling of Symbolic Musical Ideas and
//! Variations* (arXiv 2410.02060, section on the tokenizer), as the program MidiTok has them.
//!
//! A note is told by up to five tokens: how far its onset is from what was told before, on a grid of
//! written values; its pitch; how far it is played from the grid (micro-timing); its velocity; its
//! written duration. Notes of one chord share the first token, and every bar line is a token. What is
//! written and what is played are tokens of different kinds, so that one can be changed without the other.
//!
//! ```
//! use cadenza::pertok::{Config, Music, Note, PerTok};
//!
//! let pertok = PerTok::new(Config::default())?;
//! // A third of a quarter after the start (320 ticks a quarter) and four ticks late.
//! let note = Note { onset_ticks: 110, pitch: 60, duration_ticks: 160, velocity: 63 };
//! let tokens = pertok.encode(&Music { notes: vec![note], metres: Vec::new() })?;
//! let names: Vec<String> = tokens.iter().filter_map(|id| pertok.vocabulary().name(*id)).collect();
//! let expected = ["TimeShift_0.106.320", "Pitch_60", "MicroTiming_5", "Velocity_63", "Duration_0.160.320"];
//! assert_eq!(names, expected);
//! assert_eq!(pertok.decode(&tokens)?.notes[0].onset_ticks, 111);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Times are whole ticks, so many a quarter as [`Config::ticks_per_quarter`] says. An onset comes back
//! within [`PerTok::worst_onset_error_ticks`], with the default settings one tick, less than half a bin of
//! micro-timing; pitch, and velocities and durations that have tokens, come back as they were.

mod bars;
mod config;
mod decode;
mod encode;
mod music;
mod token;
mod tokenizer;
mod values;
mod vocabulary;

pub use config::{Config, ConfigError, Grid, MicroTiming, Places};
pub use decode::{DecodeError, UNTOLD_DURATION_QUARTERS, UNTOLD_VELOCITY};
pub use encode::EncodeError;
pub use music::{Music, Note};
pub use token::Token;
pub use tokenizer::PerTok;
pub use vocabulary::Vocabulary;
