//! `espressivo train coherence`: how chance of takes is to be correlated.
//!
//! Performances that the model did not learn from are told by it, each value given those before it as they were played,
//! in the manner that is read of the whole performance, as a performer plays. How much of a value's distribution lies
//! below what was played is a number that would be drawn evenly, and of each value's own, if people played as chance
//! does; as normal numbers, these are correlated, and takes are to be as well.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use xmvae::config::{self, Coherences, SETTINGS_NAME};
use xmvae::ecp::{
    DURATION, FAMILY, METRIC, NOTE, PERFORMANCE_COLUMNS, PLACES, POSITION, SCORE_COLUMNS, centre, duration_of,
};
use xmvae::network::windows::consecutive;
use xmvae::network::{Model, Played, Reading, ScoreTokens, quantile};

use super::correlated::{Left, coherence_of};
use super::pack::path;
use super::packed::Packed;
use super::run::FILES;

/// No number is further out than one in so many.
const RAREST: f64 = 1e-4;

/// What `espressivo train coherence` takes.
#[derive(Clone, Debug)]
pub struct CoherenceOptions {
    /// The folder that `espressivo data ecp` wrote; performances of validation pieces are read.
    pub ecp: PathBuf,
    /// The model folder; its `config.json` is rewritten.
    pub model: PathBuf,
    /// So many performances, from everywhere; all if none.
    pub limit: Option<usize>,
    /// Whether nothing is written.
    pub is_dry: bool,
}

/// Measures the coherence of each value and writes it into the model's settings. `say` hears what is done.
///
/// # Errors
/// When the model or the pack cannot be read, there are no performances, or the settings cannot be written.
pub fn coherence(options: &CoherenceOptions, say: &dyn Fn(&str)) -> Result<Coherences> {
    let folder = &options.model;
    let model = Model::load(folder).with_context(|| format!("reading the model of {}", folder.display()))?;
    let packed = Packed::read(&path(&options.ecp, FILES[1]))?;
    let count = packed.performances();
    ensure!(count > 0, "{} has no performances of validation pieces", options.ecp.display());
    let every = count.div_ceil(options.limit.unwrap_or(count).max(1));
    let mut left: [Vec<Left>; PERFORMANCE_COLUMNS] = Default::default();
    for performance in (0..count).step_by(every) {
        say(&format!("performance {} of {count}", performance + 1));
        let of_columns = left_of(&model, &packed, performance);
        left.iter_mut().zip(of_columns).for_each(|(all, of_column)| all.push(of_column));
    }
    let [beat_period, velocity, timing, articulation, pedal] = left.map(|left| coherence_of(&left));
    let found = Coherences { beat_period, velocity, timing, articulation, pedal };
    if !options.is_dry {
        let mut settings = config::settings(folder)?;
        settings.coherence = found;
        let path = folder.join(SETTINGS_NAME);
        let json = serde_json::to_string_pretty(&settings)? + "\n";
        std::fs::write(&path, json).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(found)
}

/// What is left of each value of a performance.
fn left_of(model: &Model, packed: &Packed, performance: usize) -> [Left; PERFORMANCE_COLUMNS] {
    let score = packed.score[performance];
    let (first, end) = (packed.score_starts[score], packed.score_starts[score + 1]);
    let tokens: &[ScoreTokens] =
        packed.score_tokens[first * SCORE_COLUMNS..end * SCORE_COLUMNS].as_chunks().0;
    let from = packed.performance_starts[performance] * PERFORMANCE_COLUMNS;
    let values: &[Played] = packed.values[from..from + tokens.len() * PERFORMANCE_COLUMNS].as_chunks().0;
    let windows = consecutive(tokens, &model.settings().network);
    let read = |window: &Range<usize>| {
        let features = packed.features(first + window.start..first + window.end);
        let tokens = &tokens[window.clone()];
        model.read(tokens, &features, &model.codes(tokens))
    };
    let readings: Vec<Reading> = windows.iter().map(read).collect();
    let manner = manner(model, &readings, &windows, tokens, values);
    let found: Mutex<Vec<(usize, usize, f64)>> = Mutex::default();
    for (reading, window) in readings.iter().zip(&windows) {
        let states = model.states(reading, Some(&manner));
        let value = |step: usize, column: usize, logits: &[f32]| {
            let step = window.start + step;
            let played = values[step][column];
            if played.is_nan() {
                return quantile(column, logits, 0.5);
            }
            let number = normal_number(column, logits, played);
            found.lock().unwrap_or_else(PoisonError::into_inner).push((step, column, number));
            played
        };
        model.play(reading, &states, 0..reading.len(), &value);
    }
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Steps are told side by side.
    found.sort_unstable_by_key(|(step, column, _)| (*step, *column));
    let places = places(tokens);
    let mut left: [Left; PERFORMANCE_COLUMNS] = Default::default();
    found.into_iter().for_each(|(step, column, number)| left[column].push((places[step], number)));
    left
}

/// The manner of a performance: the mean over windows, in which each counts as its notes are many.
fn manner(
    model: &Model,
    readings: &[Reading],
    windows: &[Range<usize>],
    tokens: &[ScoreTokens],
    values: &[Played],
) -> Vec<f32> {
    let mut manner = vec![0.0; model.settings().network.latent];
    let is_known =
        |step: &usize| tokens[*step][FAMILY] == NOTE && values[*step].iter().any(|value| !value.is_nan());
    let all = (0..tokens.len()).filter(is_known).count().max(1) as f32;
    for (reading, window) in readings.iter().zip(windows) {
        let share = window.clone().filter(is_known).count() as f32 / all;
        let posterior = model.posterior(reading, &values[window.clone()]);
        manner.iter_mut().zip(&posterior.mean).for_each(|(sum, number)| *sum += share * number);
    }
    manner
}

/// Where steps lie, in quarters.
fn places(tokens: &[ScoreTokens]) -> Vec<f64> {
    let (mut start, mut length) = (0.0, 0.0);
    let place = |step: &ScoreTokens| {
        if step[FAMILY] == METRIC {
            start += length;
            length = duration_of(step[DURATION]).to_f64();
            return start;
        }
        start + length * f64::from(step[POSITION].saturating_sub(1)) / f64::from(PLACES)
    };
    tokens.iter().map(place).collect()
}

/// The normal number below which as many of these lie as of a distribution over the bins of a column lies below a
/// value.
fn normal_number(column: usize, logits: &[f32], value: f32) -> f64 {
    let [first, second] = [1, 2].map(|token| centre(SCORE_COLUMNS + column, token));
    let place = f64::from(value - first) / f64::from(second - first) + 0.5;
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut below, mut all) = (0.0, 0.0);
    for (bin, logit) in logits.iter().enumerate() {
        let share = f64::from(logit - most).exp();
        all += share;
        below += share * (place - bin as f64).clamp(0.0, 1.0);
    }
    normal_above(below / all)
}

