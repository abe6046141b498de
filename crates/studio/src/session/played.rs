//! What was found in the score of what a person played on the keyboard.

use std::path::Path;
use std::sync::Arc;

use notation::Score;
use protocol::{Message, PunchIn};

use crate::kept::KeptFile;
use crate::punched::Punched;
use crate::recording::{Imported, ReadRecording};

/// What was found in the score.
pub(super) enum Played {
    /// A version of its own.
    Version(Box<Imported>),
    /// Bars of a version.
    Bars(Box<Punched>),
}

/// What was played, and what was found of it in the score, or why nothing was.
pub struct Recorded {
    pub(super) file: KeptFile,
    pub(super) punch: Option<PunchIn>,
    pub(super) played: Result<Played, String>,
}

impl Played {
    /// Finds what a file plays of a score. Long ones take seconds.
    pub(super) fn read(
        read: &ReadRecording,
        path: &Path,
        score: &Arc<Score>,
        punch: Option<&PunchIn>,
    ) -> Result<Self, String> {
        match punch {
            Some(punch) => Ok(Self::Bars(Box::new(Punched::read(path, score, punch)?))),
            None => Ok(Self::Version(Box::new(Imported::read(read, path, score, &mut |_| true)?))),
        }
    }

    /// What was left out and what was not played, if anything.
    pub(super) fn message(&self) -> Option<Message> {
        match self {
            Self::Version(imported) => imported.message(),
            Self::Bars(punched) => punched.message(),
        }
    }
}
