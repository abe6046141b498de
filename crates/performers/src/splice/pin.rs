//! Values that must come out exactly.

use notation::Score;
use performance::Performance;

use super::interpolate::interpolate;
use crate::request::Pin;

/// Makes the pinned values of a fitted region come out exactly.
///
/// Notes around a pinned onset move with it, less the farther they are from it, down to nothing at
/// the next pin and at the region's neighbours in `context`. Pins of notes that are not in
/// `played` are ignored.
pub fn pin(score: &Score, played: &mut Performance, pins: &[Pin], context: Option<&Performance>) {
    let index_of = |pin: &Pin| played.notes.binary_search_by_key(&pin.note, |n| n.note).ok();
    let placed: Vec<(usize, &Pin)> = pins.iter().filter_map(|pin| Some((index_of(pin)?, pin))).collect();
    if placed.iter().any(|(_, pin)| onset_of(pin).is_some()) {
        let moves = displacements(score, played, &placed, context);
        for note in &mut played.notes {
            note.onset_secs += interpolate(&moves, score.notes[note.note as usize].onset.to_f64());
        }
    }
    for (index, pin) in placed {
        let note = &mut played.notes[index];
        note.onset_secs = onset_of(pin).unwrap_or(note.onset_secs);
        note.velocity = pin.velocity.map_or(note.velocity, |v| v.clamp(1, 127));
        note.duration_secs =
            pin.duration_secs.filter(|d| d.is_finite() && *d > 0.0).unwrap_or(note.duration_secs);
    }
}

fn onset_of(pin: &Pin) -> Option<f64> {
    pin.onset_secs.filter(|t| t.is_finite())
}

/// How far the notes at a score time move, as points to interpolate between.
fn displacements(
    score: &Score,
    played: &Performance,
    placed: &[(usize, &Pin)],
    context: Option<&Performance>,
) -> Vec<(f64, f64)> {
    let at = |n: u32| score.notes[n as usize].onset.to_f64();
    let mut moves: Vec<(f64, f64)> = Vec::new();
    for (index, pin) in placed {
        if let Some(wanted) = onset_of(pin) {
            moves.push((at(pin.note), wanted - played.notes[*index].onset_secs));
        }
    }
    moves.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Several pins at one place: their mean.
    let mut merged: Vec<(f64, f64, f64)> = Vec::new();
    for (q, secs) in moves {
        match merged.last_mut() {
            Some(last) if last.0 == q => (last.1, last.2) = (last.1 + secs, last.2 + 1.0),
            _ => merged.push((q, secs, 1.0)),
        }
    }
    let mut moves: Vec<(f64, f64)> = merged.into_iter().map(|(q, sum, count)| (q, sum / count)).collect();
    if let (Some(context), Some(first), Some(last)) = (context, played.notes.first(), played.notes.last()) {
        let outside = || context.notes.iter().filter(|n| played.get(n.note).is_none()).map(|n| at(n.note));
        let before = outside().filter(|q| *q < at(first.note)).fold(f64::NEG_INFINITY, f64::max);
        let after = outside().filter(|q| *q > at(last.note)).fold(f64::INFINITY, f64::min);
        if before.is_finite() {
            moves.insert(0, (before, 0.0));
        }
        if after.is_finite() {
            moves.push((after, 0.0));
        }
    }
    moves
}
