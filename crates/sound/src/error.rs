//! What can go wrong between a performance and its sound.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::sampler::SamplerError;

/// An error of this crate: what happened, what to do, and the path last.
#[derive(Debug, Error)]
pub enum SoundError {
    /// A soundfont could not be opened or read.
    #[error("cannot read the soundfont ({source}): {}", path.display())]
    Read {
        /// The soundfont.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A soundfont is larger than fits sensibly into memory.
    #[error(
        "the soundfont has {} MiB, at most {} MiB are loaded; choose a smaller one: {}",
        size_bytes >> 20, limit_bytes >> 20, path.display()
    )]
    TooLarge {
        /// The soundfont.
        path: PathBuf,
        /// Its size.
        size_bytes: u64,
        /// What would be accepted.
        limit_bytes: u64,
    },
    /// The file is something else.
    #[error("this is not an SF2 soundfont ({reason}): {}", path.display())]
    NotASoundFont {
        /// The file.
        path: PathBuf,
        /// What gave it away.
        reason: String,
    },
    /// The samples are Ogg Vorbis, which the synthesizer cannot play.
    #[error("this soundfont is compressed (SF3); convert it to SF2, for example with Polyphone: {}", path.display())]
    Compressed {
        /// The file.
        path: PathBuf,
    },
    /// The file is an SF2 soundfont but its contents contradict each other.
    #[error("the soundfont is damaged ({reason}); get it again or choose another: {}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first contradiction.
        reason: String,
    },
    /// The soundfont is sound but cannot play a keyboard piece.
    #[error("the soundfont has no piano ({reason}); choose another: {}", path.display())]
    NoPiano {
        /// The file.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// The sampled piano that was asked for is not on this computer.
    #[error("the grand piano is not on this computer; get it in the settings of the window, or choose another piano: {}", path.display())]
    NoSampledPiano {
        /// Where it would be.
        path: PathBuf,
    },
    /// The sample rate is out of the synthesizer's range.
    #[error("sample rate {0} Hz is not supported; use 44100 or 48000")]
    SampleRate(u32),
    /// The performance does not fit into a WAV file.
    #[error("the performance lasts {secs:.0} s; a WAV file of this kind holds {limit_secs:.0} s")]
    TooLong {
        /// The requested length.
        secs: f64,
        /// Longest possible.
        limit_secs: f64,
    },
    /// The synthesizer failed or gave numbers that are no sound.
    #[error("the soundfont \"{piano}\" cannot be played at {at_secs:.2} s ({reason}); choose another")]
    Unplayable {
        /// Name of the soundfont.
        piano: String,
        /// Where in the performance.
        at_secs: f64,
        /// What happened.
        reason: String,
    },
    /// The sound file could not be written.
    #[error("cannot write the sound file ({source}): {}", path.display())]
    Write {
        /// Where it should have gone.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A sampled piano cannot be played.
    #[error(transparent)]
    Sampled(SamplerError),
    /// The caller cancelled.
    #[error("the sound was cancelled; nothing was written")]
    Cancelled,
}

impl From<SamplerError> for SoundError {
    fn from(error: SamplerError) -> Self {
        match error {
            SamplerError::Cancelled => Self::Cancelled,
            other => Self::Sampled(other),
        }
    }
}
