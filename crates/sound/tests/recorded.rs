//! A recording is heard as it is: at its place, beside notes, slower and faster at its pitch.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/tones.rs"]
mod tones;

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use common::{Harness, PIANO, RATE_HZ, arc, music, onsets};
use sound::transport::{PlayState, Status, Track, loudness};
use sound::{Excerpt, Recorded, RecordedError};
use tones::{KEYS_SECS, LENGTH_SECS, PLAYED_SECS, excerpt, keys, recording, tones, track, wav};

/// How sharply the tones bend at most, and a little more.
const SHARPEST: f32 = 0.004;

fn playing(track: Track) -> Harness {
    let harness = Harness::new();
    harness.transport.load(1, arc(track));
    harness.transport.listen(1);
    harness.transport.play();
    harness
}

/// The sharpest bend on either side.
fn sharpest(heard: &[f32]) -> f32 {
    let side = |side: usize| -> f32 {
        let sound: Vec<f32> = heard.chunks_exact(2).map(|frame| frame[side]).collect();
        sound.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max)
    };
    side(0).max(side(1))
}

/// The last frames that were heard are those of the file at the playhead.
fn assert_in_place(heard: &[f32], status: &Status) {
    for (k, frame) in heard.chunks_exact(2).rev().take(400).enumerate() {
        let secs = status.position_secs - (k as f64 + 1.0) / f64::from(RATE_HZ);
        for (heard, expected) in frame.iter().zip(tones(secs)) {
            assert!((f64::from(*heard) - expected).abs() < 6e-3, "{heard} instead of {expected} at {secs} s");
        }
    }
}

