//! The slips of recordings of projects that keep none: such a project has the notes that its score has not, wrong keys
//! among them, and what was played.

use notation::Score;
use performance::{BeatCurve, Performance};

use crate::document::{ExtraNote, Slips, WrongKey};

/// A key that is struck so close to where a note should have been was meant for it: in seconds and semitones.
const NEAR_SECS: f64 = 0.15;
const NEAR_SEMITONES: u8 = 2;

/// What was missed, with the keys that were struck instead, and what of the extra notes is left. Hesitations are
/// not known.
pub(super) fn guessed(
    score: &Score,
    played: &Performance,
    clock: &BeatCurve,
    extra: &[ExtraNote],
) -> (Slips, Vec<ExtraNote>) {
    let mut missed: Vec<u32> =
        (0..score.notes.len() as u32).filter(|note| played.get(*note).is_none()).collect();
    let mut slips = Slips::default();
    let mut besides = Vec::new();
    for key in extra {
        match meant(score, &missed, clock, *key) {
            Some(place) => {
                let note = score.notes[missed.remove(place) as usize].id;
                slips.wrong.push(WrongKey { note, pitch: key.pitch, quarters: key.quarters });
            }
            None => besides.push(*key),
        }
    }
    slips.missed = missed.iter().map(|note| score.notes[*note as usize].id).collect();
    (slips, besides)
}

/// The place among missed notes, which are in order, of the one that a key was meant for.
fn meant(score: &Score, missed: &[u32], clock: &BeatCurve, key: ExtraNote) -> Option<usize> {
    let secs = clock.secs_at(key.quarters);
    let [from, to] = [secs - NEAR_SECS, secs + NEAR_SECS].map(|secs| clock.quarters_at(secs));
    let onset = |note: u32| score.notes[note as usize].onset.to_f64();
    let first = missed.partition_point(|note| onset(*note) < from);
    let last = missed.partition_point(|note| onset(*note) <= to);
    let off = |note: u32| {
        let semitones = score.notes[note as usize].pitch.abs_diff(key.pitch);
        (semitones <= NEAR_SEMITONES).then_some((semitones, (onset(note) - key.quarters).abs()))
    };
    let near = (first..last).filter_map(|place| Some((place, off(missed[place])?)));
    let nearest = near.min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    nearest.map(|(place, _)| place)
}
