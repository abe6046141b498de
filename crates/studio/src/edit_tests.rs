#![allow(clippy::unwrap_used)]

use performance::{Pedal, PedalEvent};
use protocol::{CurvePoint, Passage};

use super::*;
use crate::document::Source;
use crate::history::History;
use crate::views::Clocked;

fn minuet() -> Document {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
    let source =
        Source { name: "minuet.musicxml".into(), bytes: std::fs::read(path).unwrap(), as_written: false };
    Document::new(source).unwrap()
}

/// The minuet with a take that is a bit uneven.
fn uneven() -> (Document, VersionId) {
    let mut document = minuet();
    let mut played = (**document.performance(VersionId::Deadpan).unwrap()).clone();
    for (k, note) in played.notes.iter_mut().enumerate() {
        note.onset_secs += 0.004 * (k % 5) as f64;
        note.duration_secs *= 0.8 + 0.05 * (k % 7) as f64;
        note.velocity = 50 + (k % 13) as u8;
    }
    let sustain = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    played.pedals = (0..20).flat_map(|k| [sustain(k as f64, 100), sustain(k as f64 + 0.7, 0)]).collect();
    let take = new_take(&document, VersionId::Deadpan, "Uneven", Origin::default(), played);
    let id = take.id;
    document.next_number += 1;
    document.takes.push(take);
    (document, id)
}

fn after(document: &Document, id: VersionId, change: &Edit) -> Performance {
    let mut document = document.clone();
    let step = edit(&document, id, change).unwrap().unwrap();
    History::default().push(&mut document, step);
    (**document.performance(id).unwrap()).clone()
}

fn point(quarters: f64, value: f64) -> CurvePoint {
    CurvePoint { quarters, value }
}

#[test]
fn a_drawn_tempo_is_the_tempo_played() {
    let (document, id) = uneven();
    let drawn = Edit::Tempo(vec![point(6.0, 60.0), point(12.0, 120.0), point(24.0, 90.0)]);
    let played = after(&document, id, &drawn);
    let (old, new) = (&document.take(id).unwrap().performance, Clocked::of(document.score(), &played).curve);
    // From 60 to 120 in a straight line over 6 quarters: 60 · 6 · ln 2 / 60 seconds.
    let secs = new.secs_at(12.0) - new.secs_at(6.0);
    assert!((secs - 6.0 * std::f64::consts::LN_2).abs() < 0.03, "{secs}");
    let slower = new.secs_at(24.0) - new.secs_at(12.0);
    let expected = 60.0 * 12.0 * (120f64 / 90.0).ln() / 30.0;
    assert!((slower - expected).abs() < 0.03, "{slower} {expected}");
    let shift = played.notes.last().unwrap().onset_secs - old.notes.last().unwrap().onset_secs;
    for (a, b) in old.notes.iter().zip(&played.notes) {
        let at = document.score().notes[a.note as usize].onset.to_f64();
        if at < 5.9 {
            assert_eq!(a.onset_secs, b.onset_secs, "before the curve nothing moves");
        } else if at > 24.1 {
            assert!((b.onset_secs - a.onset_secs - shift).abs() < 1e-9, "all the rest moves alike");
            assert_eq!(a.duration_secs, b.duration_secs);
        }
        assert_eq!(a.velocity, b.velocity);
    }
    let mut order: Vec<&PlayedNote> = old.notes.iter().collect();
    order.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
    let onsets: Vec<f64> = order.iter().map(|n| played.get(n.note).unwrap().onset_secs).collect();
    assert!(onsets.is_sorted(), "no note passes another");
    assert!(played.pedals.is_sorted_by(|a, b| a.time_secs <= b.time_secs));
    assert!((played.pedals.last().unwrap().time_secs - 19.7 - shift).abs() < 1e-9);
}

