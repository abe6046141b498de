//! What is written: scores, measures, notes, marks and score time.
//!
//! A [`Score`] is the unfolded text of a piece: repeats written out, ties merged, every note
//! with an exact onset and duration in quarter notes. It says nothing about seconds; those
//! belong to the `performance` crate.
//!
//! # Reading
//!
//! [`read_score`] takes the bytes of a file and finds out by itself what they are. The crate opens
//! no files, so it works in a browser too. Whatever the bytes, it answers with a score or an
//! [`ImportError`] that says what is wrong and where; it never panics, and [`Limits`] bound its
//! time and memory. What it has to guess or leave out is in [`Score::warnings`].
//!
//! # Unfolding
//!
//! [`Unfold::AsWritten`] gives every measure of the page once. [`Unfold::Maximal`] plays all that
//! the page allows:
//!
//! 1. A repeated passage is played twice, or as often as its `times` says. A closing repeat
//!    without an opening one goes back to the end of the repeat before, or to the beginning; an
//!    opening one without a closing one lasts to the next opening, or to the end.
//! 2. Endings (voltas) that touch form a group: pass *n* plays the ending that has the number *n*
//!    and skips the others. A first ending alone is skipped the second time. An ending that another
//!    follows is repeated even without its sign, from where its passage begins.
//! 3. D.C. and D.S. are taken once each, after the repeats at the same bar line. After the jump
//!    the repeats are played again, Fine ends the piece and To Coda jumps to the coda; before it,
//!    both are passed over. In a first ending they hold, too, and where repeats are left out that ending
//!    is the one that is played. Segnos and codas with names are found by them. Without any jump a
//!    Fine within a repeat that ends the piece holds in its last pass.
//! 4. Repeat signs inside a measure cut it into two [`Measure`]s.
//! 5. A tie is merged where playing goes on from its first to its last note, into a second ending or
//!    back to the start of a repeat, too; where it does not, what follows is a note of its own.
//! 6. The repetitions of a note share [`NoteId::written`] and count up [`NoteId::pass`], in
//!    the order of play.
//!
//! Metre and key are those of the page wherever playing arrives; the tempo is that of the first time
//! there, and said again where another one holds.
//!
//! [`PrintedScore`] is the way back: the page of a played score, each printed measure once, with the signs
//! that ask for the order.
//!
//! This is the maximal unfolding of the partitura package, with four differences: partitura never
//! takes a repeat with a first ending alone, passes over a D.C. or D.S. that music follows (so it
//! never reaches D.S. al Coda), cuts ties at every sign even if playing goes straight on, and
//! after a jump keeps the metre and key from before it until the next change on the page.

pub mod error;
pub mod fingerprint;
pub mod graces;
mod hand_names;
pub mod marks;
pub mod matching;
pub mod metronome;
pub mod musicxml;
mod note_value;
pub mod options;
mod pitch_names;
pub mod printed;
pub mod printed_score;
pub mod repeats;
pub mod replace;
pub mod score;
pub mod smf;
mod swing;
pub mod tempo;
pub mod text;
pub mod time;
pub mod words;

pub use error::ImportError;
pub use fingerprint::Fingerprint;
pub use marks::{Direction, DirectionKind, Dynamic, Marks};
pub use matching::{NoteMatch, match_notes};
pub use metronome::MetronomeMark;
pub use options::{ImportOptions, Limits, Unfold};
pub use pitch_names::pitch_name;
pub use printed::PrintedMeasures;
pub use printed_score::{PrintedScore, Sign, SignKind};
pub use repeats::{Pass, Repeats};
pub use replace::{ReplaceError, replace_measures};
pub use score::{
    Grace, Hand, KeySignature, Measure, Note, NoteId, Part, Place, Score, TimeSignature, Warning,
};
pub use swing::Swing;
pub use time::Quarters;

/// Reads a score from the bytes of a file: MusicXML, compressed MusicXML or a Standard MIDI File,
/// told apart by their content. `name` is for messages alone.
///
/// # Errors
/// When the bytes are none of these, are broken, or pass a limit of the options; the message
/// starts with `name`.
pub fn read_score(name: &str, bytes: &[u8], options: &ImportOptions) -> Result<Score, ImportError> {
    read_any(bytes, options).map_err(|error| error.in_file(name))
}

fn read_any(bytes: &[u8], options: &ImportOptions) -> Result<Score, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if is_musicxml(bytes) {
        return musicxml::read_bytes(bytes, options);
    }
    if is_midi(bytes) {
        return Ok(smf::read(bytes, &options.midi)?);
    }
    let start = &bytes[..bytes.len().min(12)];
    Err(ImportError::UnknownFormat { start: start.escape_ascii().to_string() })
}

/// Whether [`read_score`] takes bytes for MusicXML, compressed or not.
fn is_musicxml(bytes: &[u8]) -> bool {
    looks_like_xml(bytes) || musicxml::is_archive(bytes)
}

/// Whether [`read_score`] takes bytes for a Standard MIDI File.
pub fn is_midi(bytes: &[u8]) -> bool {
    !is_musicxml(bytes) && smf::is_midi(bytes)
}

/// Whether the first character is `<`, after a byte order mark and white space, in any encoding
/// that keeps ASCII recognisable.
fn looks_like_xml(bytes: &[u8]) -> bool {
    let is_padding =
        |b: &u8| matches!(b, 0 | b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf | 0xfe | 0xff);
    bytes.iter().take(1024).find(|b| !is_padding(b)) == Some(&b'<')
}
