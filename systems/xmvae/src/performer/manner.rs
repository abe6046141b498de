//! Manners: read of a performance, mixed, or drawn where there is no reference.

use neural::chance::normal;
use notation::Score;
use performance::{Manner, Performance};
use performers::{Controls, Job, PerformError};

use super::extents::{EXTENTS, Places, further};
use super::hand::Hand;
use super::info::{BLEND, INFO, LIKE, LIKE_SECOND, MANNER, VARIETY};
use super::piece::Piece;
use crate::ecp::{self, PERFORMANCE_COLUMNS};
use crate::network::windows::consecutive;
use crate::network::{Model, Played, Reading};

/// Of fewer notes no manner is read.
const FEWEST_NOTES: usize = 30;

/// The seed of the take that a reference is held against.
const BESIDE: u64 = 0;

/// Share of the work of reading that is done when all windows were read; then they are played.
const READ: f32 = 0.6;

/// How a take is to be played.
pub(super) struct Asked {
    /// What the network plays in `[latent]`.
    pub latent: Vec<f32>,
    /// How much further a take is to go than the network's, as natural logarithms ([`super::extents`]).
    pub further: [f32; EXTENTS],
}

impl Asked {
    /// Of the numbers of a manner. A manner of a take of an older version of the app has those of the network alone.
    fn of(numbers: &[f32], latent: usize, strength: f32) -> Self {
        let number = |k: usize| strength * numbers.get(k).copied().unwrap_or(0.0);
        Self {
            latent: (0..latent).map(number).collect(),
            further: std::array::from_fn(|k| number(latent + k)),
        }
    }
}

/// The manner that controls ask for: that of the reference, or between two, as strongly as is asked for; without a
/// reference one of the seed's, as all pianists' are spread.
pub(super) fn asked(model: &Model, controls: &Controls) -> Result<Asked, PerformError> {
    let latent = model.settings().network.latent;
    let [first, second] = [LIKE, LIKE_SECOND].map(|knob| knob.manner(controls));
    for manner in [first, second].into_iter().flatten() {
        let fits = [latent, latent + EXTENTS].contains(&manner.numbers.len());
        if !fits || manner.model != model.fingerprint() {
            let name = manner.name.clone();
            return Err(PerformError::OtherManner { performer: INFO.name, name });
        }
    }
    let share = BLEND.value(controls) as f32;
    let strength = MANNER.value(controls) as f32;
    let mixed: Vec<f32> = match (first, second) {
        (Some(a), Some(b)) => {
            let number = |of: &Manner, k: usize| of.numbers.get(k).copied().unwrap_or(0.0);
            (0..latent + EXTENTS).map(|k| (1.0 - share) * number(a, k) + share * number(b, k)).collect()
        }
        (Some(only), None) | (None, Some(only)) => only.numbers.clone(),
        (None, None) => return Ok(Asked::of(&drawn(model, controls), latent, 1.0)),
    };
    Ok(Asked::of(&mixed, latent, strength))
}

fn drawn(model: &Model, controls: &Controls) -> Vec<f32> {
    let variety = VARIETY.value(controls);
    (0..model.settings().network.latent).map(|k| (variety * normal(controls.seed, k)) as f32).collect()
}

/// Reads the manner of a performance: the mean over its windows, of which each counts as its notes are many; and how
/// much further it goes than a take of the same piece in that manner.
pub(super) fn read(
    model: &Model,
    score: &Score,
    played: &Performance,
    name: &str,
    job: &Job,
) -> Result<Manner, PerformError> {
    job.step(0.0)?;
    let steps = ecp::played(score, played, None);
    let is_known =
        |step: &usize| steps.notes[*step].is_some() && steps.values[*step].iter().any(|v| !v.is_nan());
    let known = (0..steps.len()).filter(is_known).count();
    if known < FEWEST_NOTES {
        return Err(PerformError::FewNotes { name: name.to_owned(), found: known, least: FEWEST_NOTES });
    }
    let counts: Vec<bool> = (0..steps.len()).map(|step| is_known(&step)).collect();
    let piece = Piece::of(score, steps);
    let sizes = &model.settings().network;
    let windows = consecutive(piece.score_tokens(), sizes);
    let mut numbers = vec![0.0; sizes.latent];
    let mut read: Vec<(usize, Reading)> = Vec::new();
    for (k, window) in windows.iter().enumerate() {
        let step = |part: f32| job.step(READ * (k as f32 + part) / windows.len() as f32);
        step(0.0)?;
        let notes = counts[window.clone()].iter().filter(|counts| **counts).count();
        if notes == 0 {
            continue;
        }
        let reading = piece.read(model, window.clone(), &|| step(0.2))?;
        step(0.4)?;
        let posterior = model.posterior(&reading, &piece.steps().values[window.clone()]);
        let share = notes as f32 / known as f32;
        numbers.iter_mut().zip(&posterior.mean).for_each(|(sum, number)| *sum += share * number);
        read.push((window.start, reading));
    }
    let places = Places::of(score, piece.steps());
    let beside = beside(model, score, &piece, &read, &numbers, job)?;
    let goes_further = further(&places.extents(&piece.steps().values), &places.extents(&beside));
    numbers.extend(goes_further);
    if !numbers.iter().all(|number| number.is_finite()) {
        let what = format!("a manner of {name} that is no number");
        return Err(PerformError::Played { performer: INFO.name, what });
    }
    Ok(Manner { name: shortened(name), model: model.fingerprint().to_owned(), numbers })
}

/// A take of what was read of a piece, in a manner, at the variety that is usual; of what is known of the performance.
fn beside(
    model: &Model,
    score: &Score,
    piece: &Piece<'_>,
    read: &[(usize, Reading)],
    latent: &[f32],
    job: &Job,
) -> Result<Vec<Played>, PerformError> {
    let hand = Hand::of(score, &model.settings().coherence, BESIDE, VARIETY.default);
    let mut values = vec![[f32::NAN; PERFORMANCE_COLUMNS]; piece.len()];
    for (k, (first, reading)) in read.iter().enumerate() {
        job.step(READ + (1.0 - READ) * k as f32 / read.len() as f32)?;
        let states = model.states(reading, Some(latent));
        let value = hand.value(piece.steps(), *first);
        let played = model.play(reading, &states, 0..reading.len(), &value);
        values[*first..first + played.len()].copy_from_slice(&played);
    }
    for (value, known) in values.iter_mut().zip(&piece.steps().values) {
        let unknown = value.iter_mut().zip(known).filter(|(_, known)| !known.is_finite());
        unknown.for_each(|(value, _)| *value = f32::NAN);
    }
    Ok(values)
}

/// As much of a name as a manner can have.
fn shortened(name: &str) -> String {
    let mut short = name.to_owned();
    while short.len() > Manner::LONGEST_NAME_BYTES {
        short.pop();
    }
    short
}
