//! The arithmetic: how people differ from each other, against how what is played in their manner does.

use performance::cues::{Cue, Cues};
use performance::metrics;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

/// How often references are shuffled among the people of their piece.
const SHUFFLES: usize = 400;

/// Share of the shuffles that are nearer to 0 than the bound that is told.
const BOUND: f64 = 0.95;

/// Fewer points tell no correlation.
const LEAST_POINTS: usize = 4;

/// The cues that are compared: all but the swell, which belongs to the piece.
pub const COMPARED: [Cue; 7] =
    [Cue::Tempo, Cue::Rubato, Cue::Level, Cue::Range, Cue::Articulation, Cue::Pedal, Cue::Spread];

/// What one piece, performed with each of the people of another as the reference, was like.
#[derive(Clone, Debug)]
pub(super) struct Carry {
    /// Which piece the references are of: the same people stand behind all carries of one.
    pub from: usize,
    /// The cues of each person's performance.
    pub references: Vec<Cues>,
    /// The cues of what was played with each as the reference.
    pub renders: Vec<Cues>,
}

/// How much of one cue is carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Carried {
    /// Renders that count: both sides have the cue.
    pub renders: usize,
    /// Pearson r of how renders differ with how references do.
    pub r: Option<f64>,
    /// How much renders differ for each unit by which references do: 1 carries all of it over.
    pub slope: Option<f64>,
    /// Mean r with the references shuffled among the people of their piece.
    pub shuffled: Option<f64>,
    /// What 95 % of the shuffles stay below, whatever their sign.
    pub bound: Option<f64>,
}

impl Carried {
    /// Compares one cue over all carries; the seed is that of the shuffles.
    pub(super) fn of(carries: &[Carry], cue: Cue, seed: u64) -> Self {
        let points = points(carries, cue, &|_, person| person);
        let mut shuffled = shuffled(carries, cue, seed);
        let mean = shuffled.iter().sum::<f64>() / shuffled.len() as f64;
        shuffled.iter_mut().for_each(|r| *r = r.abs());
        shuffled.sort_by(f64::total_cmp);
        let place = (BOUND * shuffled.len() as f64) as usize;
        Self {
            renders: points.len(),
            r: correlation(&points),
            slope: slope(&points),
            shuffled: (!shuffled.is_empty()).then_some(mean),
            bound: shuffled.get(place).copied(),
        }
    }
}

/// r of every shuffle. People change places once a shuffle for all pieces that they are carried to, since
/// what is played in one person's manner is alike, whatever the piece.
fn shuffled(carries: &[Carry], cue: Cue, seed: u64) -> Vec<f64> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let pieces = carries.iter().map(|carry| carry.from + 1).max().unwrap_or_default();
    let people = |piece: usize| {
        let of_piece = carries.iter().filter(|carry| carry.from == piece);
        of_piece.map(|carry| carry.references.len()).max().unwrap_or_default()
    };
    let mut orders: Vec<Vec<usize>> = (0..pieces).map(|piece| (0..people(piece)).collect()).collect();
    let mut one = || {
        orders.iter_mut().for_each(|order| order.shuffle(&mut random));
        correlation(&points(carries, cue, &|piece, person| orders[piece][person]))
    };
    (0..SHUFFLES).filter_map(|_| one()).collect()
}

/// How references and renders differ from the mean of the others, as pairs; `whose` tells which person of a
/// piece stands for which.
fn points(carries: &[Carry], cue: Cue, whose: &dyn Fn(usize, usize) -> usize) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for Carry { from, references, renders } in carries {
        let both = renders.iter().enumerate().filter_map(|(person, render)| {
            let reference = references.get(whose(*from, person))?;
            Some((reference[cue as usize], render[cue as usize]))
        });
        let known: Vec<_> = both.filter(|(a, b)| a.is_finite() && b.is_finite()).collect();
        let [references, renders] =
            [known.iter().map(|pair| pair.0).collect(), known.iter().map(|pair| pair.1).collect()]
                .map(|values: Vec<f64>| from_others(&values));
        points.extend(references.into_iter().zip(renders));
    }
    points
}

/// Each value less the mean of the others; nothing of a single one.
pub(super) fn from_others(values: &[f64]) -> Vec<f64> {
    if values.len() < 2 {
        return Vec::new();
    }
    let sum: f64 = values.iter().sum();
    let others = (values.len() - 1) as f64;
    values.iter().map(|value| value - (sum - value) / others).collect()
}

fn correlation(points: &[(f64, f64)]) -> Option<f64> {
    if points.len() < LEAST_POINTS { None } else { metrics::correlation(points) }
}

/// Slope of the line through the origin, by least squares: differences have no mean.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let squares: f64 = points.iter().map(|(x, _)| x * x).sum();
    let products: f64 = points.iter().map(|(x, y)| x * y).sum();
    (points.len() >= LEAST_POINTS && squares > 0.0).then(|| products / squares)
}

#[cfg(test)]
#[path = "carried_tests.rs"]
mod tests;
