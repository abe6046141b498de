//! Which recordings are of pieces that are kept for judging.
//!
//! Titles do not tell: recordings are called "Sonata in F" or "Prelude & Fugue", and one may hold several
//! movements. So notes are compared: how many of a recording's runs of notes are those of a kept score.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result};
use pianist_transformer::tokens::{Chords, Press, Stream, Timeline, timeline_of_midi};

use crate::datasets;

/// Notes of a run.
const NOTES: usize = 8;

/// Keys that go down within so many ms of the first of them are a chord, and compared from the lowest on.
const CHORD_MS: i64 = 45;

/// A recording that shares as much with kept scores is left out. The 166 recordings of the Pianist Transformer's
/// test pieces share 23 % and more with them; of the 1,455 recordings of `asap`, `maestro` and `giantmidi`, of which
/// none is of a kept piece, the likest shares 5 %.
const LARGEST_SHARE: f64 = 0.08;

/// The notes of pieces that must not be trained on.
#[derive(Default)]
pub(super) struct Kept {
    runs: HashSet<[u8; NOTES]>,
}

impl Kept {
    /// The scores of the splits `valid` and `test` and of the Pianist Transformer's test pieces, of which a few are in
    /// no split.
    ///
    /// # Errors
    /// When one of them is missing or damaged.
    pub(super) fn read(data: &Path) -> Result<Self> {
        let mut kept = Self::default();
        for split in ["valid", "test"] {
            for piece in datasets::load(data, split)?.pieces {
                let stream = Stream::of_score(&piece.score, Chords::LowestFirst);
                kept.add(&stream.events.iter().map(|event| event.pitch).collect::<Vec<u8>>());
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
        self.runs.extend(runs(pitches));
    }

    /// Whether a recording is, or has in it, one of a kept piece.
    pub(super) fn has(&self, recording: &Timeline) -> bool {
        let pitches = in_order(&recording.presses, CHORD_MS);
        let all = (pitches.len() + 1).saturating_sub(NOTES).max(1);
        let known = runs(&pitches).filter(|run| self.runs.contains(run)).count();
        known as f64 >= LARGEST_SHARE * all as f64
    }
}

/// All notes in a row.
fn runs(pitches: &[u8]) -> impl Iterator<Item = [u8; NOTES]> + '_ {
    pitches.windows(NOTES).filter_map(|run| run.try_into().ok())
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
