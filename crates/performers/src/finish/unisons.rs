//! Two voices on one key are one stroke.
//!
//! A performer plays every written note, so a key that two voices share is struck twice some
//! milliseconds apart, and the first stroke is cut off by the second. A pianist strikes once, as
//! loud as the louder voice, and holds the key as long as the longer one.

use std::collections::{BTreeMap, HashMap};

use performance::{Performance, PlayedNote};

use crate::request::{Pin, Request};

/// Gives the notes of the region that share a key and a written onset the same stroke. What is pinned
/// at one of them holds for all.
pub(super) fn apply(request: &Request<'_>, played: &mut Performance) {
    let mut strokes = BTreeMap::<_, Vec<usize>>::new();
    for (k, note) in played.notes.iter().enumerate() {
        let Some(written) = request.score.notes.get(note.note as usize) else { continue };
        if written.grace.is_none() {
            strokes.entry((written.onset, written.pitch)).or_default().push(k);
        }
    }
    let mut pins = HashMap::<u32, Vec<&Pin>>::new();
    request.controls.pins.iter().for_each(|pin| pins.entry(pin.note).or_default().push(pin));
    for voices in strokes.values().filter(|voices| voices.len() > 1) {
        let notes = voices.iter().map(|k| played.notes[*k]);
        let stroke = stroke(notes, &pins);
        for k in voices {
            played.notes[*k] = PlayedNote { note: played.notes[*k].note, ..stroke };
        }
    }
}

/// The earliest onset, the highest velocity and the latest end, unless pinned.
fn stroke(notes: impl Iterator<Item = PlayedNote> + Clone, pins: &HashMap<u32, Vec<&Pin>>) -> PlayedNote {
    let pins = || notes.clone().filter_map(|n| pins.get(&n.note)).flatten();
    let earliest = notes.clone().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
    let end = notes.clone().map(|n| n.onset_secs + n.duration_secs).fold(0.0, f64::max);
    let onset_secs = pins().find_map(|pin| pin.onset_secs).unwrap_or(earliest);
    let loudest = notes.clone().map(|n| n.velocity).max().unwrap_or_default();
    PlayedNote {
        note: 0,
        onset_secs,
        duration_secs: pins().find_map(|pin| pin.duration_secs).unwrap_or(end - onset_secs),
        velocity: pins().find_map(|pin| pin.velocity).unwrap_or(loudest),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::{Note, Quarters, Score};

    use super::*;
    use crate::request::{Controls, Region};

    fn played(note: u32, onset_secs: f64, duration_secs: f64, velocity: u8) -> PlayedNote {
        PlayedNote { note, onset_secs, duration_secs, velocity }
    }

    fn finished(notes: Vec<PlayedNote>, pins: Vec<Pin>) -> Vec<PlayedNote> {
        let written = |at: i64, pitch: u8| Note { onset: Quarters::whole(at), pitch, ..Note::default() };
        let score = Score {
            notes: vec![written(0, 60), written(0, 60), written(0, 64), written(1, 60)],
            ..Score::default()
        };
        let controls = Controls { pins, ..Controls::default() };
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        let mut take = Performance { notes, pedals: vec![] };
        super::super::keys(&request, &mut take);
        take.notes
    }

    #[test]
    fn two_voices_on_a_key_are_one_stroke_and_other_notes_stay() {
        let [high, again] = [played(2, 0.01, 0.5, 50), played(3, 1.0, 0.5, 45)];
        let notes = finished(vec![played(0, 0.03, 0.2, 70), played(1, 0.0, 0.8, 40), high, again], vec![]);
        assert_eq!(notes, [played(0, 0.0, 0.8, 70), played(1, 0.0, 0.8, 70), high, again]);
    }

    #[test]
    fn the_next_stroke_of_the_key_still_ends_both() {
        let notes = finished(
            vec![played(0, 0.0, 0.2, 70), played(1, 0.02, 1.8, 40), played(3, 1.0, 0.5, 45)],
            vec![],
        );
        assert_eq!(notes[0].duration_secs, notes[1].duration_secs);
        assert!(notes[0].duration_secs < 1.0, "{:?}", notes[0]);
    }

    #[test]
    fn what_is_pinned_holds_for_both() {
        let pin = Pin { note: 1, velocity: Some(33), onset_secs: Some(0.02), duration_secs: Some(0.4) };
        let notes = finished(vec![played(0, 0.0, 0.7, 70), played(1, 0.02, 0.4, 33)], vec![pin]);
        assert_eq!(notes, [played(0, 0.02, 0.4, 33), played(1, 0.02, 0.4, 33)]);
    }
}
