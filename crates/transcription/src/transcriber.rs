//! The transcriber, from its folder to notes.

use std::convert::Infallible;
use std::path::Path;

use crate::error::{LoadError, TranscribeError};
use crate::notes::{Progress, Transcription};
use crate::samples::Samples;

/// Hears the notes of piano sound. Loading it takes a moment; it may be used any number of times.
pub struct Transcriber {
    network: Infallible,
}

impl Transcriber {
    /// Reads the network from its folder.
    ///
    /// # Errors
    /// When it is not there, is damaged, or is another network.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        Err(LoadError::Missing { folder: folder.to_owned() })
    }

    /// The notes of some sound. `progress` is called at least ten times a second while the network
    /// computes, on the caller's thread; it returns whether to go on.
    ///
    /// # Errors
    /// When the sound cannot be read or holds what is no number, or `progress` returned false.
    pub fn transcribe<S: Samples>(
        &self,
        _samples: &mut S,
        _progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Transcription, TranscribeError<S::Error>> {
        match self.network {}
    }
}
