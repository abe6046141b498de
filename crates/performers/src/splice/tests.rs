//! What fitting a region promises, on random performances.
#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, NoteId, Quarters, Score, TimeSignature};
use proptest::prelude::*;

use performance::{Pedal, PedalEvent, Performance, PlayedNote};

use super::warp::Warp;
use super::*;
use crate::passage;
use crate::request::Pin;

/// `bars` measures of four onsets, the first of each a chord of three.
fn score(bars: usize) -> Score {
    let mut score = Score::default();
    for bar in 0..bars {
        let measure = Measure::regular(bar as u32, TimeSignature::default());
        let start = measure.start;
        score.measures.push(measure);
        for beat in 0..4 {
            let chord: &[u8] = if beat == 0 { &[48, 60, 67] } else { &[72] };
            for pitch in chord {
                score.notes.push(Note {
                    id: NoteId { written: score.notes.len() as u32, pass: 1 },
                    onset: start + Quarters::whole(beat),
                    pitch: *pitch,
                    measure: bar as u32,
                    staff: if *pitch < 55 { 2 } else { 1 },
                    ..Note::default()
                });
            }
        }
    }
    score
}

/// A performance from spans between onsets and deviations of notes.
fn perform(score: &Score, spans: &[f64], deviations: &[f64]) -> Performance {
    let mut time = 1.0;
    let mut played = Performance::default();
    for (k, group) in score.onset_groups().into_iter().enumerate() {
        for n in group {
            let onset_secs = time + deviations[n % deviations.len()];
            played.notes.push(PlayedNote { note: n as u32, onset_secs, duration_secs: 0.3, velocity: 60 });
        }
        time += spans[k % spans.len()];
    }
    played
}

fn only(played: &Performance, keep: impl Fn(u32) -> bool) -> Performance {
    Performance { notes: played.notes.iter().filter(|n| keep(n.note)).copied().collect(), pedals: Vec::new() }
}

/// How a pedal stands at a time.
fn pedal_at(played: &Performance, secs: f64) -> u8 {
    let mut before = played.pedals.iter().filter(|p| p.pedal == Pedal::Sustain && p.time_secs <= secs);
    before.next_back().map_or(0, |p| p.value)
}

#[test]
fn a_passage_put_where_it_came_from_changes_next_to_nothing() {
    let score = score(8);
    let mut played = perform(&score, &[0.5], &[0.0, 0.004, -0.003]);
    let sustain = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    played.pedals =
        (0..8).flat_map(|k| [sustain(2.0 * k as f64 + 1.1, 90), sustain(2.0 * k as f64 + 2.5, 0)]).collect();
    let same = passage::put(&score, 2..5, &played, &played);
    assert_eq!(same.notes.len(), played.notes.len());
    for (a, b) in same.notes.iter().zip(&played.notes) {
        assert!((a.onset_secs - b.onset_secs).abs() < 8e-3, "{a:?} {b:?}");
        assert!((a.duration_secs - b.duration_secs).abs() < 8e-3, "{a:?} {b:?}");
    }
    for tenth in 0..180 {
        let secs = f64::from(tenth) / 10.0 + 0.05;
        assert_eq!(pedal_at(&same, secs), pedal_at(&played, secs), "{secs}");
    }
}

#[test]
fn a_passage_brings_its_pedal_and_leaves_that_of_its_surroundings() {
    let score = score(8);
    let (mut held, plain) = (perform(&score, &[0.6], &[0.0]), perform(&score, &[0.5], &[0.0]));
    held.pedals = vec![PedalEvent { time_secs: 0.0, pedal: Pedal::Sustain, value: 100 }];
    let bars = score.notes_in_measures(2..4);
    let into_plain = passage::put(&score, 2..4, &held, &plain);
    let into_held = passage::put(&score, 2..4, &plain, &held);
    for (made, inside, outside) in [(&into_plain, 100, 0), (&into_held, 0, 100)] {
        for note in &made.notes {
            let expected = if bars.contains(&(note.note as usize)) { inside } else { outside };
            assert_eq!(pedal_at(made, note.onset_secs + 0.05), expected, "{note:?}");
        }
    }
}

