//! The canvas of a request, and from the canvas back to values.

use analysis::features;
use notation::Score;
use performance::Performance;
use performance::cues::{Cue, Cues};
use performers::Request;

use super::gain;
use crate::sampler::{Canvas, Painted};
use crate::settings::Settings;
use crate::steadiness::steady;
use crate::values::{self, QUARTER_TEMPO, Values, WIDTH};

/// Context notes that are enough to say what is average in a piece.
const ENOUGH_CONTEXT: usize = 64;

/// How fast a performance is: log2 of seconds per quarter as a whole, and how far a mood moves that
/// note by note.
pub(super) struct Pace {
    log_beat_period: Option<f64>,
    shifts: Vec<f64>,
}

impl Pace {
    fn shift(&self, note: usize) -> f64 {
        self.shifts.get(note).copied().unwrap_or_default()
    }
}

/// The canvas, and how fast the performance is as a whole: as fast as what is there of it, or
/// as a piece of this kind.
pub(super) fn prepare<'a>(
    settings: &Settings,
    blind_to: Option<&str>,
    request: &Request<'a>,
    wanted_notes: &[u32],
) -> (Canvas<'a>, Pace) {
    let score = request.score;
    let notes = score.notes.len();
    let mut wanted = vec![false; notes];
    wanted_notes.iter().for_each(|n| wanted[*n as usize] = true);
    let mut onsets = Vec::with_capacity(notes);
    for (k, group) in score.onset_groups().into_iter().enumerate() {
        onsets.extend(group.map(|_| k as u32));
    }
    let mut values = vec![0.0; notes * WIDTH];
    let mut known = vec![false; notes * WIDTH];
    let mut log_beat_period = settings.beat_period.as_ref().map(|model| model.of(score));
    if let Some(context) = request.context {
        let outside = without(context, &wanted);
        let mut raw = values::encode(score, &outside, None);
        if let Some(mean) = &mut log_beat_period {
            *mean = raw.log_beat_period().unwrap_or(*mean);
            raw.shift_log_beat_period(-*mean);
        }
        let scaled = settings.scaling.scale(&shrink(settings, score, &raw, &wanted));
        for cell in 0..values.len() {
            if !wanted[cell / WIDTH] && scaled.0[cell].is_finite() {
                (values[cell], known[cell]) = (scaled.0[cell], true);
            }
        }
    }
    for pin in &request.controls.pins {
        let (Some(velocity), Some(true)) = (pin.velocity, wanted.get(pin.note as usize)) else {
            continue;
        };
        let cell = pin.note as usize * WIDTH + values::VELOCITY;
        let scaling = &settings.scaling;
        let z = (f64::from(velocity) - scaling.mean[values::VELOCITY]) / scaling.deviation[values::VELOCITY];
        (values[cell], known[cell]) = (z as f32, true);
    }
    let mut features = features::of(score);
    if let Some(group) = blind_to {
        let named = features::groups().into_iter().zip(features::columns());
        let hidden = named.filter(|(name, _)| *name == group);
        hidden.for_each(|(_, columns)| features::flatten(&mut features, columns));
    }
    let pace = Pace { log_beat_period, shifts: shifts(settings, request, &wanted) };
    if let Some(mean) = log_beat_period {
        features::set_log_beat_periods(&mut features, |note| mean + pace.shift(note));
    }
    let width = settings.network.condition;
    let felt = request.controls.mood.as_ref().filter(|m| m.is_felt());
    let mood = felt.map(|mood| Painted { mood, score, width });
    (Canvas { features, values, known, wanted, onsets, mood }, pace)
}

/// How much slower (log2 of seconds per quarter) the mood makes each note; none without a mood.
/// The level of tempo is not learned by the network, so a mood moves it by what people differ in
/// it from each other.
fn shifts(settings: &Settings, request: &Request<'_>, wanted: &[bool]) -> Vec<f64> {
    let (Some(mood), Some(scale)) = (&request.controls.mood, &settings.mood) else {
        return Vec::new();
    };
    let slower = |lean: Cues| -lean[Cue::Tempo as usize] * scale.tempo_deviation;
    let shifts = mood.leans(request.score).into_iter().map(slower);
    shifts.zip(wanted).map(|(shift, wanted)| if *wanted { shift } else { 0.0 }).collect()
}

/// Undoes the gain in performances that were made with it, so that the network sees its own
/// scale. Human context is shrunk too: what counts is the contrast at the join.
fn shrink(settings: &Settings, score: &Score, raw: &Values, wanted: &[bool]) -> Values {
    let enough = wanted.iter().filter(|w| !**w).count() >= ENOUGH_CONTEXT;
    if enough { gain::undo(score, raw, &settings.sampling) } else { raw.clone() }
}

/// Back to units, with the gain: each column's distance from the mean of the piece is
/// multiplied, over the generated notes and those around them together.
pub(super) fn restore(settings: &Settings, score: &Score, canvas: &Canvas<'_>, pace: &Pace) -> Values {
    let visible: Vec<f32> =
        canvas.values.iter().zip(&canvas.known).map(|(v, k)| if *k { *v } else { f32::NAN }).collect();
    let raw = settings.scaling.restore(&Values(visible));
    let sampling = &settings.sampling;
    let mut values = gain::apply(score, &raw, sampling);
    values.shift_log_beat_period(pace.log_beat_period.unwrap_or_default());
    steady(score, &mut values, sampling.drift, sampling.gain[QUARTER_TEMPO]);
    // After what keeps the tempo steady: a mood is meant to move it.
    for (note, tempo) in values.0.iter_mut().skip(QUARTER_TEMPO).step_by(WIDTH).enumerate() {
        *tempo += pace.shift(note) as f32;
    }
    values
}

fn without(context: &Performance, wanted: &[bool]) -> Performance {
    let outside = |n: u32| wanted.get(n as usize) == Some(&false);
    let notes = context.notes.iter().filter(|n| outside(n.note)).copied().collect();
    Performance { notes, pedals: context.pedals.clone() }
}
