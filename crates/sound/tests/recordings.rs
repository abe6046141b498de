//! The transport and the renderer play any source: a recording with a map of time beside notes.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/recording.rs"]
mod recording;

use std::ops::ControlFlow;
use std::sync::Arc;

use common::{Beside, CLICK, Harness, PIANO, RATE_HZ, arc, discontinuity, music, render, shift};
use recording::{Recording, rising, rising_track};
use sound::transport::{PlayState, Track};

fn frames(secs: f64) -> usize {
    (secs * f64::from(RATE_HZ)) as usize
}

fn playing(track: Track) -> Harness {
    let harness = Harness::new();
    harness.transport.load(1, arc(track));
    harness.transport.listen(1);
    harness.transport.play();
    harness
}

/// The last frame that was heard is what the map has for the playhead.
fn assert_in_place(harness: &Harness, gain: f32) {
    let status = harness.status();
    let last_secs = status.position_secs - status.rate / f64::from(RATE_HZ);
    let expected = gain * rising().value_at(last_secs);
    for heard in &harness.heard[harness.heard.len() - 2..] {
        assert!((heard - expected).abs() < 2e-6, "{heard} instead of {expected} at {last_secs} s");
    }
    let quarters = rising_track().clock.quarters_at(status.position_secs);
    assert!((quarters - status.position_quarters).abs() < 1e-6);
}

#[test]
fn a_recording_plays_by_its_map_and_is_what_is_exported() {
    let exported = sound::render(&rising(), &PIANO, RATE_HZ, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!((exported.secs() - 20.3).abs() < 0.002, "{} s", exported.secs());
    let mut harness = playing(rising_track());
    harness.pass(5.0);
    assert_in_place(&harness, 1.0);
    assert!(harness.heard[..] == exported.samples[..harness.heard.len()]);
    harness.pass_until(PlayState::Stopped, 16.0);
}

#[test]
fn a_recording_is_sought_at_every_tempo() {
    let mut harness = playing(rising_track());
    for (rate, quarters) in [(1.0, 20.0), (1.0, 2.5), (0.5, 9.0), (2.0, 6.0)] {
        harness.transport.set_rate(rate);
        harness.transport.seek_quarters(quarters);
        harness.pass(0.3);
        let went = harness.status().position_quarters - quarters;
        assert!(went > 0.2 && went < 1.4, "{went} quarters in 0.3 s");
        assert_in_place(&harness, 1.0);
    }
}

#[test]
fn a_recording_loops_without_a_click() {
    // Prepared decks, and a loop too short for them.
    for (start, end) in [(4.0, 6.0), (10.0, 10.4)] {
        let mut harness = playing(rising_track());
        harness.transport.seek_quarters(start);
        harness.transport.set_loop(Some((start, end)));
        harness.pass(0.1);
        let from = harness.heard.len();
        for _ in 0..40 {
            harness.pass(0.1);
            assert!((start..end).contains(&harness.status().position_quarters), "{:?}", harness.status());
        }
        let left: Vec<f32> = harness.heard[from..].chunks(2).map(|frame| frame[0]).collect();
        let sharpest = left.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
        assert!(sharpest < CLICK, "{sharpest}");
        let falls = left.windows(2).filter(|w| w[1] < w[0]).count();
        assert!(falls > 2 * 400, "it came round: {falls} frames fall");
    }
}

#[test]
fn a_recording_goes_on_in_place_when_only_its_gain_changes() {
    let track = rising_track();
    let mut harness = playing(track.clone());
    harness.pass(1.0);
    harness.transport.load(1, arc(Track { gain: 0.5, ..track }));
    harness.pass(0.5);
    assert_in_place(&harness, 0.5);
    assert!((harness.status().position_secs - 1.5).abs() < 1e-6, "no time was lost");
}

#[test]
fn notes_and_a_recording_switch_at_the_same_place_in_the_score_without_a_click() {
    let notes = music(32, 0.5, 95);
    // A recording of the same music, slower and softer, by somebody who waited before beginning.
    let slower = music(32, 0.62, 75);
    let (sound_notes, sound_slower) = (render(&notes), render(&slower));
    let silence = frames(0.25);
    let left = sound_slower.samples.chunks(2).map(|frame| frame[0]);
    let samples: Vec<f32> = std::iter::repeat_n(0.0, silence).chain(left).collect();
    let end_sample = samples.len() as f64;
    let end_secs = sound_slower.secs();
    let map = [(0.0, silence as f64), (end_secs, end_sample)].into();
    let recording = Recording { samples: samples.into(), map };
    let mono: Vec<f32> = sound_slower.samples.chunks(2).flat_map(|frame| [frame[0]; 2]).collect();
    let recorded = Track { content: Arc::new(recording), ..slower };
    let sides = [(&notes, &sound_notes.samples), (&recorded, &mono)];
    for wait in [0.9, 2.004, 3.35] {
        let mut harness = playing(notes.clone());
        harness.transport.load(2, arc(recorded.clone()));
        harness.pass(wait);
        for (from, to) in [(0, 1), (1, 0)] {
            let before = Beside { samples: sides[from].1, shift: shift(&harness) };
            let asked = harness.heard.len() / 2;
            harness.transport.listen(to as u64 + 1);
            harness.pass(1.0);
            let status = harness.status();
            assert_eq!((status.version, status.state), (Some(to as u64 + 1), PlayState::Playing));
            let after = Beside { samples: sides[to].1, shift: shift(&harness) };
            let differs = |n: &usize| (harness.heard[2 * n] - before.at(*n as i64, 0)).abs() > 1e-4;
            let switched = (asked..harness.heard.len() / 2).find(differs).unwrap();
            let quarters = |side: &Beside<'_>, track: &Track| {
                track.clock.quarters_at((switched as i64 - side.shift) as f64 / f64::from(RATE_HZ))
            };
            let (left, entered) = (quarters(&before, sides[from].0), quarters(&after, sides[to].0));
            assert!((left - entered).abs() < 0.005, "{left} against {entered}");
            let settled = (switched + frames(0.011), harness.heard.len() / 2);
            let off = |n: usize, c: usize| (harness.heard[2 * n + c] - after.at(n as i64, c)).abs();
            let fault = (settled.0..settled.1).map(|n| off(n, 0).max(off(n, 1))).fold(0.0, f32::max);
            assert!(fault < CLICK, "off by {fault}");
            let click = discontinuity(&harness.heard, &[before, after], (switched - 200, settled.0 + 200));
            assert!(click < CLICK, "{click} after {wait} s");
        }
    }
}
