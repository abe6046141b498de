//! How the figures of the evaluation answer to the gains.
//!
//! A gain that is twice as large need not make its figure spread twice as wide: that of onset tempo ends at
//! a knee, finishing draws chords together, and both gains of tempo move the tempo from onset to onset.

use anyhow::Result;
use performance::metrics::{self, Figure, Figures};
use pianoflow::PianoFlow;
use pianoflow::piece_spread::PieceSpread;
use pianoflow::values::{KINDS, ONSET_TEMPO};

use super::played;
use crate::datasets::Piece;
use crate::evaluate::{Five, side_by_side};

/// Gains are moved so far up and down to see the answer, in log2.
const STEP: f64 = 0.32;

/// Answers are not taken for less or more than this: a factor is their inverse.
const LEAST: f64 = 0.3;
const MOST: f64 = 1.5;

/// log2 of a figure's spread by log2 of a gain, the medians over some pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Of each figure, in the order of [`Figure::ALL`], to its own gain.
    pub own: [f64; 5],
    /// Of the tempo from onset to onset to the gain of quarter tempo.
    pub onset_to_quarter: f64,
}

impl Response {
    /// The furthest that gains between half and twice move a figure either way, in log2.
    pub fn reach(&self, figure: Figure) -> f64 {
        let own = self.own[figure as usize];
        if figure == Figure::Tempo { own + self.onset_to_quarter } else { own }
    }

    /// What the gains are to be multiplied by, log2 by figure, for the figures to spread wider by `wanted`.
    pub fn gains_for(&self, wanted: [f64; 5]) -> [f64; 5] {
        let mut gains: [f64; 5] = std::array::from_fn(|k| wanted[k] / self.own[k]);
        let (tempo, quarter) = (Figure::Tempo as usize, Figure::QuarterTempo as usize);
        gains[tempo] = (wanted[tempo] - self.onset_to_quarter * gains[quarter]) / self.own[tempo];
        gains
    }
}

/// The model with gains that are moved: first that of onset tempo up and down, then the others.
pub fn moved(load: impl Fn() -> Result<PianoFlow>) -> Result<[PianoFlow; 4]> {
    let player =
        |is_onset: bool, step: f64| -> Result<PianoFlow> {
            let factors = std::array::from_fn::<f64, KINDS, _>(|kind| {
                if (kind == ONSET_TEMPO) == is_onset { step } else { 0.0 }
            });
            Ok(load()?.alike().with_spread(PieceSpread::constant(factors)))
        };
    Ok([player(true, STEP)?, player(true, -STEP)?, player(false, STEP)?, player(false, -STEP)?])
}

/// Plays pieces with gains that are [`moved`] and sees what comes of it.
pub fn measure(
    moved: &[PianoFlow; 4],
    pieces: &[&Piece],
    most_notes: usize,
    workers: usize,
) -> Result<Response> {
    let spreads = |k: usize| -> Result<[Five; 4]> {
        let (piece, mut found) = (pieces[k], [Five::default(); 4]);
        let region = played::excerpt(&piece.score, most_notes);
        for (found, player) in found.iter_mut().zip(moved) {
            let take = played::one_take(player, &piece.score, &region, 1)?;
            *found = metrics::deviation(&Figures::of(&piece.score, &take, None));
        }
        Ok(found)
    };
    Ok(of_spreads(&side_by_side(pieces.len(), workers, &spreads)?))
}

fn of_spreads(spreads: &[[Five; 4]]) -> Response {
    let answer = |figure: Figure, up: usize| {
        let slopes = spreads.iter().filter_map(|found| {
            let ratio = found[up][figure as usize]? / found[up + 1][figure as usize]?;
            Some(ratio.log2() / (2.0 * STEP)).filter(|slope| slope.is_finite())
        });
        median(slopes.collect())
    };
    let own = Figure::ALL.map(|figure| {
        let up = if figure == Figure::Tempo { 0 } else { 2 };
        answer(figure, up).unwrap_or(1.0).clamp(LEAST, MOST)
    });
    Response { own, onset_to_quarter: answer(Figure::Tempo, 2).unwrap_or_default().clamp(0.0, 1.0) }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_slopes_and_gains_their_inverse() {
        let slope = |slope: f64, up: bool| Some((if up { STEP } else { -STEP } * slope).exp2());
        // Onset tempo alone moves its own figure by .4 and no other; the others move it by .5.
        let onset = |up: bool| [Some(1.0), slope(0.4, up), Some(1.0), Some(1.0), Some(1.0)];
        let others = |up: bool| [slope(1.0, up), slope(0.5, up), slope(0.8, up), None, slope(9.0, up)];
        let piece = [onset(true), onset(false), others(true), others(false)];
        let response = of_spreads(&[piece; 3]);
        for (found, expected) in response.own.iter().zip([1.0, 0.4, 0.8, 1.0, MOST]) {
            assert!((found - expected).abs() < 1e-9, "{response:?}");
        }
        assert!((response.onset_to_quarter - 0.5).abs() < 1e-9, "{response:?}");
        assert!((response.reach(Figure::Tempo) - 0.9).abs() < 1e-9);
        let gains = response.gains_for([0.3, 0.6, 0.4, 0.0, 0.0]);
        // Quarter tempo's .5 gives .25 of the .6; the rest is .35 over .4.
        for (found, expected) in gains.iter().zip([0.3, 0.875, 0.5, 0.0, 0.0]) {
            assert!((found - expected).abs() < 1e-9, "{gains:?}");
        }
        let none = of_spreads(&[]);
        assert_eq!((none.own, none.onset_to_quarter), ([1.0; 5], 0.0));
    }
}
