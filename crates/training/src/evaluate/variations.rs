//! `espressivo evaluate variations`: how near variations are to their passages, whether as asked for,
//! are new and in order, and how much of them is copied from what was learned.
//!
//! Segments are those that `espressivo data segments` kept apart. Each becomes a score of its own, without a
//! key signature and with its notes below middle C on the lower staff, and is varied as whole. Every model writes
//! each segment twice by itself, for the paper's table; what takes long, variations as they are asked for, is made
//! by the first model alone, unless all are asked.

mod asked;
mod copied;
mod dial;
mod ordered;
mod plain;
mod segments;
mod subject;
mod table;
mod written;

use std::path::{Path, PathBuf};
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
use written::Asked;

/// What `espressivo evaluate variations` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of segments.
    pub segments: PathBuf,
    /// Folders of models, a row each.
    pub models: Vec<PathBuf>,
    /// How many of the models are asked for similarities; the others have rows in the first table alone.
    pub asked: usize,
    /// How many segments, evenly over those that there are.
    pub limit: usize,
    /// How many variations of each at 70 per cent.
    pub count: usize,
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
            asked: 1,
            limit: 500,
            count: 5,
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
    /// The name of its folder, or of the run that the folder is of.
    pub name: String,
    /// Segments that it writes anew by itself, likeliest tokens.
    pub greedy: Likeness,
    /// The same, tokens and latent vectors drawn.
    pub sampled: Likeness,
    /// What comes of similarities that are asked for; of a model that was not asked nothing.
    pub asked: Option<AskedRow>,
}

/// What was found of a model that was asked for similarities.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AskedRow {
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

/// Judges the models. `say` hears what is done and what was found so far.
///
/// # Errors
/// When segments or a model are missing or damaged, or a model cannot read the segments.
pub fn run(options: &Options, say: &dyn Fn(&str)) -> Result<Report> {
    ensure!(!options.models.is_empty(), "no models: name their folders");
    let (test, pertok) = segments::read(&options.segments, options.limit)?;
    let notes: usize = test.iter().map(|segment| segment.score.notes.len()).sum();
    let mut report =
        Report { segments: test.len(), notes: notes as f64 / test.len() as f64, rows: Vec::new() };
    let mut subjects = Vec::with_capacity(options.models.len());
    for folder in &options.models {
        let subject = Subject { variations: load(folder)?, seed: options.seed };
        say(&format!("{} writes {} segments by itself", folder.display(), test.len()));
        let (greedy, sampled) = (plain::greedy(&subject, &test)?, plain::sampled(&subject, &test)?);
        report.rows.push(Row { name: name_of(folder), greedy, sampled, asked: None });
        subjects.push(subject);
    }
    if options.asked > 0 {
        // What is known already, in case that nobody waits for the rest.
        say(&report.by_themselves());
        let known = Known::of(&segments::learned(&options.segments, &pertok)?, pertok);
        for (row, subject) in report.rows.iter_mut().zip(&subjects).take(options.asked) {
            say(&format!("{} is asked for similarities", row.name));
            row.asked = Some(asked_row(subject, &test, &known, options, say)?);
        }
    }
    Ok(report)
}

fn load(folder: &Path) -> Result<Variations<Model>> {
    Variations::new(Model::load(folder)?).map_err(|what| anyhow!("{}: {what}", folder.display()))
}

/// The name of a model: of its folder, or, of the folder that every run calls `model`, of the run.
pub(super) fn name_of(folder: &Path) -> String {
    let of_run =
        folder.file_name().filter(|name| *name == "model").and_then(|_| folder.parent()?.file_name());
    let name = of_run.or(folder.file_name());
    name.map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into())
}

fn asked_row(
    subject: &Subject,
    test: &[Segment],
    known: &Known,
    options: &Options,
    say: &dyn Fn(&str),
) -> Result<AskedRow> {
    let (secs, longest_secs) = time(subject, &evenly(test, options.timed))?;
    let asked = asked::ask(subject, test, options.count, say)?;
    let pairs: Vec<(&Segment, &Asked)> = test.iter().zip(&asked).collect();
    let some = evenly(&pairs, options.copied);
    let first = some.iter().map(|(segment, asked)| (*segment, asked.ordered.first().map(|one| &one.score)));
    let ideas = some.iter().map(|(segment, asked)| (*segment, asked.idea().map(|one| &one.score)));
    Ok(AskedRow {
        dial: dial::row(&asked),
        ordered: ordered::judge(test, &asked, options.count),
        copied: copied::judge(&first.collect::<Vec<_>>(), known),
        copied_ideas: copied::judge(&ideas.collect::<Vec<_>>(), known),
        secs,
        longest_secs,
    })
}

/// So many of the values, from everywhere.
fn evenly<T>(all: &[T], count: usize) -> Vec<&T> {
    let count = count.min(all.len());
    (0..count).map(|k| &all[k * all.len() / count]).collect()
}

/// Mean and longest time of a variation, in seconds.
fn time(subject: &Subject, segments: &[&Segment]) -> Result<(f64, f64)> {
    let (mut sum, mut longest) = (0.0, 0.0_f64);
    for segment in segments {
        let begun = Instant::now();
        subject.vary(segment, ordered::ORDERED, 1)?;
        let secs = begun.elapsed().as_secs_f64();
        sum += secs;
        longest = longest.max(secs);
    }
    Ok((sum / segments.len().max(1) as f64, longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_of_runs_are_called_like_their_run() {
        assert_eq!(name_of(Path::new("runs/full-kl/model")), "full-kl");
        assert_eq!(name_of(Path::new("models/composer")), "composer");
        assert_eq!(name_of(Path::new("model")), "model");
    }

    #[test]
    fn some_are_taken_from_everywhere() {
        let all: Vec<usize> = (0..10).collect();
        assert_eq!(evenly(&all, 4), [&0, &2, &5, &7]);
        assert_eq!(evenly(&all, 20).len(), 10);
        assert!(evenly(&all, 0).is_empty());
    }
}
