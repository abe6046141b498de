//! (n)ASAP: note-aligned scores and performances, read from a checkout of the published set.
//!
//! A checkout has a table of all performances (`metadata.csv`) and one folder for each score, with
//! the score as MusicXML, performances as MIDI files, annotated beats (`NAME_annotations.txt`) and
//! note alignments (`NAME_note_alignments/note_alignment.tsv`).

mod alignment;
mod annotations;
mod build;
mod metadata;
mod recording;
mod splits;

pub use build::{Built, Dropped, build};
