#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use notation::{Measure, Note, Quarters, TimeSignature};
use performance::PlayedNote;
use protocol::ScoreId;

use super::*;
use crate::document::Pins;

/// Two bars of four quarters, a note on each, rising by semitones from middle C.
fn score() -> Score {
    let note = |k: u32| Note {
        id: NoteId { written: k, pass: 1 },
        onset: Quarters::whole(i64::from(k)),
        pitch: 60 + k as u8,
        measure: k / 4,
        ..Note::default()
    };
    let measure = |k: u32| Measure::regular(k, TimeSignature::default());
    Score { notes: (0..8).map(note).collect(), measures: (0..2).map(measure).collect(), ..Score::default() }
}

/// Half a second for each quarter, without some notes; from the sixth on so much later.
fn played(without: &[u32], later_secs: f64) -> Performance {
    let note = |note: u32| PlayedNote {
        note,
        onset_secs: 0.5 * f64::from(note) + if note >= 5 { later_secs } else { 0.0 },
        duration_secs: 0.4,
        velocity: 64,
    };
    Performance { notes: (0..8).filter(|k| !without.contains(k)).map(note).collect(), pedals: Vec::new() }
}

fn take(id: VersionId, origin: Origin, performance: Performance) -> Take {
    Take {
        id,
        name: "x".to_owned(),
        origin,
        is_edited: false,
        score: ScoreId(0),
        pins: Pins::new(),
        performance: Arc::new(performance),
    }
}

fn id(written: u32) -> NoteId {
    NoteId { written, pass: 1 }
}

/// A wrong key, a missed note, a wait of a second.
fn origin() -> Origin {
    let wait = Hesitation { after_quarters: 4.0, before_quarters: 5.0, gap_secs: 1.5, excess_secs: 1.0 };
    let slips = Slips {
        wrong: vec![WrongKey { note: id(2), pitch: 61, quarters: 2.1 }],
        missed: vec![id(6)],
        hesitations: vec![wait],
    };
    let extra = vec![ExtraNote { quarters: 3.5, pitch: 40 }];
    Origin { slips: Some(slips), extra, ..Origin::default() }
}

fn words(views: &[SlipView]) -> Vec<&str> {
    views.iter().map(|view| &view.words[..]).collect()
}

#[test]
fn slips_are_said_in_the_order_of_their_places() {
    let views = views(&score(), &take(VersionId::Recording(1), origin(), played(&[2, 6], 1.0)));
    assert_eq!(
        words(&views),
        ["C♯4 instead of D4", "E2 is not written", "1.0 s longer than the beat", "F♯4 missed"]
    );
    let places: Vec<(f64, f64, f64)> =
        views.iter().map(|view| (view.from_quarters, view.to_quarters, view.heard_quarters)).collect();
    assert_eq!(places, [(2.0, 3.0, 2.1), (3.5, 3.5, 3.5), (4.0, 5.0, 5.0), (6.0, 7.0, 6.0)]);
}

#[test]
fn a_hesitation_is_as_long_as_it_is_now() {
    let of = |later_secs: f64| {
        let views = views(&score(), &take(VersionId::Recording(1), origin(), played(&[2, 6], later_secs)));
        views.iter().find(|view| view.kind == SlipKind::Hesitation).map(|view| view.excess_secs.unwrap())
    };
    assert!((of(1.0).unwrap() - 1.0).abs() < 1e-9);
    assert!((of(1.6).unwrap() - 1.6).abs() < 1e-9);
    assert_eq!(of(0.4), None, "most of it was taken out");
}

#[test]
fn of_older_projects_missed_notes_and_wrong_keys_are_guessed() {
    let extra = vec![ExtraNote { quarters: 2.1, pitch: 61 }, ExtraNote { quarters: 3.5, pitch: 40 }];
    let origin = Origin { extra, ..Origin::default() };
    let recording = take(VersionId::Recording(1), origin, played(&[2, 6], 0.0));
    let views = views(&score(), &recording);
    assert_eq!(words(&views), ["C♯4 instead of D4", "E2 is not written", "F♯4 missed"]);
    let performed = take(VersionId::Take(1), Origin::default(), played(&[2, 6], 0.0));
    assert!(super::views(&score(), &performed).is_empty(), "of a take nothing is missing");
}

#[test]
fn bars_that_are_performed_anew_lose_their_slips() {
    let (slips, extra) = outside(&score(), &origin(), &(1..2));
    let slips = slips.unwrap();
    assert_eq!((slips.wrong.len(), slips.missed.len(), slips.hesitations.len(), extra.len()), (1, 0, 0, 1));
    let (slips, extra) = outside(&score(), &origin(), &(0..1));
    let slips = slips.unwrap();
    assert_eq!((slips.wrong.len(), slips.missed.len(), slips.hesitations.len(), extra.len()), (0, 1, 1, 0));
}

#[test]
fn in_another_reading_notes_have_other_names_and_some_are_gone() {
    let slips = origin().slips.unwrap().renamed(|note| (note == id(6)).then_some(id(9)));
    assert!(slips.wrong.is_empty());
    assert_eq!(slips.missed, [id(9)]);
    assert_eq!(slips.hesitations.len(), 1);
}
