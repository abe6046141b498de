#![allow(clippy::unwrap_used)]

use super::*;
use crate::ecp::{BEGIN, duration_token};

fn beat(number: u8, quarters: Quarters) -> [u8; COLUMNS] {
    [METRIC, number + 1, 0, duration_token(quarters, false), 0, 0, 0, 0, 0]
}

#[test]
fn bars_begin_where_the_number_does_not_rise() {
    let quarter = Quarters::whole(1);
    let half = Quarters::new(1, 2);
    let tokens = [
        beat(1, half),
        beat(2, quarter),
        beat(0, quarter),
        beat(1, quarter),
        beat(2, quarter),
        beat(0, quarter),
        beat(0, quarter),
    ];
    let bars = written_of(&tokens).bars;
    let told: Vec<_> = bars.iter().map(|bar| (bar.first, bar.beats, bar.beat_length)).collect();
    assert_eq!(told, [(1, 2, quarter), (0, 3, quarter), (0, 1, quarter), (0, 1, quarter)]);
    assert_eq!((bars[1].start, bars[1].end), (Quarters::new(3, 2), Quarters::new(9, 2)));
    // A bar of thirty beats stays one.
    let long: Vec<_> = (0..30).map(|number: u8| beat(number.min(23), quarter)).collect();
    assert_eq!(written_of(&long).bars.len(), 1);
}

#[test]
fn notes_are_read_from_their_beat_to_the_end_of_the_piece() {
    let quarter = Quarters::whole(1);
    let note = |position, pitch, duration| [NOTE, position, pitch, duration, 0, 0, 0, 0, 0];
    let end = [END, 0, 0, 0, 0, 0, 0, 0, 0];
    let begin = [BEGIN, 0, 0, 0, 0, 0, 0, 0, 0];
    let tokens = [
        begin,
        note(1, 40, 26),
        beat(0, quarter),
        beat(1, quarter),
        note(9, 40, 26),
        note(24, 88, 1),
        end,
        note(1, 40, 26),
    ];
    let written = written_of(&tokens);
    let told: Vec<_> = written.notes.iter().map(|note| (note.onset, note.duration, note.pitch)).collect();
    let expected = [(Quarters::new(4, 3), quarter, 60), (Quarters::new(47, 24), Quarters::ZERO, 108)];
    assert_eq!(told, expected);
    assert!(!written.notes[0].is_grace && written.notes[1].is_grace);
    assert_eq!(written_of(&[]), Written::default());
}