proptest! {
    #[test]
    fn passages_keep_what_they_are_and_move_nothing_else(
        into_spans in prop::collection::vec(0.2f64..1.5, 7..12),
        from_spans in prop::collection::vec(0.2f64..1.5, 5..9),
        deviations in prop::collection::vec(-0.02f64..0.02, 11),
        from in 0usize..7,
        count in 1usize..5,
    ) {
        let score = score(8);
        let bars = from..(from + count).min(8);
        let inside = score.notes_in_measures(bars.clone());
        let into = perform(&score, &into_spans, &[0.0]);
        let mut source = perform(&score, &from_spans, &deviations);
        source.notes.iter_mut().for_each(|n| n.velocity = 70 + (n.note % 50) as u8);
        let made = passage::put(&score, bars, &source, &into);
        prop_assert_eq!(made.notes.len(), into.notes.len());
        for ((made, into), source) in made.notes.iter().zip(&into.notes).zip(&source.notes) {
            if inside.contains(&(made.note as usize)) {
                prop_assert_eq!(made.velocity, source.velocity);
                prop_assert!(made.duration_secs > 0.0);
            } else {
                prop_assert_eq!(made, into);
            }
        }
        // Chords stay as they were played, or are drawn together with all the rest where a neighbour is near.
        for group in score.onset_groups().into_iter().filter(|g| inside.contains(&g.start)) {
            for n in group.clone() {
                let apart = |p: &Performance| p.notes[n].onset_secs - p.notes[group.start].onset_secs;
                let (now, before) = (apart(&made), apart(&source));
                prop_assert!(now * before >= 0.0 && now.abs() <= before.abs() + 1e-9, "{now} {before}");
            }
        }
        let times: Vec<f64> = score.onset_groups().iter()
            .map(|g| g.clone().map(|n| made.notes[n].onset_secs).sum::<f64>() / g.len() as f64).collect();
        prop_assert!(times.windows(2).all(|w| w[0] < w[1]), "{times:?}");
    }

    #[test]
    fn regions_lie_between_their_neighbours(
        context_spans in prop::collection::vec(0.2f64..1.5, 7..12),
        region_spans in prop::collection::vec(0.1f64..3.0, 5..9),
        deviations in prop::collection::vec(-0.02f64..0.02, 11),
        from in 0usize..6,
        count in 1usize..5,
    ) {
        let score = score(8);
        let context = perform(&score, &context_spans, &deviations);
        let bars = score.notes_in_measures(from..(from + count).min(8));
        let whole = perform(&score, &region_spans, &deviations);
        let region = only(&whole, |n| bars.contains(&(n as usize)));
        let fitted = fit(&score, region.clone(), Some(&context));

        // Between the neighbours.
        let outside = |n: &&PlayedNote| !bars.contains(&(n.note as usize));
        let before = context.notes.iter().filter(outside).filter(|n| (n.note as usize) < bars.start);
        let before = before.map(|n| n.onset_secs).fold(f64::NEG_INFINITY, f64::max);
        let after = context.notes.iter().filter(outside).filter(|n| (n.note as usize) >= bars.end);
        let after = after.map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
        for note in &fitted.notes {
            prop_assert!(note.onset_secs > before && note.onset_secs < after && note.onset_secs >= 0.0);
            prop_assert!(note.duration_secs > 0.0 && note.duration_secs.is_finite());
        }
        // Order kept, from onset to onset.
        let mean = |p: &Performance, g: &std::ops::Range<usize>| {
            let times: Vec<f64> = g.clone().filter_map(|n| p.get(n as u32)).map(|n| n.onset_secs).collect();
            (!times.is_empty()).then(|| times.iter().sum::<f64>() / times.len() as f64)
        };
        let times: Vec<f64> = score.onset_groups().iter().filter_map(|g| mean(&fitted, g)).collect();
        prop_assert!(times.windows(2).all(|w| w[0] < w[1]), "{times:?}");
        // Outside bit-identical.
        let merged = merge(&context, &fitted);
        prop_assert_eq!(merged.notes.len(), context.notes.len());
        for (a, b) in merged.notes.iter().zip(&context.notes).filter(|(a, _)| outside(a)) {
            prop_assert_eq!(a.onset_secs.to_bits(), b.onset_secs.to_bits());
            prop_assert_eq!(a.duration_secs.to_bits(), b.duration_secs.to_bits());
        }
    }

    #[test]
    fn one_hand_follows_the_other(
        context_spans in prop::collection::vec(0.2f64..1.5, 7..12),
        region_spans in prop::collection::vec(0.1f64..3.0, 5..9),
    ) {
        // Only the right hand of bars 3 to 5; the left gives the time of each first beat.
        let score = score(8);
        let context = perform(&score, &context_spans, &[0.0]);
        let whole = perform(&score, &region_spans, &[0.0]);
        let region = only(&whole, |n| {
            let note = &score.notes[n as usize];
            (2..5).contains(&note.measure) && note.staff == 1
        });
        let fitted = fit(&score, region, Some(&context));
        for note in &fitted.notes {
            let onset = score.notes[note.note as usize].onset;
            let left = context.notes.iter().find(|n| score.notes[n.note as usize].onset == onset).unwrap();
            if score.notes[left.note as usize].staff == 2 {
                prop_assert!((note.onset_secs - left.onset_secs).abs() < 1e-6);
            }
        }
        let merged = merge(&context, &fitted);
        let times: Vec<f64> = score.onset_groups().iter().map(|g| merged.notes[g.start].onset_secs).collect();
        prop_assert!(times.windows(2).all(|w| w[0] < w[1]), "{times:?}");
    }

    #[test]
    fn warps_rise_and_hit_their_target(
        length in 0.1f64..60.0, share in 0.01f64..1.0, target in 0.05f64..60.0,
        left in prop::option::of(0.33f64..3.0), right in prop::option::of(0.33f64..3.0),
    ) {
        let warp = Warp::between(length, target, left, right, fit::BLEND_SHARE * share * length);
        prop_assert!(warp.at(0.0).abs() < 1e-9);
        prop_assert!((warp.at(length) - target).abs() < 1e-6 * target.max(1.0));
        let values: Vec<f64> = (0..=100).map(|k| warp.at(length * f64::from(k) / 100.0)).collect();
        prop_assert!(values.windows(2).all(|w| w[1] > w[0]));
    }
}

