//! The output without a device of this machine.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use super::*;
use crate::events::Events;
use crate::generated::sf2::{Builder, Sample, Zone};
use crate::piano::Piano;
use crate::transport::{PlayState, Status, Track, Transport};

/// A device that is unplugged after a while and comes back at another sample rate.
struct Unsteady {
    /// The last one is the first that is found.
    rates: Vec<u32>,
    found: u32,
    is_busy: bool,
    /// With which buffers it was opened.
    opened: Arc<Mutex<Vec<Buffer>>>,
}

impl Backend for Unsteady {
    fn find(&mut self) -> Result<(String, u32), String> {
        self.found = self.rates.pop().ok_or("There is no sound device")?;
        Ok((format!("Device at {} Hz", self.found), self.found))
    }

    fn open(&mut self, mut engine: EngineGuard, buffer: Buffer) -> Result<Box<dyn Any>, String> {
        if self.is_busy {
            return Err("The sound device is busy".into());
        }
        self.opened.lock().unwrap().push(buffer);
        let on_loss = engine.on_loss();
        let (stop, stopped) = channel::<()>();
        let frames = self.found as usize / 100;
        thread::spawn(move || {
            let mut buffer = vec![0.0; 2 * frames];
            for _ in 0..60 {
                engine.fill(&mut buffer, Duration::from_millis(15));
                thread::sleep(TICK);
                if stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Disconnected) {
                    return;
                }
            }
            on_loss.send("The sound device was unplugged".into()).unwrap();
            // Until the stream is dropped, the device keeps what it holds.
            let _ = stopped.recv();
        });
        Ok(Box::new(stop))
    }
}

fn unsteady(rates: Vec<u32>, is_busy: bool) -> Unsteady {
    Unsteady { rates, found: 0, is_busy, opened: Arc::default() }
}

fn piano() -> Piano {
    let mut font = Builder::new("tone");
    let data = (0..40_000).map(|k| ((f64::from(k) * 0.06).sin() * 9000.0) as i16).collect();
    let sample = font.add_sample(Sample { name: "tone".into(), root: 60, sample_hz: 44_100, data });
    let (keys, velocities) = ((0, 127), (0, 127));
    font.add_zone(Zone { sample, keys, velocities, pan_percent: 0.0, filter_hz: 9e3, release_secs: 0.1 });
    Piano::from_bytes(&font.finish(), "tone").unwrap()
}

fn long_piece() -> Arc<Track> {
    Arc::new(Track {
        content: Arc::new(Events::new(vec![])),
        clock: performance::BeatCurve::from_periods(0.0, [(0.0, 0.5)]),
        clicks: vec![],
        end_secs: 100.0,
        end_quarters: 200.0,
        gain: 1.0,
    })
}

fn wait_for(transport: &Transport, what: &str, is_so: impl Fn(&Status) -> bool) -> Status {
    let begin = Instant::now();
    loop {
        let status = transport.status();
        if is_so(&status) {
            return status;
        }
        assert!(begin.elapsed() < Duration::from_secs(20), "never {what}: {status:?}");
        thread::sleep(Duration::from_millis(2));
    }
}

fn playing_on(backend: Unsteady) -> Transport {
    let transport = Transport::on(piano(), Some(Box::new(backend)));
    transport.load(1, long_piece());
    transport.listen(1);
    transport.play();
    transport
}

fn is_on(status: &Status, device: &str) -> bool {
    matches!(&status.output, Output::Device { name } if name == device)
}

fn is_silent(status: &Status, why: &str) -> bool {
    matches!(&status.output, Output::Silent { reason } if reason == why)
}

