//! The transport on a virtual clock: what is heard, when, and that the playhead tells the truth.
#![allow(clippy::unwrap_used)]

mod common;

use common::{
    Harness, PIANO, RATE_HZ, arc, events_of, music, off, on, onsets, render, sustain, ticks, track,
};
use sound::Events;
use sound::transport::{PlayState, loudness};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn playing(version: u64, piece: sound::transport::Track) -> Harness {
    let mut harness = Harness::new();
    harness.transport.load(version, arc(piece));
    harness.transport.listen(version);
    harness.transport.play();
    harness.pass(0.0);
    harness
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |p, s| p.max(s.abs()))
}

fn frames(secs: f64) -> usize {
    (secs * f64::from(RATE_HZ)) as usize
}

#[test]
fn what_plays_is_what_is_exported() {
    let piece = music(12, 0.5, 90);
    let exported = render(&piece);
    let mut harness = playing(1, piece);
    harness.pass(exported.secs());
    assert_eq!(harness.heard.len(), exported.samples.len());
    let differing = harness.heard.iter().zip(&exported.samples).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 0, "of {} samples", exported.samples.len());
    assert!(exported.peak() > 0.05, "there was something to compare");
}

#[test]
fn the_playhead_is_where_the_sound_is_at_every_tempo() {
    for rate in [0.25, 1.0, 2.0] {
        let mut harness = Harness::new();
        harness.transport.load(1, arc(ticks(8, 0.6)));
        harness.transport.listen(1);
        harness.transport.set_rate(rate);
        harness.transport.play();
        let mut places = vec![(0.0, 0.0)];
        while harness.status().state == PlayState::Playing || harness.heard.is_empty() {
            harness.pass_buffer(960);
            places.push(((harness.heard.len() / 2) as f64, harness.status().position_quarters));
        }
        let found = onsets(&harness.heard);
        assert_eq!(found.len(), 8, "at {rate}: {found:?}");
        for (q, onset) in found.into_iter().enumerate() {
            let after = places.iter().position(|(frame, _)| *frame > onset as f64).unwrap();
            let ((f0, q0), (f1, q1)) = (places[after - 1], places[after]);
            let shown = q0 + (q1 - q0) * (onset as f64 - f0) / (f1 - f0);
            let error_secs = (shown - q as f64) * 0.6 / rate;
            assert!(error_secs.abs() < 0.005, "at {rate}, quarter {q}: {error_secs} s");
        }
    }
}

#[test]
fn plays_to_the_end_and_rests_where_it_began() {
    let mut harness = Harness::new();
    harness.transport.load(7, arc(ticks(8, 0.25)));
    harness.transport.listen(7);
    harness.transport.seek_quarters(4.0);
    harness.pass(0.05);
    assert_eq!(harness.status().position_quarters, 4.0);
    harness.transport.play();
    harness.pass(0.1);
    assert_eq!(harness.status().state, PlayState::Playing);
    harness.pass_until(PlayState::Stopped, 5.0);
    harness.pass(0.1);
    let status = harness.status();
    assert_eq!((status.version, status.position_quarters), (Some(7), 4.0));
    assert_eq!(onsets(&harness.heard).len(), 4);
    harness.transport.stop();
    harness.pass(0.05);
    assert_eq!(harness.status().position_quarters, 0.0);
}

#[test]
fn a_start_within_50_ms_begins_with_the_note_that_comes_early() {
    let mut events = events_of(&ticks(8, 0.5));
    // The note on quarter 4 is played 20 ms before its place.
    events.iter_mut().filter(|e| e.time_secs == 2.0).for_each(|e| e.time_secs -= 0.02);
    let mut harness = Harness::new();
    harness.transport.load(1, arc(track(events, 8, 0.5)));
    harness.transport.listen(1);
    harness.transport.seek_quarters(4.0);
    harness.pass(0.1);
    harness.transport.play();
    let start = harness.heard.len() / 2;
    harness.pass(0.3);
    let first = onsets(&harness.heard)[0];
    assert!((start..start + frames(0.05)).contains(&first), "{start} {first}");
}

