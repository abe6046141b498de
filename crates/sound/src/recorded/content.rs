//! A recording as content.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::error::RecordedError;
use super::excerpt::Excerpt;
use super::playing::Playing;
use super::read::{Kept, read};
use super::samples::Samples;
use crate::decode::Channels;
use crate::error::SoundError;
use crate::format::RATES_HZ;
use crate::piano::Piano;
use crate::sinc::Sinc;
use crate::source::{Content, Position, Source};
use crate::transport::Loudness;

/// Notes that were heard in a sound may begin so much before the moment that was found.
const EARLY_SECS: f64 = 0.020;

/// What of a recording is heard, in memory. Its seconds are those of the file.
pub struct Recorded {
    samples: Arc<Samples>,
    sinc: Arc<Sinc>,
    /// Where notes begin, in frames of the samples, in order.
    attacks: Arc<[f64]>,
    loudness: Option<Loudness>,
}

impl Recorded {
    /// Reads an excerpt of a file: WAV, FLAC, MP3 or Ogg Vorbis. `goes_on` is called several times for each second
    /// of sound; if it says no, the result is nothing. A path that leads to a pipe is waited at: look before.
    ///
    /// # Errors
    /// If the file holds no sound that can be read, or what is played lasts too long.
    pub fn open(
        path: &Path,
        excerpt: &Excerpt,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, RecordedError> {
        Self::of(|rate| Channels::open(path, rate).map_err(RecordedError::Decode), excerpt, goes_on)
    }

    /// The same of a file whose bytes are these.
    ///
    /// # Errors
    /// If it holds no sound that can be read, or what is played lasts too long.
    pub fn from_bytes(
        bytes: Arc<[u8]>,
        excerpt: &Excerpt,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, RecordedError> {
        Self::of(|rate| Channels::from_bytes(bytes, rate).map_err(RecordedError::Decode), excerpt, goes_on)
    }

    fn of(
        open: impl FnOnce(u32) -> Result<Channels, RecordedError>,
        excerpt: &Excerpt,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, RecordedError> {
        let Some(Kept { samples, loudness }) = read(open, excerpt.kept_secs(), goes_on)? else {
            return Ok(None);
        };
        let attacks = excerpt.attacks().into_iter().map(|secs| samples.place(secs)).collect();
        Ok(Some(Self { samples: Arc::new(samples), sinc: Arc::new(Sinc::new()), attacks, loudness }))
    }

    /// How loud it is on the whole; nothing if it is silent.
    pub fn loudness(&self) -> Option<Loudness> {
        self.loudness
    }

    /// Memory that it takes.
    pub fn bytes(&self) -> usize {
        self.samples.bytes()
    }
}

impl Content for Recorded {
    fn open(&self, _piano: &Piano, start: Position) -> Result<Box<dyn Source>, SoundError> {
        let sample_rate = start.sample_rate as u32;
        if !RATES_HZ.contains(&sample_rate) {
            return Err(SoundError::SampleRate(sample_rate));
        }
        let (samples, sinc, attacks) = (self.samples.clone(), self.sinc.clone(), self.attacks.clone());
        Ok(Box::new(Playing::new(samples, sinc, attacks, start.sample_rate)))
    }

    fn end_secs(&self) -> Option<f64> {
        Some(self.samples.end_secs())
    }

    fn attack_secs(&self, place_secs: f64) -> f64 {
        (place_secs - EARLY_SECS).max(0.0)
    }

    fn is_sounding(&self, at_secs: f64, _rate: f64) -> bool {
        at_secs > self.samples.begin_secs() && at_secs < self.samples.end_secs()
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded").field("bytes", &self.bytes()).finish_non_exhaustive()
    }
}
