//! The audio callback neither allocates nor frees, whatever is going on.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/recording.rs"]
mod recording;

use assert_no_alloc::{AllocDisabler, assert_no_alloc, reset_violation_count, violation_count};
use common::{BUFFER_FRAMES, Rig, arc, music};
use sound::transport::PlayState;

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

/// Lets time pass; what the engine does in it must not allocate.
fn pass(rig: &mut Rig, secs: f64) {
    let mut buffer = vec![0.0; 2 * BUFFER_FRAMES];
    for _ in 0..(secs * 100.0) as usize {
        rig.transport.settle();
        assert_no_alloc(|| rig.engine.fill(&mut buffer));
    }
}

#[test]
fn the_callback_does_not_allocate() {
    assert_no_alloc(|| drop(std::hint::black_box(Box::new(1))));
    assert!(violation_count() > 0, "an allocation would not be noticed");
    reset_violation_count();

    let mut rig = Rig::new();
    let (a, b) = (music(24, 0.5, 95), music(24, 0.45, 75));
    rig.transport.load(1, arc(a.clone()));
    rig.transport.load(2, arc(b));
    rig.transport.listen(1);
    rig.transport.set_metronome(true);
    rig.transport.set_count_in(1);
    rig.transport.play();
    pass(&mut rig, 3.0);
    rig.transport.listen(2);
    pass(&mut rig, 0.5);
    rig.transport.seek_quarters(10.0);
    pass(&mut rig, 0.5);
    rig.transport.set_rate(1.7);
    rig.transport.set_loop(Some((9.0, 11.0)));
    pass(&mut rig, 2.0);
    rig.transport.set_loop(Some((10.0, 10.2)));
    pass(&mut rig, 1.0);
    rig.transport.set_loop(None);
    rig.transport.listen(1);
    rig.transport.set_volume(0.5);
    rig.transport.set_loudness_matching(false);
    rig.transport.audition(70, 80);
    pass(&mut rig, 0.5);
    let mut grown = a.clone();
    grown.gain = 0.9;
    rig.transport.load(1, arc(grown));
    pass(&mut rig, 0.3);
    rig.transport.load(1, arc(music(24, 0.6, 80)));
    rig.transport.set_piano(common::PIANO.clone());
    pass(&mut rig, 0.3);
    rig.transport.pause();
    pass(&mut rig, 0.1);
    rig.transport.seek_quarters(22.0);
    rig.transport.play();
    pass(&mut rig, 20.0);
    assert_eq!(rig.status().state, PlayState::Stopped, "it came to its end");
    rig.transport.load(3, arc(recording::rising_track()));
    rig.transport.listen(3);
    rig.transport.seek_quarters(9.0);
    rig.transport.set_loop(Some((10.0, 10.2)));
    rig.transport.play();
    pass(&mut rig, 2.0);
    assert_eq!((rig.status().state, rig.status().version), (PlayState::Playing, Some(3)));
    rig.transport.listen(1);
    pass(&mut rig, 0.5);
    rig.transport.listen(3);
    pass(&mut rig, 0.5);
    rig.transport.unload(1);
    rig.transport.clear();
    pass(&mut rig, 0.1);
    assert_eq!(violation_count(), 0, "allocations in the callback");
}
