//! Performances, played again by the Pianist in the manner that it reads of them.

use std::ops::Range;

use analysis::features;
use notation::Score;
use performance::metrics::pearson;
use xmvae::ecp::{self, NAMES, PERFORMANCE_COLUMNS, SCORE_COLUMNS, Steps};
use xmvae::network::windows::consecutive;
use xmvae::network::{Model, Played, Posterior, Reading, score_tokens};

use super::rows::PlayedRow;
use crate::datasets::Human;

/// How a performance is played again.
pub(super) struct Replayed {
    /// What was played at each step.
    values: Vec<Played>,
    /// What is expected of it in the manner of the passage, of another passage, and in none.
    expected: [Vec<Played>; 3],
    /// The manner of each passage.
    pub posteriors: Vec<Posterior>,
}

/// Plays a performance again, window by window.
pub(super) fn play_again(model: &Model, score: &Score, human: &Human) -> Replayed {
    let steps = ecp::played(score, &human.performance, Some(&human.flags));
    let tokens = score_tokens(&steps.tokens);
    let table = features::of(score);
    let windows = consecutive(&tokens, &model.settings().network);
    let read = |window: &Range<usize>| {
        let tokens = &tokens[window.clone()];
        model.read(tokens, &features_of(&steps, window.clone(), &table), &model.codes(tokens))
    };
    let readings: Vec<Reading> = windows.iter().map(read).collect();
    let posteriors: Vec<Posterior> = readings
        .iter()
        .zip(&windows)
        .map(|(reading, window)| model.posterior(reading, &steps.values[window.clone()]))
        .collect();
    let unknown = |window: &Range<usize>| vec![[f32::NAN; PERFORMANCE_COLUMNS]; window.len()];
    let mut expected: [Vec<Played>; 3] = Default::default();
    for (k, (reading, window)) in readings.iter().zip(&windows).enumerate() {
        let play = |manner: Option<&[f32]>| model.expected(reading, &model.states(reading, manner));
        let manner_of = |k: usize| posteriors.get(k).map(|posterior| posterior.mean.as_slice());
        expected[0].extend(play(manner_of(k)));
        // A piece of one window has no other.
        let other = (k + windows.len() / 2) % windows.len();
        expected[1].extend(if other == k { unknown(window) } else { play(manner_of(other)) });
        expected[2].extend(play(None));
    }
    Replayed { values: steps.values, expected, posteriors }
}

/// What is read of the score at each step of a window; zeros at Metric steps.
fn features_of(steps: &Steps, window: Range<usize>, table: &[f32]) -> Vec<f32> {
    let mut rows = Vec::with_capacity(window.len() * features::WIDTH);
    for note in &steps.notes[window] {
        let row = note.and_then(|n| table.chunks_exact(features::WIDTH).nth(n as usize));
        match row {
            Some(row) => rows.extend_from_slice(row),
            None => rows.resize(rows.len() + features::WIDTH, 0.0),
        }
    }
    rows
}

/// r of each value over all performances, and within each.
pub(super) fn rows(played: &[Replayed]) -> Vec<PlayedRow> {
    let row = |column: usize| {
        let r = |manner: usize| {
            let one = |replayed: &Replayed| pair(&replayed.values, &replayed.expected[manner], column);
            let each: Vec<[Vec<f64>; 2]> = played.iter().map(one).collect();
            let [values, expected] = [0, 1].map(|side| each.iter().flat_map(move |pair| &pair[side]));
            let all =
                pearson(&values.copied().collect::<Vec<f64>>(), &expected.copied().collect::<Vec<f64>>());
            let within: Vec<f64> =
                each.iter().filter_map(|[values, expected]| pearson(values, expected)).collect();
            (all, super::tally::mean(&within))
        };
        let three = [0, 1, 2].map(r);
        let name = NAMES[SCORE_COLUMNS + column];
        PlayedRow { name, all: three.map(|pair| pair.0), within: three.map(|pair| pair.1) }
    };
    (0..PERFORMANCE_COLUMNS).map(row).collect()
}

/// A column of what was played and of what is expected, where both are known.
fn pair(values: &[Played], expected: &[Played], column: usize) -> [Vec<f64>; 2] {
    let both = values.iter().zip(expected).map(|(a, b)| (f64::from(a[column]), f64::from(b[column])));
    let (values, expected) = both.filter(|(a, b)| a.is_finite() && b.is_finite()).unzip();
    [values, expected]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn r_is_of_the_values_that_are_known() {
        let step = |k: usize, value: f32| {
            let mut values = [f32::NAN; PERFORMANCE_COLUMNS];
            if k.is_multiple_of(2) {
                values[0] = value
            } else {
                values[1] = value
            }
            values
        };
        let values: Vec<Played> = (0..100).map(|k| step(k, k as f32)).collect();
        let same: Vec<Played> = (0..100).map(|k| [k as f32; PERFORMANCE_COLUMNS]).collect();
        let opposite: Vec<Played> = (0..100).map(|k| [-(k as f32); PERFORMANCE_COLUMNS]).collect();
        let constant = vec![[1.0; PERFORMANCE_COLUMNS]; 100];
        let expected = [same, opposite, constant];
        let rows = rows(&[Replayed { values, expected, posteriors: Vec::new() }]);
        assert_eq!(rows[0].name, "beat_period");
        for row in &rows[..2] {
            assert!((row.all[0].unwrap() - 1.0).abs() < 1e-9 && (row.within[1].unwrap() + 1.0).abs() < 1e-9);
            assert_eq!((row.all[2], row.within[2]), (None, None));
        }
        assert_eq!(rows[3].all, [None; 3]);
    }
}
