#![allow(clippy::unwrap_used)]

use notation::{Dynamic, Grace, Measure, TimeSignature};

use super::*;

fn note(onset: (i64, i64), duration: (i64, i64), pitch: u8, measure: u32) -> Note {
    let quarters = |(n, d)| Quarters::new(n, d);
    Note { onset: quarters(onset), duration: quarters(duration), pitch, measure, ..Note::default() }
}

/// A pick-up of an eighth in 3/4, a chord of three with a grace note, a triplet.
fn score() -> Score {
    let time = TimeSignature { beats: 3, beat_type: 4 };
    let quarters = |n, d| Quarters::new(n, d);
    let measure =
        |start, end, number: &str| Measure { start, end, number: number.into(), written: 0, pass: 1, time };
    let mut notes = vec![
        note((0, 1), (1, 2), 67, 0),
        note((1, 2), (3, 1), 43, 1),
        note((1, 2), (1, 1), 71, 1),
        note((1, 2), (0, 1), 72, 1),
        note((11, 6), (1, 3), 74, 1),
    ];
    notes[1].staff = 2;
    notes[3].grace = Some(Grace::Acciaccatura);
    notes[4].marks = Marks::STACCATO | Marks::SLURRED;
    let sign = |at: (i64, i64), end: Option<(i64, i64)>, kind| Direction {
        onset: quarters(at.0, at.1),
        end: end.map(|end| quarters(end.0, end.1)),
        part: 0,
        staff: None,
        kind,
        text: String::new(),
    };
    Score {
        notes,
        measures: vec![
            measure(Quarters::ZERO, quarters(1, 2), "0"),
            measure(quarters(1, 2), quarters(7, 2), "1"),
        ],
        time_signatures: vec![(Quarters::ZERO, time)],
        directions: vec![
            sign((1, 2), None, DirectionKind::Dynamic(Dynamic::P)),
            sign((1, 2), Some((5, 2)), DirectionKind::Crescendo),
        ],
        ..Score::default()
    }
}

#[test]
fn rows_say_what_is_written() {
    let rows = rows(&score(), &|_| 0.5);
    let rows: Vec<&[u8]> = rows.chunks(COLUMNS).collect();
    // 3/4: two beats beyond the first, and log2 of 4 times 16. 120 a minute is two octaves over 30.
    let (metre, tempo) = (34, 8);
    let melody = |row: &[u8]| row[9] & 1;
    assert_eq!(rows[0][..9], [67, 60, 0, 12, 12, 0, 0, 0, metre], "a pick-up ends at the bar line");
    assert_eq!(rows[0][10..], [0, 0, 0, tempo]);
    assert_eq!(rows[1][..9], [43, 0, 12, 32, 72, 2, 2, 0, metre]);
    assert_eq!(rows[1][9] & 2, 2, "the left hand");
    assert_eq!(rows[2][..9], [71, 0, 0, 32, 24, 2, 1, 1, metre]);
    assert_eq!(rows[2][10..], [4, 1, 0, tempo]);
    assert_eq!(rows[3][..9], [72, 0, 0, 32, 0, 2, 0, 2, metre]);
    assert_eq!(rows[3][12], 128, "a grace note");
    assert_eq!(rows[4][..9], [74, 32, 32, 96, 8, 0, 0, 0, metre]);
    assert_eq!(rows[4][12], 1 + 64);
    assert_eq!([rows[0], rows[1], rows[2], rows[4]].map(melody), [1, 0, 1, 1]);
}

#[test]
fn the_table_has_a_row_for_every_value() {
    assert_eq!(SIZES.iter().sum::<usize>(), VALUES);
    assert_eq!(table_row(0, 60), 60);
    assert_eq!(table_row(1, 0), 128);
    assert_eq!(table_row(COLUMNS - 1, 15), VALUES - 1);
    for (column, size) in SIZES.into_iter().enumerate() {
        assert!(size <= 256, "column {column} does not fit into a byte");
    }
}

#[test]
fn what_has_no_value_has_the_nearest() {
    let mut score = score();
    score.notes[1].duration = Quarters::whole(100);
    score.notes[4].onset = Quarters::whole(50);
    for (period, tempo) in [(10.0, 0), (0.01, 15), (f64::NAN, 0)] {
        let rows = rows(&score, &|_| period);
        assert_eq!(rows[COLUMNS + 4], 192);
        assert_eq!((rows[COLUMNS + 3], rows[4 * COLUMNS + BEFORE]), (96, 96));
        assert_eq!(rows[COLUMNS - 1], tempo);
    }
}
