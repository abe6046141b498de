//! A recording heard as it is: the sound of a file as [content](crate::Content) beside notes.
//!
//! A second of a version that came from sound is a second of its file, so the clock of its track is the map from
//! the score to the sound. What is played of the file, and a little around it, is decoded once, away from the
//! callback, into 192 MiB of memory at most ([`Recorded::open`]). It is read at the rate of the device through the
//! windowed sinc that the sampled piano uses.
//!
//! At another tempo the pitch stays (`splice`): the sound goes on at its own speed, and where it has come too far
//! from where it should be, it goes on at another place that sounds alike, with a short crossfade (waveform
//! similarity overlap-add, Verhelst and Roelands, 1993). Notes whose beginnings are known are struck once, whatever
//! the tempo.

mod content;
mod error;
mod excerpt;
mod playing;
mod read;
mod samples;
mod splice;

pub use content::Recorded;
pub use error::RecordedError;
pub use excerpt::Excerpt;
