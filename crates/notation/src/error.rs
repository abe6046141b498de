//! Why a file could not be read.

use thiserror::Error;

use crate::score::Place;
use crate::smf::SmfError;

/// Why a file could not be read, where in it, and what to do about it.
#[derive(Debug, Error)]
pub enum ImportError {
    /// Wraps any other error with the name of the file.
    #[error("{file}: {source}")]
    InFile {
        /// The name as the user knows it.
        file: String,
        /// What is wrong inside.
        #[source]
        source: Box<ImportError>,
    },
    /// Neither XML, nor a zip archive, nor a MIDI file.
    #[error(
        "this is neither MusicXML (.musicxml, .xml, .mxl) nor a Standard MIDI File (.mid); it starts with {start}"
    )]
    UnknownFormat {
        /// The first bytes, printable.
        start: String,
    },
    /// The file has no bytes.
    #[error("the file is empty; export the score again")]
    Empty,
    /// The text's encoding is unknown, or the bytes do not follow it.
    #[error("the text is not valid {encoding}; export the score again as UTF-8")]
    Encoding {
        /// The encoding that the file declares.
        encoding: String,
    },
    /// The XML is broken or cut short.
    #[error("broken XML at {place}: {message}; the file may be cut short, export it again")]
    Xml {
        /// Where reading stopped.
        place: Place,
        /// The parser's words.
        message: String,
    },
    /// XML, but not a MusicXML score.
    #[error(
        "the XML is not a MusicXML score: its root element is <{root}>, not <score-partwise> or <score-timewise>"
    )]
    NotMusicXml {
        /// Name of the root element.
        root: String,
    },
    /// The compressed container is broken.
    #[error(
        "the compressed MusicXML archive cannot be opened: {message}; export it again or unpack it by hand"
    )]
    Archive {
        /// What is wrong with it.
        message: String,
    },
    /// A Standard MIDI File is broken, or of a kind that cannot be a score.
    #[error(transparent)]
    Midi(#[from] SmfError),
    /// One of [`Limits`](crate::Limits) is passed.
    #[error("the file has too many or too large {what} (limit {limit}){}; split it", within(place))]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// Where reading stopped; empty if that does not matter.
        place: Place,
    },
    /// Nothing to play.
    #[error("the score has no notes; check that it was exported with its music")]
    NoNotes,
}

impl ImportError {
    /// Something passes a limit.
    pub(crate) fn too_large(what: &'static str, limit: u64) -> Self {
        Self::TooLarge { what, limit, place: Place::default() }
    }

    /// The same error with part and measure, if it does not have them yet.
    pub(crate) fn at(self, here: Place) -> Self {
        let placed =
            |place: Place| if place.part.is_none() { Place { line: place.line, ..here } } else { place };
        match self {
            Self::Xml { place, message } => Self::Xml { place: placed(place), message },
            Self::TooLarge { what, limit, place } => Self::TooLarge { what, limit, place: placed(place) },
            other => other,
        }
    }

    /// The same error with the name of the file before it.
    pub fn in_file(self, name: &str) -> Self {
        match self {
            already @ Self::InFile { .. } => already,
            other => Self::InFile { file: name.to_owned(), source: Box::new(other) },
        }
    }
}

/// ` at ` and the place, if there is one.
fn within(place: &Place) -> String {
    let place = place.to_string();
    if place.is_empty() { place } else { format!(" at {place}") }
}
