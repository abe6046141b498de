//! The published performances: what was played in each, and how musicians rated it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use notation::{ImportOptions, Score, read_score};
use performance::Performance;
use performance::cues::Measured;
use performance::midi::{match_recording, read_performance};
use serde::Deserialize;

use super::segments::{Name, Segment};
use super::{archive, raters};

/// A performance of which less is found in its score is left out.
const LEAST_MATCHED: f64 = 0.7;

/// The ratings as they are published.
#[derive(Deserialize)]
struct Published {
    features: Vec<String>,
    /// Mean over raters by performance, on a scale of 1 to 7, divided by 7.
    mean: BTreeMap<String, Vec<f64>>,
    /// Standard deviation over the same.
    sd: BTreeMap<String, Vec<f64>>,
}

/// All segments that several people played.
pub(crate) struct Rated {
    /// Names of the scales, the two ends of each, the lower first.
    pub scales: Vec<String>,
    /// Segment by segment.
    pub segments: Vec<Segment>,
    /// Performances left out, since too little of them is found in the score.
    pub left_out: usize,
}

/// Reads `percepiano` in the data folder and measures every performance of a person.
pub(crate) fn read(data: &Path, said: &dyn Fn(&str)) -> Result<Rated> {
    let folder = data.join("percepiano");
    let path = folder.join("ratings.json");
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let ratings: Published =
        serde_json::from_slice(&bytes).with_context(|| format!("{} is broken", path.display()))?;
    let scores = archive::read(&folder.join("scores.tar.gz"))?;
    let performances = archive::read(&folder.join("performances.tar.gz"))?;
    said(&format!("measuring {} performances", ratings.mean.len()));
    let mut segments: BTreeMap<(String, u32), Segment> = BTreeMap::new();
    let mut left_out = 0;
    for (file, mean) in &ratings.mean {
        let Some(name) = Name::of(file).filter(|name| !name.is_literal()) else { continue };
        let sd = ratings.sd.get(file).with_context(|| format!("{file} has no deviations"))?;
        if mean.len() != ratings.features.len() || sd.len() != mean.len() {
            bail!("{file} has {} ratings instead of {}", mean.len(), ratings.features.len());
        }
        let midi = performances.get(&format!("{file}.mid"));
        let midi = midi.with_context(|| format!("there is no performance {file}"))?;
        let score = scores.get(&format!("{}.musicxml", name.score()));
        let score = score.or_else(|| scores.get(&format!("{}.musicxml", name.other_score())));
        let score = score.with_context(|| format!("there is no score of {file}"))?;
        match matched(file, score, midi)? {
            Some((score, played)) => {
                let cues = Measured::of(&score, &played, None).cues(0..score.measures.len());
                let segment = segments.entry((name.piece.clone(), name.segment)).or_default();
                segment.piece = name.work();
                segment.add(&name.player, mean, sd, raters::count(mean, sd), cues);
                segment.played.push(played);
                segment.score = score;
            }
            None => left_out += 1,
        }
    }
    let segments = segments.into_values().filter(|segment| segment.len() > 1).collect();
    Ok(Rated { scales: ratings.features, segments, left_out })
}

/// The segment as written, and its notes as they were played; nothing if too little of it is in the score.
fn matched(file: &str, score: &[u8], midi: &[u8]) -> Result<Option<(Score, Performance)>> {
    let score = read_score(file, score, &ImportOptions::default())?;
    let midi = read_performance(midi).with_context(|| format!("{file} cannot be read"))?;
    let played = match_recording(&score, &midi).played;
    let found = played.notes.len() as f64 / midi.notes.len().min(score.notes.len()).max(1) as f64;
    Ok((found >= LEAST_MATCHED).then_some((score, played)))
}
