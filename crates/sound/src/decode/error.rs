//! Why a file gives no sound.

use std::io;

use thiserror::Error;

/// A file that cannot be heard. The caller names the file.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// The system could not read it.
    #[error("cannot read the file ({0})")]
    System(#[source] io::Error),
    /// It is something else that may hold sound.
    #[error("this is {0}; save its sound as WAV, FLAC, MP3 or Ogg Vorbis, which can be read")]
    OtherFormat(&'static str),
    /// It is nothing that is known to hold sound.
    #[error("this is no recording of sound; WAV, FLAC, MP3 and Ogg Vorbis can be read")]
    Unknown,
    /// Its format is right, but the way its sound is written in it is not known.
    #[error(
        "the sound in this {0} file is coded in a way that cannot be read; save it as WAV, FLAC, MP3 or Ogg Vorbis"
    )]
    Coding(&'static str),
    /// There is no sound track in it.
    #[error("this {0} file has no sound track")]
    NoTrack(&'static str),
    /// There is a track without a single sample.
    #[error("this {0} file holds no sound: it ends where the sound should begin")]
    Empty(&'static str),
    /// Its sample rate is none of a recording.
    #[error("the file has {0} samples a second, 4000 to 768000 can be read; save it at 44100")]
    Rate(u32),
    /// It is damaged, and more than a little.
    #[error("the file is damaged from {secs:.1} s on; get it again")]
    Broken {
        /// Where the damage begins, from the start of the sound.
        secs: f64,
    },
}
