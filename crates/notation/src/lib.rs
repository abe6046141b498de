//! What is written: scores, measures, notes, marks and score time.
//!
//! A [`Score`] is the unfolded text of a piece: repeats written out, ties merged, every note
//! with an exact onset and duration in quarter notes. It says nothing about seconds; those
//! belong to the `performance` crate.

pub mod marks;
pub mod score;
pub mod time;
pub mod words;

pub use marks::{Direction, DirectionKind, Dynamic, Marks};
pub use score::{Grace, Hand, KeySignature, Measure, Note, NoteId, Part, Place, Score, TimeSignature, Warning};
pub use time::Quarters;
