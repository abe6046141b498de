//! PianoFlow as a [`Performer`].

mod canvas;
mod gain;
mod whole;

use std::path::Path;

use burn::tensor::Device;
use notation::Score;
use performance::Performance;
use performers::finish::Finishing;
use performers::{Abilities, Knob, Mood, NumberKnob, PerformError, Performer, PerformerInfo, Request, Run};

use super::certainty::Remembered;
use super::ensemble::Ensemble;
use super::piece_spread::{PieceSpread, cues};
use super::sampler::{self, Canvas};
use super::settings::{Sampling, Settings};
use super::values::{self, KINDS, Values};
use super::weights;
use canvas::{Pace, prepare, read_features, restore};
use whole::Whole;

/// Seconds before the first note of a performance, room for chord notes that come early.
const LEAD_IN_SECS: f64 = 0.25;

/// By how much the end is slower than the network plays it. On the 19 validation scores (seed 1)
/// the last two bars lean .55 deviations to the fast side of people without it, .11 at .3, and .07
/// to the slow side at .45; r of the quarter tempo goes from .499 to .521 and .526.
const FINAL_RITARD: f64 = 0.4;

/// More notes that start together are no music, and a window would hold little else.
const MOST_AT_ONCE: usize = 1024;

const VARIETY: NumberKnob = NumberKnob {
    id: "variety",
    name: "Variety",
    description: "How far takes are from each other; at 0 they are one and the same",
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
    certainty: Remembered,
}

impl PianoFlow {
    /// What it is called.
    pub const INFO: PerformerInfo = PerformerInfo {
        id: "pianoflow",
        name: "PianoFlow",
        description: "A network that learned from recordings of pianists",
        abilities: Abilities { follows_mood: true, streams: true, needs_model: true, needs_device: true },
        knobs: &[Knob::Number(VARIETY)],
        // It learned its pedal from people: more lifts took r of pedal changes from .118 to .109.
        finishing: Finishing { final_ritard: FINAL_RITARD, pedal_changes: false, pauses: true },
    };

    /// Reads the model folder.
    pub fn load(folder: &Path, device: Device) -> Result<Self, PerformError> {
        let (networks, settings) = weights::load(folder, &device)?;
        let ensemble = Ensemble::new(networks, &device);
        Ok(Self { ensemble, settings, blind_to: None, certainty: Remembered::default() })
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

    /// The same weights and sampling, with other factors for the spread of pieces.
    pub fn with_spread(mut self, spread: PieceSpread) -> Self {
        self.settings.spread = Some(spread);
        self
    }

    /// The same weights and sampling, without what pieces and takes have of their own as wholes.
    pub fn alike(mut self) -> Self {
        (self.settings.spread, self.settings.variety) = (None, None);
        self
    }

    /// The same weights, blind to a group of what they read ([`groups`](analysis::features::groups)): what the group is
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
        check_chords(request.score)?;
        run.step(0.0)?;
        let mut features = read_features(request.score, self.blind_to);
        let whole = self.whole(request, &mut features, run)?;
        let (mut canvas, pace) = prepare(&self.settings, &whole, features, request, notes);
        let mut sampling = self.settings.sampling.clone();
        sampling.noise.iter_mut().for_each(|noise| *noise *= VARIETY.value(request.controls));
        let seed = request.controls.seed;
        let hand_over =
            |canvas: &Canvas<'_>, next: usize| self.hand_over(request, &whole, canvas, &pace, next, run);
        sampler::perform(&self.ensemble, &sampling, &mut canvas, seed, run, &hand_over)?;
        Ok(restore(&self.settings, &whole, request.score, &canvas, &pace))
    }

    /// What the spread of a piece is told from: the cues of its score, and the networks' figures.
    pub fn spread_inputs(&self, score: &Score, run: &Run<'_>) -> Result<Vec<f64>, PerformError> {
        let mut features = read_features(score, self.blind_to);
        whole::set_level(&self.settings, score, &mut features);
        self.inputs(score, &features, true, run)
    }

    /// As [`Self::spread_inputs`], from a table of features at the piece's own level of tempo.
    fn inputs(
        &self,
        score: &Score,
        features: &[f32],
        with_networks: bool,
        run: &Run<'_>,
    ) -> Result<Vec<f64>, PerformError> {
        let mut inputs = cues::of(score).to_vec();
        if with_networks {
            let (window, step) = (self.settings.sampling.window, || run.step(0.0));
            inputs.extend(self.certainty.of(&self.ensemble, features, window, &step)?);
        }
        Ok(inputs)
    }

    /// What the take of a request is as a whole, whichever of its notes are performed.
    fn whole(
        &self,
        request: &Request<'_>,
        features: &mut [f32],
        run: &Run<'_>,
    ) -> Result<Whole, PerformError> {
        let (settings, controls) = (&self.settings, request.controls);
        let level = whole::set_level(settings, request.score, features);
        let of_piece = match &settings.spread {
            Some(spread) => {
                spread.factors(&self.inputs(request.score, features, spread.reads_networks(), run)?)
            }
            None => [1.0; KINDS],
        };
        let drawn = settings.variety.unwrap_or_default().draw(controls.seed, VARIETY.value(controls));
        Ok(Whole::new(&settings.sampling, &of_piece, &drawn, level))
    }

    /// Hands over what is ready of the region: its notes before the first that waits.
    fn hand_over(
        &self,
        request: &Request<'_>,
        whole: &Whole,
        canvas: &Canvas<'_>,
        pace: &Pace,
        next: usize,
        run: &Run<'_>,
    ) {
        if run.wants_partial() {
            let ready: Vec<u32> = (0..next as u32).filter(|n| canvas.wanted[*n as usize]).collect();
            let values = restore(&self.settings, whole, request.score, canvas, pace);
            run.hand_over(&values::decode(request.score, &values, &ready, LEAD_IN_SECS));
        }
    }
}

/// Refuses a score with a chord of more than [`MOST_AT_ONCE`] notes.
fn check_chords(score: &Score) -> Result<(), PerformError> {
    let Some(chord) = score.onset_groups().into_iter().find(|chord| chord.len() > MOST_AT_ONCE) else {
        return Ok(());
    };
    let bar = score.measures.get(score.notes[chord.start].measure as usize);
    let bar = bar.map_or_else(|| "1".to_owned(), |measure| measure.number.clone());
    let performer = PianoFlow::INFO.name;
    Err(PerformError::Chord { performer, bar, found: chord.len(), most: MOST_AT_ONCE })
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
