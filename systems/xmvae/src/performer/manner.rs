//! Manners: read of a performance, mixed, or drawn where there is no reference.

use neural::chance::normal;
use notation::Score;
use performance::{Manner, Performance};
use performers::{Controls, Job, PerformError};

use super::info::{BLEND, INFO, LIKE, LIKE_SECOND, MANNER, VARIETY};
use super::piece::Piece;
use crate::ecp;
use crate::network::Model;
use crate::network::windows::consecutive;

/// Of fewer notes no manner is read.
const FEWEST_NOTES: usize = 30;

/// The manner that controls ask for: that of the reference, or between two, as strongly as is asked for; without a
/// reference one of the seed's, as all pianists' are spread.
pub(super) fn latent(model: &Model, controls: &Controls) -> Result<Vec<f32>, PerformError> {
    let [first, second] = [LIKE, LIKE_SECOND].map(|knob| knob.manner(controls));
    for manner in [first, second].into_iter().flatten() {
        let fits = manner.numbers.len() == model.settings().network.latent;
        if !fits || manner.model != model.fingerprint() {
            let name = manner.name.clone();
            return Err(PerformError::OtherManner { performer: INFO.name, name });
        }
    }
    let share = BLEND.value(controls) as f32;
    let mixed: Vec<f32> = match (first, second) {
        (Some(a), Some(b)) => {
            a.numbers.iter().zip(&b.numbers).map(|(a, b)| (1.0 - share) * a + share * b).collect()
        }
        (Some(only), None) | (None, Some(only)) => only.numbers.clone(),
        (None, None) => return Ok(drawn(model, controls)),
    };
    let strength = MANNER.value(controls) as f32;
    Ok(mixed.into_iter().map(|number| strength * number).collect())
}

fn drawn(model: &Model, controls: &Controls) -> Vec<f32> {
    let variety = VARIETY.value(controls);
    (0..model.settings().network.latent).map(|k| (variety * normal(controls.seed, k)) as f32).collect()
}

/// Reads the manner of a performance: the mean over its windows, of which each counts as its notes are many.
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
    for (k, window) in windows.iter().enumerate() {
        let step = |part: f32| job.step((k as f32 + part) / windows.len() as f32);
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
    }
    if !numbers.iter().all(|number| number.is_finite()) {
        let what = format!("a manner of {name} that is no number");
        return Err(PerformError::Played { performer: INFO.name, what });
    }
    Ok(Manner { name: shortened(name), model: model.fingerprint().to_owned(), numbers })
}

/// As much of a name as a manner can have.
fn shortened(name: &str) -> String {
    let mut short = name.to_owned();
    while short.len() > Manner::LONGEST_NAME_BYTES {
        short.pop();
    }
    short
}
