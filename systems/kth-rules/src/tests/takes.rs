//! What must hold of every take: its seed, its region, its pins, its knobs.

use notation::{DirectionKind, Dynamic, Grace, Marks, Score};
use performance::Performance;
use performers::{Controls, Job, PerformError, Performer, Pin, Region, Request, Run, splice, take};

use super::{close, direct, line, score, spans};
use crate::{Rules, Tuning};

fn play(score: &Score, seed: u64) -> Performance {
    let controls = Controls { seed, ..Controls::default() };
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    Rules::default().perform(&request, &Run::of(&Job::default())).unwrap()
}

/// Two hands with marks, long enough for every rule.
fn piece() -> Score {
    let mut notes = Vec::new();
    for k in 0..64u32 {
        let at = f64::from(k);
        notes.push((
            at,
            1.0,
            67 + (k * 5 % 12) as u8,
            1,
            if k % 8 == 7 { Marks::SLUR_STOP | Marks::SLURRED } else { Marks::SLURRED },
        ));
        if k % 2 == 0 {
            notes.push((at, 2.0, 48 + (k * 7 % 12) as u8, 2, Marks::empty()));
            notes.push((at, 2.0, 64, 1, Marks::empty()));
        }
    }
    let mut score = score(&notes);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(96.0), "");
    direct(&mut score, 0.0, None, DirectionKind::Dynamic(Dynamic::P), "");
    score
}

#[test]
fn the_same_seed_is_the_same_take_and_another_is_not() {
    let score = piece();
    let take = |seed| play(&score, seed);
    assert_eq!(take(1), take(1));
    let (a, b) = (take(1), take(2));
    assert!(a.notes.iter().zip(&b.notes).filter(|(x, y)| x.velocity != y.velocity).count() > 40);
    assert!(a.notes.iter().zip(&b.notes).any(|(x, y)| (x.onset_secs - y.onset_secs).abs() > 0.01));
    assert_eq!(a.notes.len(), score.notes.len());
    assert!(a.notes.iter().enumerate().all(|(k, n)| n.note == k as u32));
}

#[test]
fn a_region_continues_its_context() {
    let score = piece();
    let context = play(&score, 1);
    let region = Region::Measures(4..8);
    let controls = Controls { seed: 9, ..Controls::default() };
    let request = Request { score: &score, region: &region, context: Some(&context), controls: &controls };
    let played = Rules::default().perform(&request, &Run::of(&Job::default())).unwrap();
    let played = splice::fit(&score, played, Some(&context));
    assert_eq!(played.notes.iter().map(|n| n.note).collect::<Vec<_>>(), region.notes(&score));
    let bars = score.notes_in_measures(4..8);
    let before = context.notes[..bars.start].iter().map(|n| n.onset_secs).fold(0.0, f64::max);
    let after = context.notes[bars.end..].iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
    assert!(played.notes.iter().all(|n| n.onset_secs > before && n.onset_secs < after));
    let merged = splice::merge(&context, &played);
    assert_eq!(merged.notes[..bars.start], context.notes[..bars.start]);
    assert_eq!(merged.notes[bars.end..], context.notes[bars.end..]);
    // Tempo at the joins: the spans across them are near the ones beside them.
    let times: Vec<f64> = score.onset_groups().iter().map(|g| merged.notes[g.start].onset_secs).collect();
    for join in [16, 32] {
        let span = |k: usize| times[k + 1] - times[k];
        let ratio = span(join - 1) / ((span(join - 2) + span(join)) / 2.0);
        assert!((0.75..1.35).contains(&ratio), "{ratio}");
    }
}

#[test]
fn pins_come_out_exactly() {
    let score = piece();
    let pins = vec![
        Pin { note: 10, velocity: Some(111), onset_secs: None, duration_secs: Some(0.777) },
        Pin { note: 40, velocity: None, onset_secs: Some(17.125), duration_secs: None },
    ];
    let controls = Controls { pins, ..Controls::default() };
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let played = take::perform(&Rules::default(), &request, &Job::default()).unwrap();
    assert_eq!((played.notes[10].velocity, played.notes[10].duration_secs), (111, 0.777));
    assert_eq!(played.notes[40].onset_secs, 17.125);
}

#[test]
fn cancelled_and_empty() {
    let score = piece();
    let controls = Controls::default();
    let job = Job::default();
    job.cancel();
    let all = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    assert!(matches!(Rules::default().perform(&all, &Run::of(&job)), Err(PerformError::Cancelled)));
    let nothing = Region::Measures(90..91);
    let request = Request { region: &nothing, ..all };
    assert!(matches!(
        Rules::default().perform(&request, &Run::of(&Job::default())),
        Err(PerformError::EmptyRegion)
    ));
    let empty = Score::default();
    let request = Request { score: &empty, region: &Region::All, context: None, controls: &controls };
    assert!(matches!(
        Rules::default().perform(&request, &Run::of(&Job::default())),
        Err(PerformError::EmptyRegion)
    ));
}

#[test]
fn odd_scores_are_played() {
    let alone = line(&[60], 1.0);
    assert_eq!(play(&alone, 1).notes.len(), 1);
    // Only grace notes, no measures, no length.
    let mut bare = score(&[(0.0, 0.0, 60, 1, Marks::all()), (0.0, 0.0, 62, 2, Marks::all())]);
    bare.measures.clear();
    bare.time_signatures.clear();
    bare.key_signatures.clear();
    bare.notes.iter_mut().for_each(|n| n.grace = Some(Grace::Appoggiatura));
    let played = play(&bare, 1);
    assert!(played.notes.iter().all(|n| n.onset_secs.is_finite() && n.duration_secs > 0.0));
}

#[test]
fn knobs_do_what_they_say() {
    let mut score = line(&[60; 16], 0.5);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    let rules = Rules { tuning: Tuning::deadpan() };
    let take = |knobs: &[(&str, f64)]| {
        let knobs = knobs.iter().map(|(id, value)| ((*id).to_owned(), (*value).into())).collect();
        let controls = Controls { knobs, ..Controls::default() };
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        take::perform(&rules, &request, &Job::default())
    };
    let ratio = |played: Performance| spans(&played)[0] / spans(&played)[1];
    close(ratio(take(&[]).unwrap()), 1.0);
    // The published ratio at 120 beats a minute.
    close(ratio(take(&[("swing", 1.0)]).unwrap()), 4.1019 - 1.2);
    close(ratio(take(&[("inegales", 1.0)]).unwrap()), 1.22 / 0.78);
    assert!(matches!(take(&[("swing", 1.5)]), Err(PerformError::KnobRange { id: "swing", .. })));
    assert!(matches!(take(&[("temperature", 1.0)]), Err(PerformError::UnknownKnob { .. })));
}
