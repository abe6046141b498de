//! `espressivo evaluate alignment`: how right alignments of recordings with their scores are.

mod held_out;
mod peer;

use std::path::{Path, PathBuf};

use alignment::judge::samples;
pub use alignment::judge::{Row, Table};
use anyhow::{Context, Result};
pub use peer::{Both, Peer};

/// Which recordings are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// The samples of (n)ASAP, by which the numbers of the alignment were chosen.
    Samples,
    /// One recording of each piece of the splits `test` and `valid` of (n)ASAP that is not among the samples.
    HeldOut,
    /// One recording of each movement of Batik plays Mozart, which was never looked at.
    Batik,
}

/// What is judged.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which recordings.
    pub set: Set,
    /// A folder for the damaged recordings.
    pub write: Option<PathBuf>,
    /// Only recordings with at most so many keys.
    pub most_keys: Option<usize>,
}

/// Judges recordings of a data folder, as they are and damaged in every way; `said` hears every
/// recording.
///
/// # Errors
/// When the recordings are missing or broken.
pub fn run(data: &Path, options: &Options, said: &dyn Fn(&Row)) -> Result<Table> {
    let judged = samples::Options {
        write: options.write.clone(),
        most_keys: options.most_keys,
        ..samples::Options::default()
    };
    match options.set {
        Set::Samples => {
            let folder = data.join("asap/samples");
            let table = samples::run(&folder, &judged, said);
            table.with_context(|| format!("cannot judge {}", folder.display()))
        }
        Set::HeldOut => held_out::run(data, &["test", "valid"], &judged, said),
        Set::Batik => held_out::run(data, &["batik"], &judged, said),
    }
}

/// The same, and what the package parangonar makes of the same recordings, one after the other on the same
/// machine. `python` is an interpreter that has it.
///
/// # Errors
/// As [`run`], and when the package cannot be run.
pub fn run_beside(data: &Path, options: &Options, python: &Path, said: &dyn Fn(&Row)) -> Result<Both> {
    let folder = tempfile::tempdir().context("cannot make a folder for the damaged recordings")?;
    let cases = options.write.clone().unwrap_or_else(|| folder.path().to_owned());
    let ours = run(data, &Options { write: Some(cases.clone()), ..options.clone() }, said)?;
    let peers = peer::run(python, &data.join("asap/samples"), &cases)?;
    Ok(Both { ours, peers })
}
