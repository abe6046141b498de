//! A piano of recorded keys.

mod error;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use error::SamplerError;

use crate::piano::Piano;

/// The file in the folder of a sampled piano that says what is in it.
pub const DESCRIPTION: &str = "piano.json";

/// A sampled piano in memory. Cheap to clone: what is loaded is shared.
#[derive(Clone, Debug)]
pub struct SampledPiano {
    name: Arc<str>,
}

impl SampledPiano {
    /// As much of the piano as can be loaded within a second: two layers of every second key, their first
    /// seconds. Exchange it for what [`SampledPiano::load`] gives as soon as that is there.
    ///
    /// # Errors
    /// If the description or a sample cannot be used, or `cancel` becomes true.
    pub fn first(folder: &Path, cancel: &AtomicBool) -> Result<Self, SamplerError> {
        Self::load(folder, &|_| (), cancel)
    }

    /// The whole piano. Takes tens of seconds; `progress` hears from 0 to 1 how far it is, on this thread.
    ///
    /// # Errors
    /// If the description or a sample cannot be used, or `cancel` becomes true.
    pub fn load(folder: &Path, _progress: &dyn Fn(f32), _cancel: &AtomicBool) -> Result<Self, SamplerError> {
        Err(SamplerError::Description { path: folder.join(DESCRIPTION), reason: "not yet".into() })
    }

    /// What `piano.json` calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who made the recordings and under which licence, as `piano.json` says.
    pub fn credits(&self) -> &str {
        ""
    }

    /// Memory that its samples take, in bytes.
    pub fn memory_bytes(&self) -> u64 {
        0
    }

    /// An instrument to play on; see [`Piano::new`].
    pub fn piano(&self) -> Piano {
        unreachable!()
    }
}
