#![allow(clippy::unwrap_used)]

use super::*;

fn metre(beats: u8, beat_type: u8) -> Option<Metre> {
    Metre::of(TimeSignature { beats, beat_type })
}

#[test]
fn bars_are_beats() {
    for (beats, beat_type, count) in [(4, 4, 4), (3, 4, 3), (6, 8, 2), (12, 8, 4), (7, 8, 7), (2, 2, 2)] {
        let metre = metre(beats, beat_type).unwrap();
        assert_eq!(metre.beats, count, "{beats}/{beat_type}");
        assert_eq!(metre.bar(), metre.time.measure_length());
    }
    assert_eq!(metre(30, 4), None);
    assert_eq!(metre(0, 4), None);
}

#[test]
fn notes_begin_at_usual_places() {
    let places = |metre: Metre| (0..24).filter(|place| metre.has(*place)).count();
    assert_eq!(places(metre(4, 4).unwrap()), 12);
    assert_eq!(places(metre(6, 8).unwrap()), 12);
    assert_eq!(metre(6, 8).unwrap().within_beat(8), Quarters::new(1, 2));
    assert_eq!(metre(4, 4).unwrap().within_beat(8), Quarters::new(1, 3));
}

#[test]
fn drawn_metres_are_metres() {
    for chance in [0.0, 0.39, 0.41, 0.64, 0.66, 0.84, 0.86, 0.999] {
        let drawn = Metre::drawn(chance);
        assert_eq!(Some(drawn), Metre::of(drawn.time));
    }
    assert_eq!(Metre::drawn(0.5).time, TimeSignature { beats: 3, beat_type: 4 });
}
