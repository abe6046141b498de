//! Keys that are struck to what is heard, on clocks that the tests turn, and a keyboard that is plugged in and
//! out.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Instant;

use notation::{Measure, Note, NoteId, Quarters, Score, TimeSignature};
use performance::{Performance, PlayedNote};

use super::*;
use crate::keyboard::{Keyboard, Latency};
use crate::piano::Piano;
use crate::transport::{Engine, OutputChoice, Track, Transport};

const SAMPLE_RATE: u32 = 48_000;

/// The port's clock began this much after ours.
const PORT_BEGAN_MICROS: u64 = 640_000;

/// A keyboard that nobody has.
struct NoPorts;

impl KeyboardPorts for NoPorts {
    fn names(&mut self) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }

    fn open(&mut self, name: &str, _hear: Hear) -> Result<Box<dyn Any>, String> {
        Err(format!("the MIDI keyboard {name} is not connected"))
    }
}

/// Sixteen quarters in four bars.
fn score() -> Score {
    let mut score = Score::default();
    for bar in 0..4 {
        let measure = Measure::regular(bar, TimeSignature::default());
        for beat in 0..4 {
            let k = 4 * bar + beat;
            let id = NoteId { written: k, pass: 1 };
            let onset = measure.start + Quarters::whole(i64::from(beat));
            score.notes.push(Note { id, onset, pitch: 60 + k as u8, measure: bar, ..Note::default() });
        }
        score.measures.push(measure);
    }
    score
}

/// Half a second a quarter.
fn track() -> Arc<Track> {
    let score = score();
    let note =
        |note: u32| PlayedNote { note, onset_secs: 0.5 * f64::from(note), duration_secs: 0.4, velocity: 70 };
    Arc::new(Track::new(&score, &Performance { notes: (0..16).map(note).collect(), pedals: Vec::new() }))
}

/// A transport and a listener, on one clock.
struct Harness {
    transport: Transport,
    engine: Engine,
    listener: Listener,
    played: Receiver<PlayedKey>,
    buffer: Vec<f32>,
    latency: Duration,
    now: Duration,
}

impl Harness {
    fn new(buffer_frames: usize, latency: Duration) -> Self {
        let (transport, engine) = Transport::virtual_clock(Piano::generated().unwrap(), SAMPLE_RATE);
        transport.load(7, track());
        transport.listen(7);
        let shared = Arc::new(Shared::new(&transport));
        shared.is_recorded.store(true, Ordering::Relaxed);
        let (tell, played) = channel();
        let listener = Listener::new("Piano".to_owned(), Box::new(NoPorts), shared, tell);
        let (buffer, now) = (vec![0.0; 2 * buffer_frames], Duration::from_secs(1));
        Self { transport, engine, listener, played, buffer, latency, now }
    }

    /// Lets time pass up to a moment; keys are struck at `sent`, and arrive some time after.
    fn run(&mut self, until: Duration, sent: &[Duration], delay: impl Fn(usize) -> Duration) {
        let length = Duration::from_secs_f64(self.buffer.len() as f64 / 2.0 / f64::from(SAMPLE_RATE));
        let mut next = sent.iter().enumerate().peekable();
        while self.now < until {
            self.transport.settle();
            self.engine.fill_for(&mut self.buffer, Some(self.now + self.latency + length));
            let end = self.now + length;
            while self.now < end {
                self.listener.look(self.now);
                while let Some((k, at)) = next.next_if(|(k, at)| **at + delay(*k) <= self.now) {
                    let arrived = *at + delay(k);
                    let stamp_micros = at.as_micros() as u64 - PORT_BEGAN_MICROS;
                    let action = KeyAction::Down { pitch: 60, velocity: 80 };
                    self.listener.take(&Message { stamp_micros, arrived, action });
                }
                self.now = (self.now + Duration::from_millis(1)).min(end);
            }
        }
    }
}

#[test]
fn a_key_has_the_second_that_was_heard_when_it_went_down() {
    for (frames, latency_ms, rate) in [(64, 3, 1.0), (256, 10, 1.0), (1024, 40, 1.0), (1024, 40, 0.5)] {
        let latency = Duration::from_millis(latency_ms);
        let mut harness = Harness::new(frames, latency);
        harness.transport.set_rate(rate);
        harness.transport.play();
        // The first frame of the music is heard so much after its buffer is requested.
        let begin = harness.now + latency;
        // A person who plays with what is heard: a key at each quarter of a second of the version. They arrive
        // up to nine milliseconds late, in an order that means nothing.
        let secs = |k: usize| 0.25 * (k + 1) as f64;
        let sent: Vec<Duration> = (0..12).map(|k| begin + Duration::from_secs_f64(secs(k) / rate)).collect();
        let delay = |k: usize| Duration::from_micros([300, 9_000, 400, 5_100, 300][k % 5]);
        harness.run(begin + Duration::from_secs(7), &sent, delay);
        let played: Vec<PlayedKey> = harness.played.try_iter().collect();
        assert_eq!(played.len(), sent.len(), "{frames} frames");
        for (k, (key, sent)) in played.iter().zip(&sent).enumerate() {
            let heard = key.heard.unwrap_or_else(|| panic!("key {k}, {frames} frames: nothing was heard"));
            assert_eq!(heard.version, 7);
            // The quickest message took 0.3 ms, which nobody can know.
            let off_secs = (heard.secs - secs(k)) / rate;
            assert!((0.0..0.001).contains(&(off_secs + 1e-6)), "key {k}, {frames} frames: {off_secs} s");
            assert!((key.at_secs - sent.as_secs_f64() - 0.0003).abs() < 1e-5, "key {k}: {}", key.at_secs);
        }
    }
}

