//! Tokens and back.
#![allow(clippy::unwrap_used)]

use notation::{Quarters, Score, Swing};
use performance::deadpan;
use pianist_transformer::tokens::{
    Aligned, Chords, Event, Press, SLOTS, Stream, Timeline, VOCABULARY, range, slot, timeline_of_midi,
};
use proptest::prelude::*;
use twins::minuet;

fn event() -> impl Strategy<Value = Event> {
    let pedal = proptest::array::uniform4(0u8..128);
    (0u8..128, 0u16..=4990, 0u8..128, 0u16..=4999, pedal).prop_map(
        |(pitch, ioi_ms, velocity, duration_ms, pedal)| Event { pitch, ioi_ms, velocity, duration_ms, pedal },
    )
}

fn press() -> impl Strategy<Value = Press> {
    (0i64..20_000, 1i64..4000, 21u8..109, 1u8..128).prop_map(|(onset_ms, length_ms, pitch, velocity)| Press {
        onset_ms,
        end_ms: onset_ms + length_ms,
        pitch,
        velocity,
    })
}

proptest! {
    #[test]
    fn an_event_survives_its_tokens(event in event()) {
        let tokens = event.tokens();
        prop_assert!((0..SLOTS).all(|slot| range(slot).contains(&tokens[slot])));
        prop_assert_eq!(Event::of(&tokens), Some(event));
    }

    /// One token in the place of that of another slot, which may be able to stand there, too.
    #[test]
    fn tokens_survive_their_event(
        event in event(),
        slot in 0..SLOTS,
        token in prop_oneof![
            0u16..VOCABULARY as u16,
            Just(0u16),
            (0..SLOTS).prop_map(|slot| range(slot).start),
        ],
    ) {
        let mut tokens = event.tokens();
        tokens[slot] = token;
        let changed = Event::of(&tokens);
        prop_assert_eq!(changed.is_some(), range(slot).contains(&token));
        if let Some(changed) = changed {
            prop_assert_eq!(changed.tokens(), tokens);
        }
    }

    #[test]
    fn other_than_eight_tokens_are_no_event(
        event in event(),
        count in (0..20usize).prop_filter("eight are one", |count| *count != SLOTS),
    ) {
        let tokens: Vec<_> = event.tokens().into_iter().cycle().take(count).collect();
        prop_assert_eq!(Event::of(&tokens), None);
    }

    /// Gaps of at most 4,990 ms come back as they were; longer ones are shortened, and all after them
    /// is as much earlier.
    #[test]
    fn a_timeline_survives_its_tokens(presses in proptest::collection::vec(press(), 1..60)) {
        let timeline = Timeline::new(presses, Vec::new());
        let events: Option<Vec<Event>> = timeline.tokens().chunks(SLOTS).map(Event::of).collect();
        let back = Timeline::of_events(&events.unwrap());
        prop_assert_eq!(back.presses.len(), timeline.presses.len());
        let (mut clock, mut cut) = (0, 0);
        for (before, after) in timeline.presses.iter().zip(&back.presses) {
            cut += (before.onset_ms - clock - 4990).max(0);
            clock = before.onset_ms;
            let moved = Press {
                onset_ms: before.onset_ms - cut,
                end_ms: before.end_ms - cut,
                ..*before
            };
            prop_assert_eq!(*after, moved);
        }
    }

    /// The pedal of a timeline made of tokens says the same tokens again.
    #[test]
    fn the_pedal_survives(events in proptest::collection::vec(event(), 2..40)) {
        // Quarters of a gap below 4 ms fall together, and unisons are cut.
        let events: Vec<Event> = events.iter().enumerate().map(|(k, event)| Event {
            pitch: 40 + k as u8, ioi_ms: event.ioi_ms.max(4) / 4 * 4, duration_ms: 1, ..*event
        }).collect();
        let timeline = Timeline::of_events(&events);
        let again = timeline.events();
        prop_assert_eq!(&again[..again.len() - 1], &events[..events.len() - 1]);
    }
}

#[test]
fn the_vocabulary_is_the_published_one() {
    let note = Event { pitch: 60, ioi_ms: 500, velocity: 64, duration_ms: 250, pedal: [0, 1, 126, 127] };
    assert_eq!(note.tokens(), [65, 761, 197, 511, 5261, 5262, 5387, 5388]);
    assert_eq!(range(slot::PITCH), 5..133);
    assert_eq!(range(slot::IOI), 261..5252);
    assert_eq!(range(slot::VELOCITY), 133..261);
    assert_eq!(range(slot::DURATION), 261..5261);
    assert_eq!(range(SLOTS - 1), 5261..5389);
    let long = Event { ioi_ms: 9000, duration_ms: 9000, ..note };
    assert_eq!(Event::of(&long.tokens()).unwrap(), Event { ioi_ms: 4990, duration_ms: 4999, ..note });
}