#[test]
fn a_device_that_vanishes_leaves_the_music_going_on_and_may_come_back() {
    let backend = unsteady(vec![44_100, 48_000], false);
    let transport = playing_on(backend);
    let is_playing = |s: &Status| s.state == PlayState::Playing && s.position_secs > 0.0;
    let first = wait_for(&transport, "on", |s| is_on(s, "Device at 48000 Hz") && is_playing(s));
    let lost = wait_for(&transport, "lost", |s| is_silent(s, "The sound device was unplugged"));
    assert!(lost.state == PlayState::Playing && lost.position_secs > first.position_secs);
    let on = wait_for(&transport, "going on", |s| s.position_secs > lost.position_secs + 0.05);
    assert!(is_silent(&on, "The sound device was unplugged"));
    let back = wait_for(&transport, "back", |s| is_on(s, "Device at 44100 Hz") && is_playing(s));
    assert!(back.position_secs >= on.position_secs);
    let later = wait_for(&transport, "on again", |s| s.position_secs > back.position_secs + 0.2);
    assert!(later.state == PlayState::Playing && later.position_secs < back.position_secs + 2.0);
    wait_for(&transport, "gone", |s| is_silent(s, "There is no sound device"));
    assert_eq!(transport.status().state, PlayState::Playing);
}

#[test]
fn without_a_device_it_plays_silently_and_says_why() {
    let none = playing_on(unsteady(vec![], false));
    wait_for(&none, "silent", |s| is_silent(s, "There is no sound device"));
    let busy = playing_on(unsteady(vec![48_000; 50], true));
    wait_for(&busy, "silent", |s| is_silent(s, "The sound device is busy"));
    for transport in [none, busy] {
        wait_for(&transport, "playing", |s| s.position_secs > 0.2);
    }
}

/// Whatever device this machine has or has not, the transport starts and time passes.
#[test]
fn the_system_s_device_or_none_is_no_matter() {
    let transport = Transport::start(piano(), crate::transport::OutputChoice::Default);
    transport.load(1, long_piece());
    transport.listen(1);
    transport.play();
    let status = wait_for(&transport, "playing", |s| s.position_secs > 0.2);
    println!("the output here: {:?}", status.output);
    assert_eq!(status.state, PlayState::Playing);
}

#[test]
fn the_buffer_is_short_while_somebody_plays_on_a_keyboard_and_the_music_goes_on() {
    let backend = unsteady(vec![48_000; 8], false);
    let opened = backend.opened.clone();
    let transport = playing_on(backend);
    let is_playing = |s: &Status| is_on(s, "Device at 48000 Hz") && s.position_secs > 0.05;
    let first = wait_for(&transport, "on", is_playing);
    let status = transport.shared_status();
    // The buffer of ten milliseconds is heard fifteen later.
    assert_eq!(status.output_latency(), Some(Duration::from_millis(25)));
    status.set_played_on(true);
    wait_for(&transport, "opened anew", |_| opened.lock().unwrap().len() > 1);
    let later = wait_for(&transport, "going on", |s| s.position_secs > first.position_secs + 0.2);
    assert!(matches!(later.output, Output::Device { .. }), "{later:?}");
    assert_eq!(opened.lock().unwrap()[..2], [Buffer::Frames(2048), Buffer::Frames(256)]);
}

#[test]
fn a_gap_in_the_sound_makes_buffers_longer_and_the_music_goes_on() {
    let backend = unsteady(vec![48_000; 8], false);
    let opened = backend.opened.clone();
    let transport = playing_on(backend);
    let first = wait_for(&transport, "on", |s| is_on(s, "Device at 48000 Hz") && s.position_secs > 0.0);
    let status = transport.shared_status();
    // Late at first: no matter.
    status.underruns.fetch_add(1, Ordering::Relaxed);
    let settled = wait_for(&transport, "going on", |s| s.position_secs > first.position_secs + 0.3);
    assert_eq!(opened.lock().unwrap().len(), 1, "{settled:?}");
    status.underruns.fetch_add(1, Ordering::Relaxed);
    wait_for(&transport, "opened anew", |_| opened.lock().unwrap().len() > 1);
    let later = wait_for(&transport, "going on", |s| s.position_secs > settled.position_secs + 0.1);
    assert!(matches!(later.output, Output::Device { .. }) && later.underruns == 2, "{later:?}");
    assert_eq!(opened.lock().unwrap()[..2], [Buffer::Frames(2048), Buffer::Frames(4096)]);
}
