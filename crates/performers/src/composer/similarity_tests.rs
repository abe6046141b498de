use super::*;

fn sound(sixteenth: i64, pitch: u8, sixteenths: i64) -> Sound {
    Sound { onset: Quarters::new(sixteenth, 4), pitch, duration: Quarters::new(sixteenths, 4) }
}

/// Four bars of four quarters: an onset bin is a sixteenth.
fn between(one: &[Sound], other: &[Sound]) -> Similarity {
    Similarity::between(one, other, Quarters::whole(16))
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
}

#[test]
fn the_same_notes_in_any_order_are_wholly_alike() {
    let one = [sound(0, 60, 4), sound(4, 62, 3), sound(7, 64, 1), sound(8, 60, 8)];
    let mut other = one;
    other.reverse();
    let found = between(&one, &other);
    assert_eq!(found, Similarity { pitch: 1.0, onset: 1.0, duration: 1.0, equal: 1.0 });
    close(found.overall(), 1.0);
}

/// Cosines by hand: pitches (2, 1) and (1, 1, 1) have 3 / (√5 · √3), of equal notes there is one of two by
/// three.
#[test]
fn cosines_are_those_of_the_histograms() {
    let one = [sound(0, 60, 4), sound(4, 60, 4), sound(8, 62, 4)];
    let other = [sound(0, 60, 4), sound(4, 62, 2), sound(12, 64, 2)];
    let found = between(&one, &other);
    close(found.pitch, 3.0 / 15.0_f64.sqrt());
    close(found.onset, 2.0 / 3.0);
    close(found.duration, 3.0 / (9.0_f64 * 5.0).sqrt());
    close(found.equal, 1.0 / 3.0);
    close(found.overall(), 0.5 * (1.0 / 3.0 + 3.0 / 15.0_f64.sqrt() * 2.0 / 3.0 / 5.0_f64.sqrt()));
}

#[test]
fn a_note_that_is_there_twice_is_equal_to_two_only() {
    let (note, other) = (sound(0, 60, 4), sound(4, 70, 1));
    close(between(&[note, note], &[note, note]).equal, 1.0);
    close(between(&[note, other], &[note, note]).equal, 0.5);
}

#[test]
fn bins_end_where_the_passage_does() {
    let (last, beyond) = (sound(63, 60, 100), sound(64, 127, 70));
    let found = between(&[last], &[beyond]);
    close(found.onset, 1.0);
    close(found.duration, 1.0);
    close(found.pitch, 0.0);
}

#[test]
fn silence_is_like_silence_alone() {
    assert_eq!(between(&[], &[]).overall(), 1.0);
    assert_eq!(between(&[], &[sound(0, 60, 4)]).overall(), 0.0);
}
