//! The table of beats.

use std::collections::HashMap;

use anyhow::Result;

use super::outcome::Comparison;
use crate::datasets::container::{BeatRecording, Container};

/// Tolerance of places (quarters), times (seconds) and loudness.
const TOLERANCE: f64 = 2e-5;

/// Compares the beats of all recordings that both have.
pub fn compare(
    comparison: &mut Comparison,
    ours: &Container<BeatRecording>,
    theirs: &Container<BeatRecording>,
) -> Result<()> {
    let key =
        |c: &Container<BeatRecording>, p: &BeatRecording| (c.scores[p.score].folder.clone(), p.pid.clone());
    let known: HashMap<_, _> = theirs.performances.iter().map(|p| (key(theirs, p), p)).collect();
    let mut both = 0;
    for recording in &ours.performances {
        let key = key(ours, recording);
        let Some(other) = known.get(&key) else {
            comparison.lacks("recordings that only we have", 1);
            continue;
        };
        both += 1;
        let place = format!("{} {}", key.0, key.1);
        let (a, b) = (recording.beats, other.beats);
        comparison.lacks("beats that only we have", a.1.saturating_sub(b.1));
        comparison.lacks("beats that only they have", b.1.saturating_sub(a.1));
        for name in ["beat_q", "beat_t", "beat_loud"] {
            let (x, y) = (ours.columns.get(name, a)?, theirs.columns.get(name, b)?);
            for (x, y) in x.into_iter().zip(y) {
                let same = (x - y).abs() <= TOLERANCE || (x.is_nan() && y.is_nan());
                comparison.count(&format!("beats.{name}"), (x, y), same, "", &place);
            }
        }
        let named = [
            ("performer", recording.performer == other.performer),
            ("year", recording.year == other.year),
            ("label", recording.label == other.label),
        ];
        for (name, same) in named {
            comparison.count(&format!("index.{name}"), (0.0, 0.0), same, "", &place);
        }
    }
    comparison.performances = both;
    comparison.lacks("recordings that only they have", theirs.performances.len() - both);
    Ok(())
}