#[test]
fn pausing_rests_and_goes_on_at_the_same_place() {
    let mut harness = playing(1, music(16, 0.5, 90));
    harness.pass(1.03);
    harness.transport.pause();
    harness.pass(0.1);
    let paused = harness.status();
    assert_eq!(paused.state, PlayState::Paused);
    let silent_from = harness.heard.len();
    harness.pass(0.5);
    assert_eq!(peak(&harness.heard[silent_from..]), 0.0);
    assert_eq!(harness.status().position_secs, paused.position_secs);
    harness.transport.play();
    harness.pass(0.5);
    assert!((harness.status().position_secs - paused.position_secs - 0.5).abs() < 1e-6);
    assert!(peak(&harness.heard[harness.heard.len() - 9600..]) > 0.01);
    harness.transport.stop();
    harness.pass(0.1);
    let stopped = harness.status();
    // Going on from a pause is where playing began last.
    assert_eq!((stopped.state, stopped.position_quarters), (PlayState::Stopped, paused.position_quarters));
}

#[test]
fn the_tempo_changes_while_playing() {
    let mut harness = playing(1, music(32, 0.5, 90));
    harness.pass(1.0);
    for rate in [2.0, 0.25, 1.5] {
        let before = harness.status().position_secs;
        harness.transport.set_rate(rate);
        harness.pass(1.0);
        let went_secs = harness.status().position_secs - before;
        assert!((went_secs - rate).abs() < 0.002, "{went_secs} s at {rate}");
        assert_eq!(harness.status().rate, rate);
    }
}

#[test]
fn the_metronome_clicks_on_the_beat() {
    let mut harness = Harness::new();
    harness.transport.load(1, arc(track(vec![], 8, 0.5)));
    harness.transport.listen(1);
    harness.transport.set_metronome(true);
    harness.transport.play();
    harness.pass(3.9);
    let clicks = onsets(&harness.heard);
    assert_eq!(clicks.len(), 8, "{clicks:?}");
    for (q, click) in clicks.iter().enumerate() {
        // A click takes a moment to rise.
        assert!((0..48).contains(&(*click as i64 - frames(q as f64 * 0.5) as i64)), "{q}: {click}");
    }
    let level = |q: usize| peak(&harness.heard[2 * clicks[q]..2 * clicks[q] + 2000]);
    assert!(level(0) > 1.2 * level(1) && level(4) > 1.2 * level(5), "the first of a bar is louder");
    harness.transport.set_metronome(false);
    let from = harness.heard.len();
    harness.transport.seek_quarters(1.5);
    harness.pass(1.0);
    assert_eq!(peak(&harness.heard[from..]), 0.0);
}

#[test]
fn a_bar_is_counted_at_the_tempo_that_follows() {
    for (start, rate) in [(0.0, 1.0), (4.0, 1.0), (4.0, 0.5), (4.5, 1.0)] {
        let mut harness = Harness::new();
        harness.transport.load(1, arc(ticks(8, 0.5)));
        harness.transport.listen(1);
        harness.transport.set_count_in(1);
        harness.transport.set_rate(rate);
        harness.transport.seek_quarters(start);
        harness.transport.play();
        harness.pass(0.1);
        assert_eq!((harness.status().state, harness.status().position_quarters), (PlayState::CountIn, start));
        harness.pass_until(PlayState::Playing, 9.0);
        harness.pass(0.7 / rate);
        let found = onsets(&harness.heard);
        let period = 0.5 * f64::from(RATE_HZ) / rate;
        let gaps: Vec<f64> = found.windows(2).map(|w| (w[1] - w[0]) as f64 / period).collect();
        assert!(found.len() >= 5, "four clicks and a note: {found:?}");
        assert!(gaps[..4].iter().all(|gap| (gap - 1.0).abs() < 0.02), "from {start} at {rate}: {gaps:?}");
    }
}

