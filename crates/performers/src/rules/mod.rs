//! Performance rules of KTH: what Sundberg, Friberg, Bresin and others found by asking musicians.
//!
//! Each rule changes the length of the spans between onsets and the level, shift and length of
//! notes in a [`sketch`]; the written marks come first, then the rules, then chance, then the
//! sketch is played. No weights, no training: also what plays when a model is missing.

mod articulation;
mod dynamics;
mod harmony;
mod noise;
mod ornaments;
mod pedal;
mod phrases;
mod reading;
mod sketch;
mod tempo;
#[cfg(test)]
mod tests;
mod timing;
mod weights;

use notation::Score;
use performance::{PedalEvent, Performance};

use crate::join;
use crate::mood::palette;
use crate::performer::{Job, PerformError, Performer, PerformerInfo, Request};
use harmony::Harmony;
use phrases::Phrases;
pub(crate) use reading::Reading;
use sketch::Sketch;
use tempo::WrittenTempo;
pub use weights::Weights;

/// Where the harmony and the bass change clearly: indices into [`Score::onset_groups`], rising.
pub(crate) fn chord_changes(score: &Score) -> Vec<usize> {
    let sketch = Sketch::new(score);
    let bass = |onset: usize| {
        let notes = sketch.onsets[onset].notes.clone();
        notes.map(|n| score.notes[n].pitch).min().map(|pitch| pitch % 12)
    };
    let harmony = Harmony::read(&sketch);
    let clear =
        harmony.chords.windows(2).filter(|w| w[0].root != w[1].root && bass(w[0].onset) != bass(w[1].onset));
    clear.map(|w| w[1].onset).collect()
}

/// Plays by rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// How much of each rule.
    pub weights: Weights,
}

impl Rules {
    /// What it is called.
    pub const INFO: PerformerInfo = PerformerInfo {
        id: "rules",
        name: "KTH rules",
        description: "Plays by the performance rules of Friberg, Bresin and Sundberg; needs no model.",
    };
}

impl Performer for Rules {
    fn info(&self) -> PerformerInfo {
        Self::INFO
    }

    fn perform(&self, request: &Request<'_>, job: &Job) -> Result<Performance, PerformError> {
        let wanted = request.region.notes(request.score);
        if wanted.is_empty() {
            return Err(PerformError::EmptyRegion);
        }
        let mut whole = self.play(request.score, request.controls.seed, job)?;
        if let Some(mood) = &request.controls.mood {
            palette::paint(request.score, &mut whole, mood);
        }
        let region = excerpt(request.score, &whole, &wanted);
        let mut played = join::fit(request.score, region, request.context);
        join::pin(request.score, &mut played, &request.controls.pins, request.context);
        job.step(1.0)?;
        Ok(played)
    }
}

impl Rules {
    /// Plays the whole score.
    fn play(&self, score: &Score, seed: u64, job: &Job) -> Result<Performance, PerformError> {
        let weights = noise::vary(&self.weights, seed);
        let mut sketch = Sketch::new(score);
        job.step(0.1)?;
        WrittenTempo::read(score).apply(&mut sketch);
        dynamics::written(&mut sketch, &weights);
        articulation::marks(&mut sketch, &weights);
        job.step(0.3)?;
        let harmony = Harmony::read(&sketch);
        job.step(0.5)?;
        apply_rules(&mut sketch, &harmony, &weights);
        job.step(0.7)?;
        noise::apply(&mut sketch, seed, weights.noise);
        ornaments::rolled_chords(&mut sketch);
        ornaments::grace_notes(&mut sketch);
        job.step(0.8)?;
        let mut pedals = pedal::events(&sketch, &harmony);
        let lead_in = sketch.lead_in_secs();
        pedals.iter_mut().for_each(|p| p.time_secs += lead_in);
        Ok(Performance { notes: sketch.play(), pedals })
    }
}

/// The rules, each with its weight.
fn apply_rules(sketch: &mut Sketch<'_>, harmony: &Harmony, weights: &Weights) {
    let phrases = Phrases::find(sketch);
    dynamics::accents(sketch, weights);
    dynamics::voicing(sketch, weights.voicing);
    dynamics::high_loud(sketch, weights.high_loud);
    timing::metrical_accent(sketch, weights.metrical_accent);
    timing::duration_contrast(sketch, weights.duration_contrast);
    timing::unequal_eighths(sketch, weights.inegales, weights.swing);
    harmony::apply_melodic_charge(sketch, harmony, weights.melodic_charge);
    harmony::apply_harmonic_charge(sketch, harmony, weights.harmonic_charge);
    phrases::apply_arch(sketch, &phrases.phrases, phrases::LEVEL_5, weights.phrase_arch);
    phrases::apply_arch(sketch, &phrases.subphrases, phrases::LEVEL_6, weights.subphrase_arch);
    phrases::final_ritard(sketch, weights.final_ritard);
    phrases::punctuate(sketch, &phrases.subphrases, weights.punctuation);
    articulation::slur_ends(sketch, weights.slur_end);
    tempo::fermatas(sketch);
    ornaments::melody_lead(sketch, weights.melody_lead);
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
