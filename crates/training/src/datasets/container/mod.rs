//! Containers: a data set as columns.
//!
//! A container is `NAME.json` (the index) and `NAME.bin.gz` (one flat little-endian buffer, packed
//! with gzip). Each column holds the values of one table one after another and starts at a multiple
//! of 8 bytes; the columns of a table have one length. The index says where each column lies, and
//! for each score and performance which rows of which table are its own. Recordings without scores
//! have the same columns and an index of their own; [`unpack()`] reads the columns of both.

mod columns;
mod index;
mod read;
mod schema;
mod unpack;
mod write;

pub use columns::Columns;
pub use index::{
    BarRow, BeatRecording, DirectionRow, Performances, Place, Recording, Rows, ScoreEntry, TempoRow,
};
pub use read::Container;
pub use schema::{BEATS, Kind, PERFORMED, RECORDED, SCORE, Spec};
pub use unpack::unpack;