#[test]
fn one_note_is_heard_at_rest_and_no_pedal_holds_it() {
    let mut harness = Harness::new();
    let held = track(vec![sustain(0.0, true), on(0.0, 40, 90), off(3.9, 40)], 8, 0.5);
    harness.transport.load(1, arc(held));
    harness.transport.listen(1);
    harness.transport.seek_quarters(2.0);
    harness.pass(0.05);
    harness.transport.audition(72, 90);
    harness.pass(0.3);
    assert!(peak(&harness.heard) > 0.02);
    harness.pass(1.0);
    let from = harness.heard.len();
    harness.pass(0.5);
    assert_eq!(peak(&harness.heard[from..]), 0.0);
    assert_eq!(harness.status().state, PlayState::Stopped);
}

#[test]
fn a_version_that_grows_while_it_plays_goes_on_to_the_bit() {
    let whole = music(16, 0.5, 90);
    let exported = render(&whole);
    let part = |quarters: f64| {
        let mut part = whole.clone();
        let mut events = events_of(&whole);
        events.retain(|e| e.time_secs < 0.5 * quarters);
        part.content = Arc::new(Events::new(events));
        part.end_quarters = quarters;
        part.end_secs = 0.5 * quarters;
        part
    };
    let mut harness = playing(1, part(4.0));
    for quarters in [6.0, 9.0, 12.0] {
        harness.pass(1.0);
        harness.transport.load(1, arc(part(quarters)));
    }
    harness.transport.load(1, arc(whole.clone()));
    harness.pass(exported.secs() - 3.0);
    assert!(harness.heard == exported.samples);
}

#[test]
fn an_edit_is_heard_while_playing() {
    let mut edited = events_of(&ticks(16, 0.5));
    edited.iter_mut().for_each(|e| {
        if let sound::SoundEventKind::NoteOn { velocity, .. } = &mut e.kind {
            *velocity = 30;
        }
    });
    let mut harness = playing(1, ticks(16, 0.5));
    harness.pass(1.2);
    let before = peak(&harness.heard);
    harness.transport.load(1, arc(track(edited, 16, 0.5)));
    harness.pass(0.2);
    let from = harness.heard.len();
    harness.pass(1.0);
    let after = peak(&harness.heard[from..]);
    assert!(after > 0.0 && after < 0.2 * before, "{before} {after}");
    assert!((harness.status().position_secs - 2.4).abs() < 1e-3);
}

#[test]
fn a_version_may_be_chosen_before_it_is_there() {
    let mut harness = playing(1, ticks(16, 0.5));
    harness.pass(0.5);
    harness.transport.listen(2);
    harness.pass(0.5);
    assert_eq!(harness.status().version, Some(1));
    harness.transport.load(2, arc(ticks(16, 0.25)));
    harness.pass(0.2);
    assert_eq!(harness.status().version, Some(2));
    harness.transport.unload(2);
    harness.pass(0.1);
    assert_eq!(harness.status().state, PlayState::Stopped);
    harness.transport.clear();
    harness.transport.play();
    harness.pass(0.1);
    let status = harness.status();
    assert_eq!((status.state, status.position_quarters), (PlayState::Stopped, 0.0));
}

#[test]
fn a_shorter_version_is_listened_to_at_the_place_asked_for_or_at_its_end() {
    let mut harness = Harness::new();
    harness.transport.load(1, arc(ticks(32, 0.5)));
    harness.transport.load(2, arc(ticks(8, 0.5)));
    harness.transport.listen(1);
    harness.transport.seek_quarters(20.0);
    harness.pass(0.05);
    let mut at = |version: u64, place: fn(f64) -> f64| {
        harness.transport.listen_at(version, place);
        harness.pass(0.05);
        (harness.status().version, harness.status().position_quarters)
    };
    // The place is asked for before the playhead is brought within the eight quarters of the second one.
    assert_eq!(at(2, |here| here / 4.0), (Some(2), 5.0));
    // And the first one's own end counts, not that of the one that is left.
    assert_eq!(at(1, |here| here * 5.0), (Some(1), 25.0));
    assert_eq!(at(2, |here| here), (Some(2), 8.0));
    assert_eq!(at(1, |here| here * 10.0), (Some(1), 32.0));
}

