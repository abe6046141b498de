//! What differs between a take and what becomes of it, as changes.

use performance::{PedalEvent, Performance, PlayedNote};
use protocol::VersionId;

use crate::document::{Pins, Take};
use crate::history::Change;

/// What differs between a take and what becomes of it.
pub(super) fn changes(take: &Take, played: &Performance, pins: Pins) -> Vec<Change> {
    let id = take.id;
    let mut changes = Vec::new();
    let differ = |(old, new): &(&PlayedNote, &PlayedNote)| old != new;
    let pairs = || take.performance.notes.iter().zip(&played.notes).filter(differ);
    if pairs().next().is_some() {
        let (before, after) = pairs().map(|(old, new)| (*old, *new)).unzip();
        changes.push(Change::Notes { id, score: take.score, before, after });
    }
    changes.extend(pedal_change(id, &take.performance.pedals, &played.pedals));
    if !changes.is_empty() && !take.is_edited {
        changes.push(Change::Edited { id, before: false, after: true });
    }
    if pins != take.pins {
        changes.push(Change::Pinned { id, score: take.score, before: take.pins.clone(), after: pins });
    }
    changes
}

/// The shortest stretch of the list that differs.
fn pedal_change(id: VersionId, old: &[PedalEvent], new: &[PedalEvent]) -> Option<Change> {
    if old == new {
        return None;
    }
    let at = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - at;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (before, after) = (old[at..old.len() - tail].to_vec(), new[at..new.len() - tail].to_vec());
    Some(Change::Pedals { id, at, before, after })
}
