//! Time stands at fermatas on rests and bar lines.
//!
//! A fermata on a note is one of its marks, which performers know. Those that stand on rests and bar lines
//! they do not see; where one of them plays on, it waits here. Where a note with a fermata sounds at the time,
//! that one says how long all wait.

use notation::{DirectionKind, Marks, Quarters, Score};
use performance::Performance;

use super::scene::Scene;

/// A pause is so much of what the fermata stands on, and so many seconds at least and at most: the same as
/// the rules of `analysis` add to a note with a fermata.
const SHARE: f64 = 0.8;
const LEAST_SECS: f64 = 0.4;
const MOST_SECS: f64 = 2.0;

/// The tempo is that of so many quarters before.
const QUARTERS_BEFORE: i64 = 8;

/// Waits at fermatas on rests and bar lines where the performer does not.
pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance) {
    let waits = waits(scene, played);
    if waits.is_empty() {
        return;
    }
    let score = scene.score;
    // How much later something comes, after all waits before the one at an index.
    let mut later_secs = vec![0.0];
    later_secs.extend(waits.iter().scan(0.0, |sum, wait| {
        *sum += wait.secs;
        Some(*sum)
    }));
    let may_move: Vec<bool> =
        played.notes.iter().map(|note| scene.may_move(played, note.note as usize)).collect();
    for (note, may_move) in played.notes.iter_mut().zip(may_move) {
        let Some(written) = score.notes.get(note.note as usize) else { continue };
        let start = later_secs[waits.partition_point(|wait| wait.before <= written.onset)];
        let end = later_secs[waits.partition_point(|wait| wait.before < written.offset())];
        if may_move {
            note.onset_secs += start;
        }
        if scene.may_end(note.note) {
            note.duration_secs += (end - start).max(0.0);
        }
    }
    for pedal in &mut played.pedals {
        pedal.time_secs += later_secs[waits.partition_point(|wait| wait.time_secs <= pedal.time_secs)];
    }
}

/// A pause before an onset.
struct Wait {
    /// The onset, and when it was played without the pause.
    before: Quarters,
    time_secs: f64,
    /// How much longer the onset is waited for.
    secs: f64,
}

/// Where the performance has to wait longer than it does, in order.
fn waits(scene: &Scene<'_>, played: &Performance) -> Vec<Wait> {
    let score = scene.score;
    let groups = score.onset_groups();
    let onset = |k: usize| score.notes[groups[k].start].onset;
    let mut waits: Vec<Wait> = Vec::new();
    for (from, to) in fermatas(score) {
        let next = groups.partition_point(|group| score.notes[group.start].onset < to);
        let Some(last) = next.checked_sub(1).filter(|_| next < groups.len()) else { continue };
        let extents =
            scene.extent(played, groups[last].clone()).zip(scene.extent(played, groups[next].clone()));
        let Some(((before, _), (after, _))) = extents else { continue };
        let earlier = groups.partition_point(|group| {
            score.notes[group.start].onset < onset(last) - Quarters::whole(QUARTERS_BEFORE)
        });
        let first = (earlier..last).find_map(|k| Some((k, scene.extent(played, groups[k].clone())?.0)));
        let gap = (onset(next) - onset(last)).to_f64();
        let secs_per_quarter = match first {
            Some((k, secs)) => (before - secs) / (onset(last) - onset(k)).to_f64(),
            None => (after - before) / gap,
        };
        if !(secs_per_quarter.is_finite() && secs_per_quarter > 0.0) {
            continue;
        }
        let held = (to - from.max(onset(last))).to_f64();
        let pause = (SHARE * held * secs_per_quarter).clamp(LEAST_SECS, MOST_SECS);
        let secs = (secs_per_quarter * gap + pause - (after - before)).min(pause);
        match waits.last_mut() {
            Some(wait) if wait.before == onset(next) => wait.secs = wait.secs.max(secs),
            _ if secs > 0.0 => waits.push(Wait { before: onset(next), time_secs: after, secs }),
            _ => {}
        }
    }
    waits
}

/// The fermatas on rests and bar lines, from where to where what they stand on lasts, by where it ends; without
/// those in whose time a note with a fermata sounds.
fn fermatas(score: &Score) -> Vec<(Quarters, Quarters)> {
    // For each note with a fermata where it begins, and where it and all before it have ended.
    let mut notes: Vec<(Quarters, Quarters)> = Vec::new();
    for note in score.notes.iter().filter(|note| note.marks.contains(Marks::FERMATA)) {
        let before = notes.last().map_or(Quarters::ZERO, |(_, end)| *end);
        notes.push((note.onset, note.offset().max(before)));
    }
    let is_held = |(from, to): &(Quarters, Quarters)| {
        let next = notes.partition_point(|(onset, _)| onset < to);
        next.checked_sub(1).is_some_and(|k| notes[k].1 > *from)
    };
    let directions = score.directions.iter().filter(|direction| direction.kind == DirectionKind::Fermata);
    let mut fermatas: Vec<(Quarters, Quarters)> = directions
        .filter_map(|direction| Some((direction.onset, direction.end?)))
        .filter(|(from, to)| from < to)
        .filter(|fermata| !is_held(fermata))
        .collect();
    fermatas.sort_by_key(|(from, to)| (*to, *from));
    fermatas.dedup_by_key(|(_, to)| *to);
    fermatas
}

