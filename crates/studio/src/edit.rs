//! Changes by hand: what an [`Edit`] means for a version, as a step that can be taken back.

mod best;
mod difference;
mod drawn;
mod error;
mod punch;
mod takes;

use std::collections::BTreeSet;

use notation::Score;
use performance::{Performance, PlayedNote};
use protocol::{Edit, PinKind, VersionId};

use crate::document::{Document, LONGEST_SECS, Origin, Pins, SHORTEST_EDITED_SECS, clean};
use crate::history::{Change, Step};
use crate::warp;
pub use best::{best_of, choose};
use difference::changes;
use drawn::{curve, draw_dynamics, redraw_pedal};
pub use error::EditError;
pub use punch::punched;
use takes::new_take;
pub use takes::{added, delete, duplicate, free_name, rename};

/// The step that an edit is; none if it changes nothing.
pub fn edit(document: &Document, id: VersionId, edit: &Edit) -> Result<Option<Step>, EditError> {
    let old = document.performance(id).ok_or(EditError::NoSuchVersion)?;
    let no_pins = Pins::new();
    let old_pins = document.take(id).map_or(&no_pins, |take| &take.pins);
    let score = document.score_of(id);
    let played = clean(score, play(score, old, edit)?);
    let pins = pinned(old, old_pins, edit);
    let changes = match document.take(id) {
        Some(take) => changes(take, &played, pins),
        None if played == **old && pins.is_empty() => Vec::new(),
        None => edited_deadpan(document, played, pins),
    };
    Ok((!changes.is_empty()).then(|| Step::new(name(edit), changes)))
}

fn name(edit: &Edit) -> &'static str {
    match edit {
        Edit::Velocities(_) => "Change velocities",
        Edit::Onsets(_) => "Move notes",
        Edit::Durations(_) => "Change lengths",
        Edit::Tempo(_) => "Draw tempo",
        Edit::Dynamics(_) => "Draw dynamics",
        Edit::Pedal { .. } => "Change pedal",
        Edit::Pin(..) | Edit::PinValues(_) => "Pin values",
        Edit::Unpin(..) => "Unpin values",
    }
}

/// How the version is played after the edit.
fn play(score: &Score, old: &Performance, edit: &Edit) -> Result<Performance, EditError> {
    let mut played = old.clone();
    match edit {
        Edit::Velocities(values) => set(&mut played, values, |note, v| note.velocity = v.clamp(1, 127)),
        Edit::Onsets(values) => set_secs(&mut played, values, |note, v| note.onset_secs = v.max(0.0)),
        Edit::Durations(values) => {
            set_secs(&mut played, values, |note, v| note.duration_secs = v.max(SHORTEST_EDITED_SECS));
        }
        Edit::Tempo(points) => played = warp::draw_tempo(score, old, &curve(points)?),
        Edit::Dynamics(points) => draw_dynamics(score, &mut played, &curve(points)?),
        Edit::Pedal { from_secs, to_secs, events } => {
            played.pedals = redraw_pedal(&old.pedals, *from_secs, *to_secs, events);
        }
        Edit::Pin(..) | Edit::Unpin(..) | Edit::PinValues(_) => {}
    }
    Ok(played)
}

fn set<T: Copy>(played: &mut Performance, values: &[(u32, T)], change: impl Fn(&mut PlayedNote, T)) {
    for (note, value) in values {
        if let Ok(k) = played.notes.binary_search_by_key(note, |n| n.note) {
            change(&mut played.notes[k], *value);
        }
    }
}

fn set_secs(played: &mut Performance, values: &[(u32, f64)], change: impl Fn(&mut PlayedNote, f64)) {
    let usable: Vec<(u32, f64)> =
        values.iter().filter(|(_, v)| v.is_finite()).map(|(n, v)| (*n, v.min(LONGEST_SECS))).collect();
    set(played, &usable, change);
}

/// What is pinned after the edit.
fn pinned(played: &Performance, old: &Pins, edit: &Edit) -> Pins {
    let mut pins = old.clone();
    match edit {
        Edit::Pin(notes, kinds) => {
            let there = || notes.iter().filter(|n| played.get(**n).is_some());
            pins.extend(kinds.iter().flat_map(|kind| there().map(|n| (*n, *kind))));
        }
        Edit::PinValues(values) => {
            pins.extend(values.iter().filter(|v| played.get(v.note).is_some()).map(|v| (v.note, v.kind)));
        }
        Edit::Unpin(notes, kinds) => {
            let freed: BTreeSet<(u32, PinKind)> =
                kinds.iter().flat_map(|kind| notes.iter().map(|n| (*n, *kind))).collect();
            pins.retain(|pin| !freed.contains(pin));
        }
        _ => {}
    }
    pins
}

/// A change to the deadpan is a take of its own.
fn edited_deadpan(document: &Document, played: Performance, pins: Pins) -> Vec<Change> {
    let origin = Origin {
        text: "Deadpan, changed by hand".to_owned(),
        parent: Some(VersionId::Deadpan),
        ..Origin::default()
    };
    let mut take = new_take(document, VersionId::Deadpan, "Deadpan, edited", origin, played);
    take.is_edited = true;
    take.pins = pins;
    added(document, vec![take], true)
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