#[test]
fn what_is_heard_is_the_file() {
    let sound = sound::render(&recording(), &PIANO, RATE_HZ, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!((sound.secs() - LENGTH_SECS).abs() < 0.003, "{} s", sound.secs());
    let frame = |secs: f64| 2 * (secs * f64::from(RATE_HZ)) as usize;
    let (before, after) = (frame(PLAYED_SECS.start - 1.01), frame(PLAYED_SECS.start - 0.98));
    assert!(
        sound.samples[..before].iter().all(|sample| *sample == 0.0),
        "what comes long before it is not kept"
    );
    for (k, frame) in sound.samples.chunks_exact(2).enumerate().skip(after / 2) {
        let secs = k as f64 / f64::from(RATE_HZ);
        if secs > LENGTH_SECS - 0.01 {
            break;
        }
        for (heard, expected) in frame.iter().zip(tones(secs)) {
            assert!((f64::from(*heard) - expected).abs() < 6e-3, "{heard} instead of {expected} at {secs} s");
        }
    }
}

#[test]
fn it_plays_from_any_place_and_loops_without_a_click() {
    let mut harness = playing(track(recording()));
    for quarters in [0.0, 3.25, 7.0] {
        harness.transport.seek_quarters(quarters);
        harness.pass(0.4);
        assert_in_place(&harness.heard, &harness.status());
    }
    // Prepared passes, and a loop too short for them.
    for looped in [(4.0, 5.0), (6.0, 6.3)] {
        harness.transport.set_loop(Some(looped));
        harness.transport.seek_quarters(looped.0);
        harness.pass(0.2);
        let from = harness.heard.len();
        harness.pass(3.0);
        assert!((looped.0..looped.1).contains(&harness.status().position_quarters), "{:?}", harness.status());
        let bend = sharpest(&harness.heard[from..]);
        assert!(bend < SHARPEST, "{bend}");
    }
}

#[test]
fn notes_and_the_recording_are_heard_by_turns_at_the_same_place() {
    let mut harness = playing(track(recording()));
    harness.transport.load(2, arc(music(12, 0.45, 80)));
    harness.pass(0.7);
    for (version, expected_quarters) in [(2, 2.4), (1, 3.4), (2, 4.4), (1, 5.4)] {
        harness.transport.listen(version);
        harness.pass(0.5);
        let status = harness.status();
        assert_eq!((status.version, status.state), (Some(version), PlayState::Playing));
        let quarters = status.position_quarters;
        assert!((quarters - expected_quarters).abs() < 0.3, "{quarters} and not about {expected_quarters}");
        if version == 1 {
            assert_in_place(&harness.heard, &status);
        }
    }
}

#[test]
fn another_tempo_keeps_the_pitch() {
    for rate in [0.25, 0.5, 0.8, 1.25, 2.0] {
        let mut harness = playing(track(recording()));
        harness.transport.set_rate(rate);
        harness.pass(0.3);
        let from = harness.heard.len();
        harness.pass(2.0);
        let (heard, status) = (&harness.heard[from..], harness.status());
        let expected_secs = PLAYED_SECS.start + 2.3 * rate;
        assert!((status.position_secs - expected_secs).abs() < 0.08, "{} at {rate}", status.position_secs);
        for (side, hertz) in [(0, 440.0), (1, 660.0)] {
            let sound: Vec<f32> = heard.chunks_exact(2).map(|frame| frame[side]).collect();
            let rises = sound.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count() as f64 / 2.0;
            assert!((rises / hertz - 1.0).abs() < 0.02, "{rises} Hz instead of {hertz} at {rate}");
        }
        let bend = sharpest(heard);
        assert!(bend < SHARPEST, "{bend} at {rate}");
        // At its own tempo it is in its place again.
        harness.transport.set_rate(1.0);
        harness.pass(0.2);
        assert_in_place(&harness.heard, &harness.status());
    }
}

#[test]
fn a_key_is_struck_once_and_in_time_at_every_tempo() {
    for rate in [0.4, 0.7, 1.0, 1.6, 2.0] {
        let recording = Recorded::from_bytes(wav(keys), &excerpt(), &|| true).unwrap().unwrap();
        let mut harness = playing(track(recording));
        harness.transport.set_rate(rate);
        harness.pass(5.4 / rate);
        let struck: Vec<f64> =
            onsets(&harness.heard).iter().map(|frame| *frame as f64 / f64::from(RATE_HZ) * rate).collect();
        assert_eq!(struck.len(), 22, "at {rate}: {struck:?}");
        assert!(struck[0] < 0.06, "{} s at {rate}", struck[0]);
        for (k, secs) in struck.iter().enumerate() {
            // As heard, where it is played faster.
            let off = (secs - struck[0] - k as f64 * KEYS_SECS).abs() / rate.max(1.0);
            assert!(off < 0.02, "key {k} is off by {off} s at {rate}");
        }
    }
}

#[test]
fn its_loudness_is_known_beforehand() {
    let recording = recording();
    let known = recording.loudness().unwrap();
    let measured = loudness(&recording, &PIANO, &AtomicBool::new(false)).unwrap();
    assert!((known.lufs - measured.lufs).abs() < 0.2, "{known:?} and {measured:?}");
    assert!((known.peak - measured.peak).abs() < 0.02);
    assert!(recording.bytes() < 2_100_000, "{}", recording.bytes());
}

#[test]
fn what_cannot_be_heard_says_why() {
    let read = |played_secs, goes_on: bool| {
        let excerpt = Excerpt { played_secs, attacks_secs: Vec::new() };
        Recorded::from_bytes(wav(tones), &excerpt, &|| goes_on)
    };
    assert!(read(PLAYED_SECS, false).unwrap().is_none(), "nobody wants it any more");
    let short = read(20.0..30.0, true).unwrap_err();
    assert!(matches!(short, RecordedError::Short), "{short}");
    let long = read(0.0..10_000.0, true).unwrap_err().to_string();
    assert!(long.contains("167 minutes") && long.contains("at most 76"), "{long}");
    let text = Recorded::from_bytes(b"A letter.".to_vec().into(), &excerpt(), &|| true).unwrap_err();
    assert!(text.to_string().contains("no recording of sound"), "{text}");
}
