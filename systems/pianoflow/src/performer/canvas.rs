//! The canvas of a request, and from the canvas back to values.

use analysis::features;
use notation::Score;
use performance::Performance;
use performance::cues::{Cue, Cues};
use performers::Request;

use super::whole::Whole;
use crate::sampler::{Canvas, Painted};
use crate::settings::Settings;
use crate::values::{self, ARTICULATION, QUARTER_TEMPO, VELOCITY, Values, WIDTH};

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

/// What the network reads of a score, but for a group that it is blind to.
pub(super) fn read_features(score: &Score, blind_to: Option<&str>) -> Vec<f32> {
    let mut table = features::of(score);
    if let Some(group) = blind_to {
        let named = features::groups().into_iter().zip(features::columns());
        let hidden = named.filter(|(name, _)| *name == group);
        hidden.for_each(|(_, columns)| features::flatten(&mut table, columns));
    }
    table
}

/// The canvas, and how fast the performance is as a whole: as fast as what is there of it, or
/// as the take is.
pub(super) fn prepare<'a>(
    settings: &Settings,
    whole: &Whole,
    mut features: Vec<f32>,
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
    let mut log_beat_period = whole.log_beat_period;
    if let Some(context) = request.context {
        let outside = without(context, &wanted);
        let mut raw = values::encode(score, &outside, None);
        if let Some(mean) = &mut log_beat_period {
            *mean = raw.log_beat_period().unwrap_or(*mean);
            raw.shift_log_beat_period(-*mean);
        }
        raw.shift(VELOCITY, -whole.velocity);
        raw.shift(ARTICULATION, -whole.articulation);
        let scaled = settings.scaling.scale(&shrink(whole, score, &raw, &wanted));
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
        let cell = pin.note as usize * WIDTH + VELOCITY;
        let scaling = &settings.scaling;
        let level = scaling.mean[VELOCITY] + whole.velocity;
        let z = (f64::from(velocity) - level) / scaling.deviation[VELOCITY];
        (values[cell], known[cell]) = (z as f32, true);
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
fn shrink(whole: &Whole, score: &Score, raw: &Values, wanted: &[bool]) -> Values {
    let enough = wanted.iter().filter(|w| !**w).count() >= ENOUGH_CONTEXT;
    if enough { whole.gains.undo(score, raw) } else { raw.clone() }
}

/// Back to units, with the gain: each column's distance from the mean of the piece is
/// multiplied, over the generated notes and those around them together.
pub(super) fn restore(
    settings: &Settings,
    whole: &Whole,
    score: &Score,
    canvas: &Canvas<'_>,
    pace: &Pace,
) -> Values {
    let visible: Vec<f32> =
        canvas.values.iter().zip(&canvas.known).map(|(v, k)| if *k { *v } else { f32::NAN }).collect();
    let raw = settings.scaling.restore(&Values(visible));
    let mut values = whole.gains.apply(score, &raw);
    values.shift(VELOCITY, whole.velocity);
    values.shift(ARTICULATION, whole.articulation);
    values.shift_log_beat_period(pace.log_beat_period.unwrap_or_default());
    whole.gains.steady(score, &mut values);
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
