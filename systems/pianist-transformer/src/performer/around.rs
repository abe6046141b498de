//! What is there already around a region, as the network learned to go on from it.

use performance::Performance;

use crate::roll::Known;
use crate::tokens::{Aligned, Event, Stream};

/// What is there of the notes of a stream, up to the last that is wanted.
#[derive(Debug, PartialEq)]
pub(super) struct Around {
    /// The notes outside the region; nothing of those that are to be played.
    pub known: Vec<Option<Known>>,
    /// When the first note starts if it is played, in ms.
    pub start_ms: i64,
}

/// The notes of `context` outside the region `wanted` (ascending indices into the score's notes).
///
/// All times are those of the context, whatever the score says. A note that it does not have lies between
/// its neighbours, as in training. Without any note outside the region, the notes before it are played
/// too, as they would be in a performance of the whole piece.
pub(super) fn around(stream: &Stream, context: Option<&Performance>, wanted: &[u32]) -> Around {
    let is_wanted = |note: &u32| wanted.binary_search(note).is_ok();
    let end = stream.order.iter().rposition(is_wanted).map_or(0, |last| last + 1);
    let outside = context.map(|context| Performance {
        notes: context.notes.iter().filter(|note| !is_wanted(&note.note)).copied().collect(),
        pedals: context.pedals.clone(),
    });
    let Some(aligned) = outside.and_then(|outside| Aligned::of(stream, &outside)) else {
        return Around { known: vec![None; end], start_ms: 0 };
    };
    let times = aligned.onsets_ms.iter().zip(&aligned.events);
    let of_note = |(note, (onset_ms, event)): (&u32, (&i64, &Event))| {
        (!is_wanted(note)).then_some(Known { onset_ms: *onset_ms, event: *event })
    };
    let known = stream.order.iter().zip(times).take(end).map(of_note).collect();
    Around { known, start_ms: aligned.onsets_ms.first().copied().unwrap_or(0) }
}

#[cfg(test)]
#[path = "around_tests.rs"]
mod tests;