#[cfg(test)]
mod tests {
    use notation::{Direction, Note};
    use performance::{Pedal, PedalEvent, deadpan};

    use super::*;
    use crate::request::{Controls, Pin, Region, Request};

    /// Quarters from 0 to 8, a rest at 3, at a second each: four bars of two.
    fn score(fermata: Option<(i64, i64)>) -> Score {
        let note = |onset: i64| Note { onset: Quarters::whole(onset), ..Note::default() };
        let direction = |kind, (from, to): (i64, i64)| Direction {
            onset: Quarters::whole(from),
            end: Some(Quarters::whole(to)),
            part: 0,
            staff: None,
            kind,
            text: String::new(),
        };
        let tempo = Direction { end: None, ..direction(DirectionKind::Metronome(60.0), (0, 0)) };
        let fermata = fermata.map(|span| direction(DirectionKind::Fermata, span));
        Score {
            notes: [0, 1, 2, 4, 5, 6, 7].map(note).to_vec(),
            directions: [tempo].into_iter().chain(fermata).collect(),
            ..Score::default()
        }
    }

    fn waited(score: &Score, pins: &[Pin], change: impl Fn(&mut Performance)) -> Performance {
        let controls = Controls { pins: pins.to_vec(), ..Controls::default() };
        let mut played = deadpan(score);
        change(&mut played);
        let request = Request { score, region: &Region::All, context: None, controls: &controls };
        apply(&Scene::of(&request), &mut played);
        played
    }

    fn onsets(played: &Performance) -> Vec<f64> {
        played.notes.iter().map(|note| (note.onset_secs * 1000.0).round() / 1000.0).collect()
    }

    const EVENLY: [f64; 7] = [0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0];
    const AFTER_PAUSE: [f64; 7] = [0.0, 1.0, 2.0, 4.8, 5.8, 6.8, 7.8];

    #[test]
    fn time_stands_at_a_rest_and_at_a_bar_line() {
        let plain = |_: &mut Performance| {};
        assert_eq!(onsets(&waited(&score(None), &[], plain)), EVENLY);
        assert_eq!(onsets(&waited(&score(Some((3, 4))), &[], plain)), AFTER_PAUSE);
        // On the bar line behind the note at 5.
        let played = waited(&score(Some((5, 6))), &[], plain);
        assert_eq!(onsets(&played), [0.0, 1.0, 2.0, 4.0, 5.0, 6.8, 7.8]);
        assert_eq!(played.notes[4].duration_secs, deadpan(&score(None)).notes[4].duration_secs);
        // At the end nothing is waited for.
        assert_eq!(onsets(&waited(&score(Some((7, 8))), &[], plain)), EVENLY);
    }

    #[test]
    fn what_is_held_over_the_pause_is_longer_and_the_pedal_comes_later() {
        let mut score = score(Some((3, 4)));
        score.notes[1].duration = Quarters::whole(4);
        let before = deadpan(&score).notes[1].duration_secs;
        let pedal = |time_secs| PedalEvent { time_secs, pedal: Pedal::Sustain, value: 127 };
        let played = waited(&score, &[], |played| played.pedals = vec![pedal(2.0), pedal(4.0)]);
        assert!((played.notes[1].duration_secs - before - 0.8).abs() < 1e-9);
        let times: Vec<f64> = played.pedals.iter().map(|pedal| pedal.time_secs).collect();
        assert!((times[0] - 2.0).abs() < 1e-9 && (times[1] - 4.8).abs() < 1e-9, "{times:?}");
    }

    #[test]
    fn who_waits_already_waits_no_longer() {
        let late = |secs: f64| {
            move |played: &mut Performance| {
                played
                    .notes
                    .iter_mut()
                    .filter(|note| note.note >= 3)
                    .for_each(|note| note.onset_secs += secs);
            }
        };
        let score = score(Some((3, 4)));
        assert_eq!(onsets(&waited(&score, &[], late(0.5))), AFTER_PAUSE);
        assert_eq!(onsets(&waited(&score, &[], late(0.8))), AFTER_PAUSE);
        assert_eq!(onsets(&waited(&score, &[], late(2.0)))[3], 6.0);
    }

    #[test]
    fn a_note_with_a_fermata_says_how_long_and_pinned_notes_stay() {
        let mut held = score(Some((3, 4)));
        held.notes[2].duration = Quarters::new(3, 2);
        held.notes[2].marks = Marks::FERMATA;
        assert_eq!(onsets(&waited(&held, &[], |_| {})), EVENLY);
        let pin = Pin { note: 5, velocity: None, onset_secs: Some(6.0), duration_secs: None };
        assert_eq!(onsets(&waited(&score(Some((3, 4))), &[pin], |_| {}))[5], 6.0);
    }
}
