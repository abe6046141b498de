//! A piano of recorded keys.
//!
//! A folder with a `piano.json` names, for each recorded key, samples from soft to loud in any format that
//! [`crate::decode`] reads, and the sounds of keys that come up. [`SampledPiano::load`] reads them into 400 MB
//! of memory at most: 12 layers of a piano with 30 recorded keys, 16 bits, stereo, at most 15 s and as long as
//! they are louder than -60 dB against their peak; from 1.5 s on half of the samples are kept, from 4 s on a
//! quarter, because the high partials have died away.
//!
//! - *Velocity.* Layers of one key are laid on each other where they are most alike, so that two neighbours can
//!   be blended with the power of one. The measured level of a layer says which velocity it is
//!   (`curve`); the blend's level lies on that curve exactly. A layer that is not louder and brighter than the
//!   one before is left out. Below the softest layer its high partials are weakened further.
//! - *Keys between* are read at another speed through a windowed sinc. Recorded keys are taken as they are:
//!   nobody checks their tuning.
//! - *Pedal.* What the dampers take off each second grows from nothing to the most as the pedal comes up
//!   (`damping`); lifted dampers let twelve open strings sound along (`strings`). The soft pedal makes what is
//!   struck softer and darker.
//! - *Voices.* Where there are none left, the softest fades out within 6 ms.

mod curve;
mod damping;
mod decimate;
mod description;
mod error;
mod key;
mod load;
mod measure;
mod recording;
mod samples;
mod strings;
mod synth;
mod voice;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use description::DESCRIPTION;
pub use error::SamplerError;

use crate::piano::Piano;
use description::Description;
use load::Extent;
use samples::Samples;
use synth::SampledFactory;

/// A sampled piano in memory. Cheap to clone: what is loaded is shared.
#[derive(Clone)]
pub struct SampledPiano {
    samples: Arc<Samples>,
    credits: Arc<str>,
    piano: Piano,
}

impl SampledPiano {
    /// As much of the piano as can be loaded within a second: two layers of every second key, their first
    /// seconds. Exchange it for what [`SampledPiano::load`] gives as soon as that is there; it is another
    /// sound, so nothing is exported with it.
    ///
    /// # Errors
    /// If the description or a sample cannot be used, or `cancel` becomes true.
    pub fn first(folder: &Path, cancel: &AtomicBool) -> Result<Self, SamplerError> {
        let description = Description::read(folder)?;
        Self::of(&description, Extent::FIRST, &|_| (), cancel)
    }

    /// The whole piano. Takes tens of seconds; `progress` hears from 0 to 1 how far it is, on this thread.
    ///
    /// # Errors
    /// If the description or a sample cannot be used, or `cancel` becomes true.
    pub fn load(folder: &Path, progress: &dyn Fn(f32), cancel: &AtomicBool) -> Result<Self, SamplerError> {
        let description = Description::read(folder)?;
        Self::of(&description, Extent::whole(&description), progress, cancel)
    }

    fn of(
        description: &Description,
        extent: Extent,
        progress: &dyn Fn(f32),
        cancel: &AtomicBool,
    ) -> Result<Self, SamplerError> {
        let samples = Arc::new(load::load(description, extent, progress, cancel)?);
        let factory = SampledFactory { samples: Arc::clone(&samples) };
        let piano = Piano::new(&description.name, Arc::new(factory));
        let is_free = description.credits.is_empty();
        let piano = if is_free { piano } else { piano.with_credits(&description.credits) };
        Ok(Self { samples, credits: description.credits.as_str().into(), piano })
    }

    /// What `piano.json` calls it.
    pub fn name(&self) -> &str {
        self.piano.name()
    }

    /// Who made the recordings and under which licence, as `piano.json` says.
    pub fn credits(&self) -> &str {
        &self.credits
    }

    /// Memory that its samples take, in bytes.
    pub fn memory_bytes(&self) -> u64 {
        self.samples.bytes()
    }

    /// How many layers each recorded key has, by MIDI pitch.
    pub fn layers(&self) -> Vec<(u8, usize)> {
        self.samples.keys.iter().map(|key| (key.pitch, key.layers.len())).collect()
    }

    /// An instrument to play on, the same each time.
    pub fn piano(&self) -> Piano {
        self.piano.clone()
    }
}

impl fmt::Debug for SampledPiano {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SampledPiano").field("name", &self.name()).field("layers", &self.layers()).finish()
    }
}
