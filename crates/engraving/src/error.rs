//! Why a score has no page.

use std::time::Duration;

use notation::musicxml::write::WriteError;
use thiserror::Error;

/// Why a score could not be engraved, in words for a person.
#[derive(Debug, Error)]
pub enum EngravingError {
    /// It cannot be written as MusicXML.
    #[error("the score cannot be engraved: {0}")]
    Write(#[from] WriteError),
    /// No temporary file, or no thread.
    #[error("nothing can be engraved: {0}")]
    Io(#[from] std::io::Error),
    /// Verovio does not run.
    #[error("nothing can be engraved: {0}")]
    Verovio(String),
    /// Verovio did not take the score.
    #[error("Verovio, which engraves scores, does not understand this one")]
    Refused,
    /// The process that Verovio runs in ended before its work did.
    #[error("Verovio, which engraves scores, failed on this one")]
    Ended,
    /// The process that Verovio runs in was at work for longer than this.
    #[error("Verovio, which engraves scores, was not done with this one after {} seconds and was given up", .0.as_secs())]
    TooLong(Duration),
    /// What Verovio drew cannot be read.
    #[error("the engraved page cannot be read: {0}")]
    Page(String),
    /// A picture that is too large or has no size.
    #[error("a system {width} by {height} pixels cannot be drawn")]
    Size {
        /// Width in pixels.
        width: f32,
        /// Height in pixels.
        height: f32,
    },
}
