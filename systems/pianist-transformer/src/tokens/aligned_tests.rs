#![allow(clippy::unwrap_used)]

use performance::{Pedal, PedalEvent};

use super::*;

/// A score of notes that start so many ms after the one before.
fn stream(iois_ms: &[u16]) -> Stream {
    let event =
        |ioi_ms: &u16| Event { pitch: 60, ioi_ms: *ioi_ms, velocity: 64, duration_ms: 100, pedal: [0; 4] };
    Stream { order: (0..iois_ms.len() as u32).collect(), events: iois_ms.iter().map(event).collect() }
}

/// Notes (by index, onset in seconds, velocity), each a tenth of a second long.
fn played(notes: &[(u32, f64, u8)]) -> Performance {
    let note = |(note, onset_secs, velocity): &(u32, f64, u8)| PlayedNote {
        note: *note,
        onset_secs: *onset_secs,
        duration_secs: 0.1,
        velocity: *velocity,
    };
    Performance { notes: notes.iter().map(note).collect(), pedals: Vec::new() }
}

fn iois(aligned: &Aligned) -> Vec<u16> {
    aligned.events.iter().map(|event| event.ioi_ms).collect()
}

#[test]
fn what_was_not_played_lies_between_its_neighbours() {
    let aligned = Aligned::of(&stream(&[0, 100, 100, 200]), &played(&[(0, 7.0, 40), (3, 7.8, 70)])).unwrap();
    assert_eq!(aligned.onsets_ms, [7000, 7200, 7400, 7800]);
    assert_eq!(iois(&aligned), [0, 200, 200, 400]);
    assert_eq!(aligned.events.iter().map(|e| e.velocity).collect::<Vec<_>>(), [40, 50, 60, 70]);
    assert_eq!(aligned.events.iter().map(|e| e.duration_ms).collect::<Vec<_>>(), [100, 200, 200, 100]);
    assert_eq!(aligned.is_played, [true, false, false, true]);
}

#[test]
fn at_the_ends_what_was_not_played_keeps_written_time() {
    let aligned =
        Aligned::of(&stream(&[0, 100, 100, 200, 300]), &played(&[(2, 5.0, 40), (3, 5.5, 70)])).unwrap();
    assert_eq!(aligned.onsets_ms, [4800, 4900, 5000, 5500, 5800]);
    assert_eq!(iois(&aligned), [0, 100, 100, 500, 300]);
    assert_eq!(aligned.events.iter().map(|e| e.velocity).collect::<Vec<_>>(), [40, 40, 40, 70, 70]);
}

#[test]
fn notes_struck_together_in_the_score_share_the_time_of_the_one_that_was_played() {
    let aligned = Aligned::of(&stream(&[0, 100, 0, 0]), &played(&[(1, 3.0, 50), (3, 3.02, 50)])).unwrap();
    assert_eq!(aligned.onsets_ms, [2900, 3000, 3000, 3020]);
}

#[test]
fn the_clock_never_goes_back() {
    let aligned =
        Aligned::of(&stream(&[30, 0, 0]), &played(&[(0, 1.0, 50), (1, 0.9, 50), (2, 1.2, 50)])).unwrap();
    assert_eq!(aligned.onsets_ms, [1000, 1000, 1200]);
    // Of the first note it is the score's.
    assert_eq!(iois(&aligned), [30, 0, 200]);
}

/// Longer than any token.
#[test]
fn long_times_are_the_longest_that_have_tokens() {
    let mut slow = played(&[(0, 0.0, 50), (1, 9.0, 50)]);
    slow.notes[1].duration_secs = 9.0;
    let aligned = Aligned::of(&stream(&[0, 100]), &slow).unwrap();
    assert_eq!(aligned.onsets_ms, [0, 9000]);
    assert_eq!((aligned.events[1].ioi_ms, aligned.events[1].duration_ms), (4990, 4999));
}

#[test]
fn the_pedal_is_up_or_down_at_each_quarter_of_the_time_to_the_next_onset() {
    let mut pedalled = played(&[(0, 1.0, 50), (2, 3.0, 50)]);
    let sustain = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    let soft = PedalEvent { time_secs: 1.2, pedal: Pedal::Soft, value: 127 };
    pedalled.pedals = vec![sustain(1.0, 63), soft, sustain(1.5, 64), sustain(2.1, 0), sustain(4.0, 100)];
    let aligned = Aligned::of(&stream(&[0, 100, 100]), &pedalled).unwrap();
    // Quarters of 250 ms, and of 1247.5 ms after the last note.
    assert_eq!(aligned.onsets_ms, [1000, 2000, 3000]);
    assert_eq!(aligned.events[0].pedal, [0, 0, 127, 127]);
    assert_eq!(aligned.events[1].pedal, [127, 0, 0, 0]);
    assert_eq!(aligned.events[2].pedal, [0, 127, 127, 127]);
}

#[test]
fn without_a_played_note_there_is_nothing_to_align() {
    assert_eq!(Aligned::of(&stream(&[0, 100]), &Performance::default()), None);
    assert_eq!(Aligned::of(&stream(&[0, 100]), &played(&[(7, 1.0, 50)])), None);
    assert_eq!(Aligned::of(&stream(&[]), &played(&[(0, 1.0, 50)])), None);
}
