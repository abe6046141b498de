//! PianoFlow as a [`Performer`].

use std::path::Path;

use burn::tensor::Device;
use notation::Score;
use performance::Performance;
use performance::cues::{Cue, Cues};

use super::engine::Engine;
use super::sampler::{self, Canvas, Painted};
use super::settings::{Sampling, Settings};
use super::steadiness::steady;
use super::values::{self, QUARTER_TEMPO, Values, WIDTH};
use super::{features, weights};
use crate::finish::Finishing;
use crate::join;
use crate::mood::Mood;
use crate::performer::{Job, PerformError, Performer, PerformerInfo, Region, Request};

/// Seconds before the first note of a performance, room for chord notes that come early.
const LEAD_IN_SECS: f64 = 0.25;

/// Context notes that are enough to say what is average in a piece.
const ENOUGH_CONTEXT: usize = 64;

/// By how much the end is slower than the network plays it. On the 19 validation scores (seed 1)
/// the last two bars lean .55 deviations to the fast side of people without it, .11 at .3, and .07
/// to the slow side at .45; r of the quarter tempo goes from .499 to .521 and .526.
const FINAL_RITARD: f64 = 0.4;

/// The trained network and how to draw from it.
pub struct PianoFlow {
    engine: Engine,
    settings: Settings,
    blind_to: Option<&'static str>,
}

impl PianoFlow {
    /// What it is called.
    pub const INFO: PerformerInfo = PerformerInfo {
        id: "pianoflow",
        name: "PianoFlow",
        description: "Flow matching on human performances, after SyMuPe (arXiv 2511.03425)",
    };

    /// Reads the model folder.
    pub fn load(folder: &Path, device: Device) -> Result<Self, PerformError> {
        let (network, settings) = weights::load(folder, &device)?;
        Ok(Self { engine: Engine::new(network, device), settings, blind_to: None })
    }

    /// How it samples.
    pub fn sampling(&self) -> &Sampling {
        &self.settings.sampling
    }

    /// The same weights with another way of sampling.
    pub fn with_sampling(mut self, sampling: Sampling) -> Self {
        self.settings.sampling = sampling;
        self
    }

    /// The same weights, blind to a group of what they read ([`features::groups`]): what the group is
    /// worth shows in how much worse it plays.
    pub fn blind_to(mut self, group: &'static str) -> Self {
        self.blind_to = Some(group);
        self
    }

    /// Draws the values of the notes of a region, which need not be the request's own.
    pub fn values(&self, request: &Request<'_>, notes: &[u32], job: &Job) -> Result<Values, PerformError> {
        if notes.is_empty() {
            return Err(PerformError::EmptyRegion);
        }
        let mood = request.controls.mood.as_ref();
        let expected = self.settings.network.condition;
        if let Some(found) = mood.and_then(Mood::width).filter(|n| *n != expected) {
            return Err(PerformError::MoodSize { performer: Self::INFO.id, expected, found });
        }
        job.step(0.0)?;
        let (mut canvas, pace) = self.canvas(request, notes);
        let sampling = &self.settings.sampling;
        let seed = request.controls.seed;
        let hand_over = |canvas: &Canvas<'_>, next: usize| self.hand_over(request, canvas, &pace, next, job);
        sampler::perform(&self.engine, sampling, &mut canvas, seed, job, &hand_over)?;
        Ok(self.restore(request.score, &canvas, &pace))
    }

    /// Hands over what is ready of a whole piece. Some bars alone are soon done, and how they fit
    /// into their surroundings is known only at the end.
    fn hand_over(&self, request: &Request<'_>, canvas: &Canvas<'_>, pace: &Pace, next: usize, job: &Job) {
        if job.wants_partial() && matches!(request.region, Region::All) {
            let ready: Vec<u32> = (0..next as u32).collect();
            let values = self.restore(request.score, canvas, pace);
            job.hand_over(&values::decode(request.score, &values, &ready, LEAD_IN_SECS));
        }
    }

