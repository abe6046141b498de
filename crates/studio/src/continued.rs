//! A piece that goes on: a version of it as one of the longer score.

use std::sync::Arc;

use notation::Score;
use performance::{Pedal, PedalEvent, Performance};
use protocol::{ContinueRequest, VersionId};

use crate::document::{Document, Origin, Pins, Take, bars_text, play_literally};
use crate::edit;
use crate::varied;
use crate::views::Clocked;

/// A take that plays `piece`: the score of a version of the document up to the first new bar, and new bars from
/// there on. What both have is played as before; the new bars follow in its tempo, until they are performed. The
/// score is among those of the document then.
pub fn take(document: &mut Document, piece: Score, request: &ContinueRequest, writer: &str) -> Take {
    let from = document.score_of(request.of).clone();
    let played = document.performance(request.of).cloned().unwrap_or_default();
    let pins = document.take(request.of).map_or_else(Pins::new, |take| take.pins.clone());
    let (kept, played) = kept(&from, &played, request.from);
    let text = format!(
        "{writer} goes on after {} of {}, seed {}",
        bars_text(&from, &(request.from.saturating_sub(1)..request.from)),
        document.name_of(request.of),
        request.seed
    );
    let score = document.scores.add(piece);
    let to = document.scores.get(score).score.clone();
    let performance = match request.of {
        VersionId::Deadpan => play_literally(&to),
        _ => Arc::new(varied::played(&kept, &to, &played)),
    };
    let last = kept.measures.last().map_or("", |measure| measure.number.as_str());
    Take {
        id: VersionId::Take(document.next_number),
        name: edit::free_name(document, &format!("Continued after bar {last}")),
        origin: Origin { text, parent: Some(request.of), seed: request.seed, ..Origin::default() },
        is_edited: false,
        score,
        pins: varied::pins(&kept, &to, &pins),
        performance,
    }
}

/// The bars before the new ones, and how they are played. What is left out has numbers of notes that the new bars
/// may have, too, and pedals that are not theirs.
fn kept(from: &Score, played: &Performance, first_new: usize) -> (Score, Performance) {
    let (mut score, mut performance) = (from.clone(), played.clone());
    let Some(cut) = from.measures.get(first_new) else { return (score, performance) };
    let cut_secs = Clocked::of(from, played).curve.secs_at(cut.start.to_f64());
    let end = from.notes_in_measures(0..first_new).end;
    score.notes.truncate(end);
    score.measures.truncate(first_new);
    performance.notes.retain(|note| (note.note as usize) < end);
    let pedals = &mut performance.pedals;
    pedals.retain(|event| event.time_secs < cut_secs);
    for pedal in [Pedal::Sustain, Pedal::Sostenuto, Pedal::Soft] {
        let last = pedals.iter().rev().find(|event| event.pedal == pedal);
        if last.is_some_and(|event| event.value > 0) {
            pedals.push(PedalEvent { time_secs: cut_secs, pedal, value: 0 });
        }
    }
    (score, performance)
}

#[cfg(test)]
#[path = "continued_tests.rs"]
mod tests;
