//! Scores and performances as steps of nine sub-tokens, and back: the ECP tokens of XMVAE (arXiv 2507.01582,
//! section 3.1) with bins of our own and a column for the pedal.
//!
//! A piece is a row of steps in the order of the score. Every beat of every measure has one *Metric* step (beats by
//! [`notation::TimeSignature::beat_length`], so dotted quarters in 6/8), followed by the *Note* steps of the notes
//! whose onset is at or after this beat and before the next. Columns 0 to 3 are what is written, 4 to 8 what is
//! played; `columns.rs` has their sizes and bins. 0 is "none" in every column.
//!
//! - [`written`] makes the steps of a score, [`played`] those of a performance of it;
//! - [`performance_of`] plays values of steps, [`written_of`] reads notes and bars back from tokens alone.

mod beats;
mod columns;
mod decode;
mod durations;
mod encode;
mod grid;
mod pedals;
mod read;
mod spans;
mod usable;

pub use beats::{Beat, beats};
pub use columns::{
    ARTICULATION, BEAT_PERIOD, BEGIN, COLUMNS, DURATION, END, FAMILY, METRIC, NAMES, NOTE, PAD, PEDAL,
    PERFORMANCE_COLUMNS, PITCH, PLACES, POSITION, SCORE_COLUMNS, SIZES, TIMING, VELOCITY, centre, centres,
    token_of,
};
pub use decode::{performance_of, values_of_tokens};
pub use durations::{DURATIONS, duration_of, duration_token};
pub use encode::{played, written};
pub use read::{Written, WrittenBar, WrittenNote, written_of};

/// A piece, or a performance of it, as steps; the lists are parallel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// The sub-tokens of each step, in the order of [`NAMES`]; 0 is none, and unknown.
    pub tokens: Vec<[u8; COLUMNS]>,
    /// What is played, as real numbers, in the order of the last five columns: beat period (log2 of half seconds a
    /// quarter), MIDI velocity, timing (seconds), articulation (log2) and depth of the pedal (0 to 1). NaN where a
    /// value is unknown, or the column does not apply.
    pub values: Vec<[f32; PERFORMANCE_COLUMNS]>,
    /// The note of each Note step: an index into [`notation::Score::notes`].
    pub notes: Vec<Option<u32>>,
    /// The beat of each step: an index into [`beats()`].
    pub beats: Vec<u32>,
    /// When the first beat is played, in seconds from the start of the performance; 0 if nothing is.
    pub start_secs: f64,
}

impl Steps {
    /// Number of steps.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}
