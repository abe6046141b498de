//! Which values of a version were drawn, moved or typed: what its next performance would replace.
//!
//! The project keeps no list of them. They follow from the steps that are done: a value counts while the
//! version still plays what the last of these steps made of it.

use std::collections::{BTreeMap, BTreeSet};

use performance::{PedalEvent, Performance, PlayedNote};
use protocol::{PinKind, ScoreId, VersionId};

use crate::document::{Document, Pins, Take};
use crate::history::{Change, History};
use crate::varied::same_notes;

/// Onsets that moved by amounts that differ by less than this, in seconds, moved along with each other.
const SAME_SHIFT_SECS: f64 = 1e-6;

/// What was made of a note by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Drawn {
    velocity: Option<u8>,
    onset_secs: Option<f64>,
    duration_secs: Option<f64>,
    /// The pedals from its onset to the next one.
    has_pedal: bool,
}

/// By the note's index in the score that is played; unchanged notes at the end are missing.
type Notes = Vec<Drawn>;

/// The values of a version that are as they were drawn, moved or typed, pinned or not.
pub fn drawn_values(document: &Document, history: &History, id: VersionId) -> Pins {
    let Some(take) = document.take(id) else { return Pins::new() };
    let lineage = lineage(history, id);
    let mut drawn: BTreeMap<VersionId, Notes> = BTreeMap::new();
    // What the versions played when they came.
    let mut scores: BTreeMap<VersionId, ScoreId> = BTreeMap::new();
    for change in done(history).filter(|c| c.version().is_some_and(|id| lineage.contains(&id))) {
        match change {
            Change::Added { take, .. } => {
                // Of a version whose first steps are forgotten it is not known.
                let score = |parent: VersionId| scores.get(&parent).copied().unwrap_or(take.score);
                let before = take.origin.parent.and_then(|id| Some((drawn.get(&id)?, score(id))));
                let inherited = inherited(document, take, before);
                drawn.insert(take.id, inherited);
                scores.insert(take.id, take.score);
            }
            Change::Notes { id, before, after, .. } => {
                add_notes(drawn.entry(*id).or_default(), before, after);
            }
            Change::Pedals { id, before, after, .. } => {
                // Onsets as they are now: those that moved since moved with their pedals.
                let played = document.performance(*id).filter(|_| !only_times_differ(before, after));
                if let Some(played) = played {
                    add_pedals(drawn.entry(*id).or_default(), played, before, after);
                }
            }
            // Notes have other numbers in another score.
            Change::Replaced { after, .. } => {
                drawn.remove(&after.id);
                scores.insert(after.id, after.score);
            }
            _ => {}
        }
    }
    let notes = drawn.remove(&id).unwrap_or_default();
    take.performance.notes.iter().flat_map(|played| values(&notes, played)).collect()
}

fn done(history: &History) -> impl Iterator<Item = &Change> {
    history.numbered().take(history.done()).flat_map(|(_, step)| &step.changes)
}

/// A version and those that it was made from.
fn lineage(history: &History, id: VersionId) -> BTreeSet<VersionId> {
    let parents: BTreeMap<VersionId, VersionId> = done(history)
        .filter_map(|change| match change {
            Change::Added { take, .. } => Some((take.id, take.origin.parent?)),
            _ => None,
        })
        .collect();
    let mut lineage = BTreeSet::new();
    let mut next = Some(id);
    while let Some(id) = next.filter(|id| lineage.insert(*id)) {
        next = parents.get(&id).copied();
    }
    lineage
}

/// What a new take has from the version that it was made from.
/// `before` is what is drawn there, and its score.
fn inherited(document: &Document, take: &Take, before: Option<(&Notes, ScoreId)>) -> Notes {
    let Some(parent) = take.origin.parent else { return Notes::new() };
    if parent == VersionId::Deadpan && take.is_edited {
        // A change of the deadpan, which made the take.
        let Some(deadpan) = document.performance(parent).filter(|_| take.score == document.main()) else {
            return Notes::new();
        };
        let mut notes = Notes::new();
        let both = deadpan.notes.iter().zip(&take.performance.notes).filter(|(a, b)| a != b);
        let (before, after): (Vec<_>, Vec<_>) = both.map(|(a, b)| (*a, *b)).unzip();
        add_notes(&mut notes, &before, &after);
        if !only_times_differ(&deadpan.pedals, &take.performance.pedals) {
            add_pedals(&mut notes, &take.performance, &deadpan.pedals, &take.performance.pedals);
        }
        return notes;
    }
    let mut notes = match before {
        Some((notes, score)) if score == take.score => notes.clone(),
        Some((notes, score)) => carried(document, notes, score, take.score),
        None => Notes::new(),
    };
    // What was drawn counts as changed by hand, so a new take that counts is a copy of one. Nobody performed
    // one of the best.
    if !take.is_edited && !take.origin.performer.is_empty() {
        let score = &document.scores.get(take.score).score;
        let bars = take.origin.bars.clone().unwrap_or(0..score.measures.len());
        for note in score.notes_in_measures(bars) {
            let Some(drawn) = notes.get_mut(note) else { break };
            // Of what was performed anew only pins kept something.
            let is_kept = |kind| take.pins.contains(&(note as u32, kind));
            *drawn = Drawn {
                velocity: drawn.velocity.filter(|_| is_kept(PinKind::Velocity)),
                onset_secs: drawn.onset_secs.filter(|_| is_kept(PinKind::Onset)),
                duration_secs: drawn.duration_secs.filter(|_| is_kept(PinKind::Duration)),
                has_pedal: drawn.has_pedal && is_kept(PinKind::Pedal),
            };
        }
    }
    notes
}

