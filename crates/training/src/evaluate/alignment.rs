//! `espressivo evaluate alignment`: how right alignments of recordings with their scores are.

mod both;
mod held_out;
mod peer;

use std::path::Path;

use alignment::judge::samples;
pub use alignment::judge::{Row, Table};
use anyhow::{Context, Result};
pub use both::Both;
pub use peer::{Peer, PeerRow, Running};

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
    /// Which of them, damaged in which ways, and where they are written.
    pub samples: samples::Options,
}

/// Judges recordings of a data folder, as they are and damaged in every way; `said` hears every
/// recording.
///
/// # Errors
/// When the recordings are missing or broken.
pub fn run(data: &Path, options: &Options, said: &dyn Fn(&Row)) -> Result<Table> {
    match options.set {
        Set::Samples => {
            let folder = data.join("asap/samples");
            let table = samples::run(&folder, &options.samples, said);
            table.with_context(|| format!("cannot judge {}", folder.display()))
        }
        Set::HeldOut => held_out::run(data, &["test", "valid"], &options.samples, said),
        Set::Batik => held_out::run(data, &["batik"], &options.samples, said),
    }
}

/// The same, and what the package parangonar makes of the same recordings, one after the other on the same
/// machine.
///
/// # Errors
/// As [`run`], and when the package cannot be run.
pub fn run_beside(data: &Path, options: &Options, running: &Running, said: &dyn Fn(&Row)) -> Result<Both> {
    let folder = tempfile::tempdir().context("cannot make a folder for the damaged recordings")?;
    let cases = options.samples.write.clone().unwrap_or_else(|| folder.path().to_owned());
    let samples = samples::Options { write: Some(cases.clone()), ..options.samples.clone() };
    let ours = run(data, &Options { samples, ..options.clone() }, said)?;
    let peers = peer::run(running, &data.join("asap/samples"), &cases)?;
    Ok(Both { ours, peers })
}
