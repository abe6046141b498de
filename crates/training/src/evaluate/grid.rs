//! `espressivo evaluate grid`: how exact tempo maps are, and how right estimated beats.

mod beats;
mod exactness;
mod published;
mod theirs;

use std::fmt;
use std::path::PathBuf;

use anyhow::{Result, bail};
use serde::Serialize;

use super::side_by_side;
use crate::datasets::container::{Container, Recording};
pub use beats::{Beats, Found};
pub use exactness::Exactness;
use published::PIECES;
pub use published::Published;

/// What the evaluation takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Which split of (n)ASAP beats are estimated in.
    pub split: String,
    /// Recordings looked at side by side.
    pub workers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { data: PathBuf::from("../shared/data"), split: "test".into(), workers: 2 }
    }
}

/// What the evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The published outputs on their grids.
    pub published: Vec<Published>,
    /// The split.
    pub split: String,
    /// Beats estimated in it.
    pub beats: Option<Beats>,
}

/// Compares. What is not in the data folder is left out and named.
///
/// # Errors
/// When a file is damaged, or nothing is there.
pub fn run(options: &Options, said: &(dyn Fn(&str) + Sync)) -> Result<Report> {
    let folder = options.data.join("pianist-transformer-testset");
    let published = if folder.is_dir() {
        side_by_side(PIECES, options.workers, &|piece| published::compare(&folder, piece))?
    } else {
        said(&format!("the published outputs are not at {}: left out", folder.display()));
        Vec::new()
    };
    let asap = options.data.join("asap");
    let beats = if asap.is_dir() {
        said(&format!("estimating the beats of the recordings of {}", options.split));
        Some(beats::compare(&Container::<Recording>::read(&asap, &options.split)?, options.workers)?)
    } else {
        said(&format!("the recordings are not at {}: left out", asap.display()));
        None
    };
    if published.is_empty() && beats.is_none() {
        bail!("{} holds nothing to compare", options.data.display());
    }
    Ok(Report { published, split: options.split.clone(), beats })
}

impl Report {
    fn write_published(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Published outputs on the grids of their scores; onsets against when they were played")?;
        writeln!(
            f,
            "{:>5}{:>7}{:>7} |{:>8}{:>8}{:>9}{:>9}{:>7}{:>7}{:>9} |{:>8}{:>10}{:>10}{:>9}",
            "piece",
            "notes",
            "beats",
            "ours",
            "a beat",
            "mean ms",
            "max ms",
            "ticks",
            "ends",
            "changed",
            "theirs",
            "mean ms",
            "max ms",
            "clamped"
        )?;
        for p in &self.published {
            let (ours, theirs, beats) = (&p.ours, &p.theirs, p.beats.max(1) as f64);
            write!(f, "{:>5}{:>7}{:>7} |", p.piece, p.notes, p.beats)?;
            write!(f, "{:>8}{:>8.2}", ours.tempo_events, ours.tempo_events as f64 / beats)?;
            write!(
                f,
                "{:>9.3}{:>9.3}{:>7.2}",
                1e3 * ours.mean_secs,
                1e3 * ours.worst_secs,
                ours.worst_ticks
            )?;
            write!(f, "{:>7.2}{:>9} |", p.worst_end_ticks, p.changed)?;
            write!(f, "{:>8.2}", theirs.tempo_events as f64 / beats)?;
            writeln!(
                f,
                "{:>10.1}{:>10.1}{:>9}",
                1e3 * theirs.mean_secs,
                1e3 * theirs.worst_secs,
                theirs.clamped
            )?;
        }
        writeln!(
            f,
            "ours: tempo events, and how many a beat; ticks, ends: the worst onset and the worst end of a note in \
             ticks; changed: notes lost or of another velocity; theirs: tempo events a beat"
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.published.is_empty() {
            self.write_published(f)?;
        }
        let Some(beats) = &self.beats else { return Ok(()) };
        writeln!(f, "\nBeats estimated without a score ({}), F-measure within 70 ms", self.split)?;
        writeln!(
            f,
            "{:14}{:>11}{:>8}{:>16}{:>8}{:>16}",
            "", "recordings", "beats", "half or double", "bars", "half or double"
        )?;
        let rows = ["sure", "fairly sure", "unsure"].into_iter().zip(&beats.by_sureness);
        for (name, found) in [("all", &beats.all)].into_iter().chain(rows) {
            writeln!(
                f,
                "{name:14}{:>11}{:>8.3}{:>16.3}{:>8.3}{:>16.3}",
                found.recordings,
                found.beats,
                found.beats_at_half_or_double,
                found.bars,
                found.bars_at_half_or_double
            )?;
        }
        Ok(())
    }
}