/// What is drawn in one score in another that was made of it by varying bars; nothing in any other.
fn carried(document: &Document, notes: &Notes, from: ScoreId, to: ScoreId) -> Notes {
    let mut carried = Notes::new();
    let new = document.scores.get(to);
    if new.varied.as_ref().is_some_and(|varied| varied.of == from) {
        let forth = same_notes(&document.scores.get(from).score, &new.score).forth;
        for (drawn, note) in notes.iter().zip(forth) {
            if let Some(note) = note {
                *at(&mut carried, note) = *drawn;
            }
        }
    }
    carried
}

fn at(notes: &mut Notes, note: u32) -> &mut Drawn {
    let k = note as usize;
    if notes.len() <= k {
        notes.resize(k + 1, Drawn::default());
    }
    &mut notes[k]
}

/// Takes in a change of notes. What only moved along, as everything behind a tempo that is drawn does, is
/// not drawn by that.
fn add_notes(notes: &mut Notes, before: &[PlayedNote], after: &[PlayedNote]) {
    let shift = |k: usize| after[k].onset_secs - before[k].onset_secs;
    let count = before.len().min(after.len());
    if count == 0 {
        return;
    }
    let is_along = |k: usize| (shift(k) - shift(count - 1)).abs() < SAME_SHIFT_SECS;
    let tail = (0..count).rev().take_while(|k| is_along(*k)).count();
    let own = if tail == count { count } else { count - tail };
    let moves = before.iter().zip(after).any(|(a, b)| a.onset_secs != b.onset_secs);
    for k in 0..count {
        let (before, after) = (&before[k], &after[k]);
        let drawn = at(notes, after.note);
        if before.velocity != after.velocity {
            drawn.velocity = Some(after.velocity);
        }
        if before.onset_secs != after.onset_secs && (k < own || drawn.onset_secs.is_some()) {
            drawn.onset_secs = Some(after.onset_secs);
        }
        // A tempo that is drawn stretches durations too.
        if before.duration_secs != after.duration_secs && (!moves || drawn.duration_secs.is_some()) {
            drawn.duration_secs = Some(after.duration_secs);
        }
    }
}

/// Whether pedals only moved, as they do under a tempo that is drawn.
fn only_times_differ(before: &[PedalEvent], after: &[PedalEvent]) -> bool {
    let value = |e: &PedalEvent| (e.pedal, e.value);
    before.len() == after.len() && before.iter().map(value).eq(after.iter().map(value))
}

/// Marks the notes from the one that sounds where the change begins to the last before it ends.
fn add_pedals(notes: &mut Notes, played: &Performance, before: &[PedalEvent], after: &[PedalEvent]) {
    let times = || before.iter().chain(after).map(|e| e.time_secs);
    let from = times().fold(f64::INFINITY, f64::min);
    let to = times().fold(f64::NEG_INFINITY, f64::max);
    let onsets = || played.notes.iter().map(|n| n.onset_secs);
    let from = onsets().filter(|at| *at <= from).fold(f64::NEG_INFINITY, f64::max);
    let is_inside = |at: f64| at == from || (from..to).contains(&at);
    for note in played.notes.iter().filter(|n| is_inside(n.onset_secs)) {
        at(notes, note.note).has_pedal = true;
    }
}

/// The values of a note that are still as they were drawn.
fn values(notes: &[Drawn], played: &PlayedNote) -> impl Iterator<Item = (u32, PinKind)> {
    let drawn = notes.get(played.note as usize).copied().unwrap_or_default();
    let kinds = [
        (drawn.velocity == Some(played.velocity), PinKind::Velocity),
        (drawn.onset_secs == Some(played.onset_secs), PinKind::Onset),
        (drawn.duration_secs == Some(played.duration_secs), PinKind::Duration),
        (drawn.has_pedal, PinKind::Pedal),
    ];
    let note = played.note;
    kinds.into_iter().filter(|(is_drawn, _)| *is_drawn).map(move |(_, kind)| (note, kind))
}

#[cfg(test)]
#[path = "drawn_tests.rs"]
mod tests;
