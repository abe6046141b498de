//! `espressivo evaluate pertok`: how many tokens four bars take.
//!
//! The scores of a split of (n)ASAP are cut into four measures each, from the first one on. Those of four
//! quarters a measure, without a measure of irregular length, are told in three settings of PerTok (Lenz and
//! Mani, arXiv 2410.02060, Table 1), and what comes of decoding them is compared with what was told.
//! `scripts/pertok_fixture.py table` tells the same excerpts by MidiTok's tokenizers.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use cadenza::pertok::{Config, Music, PerTok};
use notation::{Quarters, Score};
use serde::Serialize;

use crate::datasets;

/// Measures of an excerpt.
const MEASURES: usize = 4;

/// The velocity of all notes: scores have none.
const VELOCITY: u8 = 64;

/// Mean tokens of an excerpt in REMI, whose ratio the paper's rows are.
const PUBLISHED_REMI: f64 = 195.0;

/// What the comparison found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The split.
    pub split: String,
    /// Excerpts told.
    pub excerpts: usize,
    /// Excerpts left out: other metres, irregular measures, no notes, or pitches without tokens.
    pub left_out: usize,
    /// Mean notes of an excerpt.
    pub notes: f64,
    /// A row for every setting.
    pub rows: Vec<Row>,
}

/// A setting of PerTok.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What is told.
    pub name: String,
    /// Tokens that there are, special ones not counted.
    pub vocabulary: usize,
    /// Mean tokens of an excerpt.
    pub tokens: f64,
    /// The furthest that an onset came back from where it was, in ticks.
    pub furthest_ticks: u32,
    /// Vocabulary and mean tokens of the paper.
    pub published: (usize, f64),
}

/// Tells the excerpts of a split.
///
/// # Errors
/// When there is no such split, it has no such excerpts, or what was told is not what comes back.
pub fn run(data: &Path, split: &str) -> Result<Report> {
    let mut excerpts = Vec::new();
    let mut left_out = 0;
    let (low, high) = Config::default().pitches;
    for piece in &datasets::load(data, split)?.pieces {
        for first in (0..piece.score.measures.len()).step_by(MEASURES) {
            match excerpt(&piece.score, first..first + MEASURES) {
                Some(music) if music.notes.iter().all(|note| (low..=high).contains(&note.pitch)) => {
                    excerpts.push(music);
                }
                _ => left_out += 1,
            }
        }
    }
    ensure!(!excerpts.is_empty(), "no score of {split} has {MEASURES} measures of four quarters");
    let notes: usize = excerpts.iter().map(|music| music.notes.len()).sum();
    let written = Config::composition();
    let settings = [
        ("PerTok", written.clone(), (196, 134.0)),
        ("PerTok, played", Config::default(), (259, 243.0)),
        ("PerTok without durations", Config { durations: false, ..written }, (164, 80.0)),
    ];
    let row = |(name, config, published)| row(name, config, published, &excerpts);
    let rows = settings.into_iter().map(row).collect::<Result<Vec<Row>>>()?;
    let mean = notes as f64 / excerpts.len() as f64;
    Ok(Report { split: split.to_owned(), excerpts: excerpts.len(), left_out, notes: mean, rows })
}

/// Measures of four quarters each, with notes.
fn excerpt(score: &Score, measures: Range<usize>) -> Option<Music> {
    let chosen = score.measures.get(measures.clone())?;
    if chosen.iter().any(|measure| measure.time.measure_length() != Quarters::whole(4)) {
        return None;
    }
    let music = Music::of_measures(score, measures, Config::default().ticks_per_quarter, VELOCITY)?;
    (!music.notes.is_empty()).then_some(music)
}

fn row(name: &str, config: Config, published: (usize, f64), excerpts: &[Music]) -> Result<Row> {
    let pertok = PerTok::new(config)?;
    let (mut tokens, mut furthest_ticks) = (0, 0);
    for music in excerpts {
        let ids = pertok.encode(music).with_context(|| format!("{name} does not tell an excerpt"))?;
        tokens += ids.len();
        let back = pertok.decode(&ids).with_context(|| format!("{name} does not read what it told"))?;
        let mut told = music.notes.clone();
        told.sort_unstable();
        ensure!(back.notes.len() == told.len(), "{name} loses notes");
        for (found, told) in back.notes.iter().zip(&told) {
            furthest_ticks = furthest_ticks.max(found.onset_ticks.abs_diff(told.onset_ticks));
        }
    }
    Ok(Row {
        name: name.to_owned(),
        vocabulary: pertok.vocabulary().size_without_special(),
        tokens: tokens as f64 / excerpts.len() as f64,
        furthest_ticks,
        published,
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { split, excerpts, left_out, notes, .. } = self;
        writeln!(
            f,
            "{excerpts} excerpts of {split}, {MEASURES} measures of four quarters each, {notes:.1} notes; \
             {left_out} left out"
        )?;
        writeln!(f, "off: the furthest that an onset came back, in ticks of a 320th of a quarter")?;
        writeln!(f, "published: arXiv 2410.02060, Table 1; REMI has {PUBLISHED_REMI:.0} tokens there")?;
        writeln!(
            f,
            "{:26}{:>10}{:>9}{:>5} |{:>10}{:>9}{:>9}",
            "", "vocabulary", "tokens", "off", "published", "tokens", "of REMI"
        )?;
        for row in &self.rows {
            let Row { name, vocabulary, tokens, furthest_ticks, published: (size, length) } = row;
            writeln!(
                f,
                "{name:26}{vocabulary:>10}{tokens:>9.1}{furthest_ticks:>5} |{size:>10}{length:>9.0}{:>9.3}",
                length / PUBLISHED_REMI
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "pertok_tests.rs"]
mod tests;
