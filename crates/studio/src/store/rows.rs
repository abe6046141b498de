//! Takes and changes as they stand in files: notes by their names, with the number of the score that
//! they belong to.

use std::sync::Arc;

use notation::NoteId;
use performance::{PedalEvent, Performance, PlayedNote};
use protocol::{PinKind, ScoreId, VersionId};
use serde::{Deserialize, Serialize};

use super::contents::Flaw;
use super::names::{Names, name};
use super::records::{NamedNote, Notes, Pedals};
use crate::document::{Origin, Pins, Sounds, Take, clean};
use crate::history::{Change, Step};
use crate::scores::Scores;

/// A take.
#[derive(Serialize, Deserialize)]
pub(super) struct TakeRow {
    id: VersionId,
    name: String,
    origin: Origin,
    is_edited: bool,
    score: ScoreId,
    pins: Vec<(NoteId, PinKind)>,
    notes: Notes,
    pedals: Pedals,
}

/// A change of a step; see [`Change`].
#[derive(Serialize, Deserialize)]
pub(super) enum ChangeRow {
    Added { at: usize, take: Box<TakeRow> },
    Removed { at: usize, take: Box<TakeRow> },
    Replaced { before: Box<TakeRow>, after: Box<TakeRow> },
    Main { before: ScoreId, after: ScoreId },
    Renamed { id: VersionId, before: String, after: String },
    Notes { id: VersionId, score: ScoreId, before: Notes, after: Notes },
    Pedals { id: VersionId, at: usize, before: Pedals, after: Pedals },
    Pinned { id: VersionId, score: ScoreId, before: Vec<(NoteId, PinKind)>, after: Vec<(NoteId, PinKind)> },
    Edited { id: VersionId, before: bool, after: bool },
    Listening { before: VersionId, after: VersionId },
}

/// Puts values that hold notes into rows.
pub(super) struct Writer<'a>(pub &'a Scores);

impl Writer<'_> {
    pub(super) fn take(&self, take: &Take) -> TakeRow {
        TakeRow {
            id: take.id,
            name: take.name.clone(),
            origin: take.origin.clone(),
            is_edited: take.is_edited,
            score: take.score,
            pins: self.pins(take.score, &take.pins),
            notes: self.notes(take.score, &take.performance.notes),
            pedals: pedals(&take.performance.pedals),
        }
    }

    pub(super) fn change(&self, change: &Change) -> ChangeRow {
        use ChangeRow as R;
        let boxed = |take: &Take| Box::new(self.take(take));
        match change {
            Change::Added { at, take } => R::Added { at: *at, take: boxed(take) },
            Change::Removed { at, take } => R::Removed { at: *at, take: boxed(take) },
            Change::Replaced { before, after } => R::Replaced { before: boxed(before), after: boxed(after) },
            Change::Main { before, after } => R::Main { before: *before, after: *after },
            Change::Renamed { id, before, after } => {
                R::Renamed { id: *id, before: before.clone(), after: after.clone() }
            }
            Change::Notes { id, score, before, after } => R::Notes {
                id: *id,
                score: *score,
                before: self.notes(*score, before),
                after: self.notes(*score, after),
            },
            Change::Pedals { id, at, before, after } => {
                R::Pedals { id: *id, at: *at, before: pedals(before), after: pedals(after) }
            }
            Change::Pinned { id, score, before, after } => R::Pinned {
                id: *id,
                score: *score,
                before: self.pins(*score, before),
                after: self.pins(*score, after),
            },
            Change::Edited { id, before, after } => R::Edited { id: *id, before: *before, after: *after },
            Change::Listening { before, after } => R::Listening { before: *before, after: *after },
        }
    }

    /// Notes that the score has: there are no others, see [`clean`].
    fn notes(&self, score: ScoreId, notes: &[PlayedNote]) -> Notes {
        let named = |n: &PlayedNote| {
            Some(NamedNote {
                id: name(self.0, score, n.note)?,
                onset_secs: n.onset_secs,
                duration_secs: n.duration_secs,
                velocity: n.velocity,
            })
        };
        Notes(notes.iter().filter_map(named).collect())
    }

    fn pins(&self, score: ScoreId, pins: &Pins) -> Vec<(NoteId, PinKind)> {
        pins.iter().filter_map(|(note, kind)| Some((name(self.0, score, *note)?, *kind))).collect()
    }
}

