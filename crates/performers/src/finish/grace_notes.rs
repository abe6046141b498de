//! Grace notes in their order and before their note.
//!
//! People of the train split of (n)ASAP strike the main note 63 ms after a single appoggiatura in
//! the median (46 to 91 between the quartiles), and an acciaccatura in most cases just before the
//! other notes of the beat. What a performer plays within such limits stays.

use std::collections::HashMap;

use notation::graces;
use performance::Performance;

use super::scene::{Scene, start_at};

/// From a grace note to the next note where the performer has them at once or the wrong way
/// round, and how far notes differ in it.
const STEP_SECS: f64 = 0.06;
const VARIETY: f64 = 0.25;

/// Less than this is at once; the notes of a grace chord are not further apart.
const LEAST_SECS: f64 = 0.02;

/// All grace notes together take at most this share of the time since the onset before.
const SHARE: f64 = 0.5;

/// Those that the performer plays begin at most this share of the time since the note before early.
const EARLIEST_SHARE: f64 = 0.75;

/// A grace note may sound so long into the next note.
const OVERLAP_SECS: f64 = 0.04;

/// Seed of this step.
const PURPOSE: u64 = 2;

pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance) {
    let groups = scene.score.onset_groups();
    let notes = &scene.score.notes;
    let voice = |n: usize| (notes[n].part, notes[n].staff, notes[n].voice);
    // The last main note of each voice before the onset at hand.
    let mut previous: HashMap<(u16, u8, u8), usize> = HashMap::new();
    let mut passed = 0;
    for (k, group) in groups.iter().enumerate() {
        let has_graces = group.clone().any(|n| notes[n].grace.is_some());
        let may_move = |n: usize| notes[n].grace.is_none() || scene.may_move(played, n);
        if !has_graces || !group.clone().all(may_move) {
            continue;
        }
        let mains = (passed..group.start).filter(|n| notes[*n].grace.is_none());
        previous.extend(mains.map(|n| (voice(n), n)));
        passed = group.start;
        let before = groups[..k].iter().rev().find_map(|g| scene.extent(played, g.clone()));
        for strokes in graces::by_voice(notes, group.clone()) {
            let own = voice(strokes[0][0]);
            let main = group.clone().filter(|n| notes[*n].grace.is_none());
            let of_voice = main.clone().filter(|n| voice(*n) == own);
            let time = |n: usize| scene.onset_secs(played, n);
            let beat = of_voice.filter_map(time).reduce(f64::min).or(main.filter_map(time).reduce(f64::min));
            if let Some(beat) = beat {
                let onset = previous.get(&own).and_then(|n| scene.onset_secs(played, *n));
                keep_after(scene, played, &strokes.concat(), beat, onset);
                put_before(scene, played, &strokes, beat, before.map(|(_, last)| last));
            }
        }
    }
}

/// Draws grace notes towards their beat that would come before the note that their voice plays before
/// them, or hardly after it.
fn keep_after(scene: &Scene<'_>, played: &mut Performance, graces: &[usize], beat: f64, before: Option<f64>) {
    let onsets: Vec<_> = graces.iter().filter_map(|n| Some((*n, scene.onset_secs(played, *n)?))).collect();
    let first = onsets.iter().map(|(_, t)| *t).fold(f64::INFINITY, f64::min);
    let Some(room) = before.map(|before| EARLIEST_SHARE * (beat - before)) else { return };
    if room <= 0.0 || beat - first <= room {
        return;
    }
    for (n, onset) in onsets.into_iter().filter(|(_, onset)| *onset < beat) {
        start_at(played, n, beat - (beat - onset) * room / (beat - first));
    }
}

/// Puts grace notes in order before their note, those of a chord together.
fn put_before(
    scene: &Scene<'_>,
    played: &mut Performance,
    strokes: &[Vec<usize>],
    beat: f64,
    before: Option<f64>,
) {
    let room = before.map_or(f64::INFINITY, |before| SHARE * (beat - before).max(0.0));
    let most = room / strokes.len() as f64;
    let mut next = beat;
    let mut chord: Option<(usize, f64)> = None;
    for stroke in strokes.iter().rev() {
        let Some((mut onset, last)) = draw_together(scene, played, stroke) else { continue };
        // Grace notes that the performer strikes together with the one after them are a chord if
        // they are not a line, where the file does not say: the pitches are apart.
        let (struck, n) = (onset, stroke[0]);
        let together = chord
            .is_some_and(|(other, at)| (struck - at).abs() < LEAST_SECS && interval(scene, n, other) > 2);
        if !together && next - last < LEAST_SECS.min(most) {
            let step = STEP_SECS * (1.0 + VARIETY * scene.random(PURPOSE, n));
            onset = next - step.min(most);
            stroke.iter().for_each(|n| start_at(played, *n, onset));
        }
        for n in stroke {
            let Ok(k) = played.notes.binary_search_by_key(&(*n as u32), |p| p.note) else { continue };
            let note = &mut played.notes[k];
            note.duration_secs = note.duration_secs.min((next - note.onset_secs).max(0.0) + OVERLAP_SECS);
        }
        chord = Some((n, struck));
        if !together {
            next = onset;
        }
    }
}

/// Draws the notes of a stroke together that are apart, and says when the first and the last are struck.
fn draw_together(scene: &Scene<'_>, played: &mut Performance, stroke: &[usize]) -> Option<(f64, f64)> {
    let onsets: Vec<f64> = stroke.iter().filter_map(|n| scene.onset_secs(played, *n)).collect();
    let first = onsets.iter().copied().reduce(f64::min)?;
    let last = onsets.iter().copied().fold(first, f64::max);
    if last - first < LEAST_SECS {
        return Some((first, last));
    }
    let mean = onsets.iter().sum::<f64>() / onsets.len() as f64;
    stroke.iter().for_each(|n| start_at(played, *n, mean));
    Some((mean, mean))
}

fn interval(scene: &Scene<'_>, a: usize, b: usize) -> u8 {
    scene.score.notes[a].pitch.abs_diff(scene.score.notes[b].pitch)
}