/// The normal number below which such a share of them lies, within .0005 (Abramowitz and Stegun, *Handbook of
/// Mathematical Functions*, 26.2.23).
fn normal_above(share: f64) -> f64 {
    let share = share.clamp(RAREST, 1.0 - RAREST);
    let t = (-2.0 * share.min(1.0 - share).ln()).sqrt();
    let over = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let under = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let far = t - over / under;
    if share < 0.5 { -far } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_tables_of_normal_numbers() {
        for (share, number) in [(0.5, 0.0), (0.975, 1.959_964), (0.158_655, -1.0), (0.001, -3.090_232)] {
            let found = normal_above(share);
            assert!((found - number).abs() < 1e-3, "{share}: {found}, not {number}");
        }
        assert!(normal_above(0.0).is_finite() && normal_above(1.0).is_finite());
    }

    #[test]
    fn a_value_in_the_middle_of_its_distribution_is_nothing() {
        // Velocities: bins of four from -.5 on.
        let mut logits = [f32::NEG_INFINITY; 32];
        logits[10] = 0.0;
        assert!(normal_number(1, &logits, 41.5).abs() < 1e-3);
        assert!(normal_number(1, &logits, 43.0) > 0.5);
        assert!(normal_number(1, &logits, 20.0) < -3.0);
        assert!(normal_number(1, &logits, 99.0) > 3.0);
    }

    #[test]
    fn notes_lie_within_their_beats() {
        // A quarter has the token 26.
        let quarter = duration_of(26).to_f64();
        let tokens = [[METRIC, 1, 0, 26], [NOTE, 1, 40, 26], [NOTE, 13, 44, 26], [METRIC, 2, 0, 26]];
        assert_eq!(places(&tokens), [0.0, 0.0, 0.5 * quarter, quarter]);
    }
}