#[test]
fn a_tempo_reaches_no_further_than_the_score() {
    let (document, id) = uneven();
    let end = document.score().end().to_f64();
    let long = after(&document, id, &Edit::Tempo(vec![point(-50.0, 60.0), point(end + 50.0, 60.0)]));
    let curve = Clocked::of(document.score(), &long).curve;
    assert!((curve.secs_at(30.0) - curve.secs_at(0.0) - 30.0).abs() < 0.05);
    for outside in
        [vec![point(-9.0, 60.0), point(-1.0, 60.0)], vec![point(end + 1.0, 9.0), point(end + 2.0, 9.0)]]
    {
        assert_eq!(edit(&document, id, &Edit::Tempo(outside)).unwrap(), None);
    }
    for short in [vec![], vec![point(3.0, 60.0)], vec![point(3.0, 60.0); 5], vec![point(f64::NAN, 1.0); 2]] {
        assert_eq!(edit(&document, id, &Edit::Tempo(short)).unwrap_err(), EditError::ShortCurve);
    }
}

#[test]
fn drawn_dynamics_keep_the_chords() {
    let (document, id) = uneven();
    let played = after(&document, id, &Edit::Dynamics(vec![point(3.0, 40.0), point(9.0, 100.0)]));
    let old = &document.take(id).unwrap().performance;
    for group in document.score().onset_groups() {
        let at = document.score().notes[group.start].onset.to_f64();
        let velocities = |p: &Performance| -> Vec<f64> {
            group.clone().map(|n| f64::from(p.get(n as u32).unwrap().velocity)).collect()
        };
        let (before, now) = (velocities(old), velocities(&played));
        if !(3.0..=9.0).contains(&at) {
            assert_eq!(before, now);
            continue;
        }
        let mean = now.iter().sum::<f64>() / now.len() as f64;
        assert!((mean - (40.0 + 10.0 * (at - 3.0))).abs() <= 0.5 + 1e-9, "{mean} at {at}");
        let louder: Vec<f64> = before.iter().zip(&now).map(|(a, b)| b - a).collect();
        assert!(louder.windows(2).all(|w| w[0] == w[1]), "differences in a chord stay");
    }
}

#[test]
fn values_stay_within_what_can_be_played() {
    let (document, id) = uneven();
    let velocities = after(&document, id, &Edit::Velocities(vec![(0, 0), (1, 255), (999_999, 3)]));
    assert_eq!((velocities.notes[0].velocity, velocities.notes[1].velocity), (1, 127));
    let onsets = after(&document, id, &Edit::Onsets(vec![(3, -5.0), (4, f64::NAN), (5, 1e300)]));
    assert_eq!(onsets.notes[3].onset_secs, 0.0);
    assert_eq!(onsets.notes[4], document.take(id).unwrap().performance.notes[4]);
    assert_eq!(onsets.notes[5].onset_secs, LONGEST_SECS);
    let lengths = after(&document, id, &Edit::Durations(vec![(2, 0.0), (3, 0.25)]));
    assert_eq!(
        (lengths.notes[2].duration_secs, lengths.notes[3].duration_secs),
        (SHORTEST_EDITED_SECS, 0.25)
    );
    assert_eq!(edit(&document, id, &Edit::Velocities(Vec::new())).unwrap(), None, "nothing, so no step");
    let gone = edit(&document, VersionId::Take(77), &Edit::Velocities(Vec::new()));
    assert_eq!(gone.unwrap_err(), EditError::NoSuchVersion);
}

#[test]
fn names_are_free_and_clean() {
    let (mut document, id) = uneven();
    assert_eq!(free_name(&document, "Uneven"), "Uneven 2");
    let step = rename(&document, id, "  two\nlines\u{7} ").unwrap().unwrap();
    History::default().push(&mut document, step);
    assert_eq!(document.take(id).unwrap().name, "twolines");
    assert_eq!(rename(&document, id, "   ").unwrap(), None);
    assert_eq!(rename(&document, VersionId::Deadpan, "x").unwrap_err(), EditError::Deadpan);
}

