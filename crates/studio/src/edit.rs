//! Changes by hand: what an [`Edit`] means for a version, as a step that can be taken back.

use std::collections::BTreeSet;
use std::sync::Arc;

use notation::Score;
use performance::{Pedal, PedalEvent, Performance, PlayedNote};
use protocol::{CurvePoint, Edit, PinKind, VersionId};
use thiserror::Error;

use crate::document::{Document, LONGEST_SECS, Origin, Pins, SHORTEST_EDITED_SECS, Take, clean};
use crate::history::{Change, Step};
use crate::warp;

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// There is no such version (any more).
    #[error("there is no such take any more; choose another one")]
    NoSuchVersion,
    /// The deadpan was to be renamed or deleted.
    #[error("the deadpan is the score itself and stays as it is; duplicate it to have a take of your own")]
    Deadpan,
    /// A curve without length.
    #[error("the curve is too short to mean anything; draw it over at least two onsets")]
    ShortCurve,
}

/// The step that an edit is; none if it changes nothing.
pub fn edit(document: &Document, id: VersionId, edit: &Edit) -> Result<Option<Step>, EditError> {
    let old = document.performance(id).ok_or(EditError::NoSuchVersion)?;
    let no_pins = Pins::new();
    let old_pins = document.take(id).map_or(&no_pins, |take| &take.pins);
    let played = clean(&document.score, play(&document.score, old, edit)?);
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
        Edit::Pin(..) => "Pin values",
        Edit::Unpin(..) => "Free values",
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
        Edit::Pin(..) | Edit::Unpin(..) => {}
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

/// A drawn curve as points that rise in score time; where two lie at one place, the later counts.
fn curve(points: &[CurvePoint]) -> Result<Vec<CurvePoint>, EditError> {
    let finite = points.iter().filter(|p| p.quarters.is_finite() && p.value.is_finite());
    let mut sorted: Vec<CurvePoint> = finite.copied().collect();
    sorted.sort_by(|a, b| a.quarters.total_cmp(&b.quarters));
    let mut rising: Vec<CurvePoint> = Vec::with_capacity(sorted.len());
    for point in sorted {
        match rising.last_mut() {
            Some(last) if point.quarters - last.quarters < 1e-6 => last.value = point.value,
            _ => rising.push(point),
        }
    }
    if rising.len() < 2 { Err(EditError::ShortCurve) } else { Ok(rising) }
}

/// The value of a curve at a place; none outside of it.
fn value_at(curve: &[CurvePoint], quarters: f64) -> Option<f64> {
    let k = curve.partition_point(|p| p.quarters <= quarters);
    let before = curve.get(k.checked_sub(1)?)?;
    match curve.get(k) {
        Some(after) => {
            let share = (quarters - before.quarters) / (after.quarters - before.quarters);
            Some(before.value + share * (after.value - before.value))
        }
        None => (quarters - before.quarters < 1e-6).then_some(before.value),
    }
}

/// The mean velocity of each onset follows the curve, its notes keep their differences.
fn draw_dynamics(score: &Score, played: &mut Performance, curve: &[CurvePoint]) {
    for group in score.onset_groups() {
        let Some(wanted) = value_at(curve, score.notes[group.start].onset.to_f64()) else { continue };
        let from = played.notes.partition_point(|n| (n.note as usize) < group.start);
        let to = played.notes.partition_point(|n| (n.note as usize) < group.end);
        let notes = &mut played.notes[from..to];
        if notes.is_empty() {
            continue;
        }
        let mean = notes.iter().map(|n| f64::from(n.velocity)).sum::<f64>() / notes.len() as f64;
        let louder = (wanted - mean).round().clamp(-127.0, 127.0);
        for note in notes {
            note.velocity = (f64::from(note.velocity) + louder).clamp(1.0, 127.0) as u8;
        }
    }
}

/// Replaces the movements of one pedal between two times; afterwards it is where it was.
fn redraw_pedal(old: &[PedalEvent], from_secs: f64, to_secs: f64, events: &[PedalEvent]) -> Vec<PedalEvent> {
    if !(from_secs.is_finite() && to_secs.is_finite()) {
        return old.to_vec();
    }
    let (from, to) = (from_secs.min(to_secs).max(0.0), from_secs.max(to_secs).clamp(0.0, LONGEST_SECS));
    let pedal = events.first().map_or(Pedal::Sustain, |e| e.pedal);
    let last_value = |events: &mut dyn Iterator<Item = &PedalEvent>| {
        events.filter(|e| e.pedal == pedal).last().map(|e| e.value)
    };
    let mut drawn: Vec<PedalEvent> = events
        .iter()
        .filter(|e| e.pedal == pedal && e.time_secs.is_finite())
        .map(|e| PedalEvent { time_secs: e.time_secs.clamp(from, to), value: e.value.min(127), ..*e })
        .collect();
    drawn.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    let before = last_value(&mut old.iter().filter(|e| e.time_secs < from)).unwrap_or(0);
    let after = last_value(&mut old.iter().filter(|e| e.time_secs <= to)).unwrap_or(0);
    if last_value(&mut drawn.iter()).unwrap_or(before) != after {
        drawn.push(PedalEvent { time_secs: to, pedal, value: after });
    }
    let outside = |e: &&PedalEvent| e.pedal != pedal || e.time_secs < from || e.time_secs > to;
    let mut all: Vec<PedalEvent> = old.iter().filter(outside).copied().collect();
    all.extend(drawn);
    all.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    all
}

/// What is pinned after the edit.
fn pinned(played: &Performance, old: &Pins, edit: &Edit) -> Pins {
    let mut pins = old.clone();
    match edit {
        Edit::Pin(notes, kind) => {
            pins.extend(notes.iter().filter(|n| played.get(**n).is_some()).map(|n| (*n, *kind)));
        }
        Edit::Unpin(notes, kind) => {
            let freed: BTreeSet<(u32, PinKind)> = notes.iter().map(|n| (*n, *kind)).collect();
            pins.retain(|pin| !freed.contains(pin));
        }
        _ => {}
    }
    pins
}

/// What differs between a take and what becomes of it.
fn changes(take: &Take, played: &Performance, pins: Pins) -> Vec<Change> {
    let id = take.id;
    let mut changes = Vec::new();
    let differ = |(old, new): &(&PlayedNote, &PlayedNote)| old != new;
    let pairs = || take.performance.notes.iter().zip(&played.notes).filter(differ);
    if pairs().next().is_some() {
        let (before, after) = pairs().map(|(old, new)| (*old, *new)).unzip();
        changes.push(Change::Notes { id, before, after });
    }
    changes.extend(pedal_change(id, &take.performance.pedals, &played.pedals));
    if !changes.is_empty() && !take.is_edited {
        changes.push(Change::Edited { id, before: false, after: true });
    }
    if pins != take.pins {
        changes.push(Change::Pinned { id, before: take.pins.clone(), after: pins });
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

/// A change to the deadpan is a take of its own.
fn edited_deadpan(document: &Document, played: Performance, pins: Pins) -> Vec<Change> {
    let origin = Origin {
        text: "Deadpan, changed by hand".to_owned(),
        parent: Some(VersionId::Deadpan),
        ..Origin::default()
    };
    let mut take = new_take(document, "Deadpan, edited", origin, played);
    take.is_edited = true;
    take.pins = pins;
    added(document, vec![take], true)
}

fn new_take(document: &Document, name: &str, origin: Origin, played: Performance) -> Take {
    Take {
        id: VersionId::Take(document.next_number),
        name: free_name(document, name),
        origin,
        is_edited: false,
        pins: Pins::new(),
        performance: Arc::new(played),
    }
}

/// The name, with a number behind it if another version has it.
pub fn free_name(document: &Document, name: &str) -> String {
    let is_free = |name: &String| document.takes.iter().all(|t| t.name != *name);
    let numbered = (2..).map(|k| format!("{name} {k}"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// The changes that put takes at the end of the list, and maybe listen to the first of them.
pub fn added(document: &Document, takes: Vec<Take>, listen: bool) -> Vec<Change> {
    let first = takes.first().map(|t| t.id);
    let at = document.takes.len();
    let mut changes: Vec<Change> = takes
        .into_iter()
        .enumerate()
        .map(|(k, take)| Change::Added { at: at + k, take: Box::new(take) })
        .collect();
    if let (Some(after), true) = (first, listen)
        && after != document.listening
    {
        changes.push(Change::Listening { before: document.listening, after });
    }
    changes
}

/// Longest name of a take, in characters.
const LONGEST_NAME: usize = 120;

/// The step that gives a take another name.
pub fn rename(document: &Document, id: VersionId, name: &str) -> Result<Option<Step>, EditError> {
    let take = take_of(document, id)?;
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if name.is_empty() || name == take.name {
        return Ok(None);
    }
    let change = Change::Renamed { id, before: take.name.clone(), after: name };
    Ok(Some(Step::new("Rename", vec![change])))
}

/// The step that takes a take away.
pub fn delete(document: &Document, id: VersionId) -> Result<Step, EditError> {
    let take = take_of(document, id)?;
    let at = document.takes.iter().position(|t| t.id == id).unwrap_or(0);
    let mut changes = vec![Change::Removed { at, take: Box::new(take.clone()) }];
    if document.listening == id {
        let next = document.takes.get(at + 1).or_else(|| document.takes.get(at.checked_sub(1)?));
        let after = next.map_or(VersionId::Deadpan, |t| t.id);
        changes.push(Change::Listening { before: id, after });
    }
    Ok(Step::new(format!("Delete {}", take.name), changes))
}

/// The step that copies a version.
pub fn duplicate(document: &Document, id: VersionId) -> Result<Step, EditError> {
    let played = document.performance(id).ok_or(EditError::NoSuchVersion)?;
    let name = document.name_of(id);
    let mut origin = document.take(id).map_or_else(Origin::default, |t| t.origin.clone());
    origin.text = format!("copy of {name}");
    origin.parent = Some(id);
    let mut copy = new_take(document, &format!("{name}, copy"), origin, (**played).clone());
    if let Some(take) = document.take(id) {
        (copy.is_edited, copy.pins) = (take.is_edited, take.pins.clone());
    }
    Ok(Step::new(format!("Duplicate {name}"), added(document, vec![copy], true)))
}

fn take_of(document: &Document, id: VersionId) -> Result<&Take, EditError> {
    if id == VersionId::Deadpan {
        return Err(EditError::Deadpan);
    }
    document.take(id).ok_or(EditError::NoSuchVersion)
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
