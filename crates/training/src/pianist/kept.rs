//! Which recordings are of pieces that are kept for judging.
//!
//! Titles do not tell: recordings are called "Sonata in F" or "Prelude & Fugue", and one may hold several
//! movements. So notes are compared: how many of a recording's runs of notes are those of one kept score. Each run
//! counts once, since scales and broken chords that a piece repeats are those of many pieces.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result};
use notation::Score;
use pianist_transformer::tokens::{Chords, Press, Stream, Timeline, timeline_of_midi};

use crate::datasets;

/// Notes of a run.
const NOTES: usize = 8;

/// Keys that go down within so many ms of the first of them are a chord, and compared from the lowest on.
const CHORD_MS: i64 = 45;

/// A recording that shares as much with one kept score is left out. Of the 1,455 recordings of `asap`, `maestro` and
/// `giantmidi`, of which none is of a kept piece, the likest shares 1.9 %; of those of the test pieces, the least
/// like 3.6 %.
const LARGEST_SHARE: f64 = 0.025;

/// The notes of pieces that must not be trained on.
#[derive(Default)]
pub(crate) struct Kept {
    /// The pieces that have a run, by number.
    runs: HashMap<[u8; NOTES], Vec<usize>>,
    pieces: usize,
}

impl Kept {
    /// The scores of the splits `valid` and `test` and of the Pianist Transformer's test pieces, of which a few are in
    /// no split.
    ///
    /// # Errors
    /// When one of them is missing or damaged.
    pub(crate) fn read(data: &Path) -> Result<Self> {
        let mut kept = Self::default();
        for split in ["valid", "test"] {
            for piece in datasets::load(data, split)?.pieces {
                kept.add(&pitches(&piece.score));
            }
        }
        let folder = data.join("pianist-transformer-testset/score");
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("no scores of test pieces at {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let timeline = timeline_of_midi(&bytes).with_context(|| format!("in {}", path.display()))?;
            kept.add(&in_order(&timeline.presses, 0));
        }
        Ok(kept)
    }

    /// Keeps a piece of these pitches.
    fn add(&mut self, pitches: &[u8]) {
        for run in runs(pitches) {
            self.runs.entry(run).or_default().push(self.pieces);
        }
        self.pieces += 1;
    }

    /// Whether a recording is, or has in it, one of a kept piece.
    pub(super) fn has(&self, recording: &Timeline) -> bool {
        self.has_runs(&runs(&in_order(&recording.presses, CHORD_MS)))
    }

    /// Whether a score is, or has in it, one of a kept piece.
    pub(crate) fn has_score(&self, score: &Score) -> bool {
        self.has_runs(&runs(&pitches(score)))
    }

    fn has_runs(&self, own: &HashSet<[u8; NOTES]>) -> bool {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for piece in own.iter().filter_map(|run| self.runs.get(run)).flatten() {
            *shared.entry(*piece).or_default() += 1;
        }
        let most = shared.into_values().max().unwrap_or(0);
        most as f64 >= LARGEST_SHARE * own.len().max(1) as f64
    }
}

/// The pitches of a score, those of a chord from the lowest on.
fn pitches(score: &Score) -> Vec<u8> {
    Stream::of_score(score, Chords::LowestFirst).events.iter().map(|event| event.pitch).collect()
}

/// All notes in a row, each run once.
fn runs(pitches: &[u8]) -> HashSet<[u8; NOTES]> {
    pitches.windows(NOTES).filter_map(|run| run.try_into().ok()).collect()
}

/// The pitches of keys, those of a chord from the lowest on. A chord is what goes down within so many ms.
fn in_order(presses: &[Press], chord_ms: i64) -> Vec<u8> {
    let mut pitches = Vec::with_capacity(presses.len());
    let mut rest = presses;
    while let Some(first) = rest.first() {
        let end = rest.partition_point(|press| press.onset_ms <= first.onset_ms + chord_ms);
        let (chord, after) = rest.split_at(end);
        let begin = pitches.len();
        pitches.extend(chord.iter().map(|press| press.pitch));
        pitches[begin..].sort_unstable();
        rest = after;
    }
    pitches
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
