//! How fast pieces are taken as a whole: what `BeatPeriod` learns from people, and how far off it is.

use std::path::Path;

use analysis::tempo_cues::{self, CUES};
use anyhow::{Context, Result};
use pianoflow::beat_period::BeatPeriod;
use pianoflow::settings::Settings;

use super::batches::encode;
use super::calibrate::write_settings;
use crate::datasets::{self, Piece, Split};
use crate::linear;

/// Mean distance from people, in log2 of tempo.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Scores learned from.
    pub scores: usize,
    /// Of train scores, each told by the others.
    pub left_out: f64,
    /// Of validation scores.
    pub valid: f64,
    /// Of validation scores, if all were played at the mean level.
    pub by_mean: f64,
}

/// The cues of a score and the mean level that it was played at.
type Example = ([f64; CUES], f64);

/// Learns the level anew and writes it into the model's `config.json`; the weights stay.
pub fn settle_pace(data: &Path, model: &Path) -> Result<Pace> {
    let train = [datasets::load(data, "train")?, datasets::load(data, "extra_train")?];
    let pieces: Vec<&Piece> = train.iter().flat_map(|s| &s.pieces).collect();
    let told: Vec<(&Piece, Example)> = pieces.iter().filter_map(|p| Some((*p, example(p)?))).collect();
    let left_out = told.iter().map(|(piece, (cues, played))| {
        let same = |p: &Piece| p.composer == piece.composer && p.title == piece.title;
        let others: Vec<Example> = told.iter().filter(|(p, _)| !same(p)).map(|(_, e)| *e).collect();
        (fit_beat_period(&others).told_by(cues) - played).abs()
    });
    let left_out = left_out.sum::<f64>() / told.len().max(1) as f64;
    let level = fit(&train);
    let valid: Vec<Example> = datasets::load(data, "valid")?.pieces.iter().filter_map(example).collect();
    let off = |by: &dyn Fn(&Example) -> f64| {
        valid.iter().map(|e| (by(e) - e.1).abs()).sum::<f64>() / valid.len().max(1) as f64
    };
    let pace = Pace {
        scores: told.len(),
        left_out,
        valid: off(&|e| level.told_by(&e.0)),
        by_mean: off(&|_| level.mean),
    };
    let path = model.join("config.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("no model at {}", path.display()))?;
    // Through a value, since the level there may have other cues.
    let damaged = || format!("{} is not a model's settings", path.display());
    let mut config: serde_json::Value = serde_json::from_str(&text).with_context(damaged)?;
    // `Settings::beat_period`, by the name that files have for it.
    config["level"] = serde_json::to_value(level)?;
    let settings: Settings = serde_json::from_value(config).with_context(damaged)?;
    write_settings(model, &settings)?;
    Ok(pace)
}

/// The level as these splits play it.
pub fn fit(splits: &[Split]) -> BeatPeriod {
    let examples: Vec<Example> = splits.iter().flat_map(|s| &s.pieces).filter_map(example).collect();
    fit_beat_period(&examples)
}

/// Weight against large coefficients, as if so many pieces said nothing.
const RIDGE: f64 = 40.0;

/// Ridge regression over pieces: their cues, each in its own deviations, and the level they were
/// played at.
pub fn fit_beat_period(pieces: &[([f64; CUES], f64)]) -> BeatPeriod {
    let count = pieces.len().max(1) as f64;
    let mean = pieces.iter().map(|p| p.1).sum::<f64>() / count;
    let cue_means: [f64; CUES] = std::array::from_fn(|k| pieces.iter().map(|p| p.0[k]).sum::<f64>() / count);
    let deviations: [f64; CUES] = std::array::from_fn(|k| {
        let square = pieces.iter().map(|p| (p.0[k] - cue_means[k]).powi(2)).sum::<f64>();
        (square / count).sqrt().max(1e-6)
    });
    let scaled = |(cues, level): &Example| {
        let distances: Vec<f64> = (0..CUES).map(|k| (cues[k] - cue_means[k]) / deviations[k]).collect();
        (distances, level - mean)
    };
    let solved = linear::ridge(CUES, CUES, RIDGE, pieces.iter().map(scaled));
    BeatPeriod { mean, cue_means, weights: std::array::from_fn(|k| solved[k] / deviations[k]) }
}

fn example(piece: &Piece) -> Option<Example> {
    let sum: f64 = piece.humans.iter().map(|h| encode(piece, h).1).sum();
    (!piece.humans.is_empty()).then(|| (tempo_cues::of(&piece.score), sum / piece.humans.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_found_again() {
        let truth = |cues: &[f64; CUES]| -0.5 + 0.3 * cues[0] - 0.2 * cues[4] + 0.1 * cues[8];
        let piece = |k: usize| {
            let cues = std::array::from_fn(|c| ((k * (2 * c + 3) + c * c) % 17) as f64 / 4.0);
            (cues, truth(&cues))
        };
        let pieces: Vec<_> = (0..4000).map(piece).collect();
        let level = fit_beat_period(&pieces);
        for (cues, expected) in &pieces {
            let found = level.told_by(cues);
            assert!((found - expected).abs() < 0.05, "{found} for {expected}");
        }
    }

    #[test]
    fn nothing_to_learn_from_is_no_panic() {
        assert!(fit_beat_period(&[]).of(&notation::Score::default()).is_finite());
    }
}
