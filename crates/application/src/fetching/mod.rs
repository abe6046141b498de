//! Fetching what others have published: an archive of a registry, once, when a musician asks for it.
//!
//! No library of ours speaks HTTPS: the registry's own program fetches an archive (npm, or Python's pip), which
//! knows the way through a network. Where a mirror of the registry is named (`ESPRESSIVO_NPM_MIRROR`,
//! `ESPRESSIVO_PIP_MIRROR`), `curl` or `wget` take the archive from there first, and go on where they were stopped.
//! What is fetched is used only if its sum is the one expected, whoever fetched it.

mod archive;
mod error;
mod package;
mod parts;
mod program;
mod running;
mod sums;

pub use error::FetchError;

pub(crate) use archive::archive;
pub(crate) use package::{Package, Registry};
pub(crate) use parts::Parts;
pub(crate) use program::Program;
pub(crate) use sums::sum;

#[cfg(all(test, unix))]
pub(crate) mod made_up;