#[test]
fn passages_are_chosen_once_a_bar() {
    let (one, two) = (VersionId::Take(1), VersionId::Take(2));
    let mut best = Vec::new();
    let passages = |best: &[Passage]| best.iter().map(|p| (p.bars.clone(), p.of)).collect::<Vec<_>>();
    choose(&mut best, &(4..12), Some(one));
    choose(&mut best, &(6..8), Some(two));
    assert_eq!(passages(&best), [(4..6, one), (6..8, two), (8..12, one)]);
    choose(&mut best, &(8..14), Some(two));
    assert_eq!(passages(&best), [(4..6, one), (6..14, two)], "neighbours of one take are one passage");
    choose(&mut best, &(0..7), None);
    assert_eq!(passages(&best), [(7..14, two)]);
    choose(&mut best, &(0..40), Some(one));
    assert_eq!(passages(&best), [(0..40, one)]);
}

/// The take [`uneven`], and one that is louder, slower and pinned in bar 6.
fn two_takes() -> (Document, VersionId, VersionId) {
    let (mut document, first) = uneven();
    let mut played = (**document.performance(first).unwrap()).clone();
    for note in &mut played.notes {
        note.onset_secs *= 1.25;
        note.duration_secs *= 1.25;
        note.velocity += 40;
    }
    let mut take = new_take(&document, first, "Louder", Origin::default(), played);
    let notes = document.score().notes_in_measures(5..6);
    take.pins = notes.map(|n| (n as u32, PinKind::Velocity)).collect();
    let second = take.id;
    document.next_number += 1;
    document.takes.push(take);
    (document, first, second)
}

#[test]
fn the_best_take_has_each_passage_from_its_take_and_moves_nothing_else() {
    let (mut document, first, second) = two_takes();
    let pinned = (0, PinKind::Onset);
    document.takes[0].pins =
        [pinned, (document.score().notes_in_measures(5..6).start as u32, PinKind::Onset)].into();
    let best = [Passage { bars: 4..8, of: second }, Passage { bars: 20..22, of: second }];
    let before = document.clone();
    let step = best_of(&document, first, &best).unwrap();
    let mut history = History::default();
    history.push(&mut document, step);
    let made = document.takes.last().unwrap().clone();
    assert_eq!((made.name.as_str(), document.listening), ("Best", made.id));
    assert_eq!(made.origin.text, "bars 5–8 of Louder, bars 5–6 of Louder, the rest of Uneven");
    assert_eq!(made.pins.len(), 1 + document.take(second).unwrap().pins.len());
    assert!(made.pins.contains(&pinned) && made.pins.is_superset(&document.take(second).unwrap().pins));
    let (base, other) = (document.performance(first).unwrap(), document.performance(second).unwrap());
    assert_eq!(made.performance.notes.len(), base.notes.len());
    for ((made, base), other) in made.performance.notes.iter().zip(&base.notes).zip(&other.notes) {
        let bar = document.score().notes[made.note as usize].measure;
        if (4..8).contains(&bar) || (20..22).contains(&bar) {
            assert_eq!(made.velocity, other.velocity);
        } else {
            assert_eq!(made, base);
        }
    }
    history.undo(&mut document).unwrap();
    assert_eq!(document.takes, before.takes);
    assert_eq!(document.listening, before.listening);
    history.redo(&mut document).unwrap();
    assert_eq!(document.takes.last(), Some(&made));
}

#[test]
fn without_passages_there_is_no_best_take() {
    let (document, first, second) = two_takes();
    assert_eq!(best_of(&document, first, &[]).unwrap_err(), EditError::NoPassage);
    let gone = [Passage { bars: 0..4, of: VersionId::Take(9) }, Passage { bars: 900..904, of: second }];
    assert_eq!(best_of(&document, first, &gone).unwrap_err(), EditError::NoPassage);
}
