//! Containers from a checkout.

use std::path::Path;

use anyhow::{Context, Result};
use notation::{ImportOptions, Score, read_score};

use super::metadata::{self, Listed};
use super::recording;
use super::splits::{self, Split, Splits};
use crate::datasets::checks::Verdict;
use crate::datasets::container::{Container, Recording, ScoreEntry};
use crate::datasets::measure::{self, Measured};
use crate::datasets::performed::Performed;
use crate::datasets::{csv, score_out};

/// The four containers, and what is in none of them.
pub struct Built {
    /// `train`, `valid`, `test` and `extra_train`.
    pub containers: [Container<Recording>; 4],
    /// Performances that were left out.
    pub dropped: Vec<Dropped>,
}

/// A performance that was left out.
pub struct Dropped {
    /// Its file.
    pub midi: String,
    /// Why.
    pub reason: String,
}

/// A performance that is good enough for one of the containers.
struct Kept {
    container: usize,
    performed: Performed,
    measured: Measured,
    recording: Recording,
}

/// Builds all containers; `say` hears the folder that is read.
///
/// A score or performance that cannot be read is left out with its reason.
///
/// # Errors
/// When the folder is no checkout.
pub fn build(checkout: &Path, say: &mut dyn FnMut(&str)) -> Result<Built> {
    let listed = metadata::read(checkout)?;
    let splits = Splits::read()?;
    let containers = ["train", "valid", "test", "extra_train"].map(Container::new);
    let mut built = Built { containers, dropped: Vec::new() };
    for performances in listed.chunk_by(|a, b| a.folder == b.folder) {
        say(&performances[0].folder);
        match read(checkout, &performances[0].xml_score) {
            Ok(score) => built.add(checkout, &score, performances, &splits),
            Err(error) => {
                performances.iter().for_each(|p| built.drop(p, &format!("score_not_loaded: {error:#}")));
            }
        }
    }
    Ok(built)
}

fn read(checkout: &Path, file: &str) -> Result<Score> {
    let path = checkout.join(file);
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(read_score(file, &bytes, &ImportOptions::default())?)
}

impl Built {
    fn drop(&mut self, listed: &Listed, reason: &str) {
        let robust = if listed.robust { "" } else { "not_robust/" };
        self.dropped.push(Dropped { midi: listed.midi.clone(), reason: format!("{robust}{reason}") });
    }

    /// Adds a score with all of its performances.
    fn add(&mut self, checkout: &Path, score: &Score, performances: &[Listed], splits: &Splits) {
        let mut kept = Vec::new();
        for listed in performances {
            match self.judge(checkout, score, listed, splits) {
                Ok(performance) => kept.extend(performance),
                Err(error) => self.drop(listed, &format!("{error:#}")),
            }
        }
        for (k, container) in self.containers.iter_mut().enumerate() {
            let mut of_container = kept.iter().filter(|p| p.container == k).peekable();
            if of_container.peek().is_none() {
                continue;
            }
            let listed = &performances[0];
            let named = ScoreEntry {
                id: container.scores.len(),
                composer: listed.composer.clone(),
                title: splits::title(&listed.composer, &listed.title).to_owned(),
                folder: listed.folder.clone(),
                ..ScoreEntry::default()
            };
            container.scores.push(score_out::write(score, named, &mut container.columns));
            for Kept { performed, measured, recording, .. } in of_container {
                let named = Recording { score: container.scores.len() - 1, ..recording.clone() };
                container.performances.push(measure::write(
                    performed,
                    measured,
                    named,
                    &mut container.columns,
                ));
            }
        }
    }

    /// Reads a performance and says where it goes; nothing if it was left out.
    fn judge(
        &mut self,
        checkout: &Path,
        score: &Score,
        listed: &Listed,
        splits: &Splits,
    ) -> Result<Option<Kept>> {
        let alignment = checkout.join(listed.alignment());
        if !alignment.is_file() {
            self.drop(listed, "no_alignment_file");
            return Ok(None);
        }
        let mut performed = recording::read(score, &checkout.join(&listed.midi), &alignment)?;
        let annotations = checkout.join(listed.annotations());
        if annotations.is_file() {
            let beats = super::annotations::parse(&csv::read_text(&annotations)?);
            performed.beats = beats.with_context(|| format!("in {}", annotations.display()))?;
        }
        let measured = measure::measure(&mut performed, &measure::score_notes(score));
        let split = splits.of(&listed.composer, splits::title(&listed.composer, &listed.title));
        let container = match (split, listed.robust, measured.checks.verdict()) {
            (_, _, Verdict::Poor(reason)) => Err(reason.to_owned()),
            (Split::HeldOut, ..) => Err("held_out".to_owned()),
            (Split::Train, true, Verdict::Good) => Ok(0),
            (Split::Valid, true, Verdict::Good) => Ok(1),
            (Split::Test, true, Verdict::Good) => Ok(2),
            (Split::Train, ..) => Ok(3),
            (_, _, Verdict::Fair) => Err("deletions>10%".to_owned()),
            (_, false, Verdict::Good) => Err("ok".to_owned()),
        };
        let container = match container {
            Ok(container) => container,
            Err(reason) => {
                self.drop(listed, &reason);
                return Ok(None);
            }
        };
        let recording = Recording {
            midi: listed.midi.clone(),
            maestro: listed.maestro.clone(),
            robust: listed.robust,
            ..Recording::default()
        };
        Ok(Some(Kept { container, performed, measured, recording }))
    }
}
