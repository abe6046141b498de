#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, NoteId, Part, Quarters, TimeSignature};
use performance::PlayedNote;
use protocol::{PinKind, ScoreId};

use super::*;
use crate::document::Source;
use crate::scores::Scores;

/// Bars of four quarters from a pitch on, with the numbers of notes in order.
fn score(pitches: &[u8]) -> Score {
    let note = |(k, pitch): (usize, &u8)| Note {
        id: NoteId { written: k as u32, pass: 1 },
        onset: Quarters::whole(k as i64),
        duration: Quarters::whole(1),
        pitch: *pitch,
        staff: 1,
        voice: 1,
        measure: (k / 4) as u32,
        ..Note::default()
    };
    Score {
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        measures: (0..pitches.len() as u32 / 4)
            .map(|k| Measure::regular(k, TimeSignature::default()))
            .collect(),
        notes: pitches.iter().enumerate().map(note).collect(),
        ..Score::default()
    }
}

/// Three bars with a take that plays quarters of 0.6 s with the pedal down from 0.1 s on; a note of the second bar
/// and one of the third are pinned.
fn document() -> Document {
    let pitches: Vec<u8> = (60..72).collect();
    let source = Source { name: "a.musicxml".into(), bytes: Vec::new(), as_written: false };
    let mut document = Document::with_scores(source, Scores::new(score(&pitches)));
    let played = |k: u32| PlayedNote {
        note: k,
        onset_secs: 0.6 * f64::from(k),
        duration_secs: 0.5,
        velocity: 40 + k as u8,
    };
    let down = PedalEvent { time_secs: 0.1, pedal: Pedal::Sustain, value: 127 };
    let late = PedalEvent { time_secs: 6.0, pedal: Pedal::Sustain, value: 20 };
    let performance = Performance { notes: (0..12).map(played).collect(), pedals: vec![down, late] };
    document.takes.push(Take {
        id: VersionId::Take(1),
        name: "Take 1".into(),
        origin: Origin::default(),
        is_edited: false,
        score: ScoreId(0),
        pins: [(5, PinKind::Velocity), (9, PinKind::Velocity)].into(),
        performance: Arc::new(performance),
    });
    document.next_number = 2;
    document
}

/// The first two bars, and two new ones, whose notes have numbers that the third bar had.
fn longer() -> Score {
    let pitches: Vec<u8> = (60..68).chain(80..88).collect();
    score(&pitches)
}

fn request(of: VersionId) -> ContinueRequest {
    ContinueRequest { writer: "toy".into(), of, from: 2, bars: 2, seed: 7 }
}

#[test]
fn the_bars_before_are_played_as_they_were_and_the_new_ones_follow() {
    let mut document = document();
    let was = document.performance(VersionId::Take(1)).unwrap().clone();
    let take = take(&mut document, longer(), &request(VersionId::Take(1)), "Toy");
    assert_eq!((take.id, take.score, &*take.name), (VersionId::Take(2), ScoreId(1), "Continued after bar 2"));
    assert_eq!(take.origin.text, "Toy goes on after bar 2 of Take 1, seed 7");
    assert_eq!(take.origin.parent, Some(VersionId::Take(1)));
    let played = &take.performance;
    assert_eq!(played.notes.len(), 16);
    assert_eq!(played.notes[..8], was.notes[..8]);
    for note in &played.notes[8..] {
        let expected = 0.6 * f64::from(note.note);
        assert!((note.onset_secs - expected).abs() < 1e-6, "{note:?}");
        assert_eq!(note.velocity, 47, "as loud as the last note before");
    }
    assert_eq!(take.pins, Pins::from([(5, PinKind::Velocity)]), "a note that is left out has none");
}

#[test]
fn the_pedal_comes_up_where_bars_are_left_out() {
    let mut document = document();
    let take = take(&mut document, longer(), &request(VersionId::Take(1)), "Toy");
    let pedals: Vec<(i64, u8)> =
        take.performance.pedals.iter().map(|p| ((p.time_secs * 1e3).round() as i64, p.value)).collect();
    assert_eq!(pedals, [(100, 127), (4800, 0)]);
}

#[test]
fn what_goes_on_at_its_end_keeps_everything() {
    let mut document = document();
    let pitches: Vec<u8> = (60..76).collect();
    let wanted = ContinueRequest { from: 3, bars: 1, ..request(VersionId::Take(1)) };
    let was = document.performance(VersionId::Take(1)).unwrap().clone();
    let take = take(&mut document, score(&pitches), &wanted, "Toy");
    assert_eq!(take.performance.notes[..12], was.notes[..]);
    assert_eq!((take.performance.pedals.len(), take.pins.len()), (2, 2));
}

#[test]
fn the_deadpan_goes_on_literally() {
    let mut document = document();
    let take = take(&mut document, longer(), &request(VersionId::Deadpan), "Toy");
    assert_eq!(take.performance, play_literally(&longer()));
}
