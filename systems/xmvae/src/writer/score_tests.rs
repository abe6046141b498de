#![allow(clippy::unwrap_used)]

use notation::{DirectionKind, KeySignature, Marks, TimeSignature};

use super::*;

fn metre() -> Metre {
    Metre::of(TimeSignature { beats: 3, beat_type: 4 }).unwrap()
}

fn written(onset: i64, length: i64, pitch: u8, hand: Hand) -> Written {
    let onset = Quarters::whole(onset);
    Written { onset, end: onset + Quarters::whole(length), pitch, hand }
}

/// D major, each hand on its staff.
fn new() -> Vec<Written> {
    vec![
        written(0, 3, 50, Hand::Left),
        written(0, 1, 74, Hand::Right),
        written(1, 1, 78, Hand::Right),
        written(2, 1, 81, Hand::Right),
        written(3, 3, 57, Hand::Left),
        written(3, 2, 73, Hand::Right),
        written(5, 1, 76, Hand::Right),
        written(6, 3, 50, Hand::Left),
        written(6, 3, 74, Hand::Right),
    ]
}

#[test]
fn a_new_piece_has_bars_hands_and_a_key() {
    let score = new_piece("New piece 7".to_owned(), metre(), 3, &new());
    assert_eq!(score.title.as_deref(), Some("New piece 7"));
    assert_eq!(score.measures.len(), 3);
    assert_eq!(score.key_signatures, [(Quarters::ZERO, KeySignature { fifths: 2, minor: false })]);
    let first = &score.notes[0];
    assert_eq!((first.pitch, first.staff, first.voice, first.measure), (50, 2, 2, 0));
    let last = &score.notes[8];
    assert_eq!((last.pitch, last.staff, last.voice, last.measure), (74, 1, 1, 2));
    let numbers: Vec<u32> = score.notes.iter().map(|note| note.id.written).collect();
    assert_eq!(numbers, (0..9).collect::<Vec<_>>());
}

/// Three bars, the last note of the second held into the third, under a slur that goes on there.
fn before() -> Score {
    let mut score = new_piece("Waltz".to_owned(), metre(), 3, &new());
    score.key_signatures.push((Quarters::whole(6), KeySignature { fifths: -1, minor: true }));
    score.notes[6].duration = Quarters::whole(2);
    score.notes[0].marks = Marks::TENUTO;
    for (note, marks) in [(5, Marks::SLUR_START), (6, Marks::empty()), (8, Marks::SLUR_STOP)] {
        score.notes[note].marks = marks | Marks::SLURRED;
    }
    let direction = |at: i64, end: Option<i64>, kind| Direction {
        onset: Quarters::whole(at),
        end: end.map(Quarters::whole),
        part: 0,
        staff: None,
        kind,
        text: String::new(),
    };
    score.directions = vec![
        direction(0, None, DirectionKind::Metronome(100.0)),
        direction(3, Some(8), DirectionKind::Crescendo),
        direction(6, None, DirectionKind::Words),
    ];
    score
}

#[test]
fn a_piece_goes_on_after_its_bars() {
    let before = before();
    let score = continued(&before, 2, (metre(), 3), &new());
    assert_eq!(score.measures[..2], before.measures[..2]);
    assert_eq!(score.measures.len(), 5);
    assert_eq!((score.measures[4].number.as_str(), score.measures[4].written), ("5", 4));
    assert_eq!(score.notes[..5], before.notes[..5]);
    assert_eq!(score.notes[6].duration, Quarters::whole(1), "ends with the bar");
    assert_eq!(score.notes[6].marks, Marks::SLURRED | Marks::SLUR_STOP, "the slur ends with the bar");
    assert_eq!(score.notes.len(), 7 + 9);
    assert_eq!((score.notes[7].onset, score.notes[7].measure), (Quarters::whole(6), 2));
    assert_eq!(score.notes[7].id.written, 7);
    assert_eq!(score.directions.len(), 2);
    assert_eq!(score.directions[1].end, Some(Quarters::whole(6)));
    assert_eq!(score.key_signatures.len(), 1);
    assert_eq!(score.title, before.title);
}

#[test]
fn new_notes_have_the_voices_that_their_staves_have() {
    let mut before = before();
    for note in before.notes.iter_mut().filter(|note| note.staff == 2) {
        note.voice = 5;
    }
    let score = continued(&before, 3, (metre(), 1), &new()[..2]);
    let voices: Vec<u8> = score.notes[9..].iter().map(|note| note.voice).collect();
    assert_eq!(voices, [5, 1]);
}
