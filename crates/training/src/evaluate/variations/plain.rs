//! What a model writes by itself, as the paper judged it.

use anyhow::Result;
use cadenza::variations::Plain;
use performers::composer::Similarity;
use rayon::prelude::*;
use serde::Serialize;

use super::subject::{Segment, Subject};

/// Mean likenesses, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Likeness {
    /// Pitch, onset, duration, and the share of equal notes.
    pub similarity: Similarity,
    /// Segments that the model did not bring to an end.
    pub broken: usize,
}

/// Table 2 of the paper: 500 files, greedy; pitch, onset, duration, equal notes, in per cent.
pub const PUBLISHED: [(&str, [f64; 4]); 3] = [
    ("paper, Full-KL", [71.01, 77.99, 88.65, 9.44]),
    ("paper, Balanced-KL", [92.06, 80.80, 96.95, 16.46]),
    ("paper, No-KL", [95.64, 83.04, 98.40, 20.05]),
];

/// The likeliest tokens of each segment's own latent vector.
pub(super) fn greedy(subject: &Subject, segments: &[Segment]) -> Result<Likeness> {
    mean(subject, segments, &|_| Plain::Greedy)
}

/// Tokens and latent vectors drawn.
pub(super) fn sampled(subject: &Subject, segments: &[Segment]) -> Result<Likeness> {
    mean(subject, segments, &|segment| Plain::Sampled(subject.seed_of(segment)))
}

fn mean(
    subject: &Subject,
    segments: &[Segment],
    plain: &(dyn Fn(&Segment) -> Plain + Sync),
) -> Result<Likeness> {
    let write = |segment: &Segment| -> Result<Option<Similarity>> {
        let bars = 0..segment.score.measures.len();
        let written = subject.variations.plain(&segment.score, bars, plain(segment))?;
        Ok(written.map(|variation| variation.similarity))
    };
    let found: Vec<Option<Similarity>> = segments.par_iter().map(write).collect::<Result<_>>()?;
    let written: Vec<Similarity> = found.iter().flatten().copied().collect();
    let mean =
        |value: fn(&Similarity) -> f64| written.iter().map(value).sum::<f64>() / written.len().max(1) as f64;
    Ok(Likeness {
        similarity: Similarity {
            pitch: mean(|s| s.pitch),
            onset: mean(|s| s.onset),
            duration: mean(|s| s.duration),
            equal: mean(|s| s.equal),
        },
        broken: found.len() - written.len(),
    })
}
