//! One thing that a step changes.

use std::mem;
use std::sync::Arc;

use performance::{PedalEvent, Performance, PlayedNote};
use protocol::{ScoreId, VersionId};

use crate::document::{Document, Pins, Take};

/// One thing that was one way before and is another way after.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A take came to be at a place in the list.
    Added {
        /// Its place.
        at: usize,
        /// The take.
        take: Box<Take>,
    },
    /// A take was taken away.
    Removed {
        /// Where it was.
        at: usize,
        /// The take.
        take: Box<Take>,
    },
    /// A take has another name.
    Renamed {
        /// Which.
        id: VersionId,
        /// Its old name.
        before: String,
        /// Its new name.
        after: String,
    },
    /// A take is put into the place of another state of it, maybe one that plays another score.
    Replaced {
        /// As it was.
        before: Box<Take>,
        /// As it is.
        after: Box<Take>,
    },
    /// The deadpan plays another score.
    Main {
        /// The old one.
        before: ScoreId,
        /// The new one.
        after: ScoreId,
    },
    /// Some notes are played differently.
    Notes {
        /// Of which take.
        id: VersionId,
        /// The score that it plays.
        score: ScoreId,
        /// As they were.
        before: Vec<PlayedNote>,
        /// As they are, the same notes.
        after: Vec<PlayedNote>,
    },
    /// Some pedal movements are replaced by others.
    Pedals {
        /// Of which take.
        id: VersionId,
        /// Index of the first in the list.
        at: usize,
        /// As they were.
        before: Vec<PedalEvent>,
        /// As they are.
        after: Vec<PedalEvent>,
    },
    /// Values were pinned or freed.
    Pinned {
        /// Of which take.
        id: VersionId,
        /// The score that it plays.
        score: ScoreId,
        /// What was pinned.
        before: Pins,
        /// What is pinned.
        after: Pins,
    },
    /// A take counts as changed by hand, or no longer.
    Edited {
        /// Which.
        id: VersionId,
        /// Whether it did.
        before: bool,
        /// Whether it does.
        after: bool,
    },
    /// Another version is heard.
    Listening {
        /// The old one.
        before: VersionId,
        /// The new one.
        after: VersionId,
    },
}

impl Change {
    /// What takes it back.
    pub fn inverted(mut self) -> Self {
        match &mut self {
            Self::Added { at, take } => return Self::Removed { at: *at, take: take.clone() },
            Self::Removed { at, take } => return Self::Added { at: *at, take: take.clone() },
            Self::Replaced { before, after } => mem::swap(before, after),
            Self::Main { before, after } => mem::swap(before, after),
            Self::Renamed { before, after, .. } => mem::swap(before, after),
            Self::Notes { before, after, .. } => mem::swap(before, after),
            Self::Pedals { before, after, .. } => mem::swap(before, after),
            Self::Pinned { before, after, .. } => mem::swap(before, after),
            Self::Edited { before, after, .. } => mem::swap(before, after),
            Self::Listening { before, after } => mem::swap(before, after),
        }
        self
    }

    /// The take that it changes.
    pub fn version(&self) -> Option<VersionId> {
        match self {
            Self::Added { take, .. } | Self::Removed { take, .. } | Self::Replaced { after: take, .. } => {
                Some(take.id)
            }
            Self::Renamed { id, .. }
            | Self::Notes { id, .. }
            | Self::Pedals { id, .. }
            | Self::Pinned { id, .. }
            | Self::Edited { id, .. } => Some(*id),
            Self::Listening { .. } | Self::Main { .. } => None,
        }
    }

    /// Makes it so. A change that does not fit the document (only a damaged file has such) does
    /// what it can.
    pub(super) fn apply(self, document: &mut Document) {
        match self {
            Self::Added { at, take } => {
                let at = at.min(document.takes.len());
                // Its number is used up, even if the step is undone.
                document.next_number = document.next_number.max(take.number().saturating_add(1));
                document.takes.insert(at, *take);
            }
            Self::Removed { take, .. } => document.takes.retain(|t| t.id != take.id),
            Self::Replaced { after, .. } => with(document, after.id, |take| *take = (*after).clone()),
            Self::Main { after, .. } => document.set_main(after),
            Self::Listening { after, .. } => document.listening = after,
            Self::Renamed { id, after, .. } => with(document, id, |take| take.name = after),
            Self::Pinned { id, after, .. } => with(document, id, |take| take.pins = after),
            Self::Edited { id, after, .. } => with(document, id, |take| take.is_edited = after),
            Self::Notes { id, after, .. } => {
                with(document, id, |take| replace_notes(Arc::make_mut(&mut take.performance), &after));
            }
            Self::Pedals { id, at, before, after } => with(document, id, |take| {
                let pedals = &mut Arc::make_mut(&mut take.performance).pedals;
                let from = at.min(pedals.len());
                let to = (at + before.len()).min(pedals.len());
                pedals.splice(from..to, after);
            }),
        }
    }

    /// What it counts for: the notes and pedals that it holds.
    pub(super) fn records(&self) -> usize {
        match self {
            Self::Added { take, .. } | Self::Removed { take, .. } => records(take),
            Self::Replaced { before, after } => records(before) + records(after),
            Self::Notes { before, after, .. } => before.len() + after.len(),
            Self::Pedals { before, after, .. } => before.len() + after.len(),
            _ => 1,
        }
    }
}

fn records(take: &Take) -> usize {
    take.performance.notes.len() + take.performance.pedals.len()
}

fn with(document: &mut Document, id: VersionId, change: impl FnOnce(&mut Take)) {
    if let Some(take) = document.take_mut(id) {
        change(take);
    }
}

fn replace_notes(performance: &mut Performance, notes: &[PlayedNote]) {
    for note in notes {
        if let Ok(k) = performance.notes.binary_search_by_key(&note.note, |n| n.note) {
            performance.notes[k] = *note;
        }
    }
}