#[test]
fn a_region_that_fits_is_left_alone() {
    let score = score(6);
    let context = perform(&score, &[0.5], &[0.0]);
    let region = only(&context, |n| (12..24).contains(&n));
    let fitted = fit(&score, region.clone(), Some(&context));
    for (a, b) in fitted.notes.iter().zip(&region.notes) {
        assert!(
            (a.onset_secs - b.onset_secs).abs() < 1e-6 && (a.duration_secs - b.duration_secs).abs() < 1e-6
        );
    }
}

#[test]
fn the_tempo_at_a_join_is_the_context_s() {
    // The context at 0.5 s a quarter, a region played at 1.0 s with room for only 0.5.
    let score = score(10);
    let context = perform(&score, &[0.5], &[0.0]);
    let whole = perform(&score, &[1.0], &[0.0]);
    let region = only(&whole, |n| score.notes_in_measures(3..7).contains(&(n as usize)));
    let merged = merge(&context, &fit(&score, region, Some(&context)));
    let times: Vec<f64> = score.onset_groups().iter().map(|g| merged.notes[g.start].onset_secs).collect();
    for span in times.windows(2).map(|w| w[1] - w[0]) {
        assert!((span - 0.5).abs() < 1e-6, "{span}");
    }
    // At the end of a piece it goes from the context's tempo to its own.
    let region = only(&whole, |n| score.notes_in_measures(7..10).contains(&(n as usize)));
    let merged = merge(&context, &fit(&score, region, Some(&context)));
    let times: Vec<f64> = score.onset_groups().iter().map(|g| merged.notes[g.start].onset_secs).collect();
    let spans: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(spans[27] < 0.6 && (spans[38] - 1.0).abs() < 1e-6, "{spans:?}");
    assert!(spans[26..].windows(2).all(|w| w[1] >= w[0] - 1e-9), "{spans:?}");
}

#[test]
fn pedals_outside_stay_and_go_on() {
    let score = score(6);
    let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    let mut context = perform(&score, &[0.5], &[0.0]);
    context.pedals = vec![event(1.0, 127), event(2.9, 0), event(3.1, 100), event(8.0, 0)];
    let bars = score.notes_in_measures(2..3);
    let mut region = only(&context, |n| bars.contains(&(n as usize)));
    region.pedals = vec![event(5.5, 90), event(6.0, 0)];
    let merged = merge(&context, &region);
    // Bar 3 lasts from 5 to 7 s: in with the pedal down, up, the region's own, down again, the rest.
    let expected = [(1.0, 127), (2.9, 0), (3.1, 100), (5.0, 0), (5.5, 90), (6.0, 0), (7.0, 100), (8.0, 0)];
    assert_eq!(merged.pedals, expected.map(|(time, value)| event(time, value)));
}

#[test]
fn a_pinned_onset_takes_its_neighbours_along() {
    let score = score(4);
    let mut played = perform(&score, &[0.5], &[0.0]);
    let pin_at =
        |note, onset_secs| Pin { note, velocity: None, onset_secs: Some(onset_secs), duration_secs: None };
    let pins = [pin_at(6, 3.25), pin_at(12, 5.0)];
    pin(&score, &mut played, &pins, None);
    assert_eq!((played.notes[6].onset_secs, played.notes[12].onset_secs), (3.25, 5.0));
    // The chord that note 6 belongs to came along, and half of it one bar's half later.
    assert!((played.notes[7].onset_secs - 3.25).abs() < 1e-9);
    assert!((played.notes[10].onset_secs - (4.0 + 0.125)).abs() < 1e-9);
}
