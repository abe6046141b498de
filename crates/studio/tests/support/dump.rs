//! What a project holds, as text: notes by name, numbers to the last bit, and a print of every state
//! that undo and redo lead to.
#![allow(dead_code, clippy::unwrap_used)]

use notation::Score;
use serde_json::{Value, json};
use studio::document::{Document, Take};
use studio::history::History;

/// Everything that must come back when the project is opened.
pub fn dump(document: &Document, history: &History) -> Value {
    let names = history.numbered().map(|(_, step)| step.name.clone());
    json!({
        "source": document.source.name,
        "title": document.title(),
        "notes_in_score": document.score().notes.len(),
        "listening": document.listening,
        "compared": document.compared,
        "view": document.view,
        "next_number": document.next_number,
        "steps": names.collect::<Vec<_>>(),
        "steps_done": history.done(),
        "takes": takes(document),
        "undone": states(document, history, false),
        "redone": states(document, history, true),
    })
}

fn takes(document: &Document) -> Vec<Value> {
    document.takes.iter().map(|take| take_of(document.score_of(take.id), take)).collect()
}

fn take_of(score: &Score, take: &Take) -> Value {
    let written = |note: u32| &score.notes[note as usize];
    let bits = |secs: f64| format!("{:016x}", secs.to_bits());
    let notes = take.performance.notes.iter().map(|n| {
        let (id, pitch) = (written(n.note).id, written(n.note).pitch);
        format!("{id} {pitch} {} {} {}", bits(n.onset_secs), bits(n.duration_secs), n.velocity)
    });
    let pedals = take.performance.pedals.iter();
    let pedals = pedals.map(|p| format!("{:?} {} {}", p.pedal, bits(p.time_secs), p.value));
    let mut origin = json!(take.origin);
    if let Some(fields) = origin.as_object_mut().filter(|_| take.origin.knobs.is_empty()) {
        // Older files have none.
        fields.remove("knobs");
    }
    json!({
        "id": take.id,
        "name": take.name,
        "origin": origin,
        "is_edited": take.is_edited,
        "pins": take.pins.iter().map(|(n, kind)| format!("{} {kind:?}", written(*n).id)).collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "pedals": pedals.collect::<Vec<_>>(),
    })
}

/// A print of the takes after each step back to the start, or forth to the end.
fn states(document: &Document, history: &History, forth: bool) -> Vec<String> {
    let (mut document, mut history) = (document.clone(), history.clone());
    let mut prints = Vec::new();
    while (if forth { history.redo(&mut document) } else { history.undo(&mut document) }).is_some() {
        let text = serde_json::to_string(&takes(&document)).unwrap();
        prints.push(format!("{:016x}", print(text.as_bytes())));
    }
    prints
}

/// FNV-1a with 64 bits.
fn print(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}
