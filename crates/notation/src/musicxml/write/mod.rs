//! MusicXML 4.0 out of a [`Score`].
//!
//! [`write()`] writes the played form: every measure in the order of play with its printed number, repeats
//! and jumps written out, since a score keeps no repeat signs; [`write_printed`] writes the page. A score
//! that was read as written ([`Unfold::AsWritten`](crate::Unfold::AsWritten)) has every measure of the page
//! once.
//!
//! What is read back is the score, bit for bit, but for what [`write()`] says. Every note head has an `id`
//! that begins with its [`NoteId`] as text (`n40-2`; the further heads of a tied note are
//! `n40-2-2`, `n40-2-3` …), and measures are named `m11-2`, by their written index and their pass.
//!
//! A score has sounding keys; names and accidentals are chosen by key signature and context
//! (`spelling`). It has no clefs; each staff gets the one of its register. Notes of one voice that sound together without being a
//! chord are written in layers (`layers`).

mod accidentals;
mod asked;
mod attributes;
mod beams;
mod beats;
mod clefs;
mod directions;
mod document;
mod error;
mod events;
mod heads;
mod layers;
mod measure;
mod mxl;
mod notations;
mod note;
mod offsets;
mod part;
mod signs;
mod slurs;
mod spelling;
mod swing;
mod tuplets;
mod values;
mod voices;
mod xml;

pub use error::WriteError;
pub use voices::{Crowded, beyond_four_voices};

use super::written_out::{self, HeadId};
use crate::printed_score::PrintedScore;
use crate::score::{NoteId, Score};
use signs::Page;

/// Writes a score as MusicXML.
///
/// Read back it is the same score but for its warnings, which tell of the file that was read, for
/// identifiers, of parts whose own are no XML names, and of notes if two have the same, and for marks that
/// say more of a mark that is not there, such as an accidental without an ornament.
///
/// # Errors
/// When there are no notes or no measures, or the times are too fine; see [`WriteError`].
pub fn write(score: &Score) -> Result<String, WriteError> {
    document::document(score, Page::default())
}

/// Writes a page as MusicXML: each of its measures once, with repeat signs, endings, and words such as
/// *D.C. al Fine*. Without signs it is what [`write()`] writes.
///
/// Read back and unfolded it has the notes that the page was made from, with their onsets, pitches,
/// durations, staves and voices. Their numbers are others, and measures that signs cut are two each time.
///
/// # Errors
/// As [`write()`].
pub fn write_printed(page: &PrintedScore) -> Result<String, WriteError> {
    if page.signs.is_empty() {
        return write(&page.score);
    }
    document::document(&page.score, Page { signs: &page.signs, ties: &page.ties, passes: &page.passes })
}

/// Writes a score as compressed MusicXML (`.mxl`).
///
/// # Errors
/// As [`write()`].
pub fn write_mxl(score: &Score) -> Result<Vec<u8>, WriteError> {
    mxl::pack(&write(score)?)
}

/// Writes a page as compressed MusicXML (`.mxl`).
///
/// # Errors
/// As [`write()`].
pub fn write_printed_mxl(page: &PrintedScore) -> Result<Vec<u8>, WriteError> {
    mxl::pack(&write_printed(page)?)
}

/// The note whose head an `id` of the written text names, and which of its heads it is, from 1; nothing
/// for other text.
pub fn note_of(id: &str) -> Option<(NoteId, u32)> {
    HeadId::parse(id).map(|HeadId { note, head }| (note, head))
}

/// The written index and the pass of the measure that an `id` of the written text names; nothing for
/// other text.
pub fn measure_of(id: &str) -> Option<(u32, u8)> {
    written_out::parse_measure_id(id)
}
