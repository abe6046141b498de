//! Keys, voices and reach: what a hand has done and will do.

use notation::Note;

use super::context::{Context, staff_class};
use super::row::{Row, log_length};

/// The same key: how long ago it was struck, how soon it must be struck again.
pub(super) fn key_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let [before, after] = context.voices.key[index].map(|n| n.map(|n| &context.score.notes[n]));
    let at = |note: &Note| note.onset.to_f64();
    row.push(before.map_or(2.0, |n| log_length(at(note) - at(n))));
    row.push(after.map_or(2.0, |n| log_length(at(n) - at(note))));
    let lifted = after.map_or(2.0, |n| at(n) - note.offset().to_f64());
    row.push(lifted.clamp(-1.0, 2.0));
}

/// The written voice, and the hand.
pub(super) fn voice_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let neighbours = context.voices.voice[index].map(|n| n.map(|n| &context.score.notes[n]));
    for other in neighbours {
        let interval = other.map_or(0.0, |n| f64::from(n.pitch) - f64::from(note.pitch));
        row.push(interval / 12.0);
        row.push(other.map_or(2.0, |n| log_length((n.onset.to_f64() - note.onset.to_f64()).abs())));
    }
    let rest = neighbours[1].map_or(1.0, |n| (n.onset - note.offset()).to_f64());
    row.push(rest.clamp(-2.0, 2.0));
    row.flag(neighbours[1].is_some() && rest.abs() < 1e-6);
    row.flag(note.voice == 1);
    row.push((context.voices.together[index] as f64).log2());

    let onset = context.onset_of[index];
    let chord = &context.score.notes[context.onsets[onset].notes.clone()];
    let hand = || chord.iter().filter(|n| staff_class(n) == staff_class(note)).map(|n| n.pitch);
    row.push(f64::from(hand().max().unwrap_or(note.pitch) - note.pitch) / 12.0);
    row.push(f64::from(note.pitch - hand().min().unwrap_or(note.pitch)) / 12.0);
    let count = |k: Option<usize>| {
        k.and_then(|k| context.onsets.get(k)).map_or(0.0, |o| (o.notes.len() as f64).log2() / 2.0)
    };
    row.push(count(onset.checked_sub(1)));
    row.push(count(Some(onset + 1)));
}

/// How high and low the line of a hand goes around a point, in octaves from the note.
pub(super) fn reach_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    const QUARTERS: f64 = 4.0;
    let line = &context.lines[staff_class(note)];
    let at = context.onsets[context.onset_of[index]].at;
    let near = &line[line.partition_point(|p| p.at < at - QUARTERS)..];
    let near = &near[..near.partition_point(|p| p.at <= at + QUARTERS)];
    let octaves = |pitch: Option<u8>| pitch.map_or(0.0, |p| (f64::from(p) - f64::from(note.pitch)) / 12.0);
    row.push(octaves(near.iter().map(|p| p.top).max()));
    row.push(octaves(near.iter().map(|p| p.top).min()));
}
