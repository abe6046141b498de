//! Takes as a whole: added, named, copied and taken away.

use std::sync::Arc;

use performance::Performance;
use protocol::VersionId;

use super::error::EditError;
use crate::document::{Document, Origin, Pins, Take};
use crate::history::{Change, Step};

/// A take that plays the score of another version.
pub(super) fn new_take(
    document: &Document,
    of: VersionId,
    name: &str,
    origin: Origin,
    played: Performance,
) -> Take {
    Take {
        id: VersionId::Take(document.next_number),
        name: free_name(document, name),
        origin,
        is_edited: false,
        score: document.score_id(of),
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
    let mut copy = new_take(document, id, &format!("{name}, copy"), origin, (**played).clone());
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
