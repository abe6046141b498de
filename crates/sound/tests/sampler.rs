//! The sampled piano: in tune, louder and brighter with every velocity, damped as far as the pedal is up.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/sampled.rs"]
mod sampled;
#[path = "common/spectrum.rs"]
mod spectrum;

use std::ops::ControlFlow;
use std::sync::LazyLock;

use common::{CLICK, Harness, arc, music, off, on, track};
use sound::format::{BLOCK_FRAMES, Block};
use sound::{Audio, Events, Instrument, Piano, SoundEvent, SoundEventKind};
use spectrum::{centroid_hz, line_hz};

static PIANO: LazyLock<Piano> = LazyLock::new(|| sampled::piano().piano());

const RATE_HZ: u32 = 48_000;

fn pedal(time_secs: f64, value: u8) -> SoundEvent {
    SoundEvent { time_secs, kind: SoundEventKind::Sustain { value } }
}

fn soft(time_secs: f64, value: u8) -> SoundEvent {
    SoundEvent { time_secs, kind: SoundEventKind::Soft { value } }
}

fn render_at(events: &[SoundEvent], rate_hz: u32) -> Audio {
    let events = Events::new(events.to_vec());
    sound::render(&events, &PIANO, rate_hz, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn render(events: &[SoundEvent]) -> Audio {
    render_at(events, RATE_HZ)
}

/// The left channel between two times.
fn left(audio: &Audio, from_secs: f64, to_secs: f64) -> Vec<f32> {
    let at = |secs: f64| (secs * f64::from(audio.sample_rate)) as usize;
    audio.samples.iter().step_by(2).copied().skip(at(from_secs)).take(at(to_secs - from_secs)).collect()
}

fn level_db(samples: &[f32]) -> f64 {
    let power: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
    10.0 * (power / samples.len().max(1) as f64).max(1e-15).log10()
}

#[test]
fn recorded_keys_and_those_between_are_within_2_cents() {
    for rate_hz in [44_100, 48_000, 96_000] {
        for key in 55..=65_u8 {
            let audio = render_at(&[on(0.0, key, 90), off(3.2, key)], rate_hz);
            let expected = 440.0 * ((f64::from(key) - 69.0) / 12.0).exp2();
            let found = line_hz(&left(&audio, 0.1, 2.1), f64::from(rate_hz), expected);
            let cents = 1200.0 * (found / expected).log2();
            assert!(cents.abs() < 2.0, "key {key} is {cents:.2} cents off at {rate_hz} Hz");
        }
    }
}

#[test]
fn every_velocity_is_louder_and_brighter_than_the_one_before() {
    for key in [57, 58, 62] {
        let heard = |velocity: u8| {
            let sound = left(&render(&[on(0.0, key, velocity), off(1.0, key)]), 0.0, 0.5);
            (level_db(&sound), centroid_hz(&sound, f64::from(RATE_HZ)))
        };
        let heard: Vec<(f64, f64)> = (1..=127).map(heard).collect();
        for (velocity, pair) in (1..).zip(heard.windows(2)) {
            let (step_db, brighter) = (pair[1].0 - pair[0].0, pair[1].1 / pair[0].1);
            assert!(step_db > 0.0 && step_db < 1.5, "key {key}, velocity {velocity}: {step_db} dB louder");
            assert!(brighter > 0.999, "key {key}, velocity {velocity}: {brighter} times as bright");
        }
        assert!(heard[126].0 - heard[0].0 > 35.0 && heard[126].1 > 1.3 * heard[0].1);
    }
}

#[test]
fn the_deeper_the_pedal_the_longer_it_rings() {
    let lost_db = |value: u8| {
        let audio = render(&[pedal(0.0, value), on(0.1, 60, 90), off(0.6, 60), on(2.5, 57, 1), off(2.6, 57)]);
        level_db(&left(&audio, 0.45, 0.55)) - level_db(&left(&audio, 0.8, 0.9))
    };
    let lost: Vec<f64> = (0..=120).step_by(8).map(lost_db).collect();
    assert!(lost.windows(2).all(|pair| pair[1] < pair[0] + 0.3), "{lost:?}");
    assert!(lost[0] > 30.0 && lost[15] < 4.0, "{lost:?}");
    let half = lost[6];
    assert!(half > 5.0 && half < 0.7 * lost[0], "{lost:?}");
}

#[test]
fn the_soft_pedal_is_softer_and_darker() {
    let heard = |value: u8| {
        let audio = render(&[soft(0.0, value), on(0.1, 60, 80), off(1.0, 60)]);
        let sound = left(&audio, 0.1, 0.6);
        (level_db(&sound), centroid_hz(&sound, f64::from(RATE_HZ)))
    };
    let (open, half, down) = (heard(0), heard(64), heard(127));
    assert!(open.0 > half.0 + 0.5 && half.0 > down.0 + 0.5, "{open:?} {half:?} {down:?}");
    assert!(open.1 > 1.01 * half.1 && half.1 > 1.01 * down.1, "{open:?} {half:?} {down:?}");
}

#[test]
fn other_strings_sound_along_when_the_pedal_is_down() {
    // Struck with the pedal up and held; the pedal goes down meanwhile.
    let audio = |value: u8| render(&[on(0.0, 60, 110), pedal(0.5, value), off(2.0, 60)]);
    let (up, down) = (left(&audio(0), 1.0, 1.9), left(&audio(127), 1.0, 1.9));
    let along: Vec<f32> = down.iter().zip(&up).map(|(a, b)| a - b).collect();
    let below_db = level_db(&up) - level_db(&along);
    assert!(below_db > 12.0 && below_db < 50.0, "{below_db} dB below the note");
}

#[test]
fn a_key_that_comes_up_is_heard_more_after_a_loud_and_short_note() {
    // The pedal holds the note, so that only the key's own sound differs.
    let knock_db = |velocity: u8, secs: f64| {
        let until = |off_secs: f64| render(&[pedal(0.0, 127), on(0.1, 60, velocity), off(off_secs, 60)]);
        let (with, without) =
            (left(&until(secs), secs, secs + 0.1), left(&until(secs + 0.5), secs, secs + 0.1));
        let knock: Vec<f32> = with.iter().zip(&without).map(|(a, b)| a - b).collect();
        level_db(&knock)
    };
    let short_db = knock_db(120, 1.0);
    assert!(short_db > -80.0, "{short_db}");
    assert!(short_db > knock_db(20, 1.0) + 3.0);
    assert!(short_db > knock_db(120, 4.0) + 1.0);
}

/// Renders blocks on an instrument; the left channel.
fn pass(instrument: &mut dyn Instrument, blocks: usize, heard: &mut Vec<f32>) {
    let mut block: Block = [0.0; 2 * BLOCK_FRAMES];
    for _ in 0..blocks {
        instrument.render(&mut block);
        heard.extend(block.iter().step_by(2));
    }
}

/// How sharply a sound bends at most: a click shows here, low tones hardly.
fn sharpest(heard: &[f32]) -> f32 {
    heard.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max)
}

#[test]
fn voices_that_make_room_and_pedals_make_no_click() {
    let mut instrument = PIANO.open(RATE_HZ, 4).unwrap();
    let mut heard = Vec::new();
    for k in 0..200_u32 {
        let pitch = 57 + (k * 5 % 7) as u8;
        instrument.note_on(pitch, 20);
        pass(&mut *instrument, 3, &mut heard);
        if k % 3 == 0 {
            instrument.sustain((k % 128) as u8);
        }
        if k % 2 == 0 {
            instrument.note_off(pitch);
        }
    }
    instrument.release_all();
    pass(&mut *instrument, 500, &mut heard);
    assert!(heard.iter().any(|s| s.abs() > 0.002));
    assert!(sharpest(&heard) < CLICK, "{}", sharpest(&heard));
    let mut one = Vec::new();
    let mut alone = PIANO.open(RATE_HZ, 4).unwrap();
    alone.note_on(57, 70);
    // Past the places where stages change, and to the end of the sample.
    pass(&mut *alone, 4_600, &mut one);
    let begin = sharpest(&one[..24_000]);
    assert!(sharpest(&one[24_000..]) <= begin + 0.1 * CLICK, "{}", sharpest(&one[24_000..]));
    assert!(one.last().is_some_and(|s| s.abs() < 1e-6));
}

#[test]
fn the_softest_makes_room() {
    let mut instrument = PIANO.open(RATE_HZ, 4).unwrap();
    let (mut alone, mut among) = (Vec::new(), Vec::new());
    instrument.note_on(57, 120);
    pass(&mut *instrument, 400, &mut alone);
    let mut instrument = PIANO.open(RATE_HZ, 4).unwrap();
    instrument.note_on(57, 120);
    for k in 0..20 {
        pass(&mut *instrument, 20, &mut among);
        instrument.note_on(60 + k % 5, 5);
    }
    let (alone_db, among_db) = (level_db(&alone[19_200..]), level_db(&among[19_200..]));
    assert!((alone_db - among_db).abs() < 1.0, "{alone_db} {among_db}");
}

#[test]
fn it_is_heard_as_it_is_exported() {
    let piece = music(12, 0.5, 90);
    let exported = render(&common::events_of(&piece));
    let mut harness = Harness::new();
    harness.transport.set_piano(PIANO.clone());
    harness.transport.load(1, arc(piece));
    harness.transport.listen(1);
    harness.transport.play();
    harness.pass(exported.secs());
    assert!(harness.heard == exported.samples);
    assert!(exported.peak() > 0.05, "there was something to compare");
}

#[test]
fn a_jump_finds_the_soft_pedal_where_it_was() {
    let events = [soft(0.0, 127), on(0.1, 60, 80), off(0.5, 60), on(2.0, 60, 80), off(2.5, 60)];
    let whole = render(&events);
    let mut harness = Harness::new();
    harness.transport.set_piano(PIANO.clone());
    harness.transport.load(1, arc(track(events.to_vec(), 6, 0.5)));
    harness.transport.listen(1);
    harness.transport.seek_quarters(4.0);
    harness.transport.play();
    harness.pass(0.4);
    let peak = |samples: &[f32]| samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
    let from = 2 * 2 * RATE_HZ as usize;
    let (heard, expected) = (peak(&harness.heard), peak(&whole.samples[from..from + 2 * 19_200]));
    assert!((heard / expected - 1.0).abs() < 0.02, "{heard} {expected}");
}