#[test]
fn playing_goes_on_at_the_place_asked_for_in_a_shorter_and_in_a_longer_version() {
    let mut harness = playing(1, ticks(32, 0.5));
    harness.transport.load(2, arc(ticks(8, 0.5)));
    harness.transport.seek_quarters(20.0);
    harness.pass(0.1);
    harness.transport.listen_at(2, |here| here / 4.0);
    harness.pass(0.3);
    let shorter = harness.status();
    assert_eq!((shorter.state, shorter.version), (PlayState::Playing, Some(2)));
    assert!((5.0..7.0).contains(&shorter.position_quarters), "{shorter:?}");
    harness.transport.listen_at(1, |here| here * 4.0);
    harness.pass(0.3);
    let longer = harness.status();
    assert_eq!((longer.state, longer.version), (PlayState::Playing, Some(1)));
    assert!((20.0..30.0).contains(&longer.position_quarters), "{longer:?}");
}

#[test]
fn versions_are_matched_in_loudness_to_a_tenth() {
    let measure =
        |piece: &sound::transport::Track| loudness(&*piece.content, &PIANO, &AtomicBool::new(false)).unwrap();
    let (loud, soft) = (music(16, 0.5, 110), music(16, 0.5, 60));
    let measured = [measure(&loud), measure(&soft)];
    assert!(measured[0].lufs > measured[1].lufs + 6.0, "{measured:?}");
    let gains = sound::transport::Loudness::matching_gains(&measured);
    let mut heard = Vec::new();
    for (piece, gain) in [(loud, gains[0]), (soft, gains[1])] {
        let length_secs = render(&piece).secs();
        let mut harness = playing(1, sound::transport::Track { gain, ..piece });
        harness.pass(length_secs);
        let mut meter = ebur128::EbuR128::new(2, RATE_HZ, ebur128::Mode::I).unwrap();
        meter.add_frames_f32(&harness.heard).unwrap();
        heard.push(meter.loudness_global().unwrap());
        assert!(peak(&harness.heard) < 1.0);
    }
    assert!((heard[0] - heard[1]).abs() < 0.1, "{heard:?}");
}

#[test]
fn matching_can_be_switched_off() {
    let quiet = sound::transport::Track { gain: 0.5, ..music(8, 0.5, 90) };
    let exported = render(&quiet);
    let mut harness = Harness::new();
    harness.transport.set_loudness_matching(false);
    harness.transport.load(1, arc(quiet));
    harness.transport.listen(1);
    harness.transport.play();
    harness.pass(1.0);
    assert!(harness.heard[..] == exported.samples[..harness.heard.len()]);
    harness.transport.set_loudness_matching(true);
    harness.pass(0.1);
    let from = harness.heard.len();
    harness.pass(0.5);
    let halved = harness.heard[from..].iter().zip(&exported.samples[from..]);
    assert!(halved.into_iter().all(|(heard, whole)| *heard == 0.5 * whole));
}

#[test]
fn another_piano_takes_over_while_playing() {
    let mut harness = playing(1, music(32, 0.5, 90));
    harness.pass(1.0);
    harness.transport.set_piano(PIANO.clone());
    harness.pass(1.0);
    let status = harness.status();
    assert_eq!((status.state, status.error), (PlayState::Playing, None));
    assert!((status.position_secs - 2.0).abs() < 1e-6);
}

#[test]
fn silence_keeps_the_time_of_the_clock() {
    use sound::transport::{Output, OutputChoice, Transport};
    use std::time::{Duration, Instant};
    let transport = Transport::start(PIANO.clone(), OutputChoice::Silent);
    transport.load(1, arc(music(64, 0.5, 90)));
    transport.listen(1);
    transport.play();
    let limit = Instant::now() + Duration::from_secs(20);
    while transport.status().position_secs == 0.0 && Instant::now() < limit {
        std::thread::sleep(Duration::from_millis(1));
    }
    let (begin, first) = (Instant::now(), transport.status());
    std::thread::sleep(Duration::from_millis(700));
    let (passed_secs, last) = (begin.elapsed().as_secs_f64(), transport.status());
    let went_secs = last.position_secs - first.position_secs;
    // A busy machine may keep the clock's thread waiting for some time.
    assert!((went_secs - passed_secs).abs() < 0.25, "{went_secs} s in {passed_secs} s");
    assert_eq!(last.state, PlayState::Playing);
    assert!(matches!(last.output, Output::Silent { .. }));
}
