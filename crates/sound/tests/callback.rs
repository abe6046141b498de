//! The audio callback neither allocates nor frees, whatever is going on.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/plug.rs"]
mod plug;
#[path = "common/recording.rs"]
mod recording;
#[path = "common/tones.rs"]
mod tones;

use assert_no_alloc::{AllocDisabler, assert_no_alloc, reset_violation_count, violation_count};
use common::{BUFFER_FRAMES, Harness, arc, music};
use sound::transport::PlayState;

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

/// Lets time pass; what the engine does in it must not allocate.
fn pass(harness: &mut Harness, secs: f64) {
    let mut buffer = vec![0.0; 2 * BUFFER_FRAMES];
    for _ in 0..(secs * 100.0) as usize {
        harness.transport.settle();
        assert_no_alloc(|| harness.engine.fill(&mut buffer));
    }
}

#[test]
fn the_callback_does_not_allocate() {
    assert_no_alloc(|| drop(std::hint::black_box(Box::new(1))));
    assert!(violation_count() > 0, "an allocation would not be noticed");
    reset_violation_count();

    let mut harness = Harness::new();
    let plug = plug::Plug::default();
    let keyboard = plug.start(&harness.transport);
    let (a, b) = (music(24, 0.5, 95), music(24, 0.45, 75));
    harness.transport.load(1, arc(a.clone()));
    harness.transport.load(2, arc(b));
    harness.transport.listen(1);
    harness.transport.set_metronome(true);
    harness.transport.set_count_in(1);
    harness.transport.play();
    pass(&mut harness, 3.0);
    for message in [[0x90, 60, 90], [0xb0, 64, 47], [0x90, 64, 70], [0x80, 60, 64]] {
        plug.send(&message);
        pass(&mut harness, 0.05);
    }
    harness.transport.set_hushed(true);
    pass(&mut harness, 0.2);
    harness.transport.set_hushed(false);
    keyboard.set_thru(false);
    pass(&mut harness, 0.5);
    harness.transport.listen(2);
    pass(&mut harness, 0.5);
    harness.transport.seek_quarters(10.0);
    pass(&mut harness, 0.5);
    harness.transport.set_rate(1.7);
    harness.transport.set_loop(Some((9.0, 11.0)));
    pass(&mut harness, 2.0);
    harness.transport.set_loop(Some((10.0, 10.2)));
    pass(&mut harness, 1.0);
    harness.transport.set_loop(None);
    harness.transport.listen(1);
    harness.transport.set_volume(0.5);
    harness.transport.set_loudness_matching(false);
    harness.transport.audition(70, 80);
    pass(&mut harness, 0.5);
    let mut grown = a.clone();
    grown.gain = 0.9;
    harness.transport.load(1, arc(grown));
    pass(&mut harness, 0.3);
    harness.transport.load(1, arc(music(24, 0.6, 80)));
    harness.transport.set_piano(common::PIANO.clone());
    pass(&mut harness, 0.3);
    harness.transport.pause();
    pass(&mut harness, 0.1);
    harness.transport.seek_quarters(22.0);
    harness.transport.play();
    pass(&mut harness, 20.0);
    assert_eq!(harness.status().state, PlayState::Stopped, "it came to its end");
    harness.transport.load(3, arc(recording::rising_track()));
    harness.transport.listen(3);
    harness.transport.seek_quarters(9.0);
    harness.transport.set_loop(Some((10.0, 10.2)));
    harness.transport.play();
    pass(&mut harness, 2.0);
    assert_eq!((harness.status().state, harness.status().version), (PlayState::Playing, Some(3)));
    harness.transport.listen(1);
    pass(&mut harness, 0.5);
    harness.transport.listen(3);
    pass(&mut harness, 0.5);
    harness.transport.load(4, arc(tones::track(tones::recording())));
    harness.transport.listen(4);
    harness.transport.seek_quarters(2.0);
    pass(&mut harness, 0.5);
    for rate in [0.5, 1.5, 1.0] {
        harness.transport.set_rate(rate);
        pass(&mut harness, 0.5);
    }
    harness.transport.set_loop(Some((4.0, 4.2)));
    pass(&mut harness, 0.5);
    harness.transport.unload(1);
    harness.transport.clear();
    pass(&mut harness, 0.1);
    assert_eq!(violation_count(), 0, "allocations in the callback");
}
