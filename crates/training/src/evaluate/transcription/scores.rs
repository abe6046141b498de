//! How right a transcription is.
//!
//! As `mir_eval.transcription` and `mir_eval.transcription_velocity` define it (Raffel and others, "mir_eval", ISMIR
//! 2014; for velocities Hawthorne and others, "Onsets and frames", ISMIR 2018): a key is right if its pitch is, its
//! onset is at most 50 ms off, and, where ends count, its end is off by at most a fifth of its length or 50 ms. Each key
//! that was played is one at most that was heard; the most pairs count. Where velocities count, those that were played
//! are scaled to 0 to 1 (least and greatest of the sound), those that were heard are fitted to them by the line with the
//! least squares over the pairs, and those of a pair must then be less than .1 apart. The sustain pedal is judged as a
//! key is.

use serde::Serialize;

use super::matching::{Interval, pairs};
use crate::evaluate::rendered::{Key, Keys, Press};

/// How far a velocity may be off, after scaling and fitting.
const VELOCITY: f64 = 0.1;

/// Precision, recall and their harmonic mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    /// Share of what was heard that is right.
    pub precision: f64,
    /// Share of what was played that was heard.
    pub recall: f64,
    /// 2 precision recall / (precision + recall).
    pub f1: f64,
}

/// What a transcription is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Keys by pitch and onset.
    pub onset: Rates,
    /// By pitch, onset and end.
    pub ends: Rates,
    /// By pitch, onset and velocity.
    pub velocity: Rates,
    /// By pitch, onset, end and velocity.
    pub all: Rates,
    /// The sustain pedal by when it goes down; none if it was neither used nor heard.
    pub pedal: Option<Rates>,
    /// By when it goes down and comes up.
    pub pedal_ends: Option<Rates>,
}

impl Rates {
    /// Of so many that are right; all are 0 if nothing was played or nothing was heard.
    fn of(right: usize, played: usize, heard: usize) -> Self {
        if played == 0 || heard == 0 || right == 0 {
            return Self::default();
        }
        let share = |of: usize| right as f64 / of as f64;
        Self {
            precision: share(heard),
            recall: share(played),
            f1: 2.0 * right as f64 / (played + heard) as f64,
        }
    }

    /// Means of each; of nothing none.
    pub fn mean(rates: impl Iterator<Item = Self>) -> Option<Self> {
        let (mut sum, mut count) = (Self::default(), 0.0);
        for Self { precision, recall, f1 } in rates {
            sum.precision += precision;
            sum.recall += recall;
            sum.f1 += f1;
            count += 1.0;
        }
        let mean = |value: f64| value / count;
        (count > 0.0).then(|| Self {
            precision: mean(sum.precision),
            recall: mean(sum.recall),
            f1: mean(sum.f1),
        })
    }
}

impl Scores {
    /// Judges what was heard by what was played.
    pub fn of(played: &Keys, heard: &Keys) -> Self {
        let intervals = |keys: &[Key]| keys.iter().map(Interval::from).collect::<Vec<_>>();
        let (truth, found) = (intervals(&played.keys), intervals(&heard.keys));
        let [onsets, ends] = [false, true].map(|with_ends| pairs(&truth, &found, with_ends));
        let rates = |right: usize| Rates::of(right, truth.len(), found.len());
        let as_loud = |pairs: &[(usize, usize)]| rates(equally_loud(&played.keys, &heard.keys, pairs));
        Self {
            onset: rates(onsets.len()),
            ends: rates(ends.len()),
            velocity: as_loud(&onsets),
            all: as_loud(&ends),
            pedal: of_pedal(&played.pedal, &heard.pedal, false),
            pedal_ends: of_pedal(&played.pedal, &heard.pedal, true),
        }
    }

    /// Means of each; of nothing none.
    pub fn mean(scores: &[Self]) -> Option<Self> {
        let mean = |of: fn(&Self) -> Rates| Rates::mean(scores.iter().map(of));
        Some(Self {
            onset: mean(|s| s.onset)?,
            ends: mean(|s| s.ends)?,
            velocity: mean(|s| s.velocity)?,
            all: mean(|s| s.all)?,
            pedal: Rates::mean(scores.iter().filter_map(|s| s.pedal)),
            pedal_ends: Rates::mean(scores.iter().filter_map(|s| s.pedal_ends)),
        })
    }
}

impl From<&Key> for Interval {
    fn from(key: &Key) -> Self {
        Self { pitch: key.pitch, from_secs: key.onset_secs, to_secs: key.end_secs }
    }
}

impl From<&Press> for Interval {
    fn from(press: &Press) -> Self {
        Self { pitch: 0, from_secs: press.from_secs, to_secs: press.to_secs }
    }
}

fn of_pedal(played: &[Press], heard: &[Press], with_ends: bool) -> Option<Rates> {
    let [truth, found] =
        [played, heard].map(|presses| presses.iter().map(Interval::from).collect::<Vec<_>>());
    let is_used = !truth.is_empty() || !found.is_empty();
    is_used.then(|| Rates::of(pairs(&truth, &found, with_ends).len(), truth.len(), found.len()))
}

/// How many pairs are equally loud.
fn equally_loud(played: &[Key], heard: &[Key], pairs: &[(usize, usize)]) -> usize {
    let loudness = |key: &Key| f64::from(key.velocity);
    let least = played.iter().map(loudness).fold(f64::INFINITY, f64::min);
    let range = played.iter().map(|key| loudness(key) - least).fold(1.0, f64::max);
    let points: Vec<(f64, f64)> =
        pairs.iter().map(|(k, j)| (loudness(&heard[*j]), (loudness(&played[*k]) - least) / range)).collect();
    let line = line(&points);
    points.iter().filter(|(x, y)| (line(*x) - y).abs() < VELOCITY).count()
}

/// The line with the least squares through some points; their mean where all have one abscissa.
fn line(points: &[(f64, f64)]) -> impl Fn(f64) -> f64 {
    let count = points.len().max(1) as f64;
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / count;
    let variance: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let covariance: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let slope = if variance > 0.0 { covariance / variance } else { 0.0 };
    move |x| mean_y + slope * (x - mean_x)
}

#[cfg(test)]
#[path = "scores_tests.rs"]
mod tests;
