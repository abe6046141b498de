#![allow(clippy::unwrap_used)]

use notation::{Dynamic, KeySignature, Part, TimeSignature};

use super::*;

/// Four bars of 3/4, a note on each of their quarters, the key changing at the third.
fn score() -> Score {
    let time = TimeSignature { beats: 3, beat_type: 4 };
    let key = |fifths| KeySignature { fifths, minor: false };
    let direction = |at: i64, kind| Direction {
        onset: Quarters::whole(at),
        end: Some(Quarters::whole(at + 4)),
        part: 0,
        staff: None,
        kind,
        text: String::new(),
    };
    Score {
        parts: vec![Part { id: "P1".to_owned(), name: "Piano".to_owned(), staves: 2 }],
        measures: (0..4).map(|index| Measure::regular(index, time)).collect(),
        notes: (0..12)
            .map(|k| Note {
                id: NoteId { written: k, pass: 1 },
                onset: Quarters::whole(i64::from(k)),
                pitch: 60 + k as u8,
                measure: k / 3,
                ..Note::default()
            })
            .collect(),
        directions: vec![
            direction(0, DirectionKind::Metronome(90.0)),
            direction(0, DirectionKind::Dynamic(Dynamic::P)),
            direction(4, DirectionKind::Crescendo),
            direction(6, DirectionKind::Dynamic(Dynamic::F)),
            direction(9, DirectionKind::Words),
        ],
        time_signatures: vec![(Quarters::ZERO, time)],
        key_signatures: vec![(Quarters::ZERO, key(1)), (Quarters::whole(6), key(-3))],
        ..Score::default()
    }
}

#[test]
fn bars_begin_at_their_first_bar_line() {
    let alone = excerpt(&score(), 1..3);
    let numbers: Vec<&str> = alone.measures.iter().map(|measure| measure.number.as_str()).collect();
    assert_eq!(numbers, ["2", "3"]);
    assert_eq!(alone.measures[0].start, Quarters::ZERO);
    assert_eq!(alone.end(), Quarters::whole(6));
    let pitches: Vec<u8> = alone.notes.iter().map(|note| note.pitch).collect();
    assert_eq!(pitches, [63, 64, 65, 66, 67, 68]);
    assert_eq!(alone.notes[4].onset, Quarters::whole(4));
    assert_eq!(alone.notes[4].measure, 1);
    assert_eq!(alone.notes[4].id.written, 4);
    let fifths: Vec<_> = alone.key_signatures.iter().map(|(at, key)| (*at, key.fifths)).collect();
    assert_eq!(fifths, [(Quarters::ZERO, 1), (Quarters::whole(3), -3)]);
}

#[test]
fn what_is_in_force_is_said_at_the_beginning() {
    let kinds = |bars| -> Vec<(Quarters, DirectionKind)> {
        excerpt(&score(), bars).directions.iter().map(|d| (d.onset, d.kind)).collect()
    };
    let (metronome, at) = (DirectionKind::Metronome(90.0), Quarters::whole);
    let (soft, loud) = (DirectionKind::Dynamic(Dynamic::P), DirectionKind::Dynamic(Dynamic::F));
    let expected = [(at(0), metronome), (at(0), soft), (at(1), DirectionKind::Crescendo), (at(3), loud)];
    assert_eq!(kinds(1..3), expected);
    assert_eq!(kinds(2..3), [(at(0), metronome), (at(0), loud)]);
}

#[test]
fn what_reaches_beyond_the_last_bar_line_ends_there() {
    let mut long = score();
    long.notes[5].duration = Quarters::whole(5);
    let alone = excerpt(&long, 1..2);
    assert_eq!(alone.notes[2].duration, Quarters::whole(1));
    let swell = alone.directions.iter().find(|d| d.kind == DirectionKind::Crescendo).unwrap();
    assert_eq!(swell.end, Some(Quarters::whole(3)));
}

#[test]
fn slurs_across_an_edge_are_left_out() {
    let mut slurred = score();
    slurred.notes[3].marks = Marks::SLUR_START | Marks::SLURRED | Marks::STACCATO;
    slurred.notes[4].marks = Marks::SLUR_STOP | Marks::SLURRED;
    assert_eq!(excerpt(&slurred, 1..2).notes[0].marks, slurred.notes[3].marks);
    slurred.notes[4].marks = Marks::SLURRED;
    slurred.notes[6].marks = Marks::SLUR_STOP | Marks::SLURRED;
    let alone = excerpt(&slurred, 1..2);
    assert_eq!(alone.notes[0].marks, Marks::STACCATO);
    assert_eq!(alone.notes[1].marks, Marks::empty());
}

#[test]
fn there_is_nothing_of_bars_that_there_are_not() {
    assert_eq!(excerpt(&score(), 3..6), Score::default());
    assert_eq!(excerpt(&score(), 2..2), Score::default());
}

#[test]
fn a_grace_note_keeps_its_place_in_the_order_of_the_file() {
    let mut graced = score();
    // Number 3 is written before number 4 and sounds above it: it comes later in the order of pitch.
    graced.notes[3].grace = Some(notation::Grace::Acciaccatura);
    graced.notes[3].onset = Quarters::whole(4);
    graced.notes[3].pitch = 90;
    graced.notes.swap(3, 4);
    let alone = excerpt(&graced, 1..2);
    let numbers: Vec<(u8, u32)> = alone.notes.iter().map(|note| (note.pitch, note.id.written)).collect();
    assert_eq!(numbers, [(64, 1), (90, 0), (65, 2)]);
}
