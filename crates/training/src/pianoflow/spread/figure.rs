//! One figure of the evaluation: the line that tells its spread, and how well.

use performance::metrics::Figure;
use pianoflow::piece_spread::bounded;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;

use super::fit::{self, Fitted, Target, WIDTHS};
use super::played::Example;
use super::report::{Outcome, SpreadRow};
use super::response::Response;
use crate::evaluate::SPREAD;

/// Fewer pieces tell no mean.
const LEAST_TRIED: usize = 5;

/// Chooses the line of a figure, which answers to gains by `response`; `sigma` is how takes are to differ
/// in its gain.
pub fn settle(
    figure: Figure,
    learned: &[Example],
    tried: &[Example],
    response: &Response,
    sigma: f64,
    most_inputs: usize,
) -> (SpreadRow, Fitted) {
    let learned: Vec<Target<'_>> = learned.iter().filter_map(|e| target(e, figure)).collect();
    let tried: Vec<Target<'_>> = tried.iter().filter_map(|e| target(e, figure)).collect();
    let choices = WIDTHS.map(|width| fit::choose(&learned, width));
    let best = (0..=most_inputs).min_by(|a, b| choices[*a].error.total_cmp(&choices[*b].error));
    let chosen = best.unwrap_or_default();
    let line = Fitted::new(&learned, choices[chosen].width, choices[chosen].penalty);
    let trial = Trial::of(&line, &tried);
    let outcome = |targets: &[Target<'_>], told: &[f64], sigma: f64| {
        outcome(targets, told, response.reach(figure), response.own[figure as usize] * sigma)
    };
    let row = SpreadRow {
        figure,
        before: outcome(&learned, &vec![0.0; learned.len()], 0.0),
        told: choices.each_ref().map(|choice| outcome(&learned, &choice.told, 0.0)),
        chosen,
        penalty: choices[chosen].penalty,
        tried: (!tried.is_empty()).then(|| {
            let now = outcome(&tried, &vec![0.0; tried.len()], 0.0);
            [now, outcome(&tried, &trial.told, 0.0), outcome(&tried, &trial.told, sigma)]
        }),
        response: response.own[figure as usize],
        mean: trial.mean,
    };
    (row, line)
}

/// A line on pieces that it was not learned from.
struct Trial {
    /// log2 of the average piece's factor that is right on their mean; the line's own if they are few.
    mean: f64,
    /// log2 of the factor of each, with the mean of the others.
    told: Vec<f64>,
}

impl Trial {
    fn of(line: &Fitted, tried: &[Target<'_>]) -> Self {
        let from_mean: Vec<f64> = tried.iter().map(|target| line.beyond_mean(target.inputs)).collect();
        if tried.len() < LEAST_TRIED {
            let told = from_mean.iter().map(|told| bounded(line.mean + told)).collect();
            return Self { mean: line.mean, told };
        }
        let off: Vec<f64> = tried.iter().zip(&from_mean).map(|(target, told)| target.ratio - told).collect();
        let (sum, count) = (off.iter().sum::<f64>(), off.len() as f64);
        let of_others = |off: &f64| (sum - off) / (count - 1.0);
        let told = from_mean.iter().zip(&off).map(|(told, off)| bounded(told + of_others(off))).collect();
        Self { mean: sum / count, told }
    }
}

fn target(example: &Example, figure: Figure) -> Option<Target<'_>> {
    let ratio = example.ratio[figure as usize]?;
    Some(Target { name: &example.name, inputs: &example.inputs, ratio })
}

/// How often takes are human that are told to be wider by these, log2, but at most by `reach`, with a
/// deviation between takes of `sigma`.
fn outcome(targets: &[Target<'_>], told: &[f64], reach: f64, sigma: f64) -> Outcome {
    let draws = if sigma > 0.0 { 400 } else { 1 };
    let mut rng = Pcg64Mcg::seed_from_u64(1);
    let (mut within, mut square, mut count) = (0.0, 0.0, 0.0);
    for (target, told) in targets.iter().zip(told) {
        for _ in 0..draws {
            let z: f64 = StandardNormal.sample(&mut rng);
            let wider = told.clamp(-reach, reach) - target.ratio + sigma * z;
            within += f64::from(u8::from(SPREAD.contains(&wider.exp2())));
            square += wider * wider;
            count += 1.0;
        }
    }
    let count = f64::max(count, 1.0);
    Outcome { within: within / count, off: (square / count).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pianoflow::piece_spread::{FIGURES, cues::CUES};

    const EVEN: Response = Response { own: [1.0; 5], onset_to_quarter: 0.0 };

    /// Pieces whose velocity spreads by a cue, `more` wider among people than in takes.
    fn examples(count: usize, name: &str, more: f64) -> Vec<Example> {
        let example = |k: usize| {
            let cue = |c: usize| ((k * (2 * c + 3) + c * c) % 101) as f64 / 101.0 - 0.5;
            let inputs: Vec<f64> = (0..CUES + FIGURES).map(cue).collect();
            let mut ratio = [None; 5];
            ratio[Figure::Velocity as usize] = Some(more + 2.0 * inputs[5]);
            Example { name: format!("{name} {k}"), inputs, ratio, people: Vec::new(), takes: Vec::new() }
        };
        (0..count).map(example).collect()
    }

    #[test]
    fn the_line_is_the_learned_pieces_and_the_mean_that_of_the_others() {
        let (learned, tried) = (examples(100, "learned", -0.4), examples(20, "tried", 0.3));
        let (row, line) = settle(Figure::Velocity, &learned, &tried, &EVEN, 0.0, 2);
        assert!(row.chosen > 0 && line.weights.len() == WIDTHS[row.chosen]);
        assert!((row.mean - 0.3).abs() < 0.1, "{row:?}");
        let [now, told, varied] = row.tried.unwrap_or_default();
        assert!(told.within > 0.9 && now.within < 0.7 && varied == told, "{row:?}");
        assert!(row.told[row.chosen].within > row.before.within, "{row:?}");
        // Not asked for, not read.
        let (alike, line) = settle(Figure::Velocity, &learned, &[], &EVEN, 0.0, 0);
        assert!(alike.chosen == 0 && line.weights.is_empty() && alike.tried.is_none());
        assert!((alike.mean - line.mean).abs() < 1e-12);
        // A figure that no piece has.
        let (none, _) = settle(Figure::Chord, &learned, &tried, &EVEN, 0.0, 2);
        assert!(none.mean == 0.0 && none.tried.is_none(), "{none:?}");
    }

    #[test]
    fn takes_that_differ_are_human_less_often() {
        let piece = |ratio: f64| Target { name: "", inputs: &[], ratio };
        let (pieces, told) = ([piece(0.3); 50], [0.3; 50]);
        assert_eq!(outcome(&pieces, &told, 1.0, 0.0), Outcome { within: 1.0, off: 0.0 });
        let varied = outcome(&pieces, &told, 1.0, 0.4);
        // Both bounds lie .41 from the middle: a little more than two thirds of a normal distribution.
        assert!((0.66..0.74).contains(&varied.within) && (varied.off - 0.4).abs() < 0.02, "{varied:?}");
        let narrow = outcome(&[piece(0.5)], &[0.0], 1.0, 0.0);
        assert!(narrow.within == 0.0 && (narrow.off - 0.5).abs() < 1e-12);
        let held = outcome(&[piece(0.5)], &[0.5], 0.2, 0.0);
        assert!((held.off - 0.3).abs() < 1e-12, "gains do not reach further");
    }
}
