//! Plays by the performance rules of KTH (Sundberg, Friberg, Bresin and others).
//!
//! The rules are those of [`analysis::rules`]; here are the weights that play well, what differs from
//! take to take, the pedal, grace notes and rolled chords. No model, no training: also what plays when
//! a model is missing.

mod noise;
mod ornaments;
mod pedal;
#[cfg(test)]
mod tests;
mod tuning;

use analysis::harmony::Harmony;
use analysis::rules::{self, articulation, dynamics};
use analysis::sketch::Sketch;
use analysis::written_tempo::WrittenTempo;
use notation::Score;
use performance::{PedalEvent, Performance};
use performers::finish::Finishing;
use performers::{
    Abilities, Controls, Entry, Knob, NumberKnob, PerformError, Performer, PerformerInfo, Request, Run,
};
pub use tuning::Tuning;

/// For the registry.
pub fn entry() -> Entry {
    Entry::new(Rules::INFO, |_| Ok(Box::new(Rules::default())))
}

const SWING: NumberKnob = NumberKnob {
    id: "swing",
    name: "Swing",
    description: "Makes the first of two eighths longer, as much as jazz drummers do at the tempo",
    min: 0.0,
    max: 1.0,
    default: 0.0,
    is_share: true,
};

const INEGALES: NumberKnob = NumberKnob {
    id: "inegales",
    name: "Notes inégales",
    description: "Makes the first of two eighths a little longer, as in French baroque music",
    min: 0.0,
    max: 2.0,
    default: 0.0,
    is_share: true,
};

const PHRASING: NumberKnob = NumberKnob {
    id: "phrasing",
    name: "Phrasing",
    description: "How much phrases begin and end slower and softer than they are in the middle",
    min: 0.0,
    max: 3.0,
    default: 1.0,
    is_share: true,
};

/// Plays by rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// How much of each rule, and of what is random.
    pub tuning: Tuning,
}

impl Rules {
    /// What it is called.
    pub const INFO: PerformerInfo = PerformerInfo {
        id: "rules",
        name: "KTH rules",
        description: "Plays by the performance rules of Friberg, Bresin and Sundberg",
        abilities: Abilities { follows_mood: false, streams: false, needs_model: false, needs_device: false },
        knobs: &[Knob::Number(SWING), Knob::Number(INEGALES), Knob::Number(PHRASING)],
        finishing: Finishing::PLAIN,
    };
}

impl Performer for Rules {
    fn info(&self) -> PerformerInfo {
        Self::INFO
    }

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        let wanted = request.region.notes(request.score);
        if wanted.is_empty() {
            return Err(PerformError::EmptyRegion);
        }
        let whole = self.turned(request.controls).play(request.score, request.controls.seed, run)?;
        run.step(1.0)?;
        Ok(excerpt(request.score, &whole, &wanted))
    }
}

impl Rules {
    /// The same rules with the knobs where the controls have them.
    fn turned(&self, controls: &Controls) -> Self {
        let mut weights = self.tuning.weights;
        weights.swing += SWING.value(controls);
        weights.inegales += INEGALES.value(controls);
        weights.phrase_arch *= PHRASING.value(controls);
        weights.subphrase_arch *= PHRASING.value(controls);
        Self { tuning: Tuning { weights, ..self.tuning } }
    }

    /// Plays the whole score.
    fn play(&self, score: &Score, seed: u64, run: &Run<'_>) -> Result<Performance, PerformError> {
        let weights = noise::vary(&self.tuning, seed);
        let mut sketch = Sketch::new(score);
        run.step(0.1)?;
        WrittenTempo::read(score).apply(&mut sketch);
        dynamics::written(&mut sketch, &weights);
        articulation::marks(&mut sketch, &weights);
        run.step(0.3)?;
        let harmony = Harmony::read(&sketch);
        run.step(0.5)?;
        rules::apply(&mut sketch, &harmony, &weights);
        run.step(0.7)?;
        noise::apply(&mut sketch, seed, self.tuning.noise);
        ornaments::rolled_chords(&mut sketch);
        ornaments::grace_notes(&mut sketch);
        run.step(0.8)?;
        let mut pedals = pedal::events(&sketch, &harmony);
        let lead_in = sketch.lead_in_secs();
        pedals.iter_mut().for_each(|p| p.time_secs += lead_in);
        Ok(Performance { notes: sketch.play(), pedals })
    }
}

/// The wanted notes (ascending) of a performance of the whole score, and the pedals under them.
fn excerpt(score: &Score, whole: &Performance, wanted: &[u32]) -> Performance {
    if wanted.len() == whole.notes.len() {
        return whole.clone();
    }
    let notes: Vec<_> = wanted.iter().filter_map(|n| whole.get(*n).copied()).collect();
    let first = notes.iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
    let last_onset = wanted.last().map(|n| score.notes[*n as usize].onset).unwrap_or_default();
    let after = whole.notes.iter().filter(|n| score.notes[n.note as usize].onset > last_onset);
    let end = after.map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
    let mut pedals: Vec<PedalEvent> = Vec::new();
    for event in &whole.pedals {
        if event.time_secs >= end {
            break;
        }
        if event.time_secs >= first {
            pedals.push(*event);
        } else {
            // The state that the region starts in.
            pedals.retain(|p| p.pedal != event.pedal);
            pedals.push(PedalEvent { time_secs: first, ..*event });
        }
    }
    Performance { notes, pedals }
}
