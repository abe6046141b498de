//! What a text means to a performer.
//!
//! [`text`] turns words into a sentence embedding, valence and arousal. [`words`] takes a text apart into
//! moods and their bars, [`feeling`] weighs each against the thirty-three [`labels`] (SyMuPe, section 3.4)
//! and lays the result over a score as a [`performers::Mood`]. [`listeners`] tells what those who hear it
//! would make of the result.

pub mod feeling;
pub mod labels;
pub mod listeners;
pub mod text;
pub mod words;

pub use feeling::{Feeler, Feeling, MoodError};
pub use listeners::Listeners;

/// Length of a condition vector.
pub const WIDTH: usize = text::WIDTH;
