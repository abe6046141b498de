//! PianoFlow as a [`Performer`].

use std::path::Path;

use analysis::features;
use burn::tensor::Device;
use notation::Score;
use performance::Performance;
use performance::cues::{Cue, Cues};
use performers::finish::Finishing;
use performers::{Abilities, Knob, Mood, PerformError, Performer, PerformerInfo, Request, Run};

use super::engine::Ensemble;
use super::sampler::{self, Canvas, Painted};
use super::settings::{Sampling, Settings};
use super::steadiness::steady;
use super::values::{self, CHORD, ONSET_TEMPO, QUARTER_TEMPO, Values, WIDTH};
use super::weights;

/// Seconds before the first note of a performance, room for chord notes that come early.
const LEAD_IN_SECS: f64 = 0.25;

/// Context notes that are enough to say what is average in a piece.
const ENOUGH_CONTEXT: usize = 64;

/// By how much the end is slower than the network plays it. On the 19 validation scores (seed 1)
/// the last two bars lean .55 deviations to the fast side of people without it, .11 at .3, and .07
/// to the slow side at .45; r of the quarter tempo goes from .499 to .521 and .526.
const FINAL_RITARD: f64 = 0.4;

/// Distances of onset tempo up to this, in log2, are what the gain is for. A wait before the last
/// chord, or a rest that is cut short, is larger and comes out of the network in full: with the gain
/// on it the last chord came 2.5 s after a sixteenth, people's .5 s.
const ONSET_TEMPO_KNEE: f64 = 0.25;

const VARIETY: Knob = Knob {
    id: "variety",
    name: "Variety",
    description: "How far takes of different seeds are from each other; at 0 they are one and the same",
    min: 0.0,
    max: 1.5,
    default: 1.0,
    is_share: true,
};

/// The trained networks and how to draw from them.
pub struct PianoFlow {
    ensemble: Ensemble,
    settings: Settings,
    blind_to: Option<&'static str>,
}

impl PianoFlow {
    /// What it is called.
    pub const INFO: PerformerInfo = PerformerInfo {
        id: "pianoflow",
        name: "PianoFlow",
        description: "Flow matching on human performances, after SyMuPe (arXiv 2511.03425)",
        abilities: Abilities { follows_mood: true, streams: true, needs_device: true },
        knobs: &[VARIETY],
        // It learned its pedal from people: more lifts took r of pedal changes from .118 to .109.
        finishing: Finishing { final_ritard: FINAL_RITARD, pedal_changes: false },
    };

