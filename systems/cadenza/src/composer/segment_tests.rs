#![allow(clippy::unwrap_used)]

use super::*;
use crate::composer::written;

fn pertok() -> PerTok {
    PerTok::new(written()).unwrap()
}

fn note(onset_ticks: u32, pitch: u8, duration_ticks: u32) -> Note {
    Note { onset_ticks, pitch, duration_ticks, velocity: 64 }
}

fn metre(beats: u8, beat_type: u8) -> TimeSignature {
    TimeSignature { beats, beat_type }
}

/// A bar of 3/4, two of 4/4, the last of which is empty; 480 ticks a quarter.
fn segment() -> Music {
    let notes = vec![note(0, 60, 480), note(0, 64, 960), note(720, 67, 160), note(1440 + 320, 62, 2880)];
    Music { notes, metres: vec![(0, metre(3, 4)), (1440, metre(4, 4))] }
}

#[test]
fn a_segment_is_told_by_places_in_its_bars() {
    let pertok = pertok();
    let tokens = tokens(&pertok, &segment(), 3).unwrap();
    let name = |token: &u32| pertok.vocabulary().name(*token as u16).unwrap();
    let expected = [
        "TimeSig_3/4",
        "Pitch_60",
        "Duration_1.0.480",
        "Pitch_64",
        "Duration_2.0.480",
        "Position_720",
        "Pitch_67",
        "Duration_0.160.480",
        "Bar_None",
        "TimeSig_4/4",
        "Position_320",
        "Pitch_62",
        "Duration_6.0.480",
        "Bar_None",
    ];
    assert_eq!(tokens.iter().map(name).collect::<Vec<_>>(), expected);
    assert_eq!(music(&pertok, &tokens).unwrap(), segment());
}

#[test]
fn bars_stand_by_themselves_and_go_together_again() {
    let pertok = pertok();
    let whole = tokens(&pertok, &segment(), 3).unwrap();
    let bars = bars(&pertok, &whole);
    assert_eq!(bars.iter().map(|bar| bar.tokens.len()).collect::<Vec<_>>(), [7, 3, 0]);
    assert_eq!(assemble(&pertok, &bars), whole);
    // The second bar alone is what it is when it is told alone.
    let alone = Music { notes: vec![note(320, 62, 2880)], metres: vec![(0, metre(4, 4))] };
    assert_eq!(assemble(&pertok, &bars[1..2]), tokens(&pertok, &alone, 1).unwrap());
    assert_eq!(assemble(&pertok, &[]), [0_u32; 0]);
}

#[test]
fn unisons_are_one_note_and_nothing_is_beyond_the_end() {
    let pertok = pertok();
    let mut segment = Music { notes: vec![note(0, 60, 240), note(0, 60, 480)], metres: Vec::new() };
    let told = tokens(&pertok, &segment, 1).unwrap();
    assert_eq!(music(&pertok, &told).unwrap().notes, [note(0, 60, 480)]);
    // A 64th before the end: the last place that there is.
    segment.notes = vec![note(1919, 60, 240)];
    let told = tokens(&pertok, &segment, 1).unwrap();
    assert_eq!(music(&pertok, &told).unwrap().notes, [note(1860, 60, 240)]);
    segment.notes = vec![note(1920, 60, 240)];
    let beyond = SegmentError::Beyond { onset_ticks: 1920, bars: 1, end_ticks: 1920 };
    assert_eq!(tokens(&pertok, &segment, 1), Err(beyond));
}