fn pedals(pedals: &[PedalEvent]) -> Pedals {
    Pedals(pedals.to_vec())
}

/// Reads rows back, which may name these sounds.
pub(super) struct Reader<'a>(pub Names<'a>, pub &'a Sounds);

impl Reader<'_> {
    pub(super) fn take(&mut self, row: TakeRow) -> Result<Take, Flaw> {
        let TakeRow { id, name, origin, is_edited, score, pins, notes, pedals } = row;
        self.check(score)?;
        if let Some(sound) = origin.sound.filter(|sound| self.1.get(*sound).is_none()) {
            return Err(Flaw::Contents(format!("there is no sound {}", sound.0)));
        }
        let played = Performance { notes: self.notes(score, notes)?, pedals: pedals.0 };
        let played = clean(&self.0.scores().get(score).score, played);
        let pins = self.pins(score, pins)?;
        Ok(Take { id, name, origin, is_edited, score, pins, performance: Arc::new(played) })
    }

    fn change(&mut self, row: ChangeRow) -> Result<Change, Flaw> {
        use ChangeRow as R;
        Ok(match row {
            R::Added { at, take } => Change::Added { at, take: self.boxed(*take)? },
            R::Removed { at, take } => Change::Removed { at, take: self.boxed(*take)? },
            R::Replaced { before, after } => {
                Change::Replaced { before: self.boxed(*before)?, after: self.boxed(*after)? }
            }
            R::Main { before, after } => {
                self.check(before)?;
                self.check(after)?;
                Change::Main { before, after }
            }
            R::Renamed { id, before, after } => Change::Renamed { id, before, after },
            R::Notes { id, score, before, after } => {
                let (before, after) = (self.notes(score, before)?, self.notes(score, after)?);
                Change::Notes { id, score, before, after }
            }
            R::Pedals { id, at, before, after } => {
                Change::Pedals { id, at, before: before.0, after: after.0 }
            }
            R::Pinned { id, score, before, after } => {
                let (before, after) = (self.pins(score, before)?, self.pins(score, after)?);
                Change::Pinned { id, score, before, after }
            }
            R::Edited { id, before, after } => Change::Edited { id, before, after },
            R::Listening { before, after } => Change::Listening { before, after },
        })
    }

    pub(super) fn step(&mut self, name: String, changes: Vec<ChangeRow>) -> Result<Step, Flaw> {
        let changes: Result<Vec<Change>, Flaw> = changes.into_iter().map(|c| self.change(c)).collect();
        Ok(Step { name, changes: changes? })
    }

    fn boxed(&mut self, row: TakeRow) -> Result<Box<Take>, Flaw> {
        self.take(row).map(Box::new)
    }

    fn check(&self, score: ScoreId) -> Result<(), Flaw> {
        let is_there = self.0.scores().has(score);
        is_there.then_some(()).ok_or_else(|| Flaw::Contents(format!("there is no score {}", score.0)))
    }

    fn notes(&mut self, score: ScoreId, notes: Notes) -> Result<Vec<PlayedNote>, Flaw> {
        let mut played: Vec<PlayedNote> = Vec::with_capacity(notes.0.len());
        for NamedNote { id, onset_secs, duration_secs, velocity } in notes.0 {
            let note = self.index(score, id, played.last().map_or(0, |n| n.note + 1))?;
            played.push(PlayedNote { note, onset_secs, duration_secs, velocity });
        }
        Ok(played)
    }

    fn pins(&mut self, score: ScoreId, pins: Vec<(NoteId, PinKind)>) -> Result<Pins, Flaw> {
        pins.into_iter().map(|(id, kind)| Ok((self.index(score, id, 0)?, kind))).collect()
    }

    fn index(&mut self, score: ScoreId, id: NoteId, guess: u32) -> Result<u32, Flaw> {
        self.check(score)?;
        let found = self.0.index(score, id, guess);
        found.ok_or_else(|| Flaw::Contents(format!("score {} has no note {id}", score.0)))
    }
}