    /// Reads the model folder.
    pub fn load(folder: &Path, device: Device) -> Result<Self, PerformError> {
        let (networks, settings) = weights::load(folder, &device)?;
        Ok(Self { ensemble: Ensemble::new(networks, &device), settings, blind_to: None })
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
    pub fn values(
        &self,
        request: &Request<'_>,
        notes: &[u32],
        run: &Run<'_>,
    ) -> Result<Values, PerformError> {
        if notes.is_empty() {
            return Err(PerformError::EmptyRegion);
        }
        let mood = request.controls.mood.as_ref();
        let expected = self.settings.network.condition;
        if let Some(found) = mood.and_then(Mood::width).filter(|n| *n != expected) {
            return Err(PerformError::MoodSize { performer: Self::INFO.id, expected, found });
        }
        run.step(0.0)?;
        let (mut canvas, pace) = self.canvas(request, notes);
        let mut sampling = self.settings.sampling.clone();
        sampling.noise.iter_mut().for_each(|noise| *noise *= VARIETY.value(request.controls));
        let seed = request.controls.seed;
        let hand_over = |canvas: &Canvas<'_>, next: usize| self.hand_over(request, canvas, &pace, next, run);
        sampler::perform(&self.ensemble, &sampling, &mut canvas, seed, run, &hand_over)?;
        Ok(self.restore(request.score, &canvas, &pace))
    }

    /// Hands over what is ready of the region: its notes before the first that waits.
    fn hand_over(&self, request: &Request<'_>, canvas: &Canvas<'_>, pace: &Pace, next: usize, run: &Run<'_>) {
        if run.wants_partial() {
            let ready: Vec<u32> = (0..next as u32).filter(|n| canvas.wanted[*n as usize]).collect();
            let values = self.restore(request.score, canvas, pace);
            run.hand_over(&values::decode(request.score, &values, &ready, LEAD_IN_SECS));
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
        let mut log_beat_period = self.settings.beat_period.as_ref().map(|model| model.of(score));
        if let Some(context) = request.context {
            let outside = without(context, &wanted);
            let mut raw = values::encode(score, &outside, None);
            if let Some(mean) = &mut log_beat_period {
                *mean = raw.log_beat_period().unwrap_or(*mean);
                raw.shift_log_beat_period(-*mean);
            }
            let scaled = self.settings.scaling.scale(&self.shrink(score, &raw, &wanted));
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
            let named = features::groups().into_iter().zip(features::columns());
            let hidden = named.filter(|(name, _)| *name == group);
            hidden.for_each(|(_, columns)| features::flatten(&mut features, columns));
        }
        let pace = Pace { log_beat_period, shifts: self.shifts(request, &wanted) };
        if let Some(mean) = log_beat_period {
            features::set_log_beat_periods(&mut features, |note| mean + pace.shift(note));
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
    fn shrink(&self, score: &Score, raw: &Values, wanted: &[bool]) -> Values {
        let enough = wanted.iter().filter(|w| !**w).count() >= ENOUGH_CONTEXT;
        if enough {
            about_mean(score, raw, |c, distance| Gain::of(c, &self.settings.sampling).undo(distance))
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
        let mut values = about_mean(score, &raw, |c, distance| Gain::of(c, sampling).apply(distance));
        values.shift_log_beat_period(pace.log_beat_period.unwrap_or_default());
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
    log_beat_period: Option<f64>,
    shifts: Vec<f64>,
}

impl Pace {
    fn shift(&self, note: usize) -> f64 {
        self.shifts.get(note).copied().unwrap_or_default()
    }
}

/// What a column's distance from its mean is multiplied by: in full up to the knee; what goes beyond
/// is not made larger still.
struct Gain {
    factor: f64,
    knee: f64,
}

impl Gain {
    fn of(column: usize, sampling: &Sampling) -> Self {
        match column {
            // It has a treatment of its own: [`steady`].
            QUARTER_TEMPO => Self { factor: 1.0, knee: f64::INFINITY },
            ONSET_TEMPO => Self { factor: sampling.gain[column], knee: ONSET_TEMPO_KNEE },
            _ => Self { factor: sampling.gain[column], knee: f64::INFINITY },
        }
    }

    fn apply(&self, distance: f64) -> f64 {
        distance + (self.factor - 1.0) * distance.clamp(-self.knee, self.knee)
    }

    fn undo(&self, distance: f64) -> f64 {
        if distance.abs() <= self.factor * self.knee {
            distance / self.factor
        } else {
            distance - (self.factor - 1.0) * self.knee * distance.signum()
        }
    }
}

/// Changes every column's distance from its mean. How far a grace note lies from its chord is no
/// spread of a chord: it has neither part in that mean nor a gain, which would put it a whole note
/// early.
fn about_mean(score: &Score, raw: &Values, change: impl Fn(usize, f64) -> f64) -> Values {
    let mut out = raw.clone();
    for column in 0..WIDTH {
        let counts = |n: usize| column != CHORD || score.notes[n].grace.is_none();
        let notes = (0..score.notes.len()).filter(|n| counts(*n) && raw.get(*n, column).is_finite());
        let (sum, count) = notes.clone().fold((0.0, 0.0), |(s, c), n| (s + raw.get(n, column), c + 1.0));
        let mean = sum / f64::max(count, 1.0);
        for n in notes {
            out.0[n * WIDTH + column] = (mean + change(column, raw.get(n, column) - mean)) as f32;
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

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        let score: &Score = request.score;
        let notes = request.region.notes(score);
        let values = self.values(request, &notes, run)?;
        Ok(values::decode(score, &values, &notes, LEAD_IN_SECS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_goes_as_far_as_its_knee_and_can_be_undone() {
        for (factor, knee) in [(2.5, 0.25), (0.6, 0.25), (1.8, f64::INFINITY), (1.0, 0.25)] {
            let gain = Gain { factor, knee };
            for k in -40..=40 {
                let distance = f64::from(k) * 0.05;
                assert!((gain.undo(gain.apply(distance)) - distance).abs() < 1e-12, "{factor} {distance}");
            }
            assert!((gain.apply(0.2) - 0.2 * factor).abs() < 1e-12);
        }
        let gain = Gain { factor: 2.5, knee: 0.25 };
        assert!((gain.apply(1.0) - 1.375).abs() < 1e-12 && (gain.apply(-1.0) + 1.375).abs() < 1e-12);
    }

    #[test]
    fn a_grace_note_has_neither_gain_nor_part_in_the_mean() {
        use notation::{Grace, Note};
        let note = |grace| Note { grace, ..Note::default() };
        let score = Score {
            notes: vec![note(Some(Grace::Acciaccatura)), note(None), note(None)],
            ..Score::default()
        };
        let mut raw = Values(vec![0.0; 3 * WIDTH]);
        for (n, chord) in [-2.0, 0.25, 0.75].into_iter().enumerate() {
            raw.0[n * WIDTH + CHORD] = chord;
            raw.0[n * WIDTH + values::VELOCITY] = chord;
        }
        let doubled = about_mean(&score, &raw, |_, distance| 2.0 * distance);
        let column = |column: usize| [0, 1, 2].map(|n| doubled.get(n, column));
        assert_eq!(column(CHORD), [-2.0, 0.0, 1.0]);
        let mean = -1.0 / 3.0;
        for (found, before) in column(values::VELOCITY).into_iter().zip([-2.0, 0.25, 0.75]) {
            assert!((found - mean - 2.0 * (before - mean)).abs() < 1e-6, "{found} for {before}");
        }
    }
}