#[test]
fn nothing_is_heard_before_the_music_and_after_it() {
    let mut harness = Harness::new(480, Duration::from_millis(20));
    let early = harness.now + Duration::from_millis(100);
    harness.run(harness.now + Duration::from_millis(200), &[early], |_| Duration::ZERO);
    harness.transport.play();
    let during = harness.now + Duration::from_millis(500);
    harness.run(harness.now + Duration::from_secs(1), &[during], |_| Duration::ZERO);
    harness.transport.pause();
    let late = harness.now + Duration::from_millis(500);
    harness.run(harness.now + Duration::from_secs(1), &[late], |_| Duration::ZERO);
    let heard: Vec<bool> = harness.played.try_iter().map(|key| key.heard.is_some()).collect();
    assert_eq!(heard, [false, true, false]);
}

/// A keyboard that the test plugs in and out, and what it is connected to.
#[derive(Clone, Default)]
struct Plug {
    is_in: Arc<Mutex<bool>>,
    hear: Arc<Mutex<Option<Hear>>>,
}

impl Plug {
    fn put(&self, is_in: bool) {
        *self.is_in.lock().unwrap() = is_in;
    }

    fn send(&self, message: &[u8]) {
        let mut hear = self.hear.lock().unwrap();
        hear.as_mut().expect("a connection")(1_000, message);
    }
}

impl KeyboardPorts for Plug {
    fn names(&mut self) -> Result<Vec<String>, String> {
        Ok(if *self.is_in.lock().unwrap() { vec!["Piano".to_owned()] } else { Vec::new() })
    }

    fn open(&mut self, name: &str, hear: Hear) -> Result<Box<dyn Any>, String> {
        if !self.names()?.contains(&name.to_owned()) {
            return Err(format!("the MIDI keyboard {name} is not connected"));
        }
        *self.hear.lock().unwrap() = Some(hear);
        Ok(Box::new(()))
    }
}

fn wait_for(keyboard: &Keyboard, is_it: impl Fn(&KeyboardState) -> bool) {
    let begin = Instant::now();
    while !is_it(&keyboard.state()) {
        assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", keyboard.state());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn played(keyboard: &Keyboard, count: usize) -> Vec<KeyAction> {
    let (begin, mut actions) = (Instant::now(), Vec::new());
    while actions.len() < count {
        assert!(begin.elapsed() < Duration::from_secs(20), "{actions:?}");
        actions.extend(keyboard.played().into_iter().map(|key| key.action));
        std::thread::sleep(Duration::from_millis(2));
    }
    actions
}

#[test]
fn a_keyboard_may_come_later_go_and_come_again() {
    let transport = Transport::start(Piano::generated().unwrap(), OutputChoice::Silent);
    let plug = Plug::default();
    let keyboard = Keyboard::start("Piano", Box::new(plug.clone()), &transport);
    wait_for(&keyboard, |state| matches!(state, KeyboardState::Missing { .. }));
    assert_eq!(keyboard.take_lost(), None, "one that was never there is not missed");
    assert_eq!(keyboard.latency(), Latency::default());
    plug.put(true);
    wait_for(&keyboard, |state| *state == KeyboardState::Connected);
    assert!(transport.shared_status().is_played_on());
    plug.send(&[0x90, 50, 70]);
    keyboard.record(true);
    plug.send(&[0x90, 60, 70]);
    plug.send(&[0xb0, 64, 45]);
    plug.put(false);
    wait_for(&keyboard, |state| matches!(state, KeyboardState::Missing { .. }));
    assert!(keyboard.take_lost().unwrap().contains("Piano"));
    assert_eq!(keyboard.take_lost(), None, "told once");
    assert!(!transport.shared_status().is_played_on());
    let actions = played(&keyboard, 4);
    let pedal = KeyAction::Pedal { pedal: performance::Pedal::Sustain, value: 45 };
    let down = KeyAction::Down { pitch: 60, velocity: 70 };
    assert!(actions.ends_with(&[down, pedal, KeyAction::Up { pitch: 50 }, KeyAction::Up { pitch: 60 }]));
    plug.put(true);
    wait_for(&keyboard, |state| *state == KeyboardState::Connected);
    plug.send(&[0x90, 62, 70]);
    assert_eq!(played(&keyboard, 1), [KeyAction::Down { pitch: 62, velocity: 70 }]);
    assert!(keyboard.latency().jitter.is_some());
}