#[test]
fn a_score_has_one_event_a_note_in_both_orders() {
    let score = minuet();
    let lowest = Stream::of_score(&score, Chords::LowestFirst);
    let highest = Stream::of_score(&score, Chords::HighestFirst);
    for stream in [&lowest, &highest] {
        let mut notes = stream.order.clone();
        notes.sort_unstable();
        assert!(notes.iter().copied().eq(0..score.notes.len() as u32));
        let pitches = stream.order.iter().map(|n| score.notes[*n as usize].pitch);
        assert!(pitches.eq(stream.events.iter().map(|event| event.pitch)));
        assert_eq!(stream.tokens().len(), SLOTS * score.notes.len());
        let played = Aligned::of(stream, &deadpan(&score)).unwrap();
        assert_eq!(played.events, stream.events);
        assert!(played.is_played.iter().all(|is_played| *is_played));
    }
    let chord = |stream: &Stream| -> Vec<u8> {
        let next = stream.events.iter().skip(1).position(|event| event.ioi_ms > 0).unwrap();
        stream.events[..=next].iter().map(|event| event.pitch).collect()
    };
    let (up, mut down) = (chord(&lowest), chord(&highest));
    down.reverse();
    assert!(up.len() > 1 && up.is_sorted());
    assert_eq!(up, down);
}

#[test]
fn a_melody_that_leads_is_told_only_where_it_stands_first() {
    let score = minuet();
    let mut played = deadpan(&score);
    let highest = Stream::of_score(&score, Chords::HighestFirst);
    let melody = highest.order[0];
    played.notes.iter_mut().filter(|n| n.note != melody).for_each(|n| n.onset_secs += 0.03);
    let told = Aligned::of(&highest, &played).unwrap();
    assert_eq!(told.onsets_ms[..2], [0, 30]);
    assert_eq!(told.events[1].ioi_ms, 30);
    // Here it stands last and does not go back to 0 ms.
    let lowest = Stream::of_score(&score, Chords::LowestFirst);
    let told = Aligned::of(&lowest, &played).unwrap();
    let place = lowest.order.iter().position(|note| *note == melody).unwrap();
    assert!(place > 0);
    assert_eq!(told.onsets_ms[..=place], vec![30; place + 1]);
    assert!(told.events[..=place].iter().all(|event| event.ioi_ms == 0));
}

#[test]
fn notes_that_were_not_played_are_marked() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::LowestFirst);
    let mut played = deadpan(&score);
    let missing = stream.order[5];
    played.notes.retain(|note| note.note != missing);
    let aligned = Aligned::of(&stream, &played).unwrap();
    assert_eq!(aligned.events.len(), stream.events.len());
    assert!((0..aligned.is_played.len()).all(|k| aligned.is_played[k] == (k != 5)));
}

#[test]
fn swing_is_not_read() {
    let even = minuet();
    let mut swung = even.clone();
    swung.swing.push((Quarters::whole(-9), Swing { first: 2, second: 1, ..Swing::default() }));
    assert_ne!(deadpan(&swung), deadpan(&even));
    let stream = |score: &Score| Stream::of_score(score, Chords::LowestFirst);
    assert_eq!(stream(&swung), stream(&even));
}

/// Format 0, 480 ticks a quarter, no tempo, no bars: two keys, the second struck again while it is down.
#[test]
fn a_midi_file_without_bars_is_music_too() {
    let track: &[u8] = &[
        0, 0x90, 60, 80, 0x83, 0x60, 0x90, 64, 70, 0x60, 0x90, 64, 60, 0x60, 0x80, 64, 0, 0x60, 0x80, 60, 0,
        0, 0xff, 0x2f, 0,
    ];
    let header: &[u8] = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk\0\0\0";
    let bytes = [header, &[track.len() as u8], track].concat();
    let timeline = timeline_of_midi(&bytes).unwrap();
    let press = |onset_ms, end_ms, pitch, velocity| Press { onset_ms, end_ms, pitch, velocity };
    assert_eq!(timeline.presses, [press(0, 800, 60, 80), press(500, 600, 64, 70), press(600, 700, 64, 60)]);
    assert!(timeline_of_midi(b"nothing").is_err());
}