    /// The canvas, and how fast the performance is as a whole: as fast as what is there of it, or
    /// as a piece of this kind.
    fn canvas<'a>(&self, request: &Request<'a>, wanted_notes: &[u32]) -> (Canvas<'a>, Pace) {
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
        let mut level = self.settings.level.as_ref().map(|level| level.of(score));
        if let Some(context) = request.context {
            let outside = without(context, &wanted);
            let mut raw = values::encode(score, &outside, None);
            if let Some(level) = &mut level {
                *level = raw.level().unwrap_or(*level);
                raw.shift_level(-*level);
            }
            let scaled = self.settings.scaling.scale(&self.shrink(&raw, &wanted));
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
            let scaling = &self.settings.scaling;
            let z =
                (f64::from(velocity) - scaling.mean[values::VELOCITY]) / scaling.deviation[values::VELOCITY];
            (values[cell], known[cell]) = (z as f32, true);
        }
        let mut features = features::of(score);
        if let Some(group) = self.blind_to {
            let named = features::groups().into_iter().zip(features::columns(score));
            let hidden = named.filter(|(name, _)| *name == group);
            hidden.for_each(|(_, columns)| features::flatten(&mut features, columns));
        }
        let pace = Pace { level, shifts: self.shifts(request, &wanted) };
        if let Some(level) = level {
            features::set_levels(&mut features, |note| level + pace.shift(note));
        }
        let width = self.settings.network.condition;
        let felt = request.controls.mood.as_ref().filter(|m| m.is_felt());
        let mood = felt.map(|mood| Painted { mood, score, width });
        (Canvas { features, values, known, wanted, onsets, mood }, pace)
    }

    /// How much slower (log2 of seconds per quarter) the mood makes each note; none without a mood.
    /// The level of tempo is not learned by the network, so a mood moves it by what people differ in
    /// it from each other.
    fn shifts(&self, request: &Request<'_>, wanted: &[bool]) -> Vec<f64> {
        let (Some(mood), Some(scale)) = (&request.controls.mood, &self.settings.mood) else {
            return Vec::new();
        };
        let slower = |lean: Cues| -lean[Cue::Tempo as usize] * scale.tempo_deviation;
        let shifts = mood.leans(request.score).into_iter().map(slower);
        shifts.zip(wanted).map(|(shift, wanted)| if *wanted { shift } else { 0.0 }).collect()
    }

    /// Undoes the gain in performances that were made with it, so that the network sees its own
    /// scale. Human context is shrunk too: what counts is the contrast at the join.
    fn shrink(&self, raw: &Values, wanted: &[bool]) -> Values {
        let enough = wanted.iter().filter(|w| !**w).count() >= ENOUGH_CONTEXT;
        if enough {
            scale_about_mean(raw, |c| tempo_apart(c, 1.0 / self.settings.sampling.gain[c]))
        } else {
            raw.clone()
        }
    }

    /// Back to units, with the gain: each column's distance from the mean of the piece is
    /// multiplied, over the generated notes and those around them together.
    fn restore(&self, score: &Score, canvas: &Canvas<'_>, pace: &Pace) -> Values {
        let visible: Vec<f32> =
            canvas.values.iter().zip(&canvas.known).map(|(v, k)| if *k { *v } else { f32::NAN }).collect();
        let raw = self.settings.scaling.restore(&Values(visible));
        let sampling = &self.settings.sampling;
        let mut values = scale_about_mean(&raw, |c| tempo_apart(c, sampling.gain[c]));
        values.shift_level(pace.level.unwrap_or_default());
        steady(score, &mut values, sampling.drift, sampling.gain[QUARTER_TEMPO]);
        // After what keeps the tempo steady: a mood is meant to move it.
        for (note, tempo) in values.0.iter_mut().skip(QUARTER_TEMPO).step_by(WIDTH).enumerate() {
            *tempo += pace.shift(note) as f32;
        }
        values
    }
}

/// How fast a performance is: log2 of seconds per quarter as a whole, and how far a mood moves that
/// note by note.
struct Pace {
    level: Option<f64>,
    shifts: Vec<f64>,
}

impl Pace {
    fn shift(&self, note: usize) -> f64 {
        self.shifts.get(note).copied().unwrap_or_default()
    }
}

/// The quarter tempo has a treatment of its own: [`steady`].
fn tempo_apart(column: usize, gain: f64) -> f64 {
    if column == QUARTER_TEMPO { 1.0 } else { gain }
}

/// Multiplies every column's distance from its mean.
fn scale_about_mean(raw: &Values, gain: impl Fn(usize) -> f64) -> Values {
    let mut out = raw.clone();
    for column in 0..WIDTH {
        let gain = gain(column);
        if gain == 1.0 {
            continue;
        }
        let cells = || raw.0.iter().skip(column).step_by(WIDTH).filter(|v| v.is_finite());
        let mean = cells().map(|v| f64::from(*v)).sum::<f64>() / (cells().count().max(1) as f64);
        for value in out.0.iter_mut().skip(column).step_by(WIDTH) {
            *value = (mean + gain * (f64::from(*value) - mean)) as f32;
        }
    }
    out
}

fn without(context: &Performance, wanted: &[bool]) -> Performance {
    let outside = |n: u32| wanted.get(n as usize) == Some(&false);
    let notes = context.notes.iter().filter(|n| outside(n.note)).copied().collect();
    Performance { notes, pedals: context.pedals.clone() }
}

impl Performer for PianoFlow {
    fn info(&self) -> PerformerInfo {
        Self::INFO
    }

    fn finishing(&self) -> Finishing {
        // It learned its pedal from people: more lifts took r of pedal changes from .118 to .109.
        Finishing { final_ritard: FINAL_RITARD, pedal_changes: false }
    }

    fn perform(&self, request: &Request<'_>, job: &Job) -> Result<Performance, PerformError> {
        let score: &Score = request.score;
        let notes = request.region.notes(score);
        let values = self.values(request, &notes, job)?;
        let free = values::decode(score, &values, &notes, LEAD_IN_SECS);
        let mut played = join::fit(score, free, request.context);
        join::pin(score, &mut played, &request.controls.pins, request.context);
        Ok(played)
    }
}
