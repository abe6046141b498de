//! `espressivo evaluate variations`: how near variations are to their passages, whether as asked for,
//! are new and in order, and how much of them is copied from what was learned.
//!
//! Segments are those that `espressivo data segments` kept apart. Each becomes a score of its own, without a
//! key signature and with its notes below middle C on the lower staff, and is varied as whole.

mod copied;
mod dial;
mod ordered;
mod plain;
mod segments;
mod subject;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use cadenza::composer::Model;
use cadenza::variations::Variations;
use serde::Serialize;

pub use copied::{Copied, Known};
pub use dial::DialRow;
pub use ordered::Ordered;
pub use plain::{Likeness, PUBLISHED};
pub use segments::{BARS, score_of};
use subject::{Segment, Subject};

/// What `espressivo evaluate variations` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of segments.
    pub segments: PathBuf,
    /// Folders of models, a row each.
    pub models: Vec<PathBuf>,
    /// How many segments, evenly over those that there are.
    pub limit: usize,
    /// How many variations are looked for among what was learned.
    pub copied: usize,
    /// How many segments are varied one after another to measure the time.
    pub timed: usize,
    /// The seed.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segments: PathBuf::from("runs/segments"),
            models: Vec::new(),
            limit: 500,
            copied: 200,
            timed: 20,
            seed: 1,
        }
    }
}

/// What the comparison found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Segments.
    pub segments: usize,
    /// Mean notes of a segment.
    pub notes: f64,
    /// A row for every model.
    pub rows: Vec<Row>,
}

/// What was found of one model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The name of its folder.
    pub name: String,
    /// Segments that it writes anew by itself, likeliest tokens.
    pub greedy: Likeness,
    /// The same, tokens and latent vectors drawn.
    pub sampled: Likeness,
    /// Whether similarity is as asked for.
    pub dial: DialRow,
    /// Whether variations at 70 per cent are as they should be.
    pub ordered: Ordered,
    /// How much of variations at 70 per cent is copied.
    pub copied: Copied,
    /// How much of ideas, at 0 per cent, is copied.
    pub copied_ideas: Copied,
    /// Mean seconds of a variation, nothing else running.
    pub secs: f64,
    /// The longest time of one.
    pub longest_secs: f64,
}

/// Judges the models. `say` hears what is done.
///
/// # Errors
/// When segments or a model are missing or damaged, or a model cannot read the segments.
pub fn run(options: &Options, say: &dyn Fn(&str)) -> Result<Report> {
    ensure!(!options.models.is_empty(), "no models: name their folders");
    let (test, pertok) = segments::read(&options.segments, options.limit)?;
    let known = Known::of(&segments::learned(&options.segments, &pertok)?, pertok);
    let notes: usize = test.iter().map(|segment| segment.score.notes.len()).sum();
    let mut rows = Vec::new();
    for folder in &options.models {
        let model = Model::load(folder)?;
        let path = || folder.display();
        let variations = Variations::new(model).map_err(|what| anyhow!("{}: {what}", path()))?;
        let subject = Subject { variations, seed: options.seed };
        say(&format!("judging {}", path()));
        let name =
            folder.file_name().map_or_else(|| path().to_string(), |name| name.to_string_lossy().into());
        rows.push(row(name, &subject, &test, &known, options)?);
    }
    Ok(Report { segments: test.len(), notes: notes as f64 / test.len() as f64, rows })
}

fn row(name: String, subject: &Subject, test: &[Segment], known: &Known, options: &Options) -> Result<Row> {
    let (secs, longest_secs) = time(subject, &evenly(test, options.timed))?;
    let some = evenly(test, options.copied);
    Ok(Row {
        name,
        greedy: plain::greedy(subject, test)?,
        sampled: plain::sampled(subject, test)?,
        dial: dial::row(subject, test)?,
        ordered: ordered::judge(subject, test)?,
        copied: copied::judge(subject, &some, dial::ORDERED, known)?,
        copied_ideas: copied::judge(subject, &some, 0.0, known)?,
        secs,
        longest_secs,
    })
}

/// So many of the segments, from all pieces.
fn evenly(segments: &[Segment], count: usize) -> Vec<&Segment> {
    let count = count.min(segments.len());
    (0..count).map(|k| &segments[k * segments.len() / count]).collect()
}

/// Mean and longest time of a variation, in seconds.
fn time(subject: &Subject, segments: &[&Segment]) -> Result<(f64, f64)> {
    let (mut sum, mut longest) = (0.0, 0.0_f64);
    for segment in segments {
        let begun = Instant::now();
        subject.vary(segment, dial::ORDERED, 1)?;
        let secs = begun.elapsed().as_secs_f64();
        sum += secs;
        longest = longest.max(secs);
    }
    Ok((sum / segments.len().max(1) as f64, longest))
}
