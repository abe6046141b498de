//! MusicXML 3.0 to 4.0, partwise and timewise, plain and compressed.
//!
//! Three steps: `document` turns XML into what is written where ([`written::WrittenScore`]),
//! `repeats` finds the order in which that is played, and `writer` writes the score along it.

mod assemble;
mod attributes;
mod barline;
mod changes;
mod checks;
mod chords;
mod container;
mod cursor;
mod direction;
mod direction_draft;
mod document;
mod dynamics;
mod encoding;
mod fermatas;
mod header;
mod jump_phrases;
pub(crate) mod jump_words;
mod lines;
mod measure_lengths;
mod measure_style;
mod metronome;
mod notations;
mod note;
mod reader;
mod repeats;
mod slurs;
mod sound;
mod staff_voices;
mod tempi;
mod tempo_ratios;
mod tempo_words;
mod ties;
mod tuplet;
mod two_hands;
mod warnings;
pub mod write;
mod writer;
mod written;
mod written_out;
mod xml;

use std::borrow::Cow;

pub use write::write_printed;

use crate::error::ImportError;
use crate::options::ImportOptions;
use crate::score::{Place, Score, Warning};

/// Whether the bytes are a zip archive.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads MusicXML, plain (in any encoding) or compressed (`.mxl`).
///
/// # Errors
/// When the bytes are not a MusicXML score, are broken, or pass a limit of the options.
pub fn read_bytes(bytes: &[u8], options: &ImportOptions) -> Result<Score, ImportError> {
    if is_archive(bytes) && bytes.len() as u64 <= options.limits.bytes {
        let unpacked = container::unpack(bytes, &options.limits)?;
        return read_plain(&unpacked, options);
    }
    read_plain(bytes, options)
}

fn read_plain(bytes: &[u8], options: &ImportOptions) -> Result<Score, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if bytes.len() as u64 > options.limits.bytes {
        return Err(ImportError::too_large("bytes", options.limits.bytes));
    }
    let text = encoding::decode(bytes)?;
    let mut written = document::read(&text, &options.limits)?;
    if matches!(text, Cow::Owned(_)) && encoding::is_guessed(bytes) {
        let message = "the text is not the UTF-8 that the file claims; letters with accents are a guess";
        written.warnings.push(Warning { place: Place::default(), message: message.to_owned() });
    }
    assemble::assemble(written, options)
}
