//! XMVAE as a [`Performer`]: plays a score, in the manner of a reference or in one of its own.

mod extents;
mod hand;
mod info;
mod manner;
mod piece;

use std::path::Path;

use notation::Score;
use performance::{Manner, PedalEvent, Performance, SHORTEST_PRESS_SECS};
use performers::{Entry, Job, PerformError, Performer, PerformerInfo, Request, Run};

use crate::ecp::{self, PERFORMANCE_COLUMNS, Steps};
use crate::network::Model;
use crate::network::windows::overlapping;
use extents::{EXTENTS, Places};
use hand::Hand;
use info::{INFO, VARIETY};
use piece::Piece;

/// More notes that start together are no music, and a window would hold little else.
const MOST_AT_ONCE: usize = 1024;

/// The trained networks.
pub struct Xmvae {
    model: Model,
}

impl Xmvae {
    /// What it is called.
    pub const INFO: PerformerInfo = INFO;

    /// Reads the model folder.
    ///
    /// # Errors
    /// When its files are missing, damaged or do not fit each other.
    pub fn load(folder: &Path) -> Result<Self, PerformError> {
        Ok(Self { model: Model::load(folder)? })
    }

    /// What each step of a score is played like, in a manner: values of [`ecp::Steps::values`], unknown at steps
    /// of windows without any that is wanted.
    fn values(
        &self,
        piece: &Piece<'_>,
        hand: &Hand,
        latent: &[f32],
        is_wanted: &dyn Fn(usize) -> bool,
        run: &Run<'_>,
    ) -> Result<Vec<[f32; PERFORMANCE_COLUMNS]>, PerformError> {
        let model = &self.model;
        let mut values = vec![[f32::NAN; PERFORMANCE_COLUMNS]; piece.len()];
        let windows = overlapping(piece.score_tokens(), &model.settings().network);
        let wanted: Vec<_> = windows.iter().filter(|window| window.counts.clone().any(is_wanted)).collect();
        for (k, window) in wanted.iter().enumerate() {
            let step = |part: f32| run.step(0.05 + 0.95 * (k as f32 + part) / wanted.len() as f32);
            step(0.0)?;
            let reading = piece.read(model, window.steps.clone(), &|| step(0.2))?;
            step(0.4)?;
            let states = model.states(&reading, Some(latent));
            step(0.6)?;
            let first = window.steps.start;
            let among = window.counts.start - first..window.counts.end - first;
            let value = hand.value(piece.steps(), first);
            let played = model.play(&reading, &states, among, &value);
            values[window.counts.clone()].copy_from_slice(&played);
        }
        Ok(values)
    }
}

impl Performer for Xmvae {
    fn info(&self) -> PerformerInfo {
        Self::INFO
    }

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        let (score, controls) = (request.score, request.controls);
        let wanted = request.region.notes(score);
        if wanted.is_empty() {
            return Err(PerformError::EmptyRegion);
        }
        check_chords(score)?;
        run.step(0.0)?;
        let asked = manner::asked(&self.model, controls)?;
        let piece = Piece::of(score, ecp::written(score));
        run.step(0.05)?;
        let hand = Hand::of(score, &self.model.settings().coherence, controls.seed, VARIETY.value(controls));
        let places = Places::of(score, piece.steps());
        let mut beats = wanted_beats(piece.steps(), &wanted);
        if asked.further != [0.0; EXTENTS] {
            beats = places.near(&beats);
        }
        let is_wanted = |step: usize| beats.get(piece.steps().beats[step] as usize) == Some(&true);
        let mut values = self.values(&piece, &hand, &asked.latent, &is_wanted, run)?;
        places.widen(&mut values, &asked.further);
        Ok(only(ecp::performance_of(score, piece.steps(), &values), &wanted))
    }

    fn manner(
        &self,
        score: &Score,
        played: &Performance,
        name: &str,
        job: &Job,
    ) -> Result<Manner, PerformError> {
        manner::read(&self.model, score, played, name, job)
    }
}

/// Refuses a score with a chord of more than [`MOST_AT_ONCE`] notes.
fn check_chords(score: &Score) -> Result<(), PerformError> {
    let Some(chord) = score.onset_groups().into_iter().find(|chord| chord.len() > MOST_AT_ONCE) else {
        return Ok(());
    };
    let bar = score.measures.get(score.notes[chord.start].measure as usize);
    let bar = bar.map_or_else(|| "1".to_owned(), |measure| measure.number.clone());
    let performer = Xmvae::INFO.name;
    Err(PerformError::Chord { performer, bar, found: chord.len(), most: MOST_AT_ONCE })
}

/// Which beats have notes that are wanted.
fn wanted_beats(steps: &Steps, wanted: &[u32]) -> Vec<bool> {
    let mut beats = vec![false; steps.beats.last().map_or(0, |last| *last as usize + 1)];
    for (beat, note) in steps.beats.iter().zip(&steps.notes) {
        if note.is_some_and(|note| wanted.binary_search(&note).is_ok()) {
            beats[*beat as usize] = true;
        }
    }
    beats
}

/// The wanted notes of a performance of all, with the pedal from the first of them to the first note after the last,
/// and as it stands at the first.
fn only(mut played: Performance, wanted: &[u32]) -> Performance {
    let is_wanted = |note: u32| wanted.binary_search(&note).is_ok();
    let onsets = |inside: bool| {
        let notes = played.notes.iter().filter(move |note| is_wanted(note.note) == inside);
        notes.map(|note| note.onset_secs)
    };
    let first_secs = onsets(true).fold(f64::INFINITY, f64::min);
    let last_secs = onsets(true).fold(f64::NEG_INFINITY, f64::max);
    let end_secs = onsets(false).filter(|secs| *secs > last_secs).fold(f64::INFINITY, f64::min);
    if onsets(false).next().is_some() {
        let standing = played.pedals.iter().rfind(|pedal| pedal.time_secs < first_secs).copied();
        played.pedals.retain(|pedal| (first_secs..end_secs).contains(&pedal.time_secs));
        if let Some(standing) = standing.filter(|pedal| pedal.value > 0) {
            played.pedals.insert(0, PedalEvent { time_secs: first_secs, ..standing });
        }
        played.notes.retain(|note| is_wanted(note.note));
    }
    for note in &mut played.notes {
        note.duration_secs = note.duration_secs.max(SHORTEST_PRESS_SECS);
    }
    played
}

/// The performer, for the registry. It plays on the processor, whatever device was chosen.
pub fn entry() -> Entry {
    Entry::new(Xmvae::INFO, |resources| {
        let model = resources.models.join(Xmvae::INFO.id);
        Ok(Box::new(Xmvae::load(&model)?))
    })
}
