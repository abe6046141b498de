//! What is sent, and when, on a clock that the tests turn.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;
use std::time::{Duration, Instant};

use notation::{Measure, Note, NoteId, Quarters, Score, TimeSignature};
use performance::{Pedal, PedalEvent, Performance, PlayedNote};

use super::*;
use crate::piano::Piano;
use crate::transport::message::Message;
use crate::transport::track::Track;
use crate::transport::{Engine, Midi, OutputChoice, Transport};

const SAMPLE_RATE: u32 = 48_000;

/// The device is so much ahead of the ear.
const LATENCY: Duration = Duration::from_millis(30);

/// What counts as in time.
const IN_TIME: Duration = Duration::from_millis(3);

/// Keeps what it is sent; is lost after so many messages.
#[derive(Clone)]
struct Recorder {
    log: Arc<Mutex<Vec<Vec<u8>>>>,
    most: usize,
}

impl Recorder {
    fn new() -> Self {
        Self { log: Arc::default(), most: usize::MAX }
    }

    fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

impl MidiPort for Recorder {
    fn send(&mut self, message: &[u8]) -> Result<(), String> {
        let mut log = self.log.lock().unwrap();
        if log.len() >= self.most {
            return Err("the cable is out".to_owned());
        }
        log.push(message.to_vec());
        Ok(())
    }

    fn is_connected(&mut self) -> bool {
        true
    }
}

/// Sixteen quarters in four bars, each on a key of its own from 60 up.
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

/// Each quarter `step_secs` after the one before, held for `held_secs`, with a pedal in each bar.
fn track(step_secs: f64, held_secs: f64, velocity: u8) -> Arc<Track> {
    let score = score();
    let mut played = Performance::default();
    for note in 0..16 {
        let onset_secs = step_secs * f64::from(note);
        played.notes.push(PlayedNote { note, onset_secs, duration_secs: held_secs, velocity });
        let value = if note % 4 == 0 { 100 } else { 0 };
        let time_secs = onset_secs + 0.1 * step_secs;
        played.pedals.push(PedalEvent { time_secs, pedal: Pedal::Sustain, value });
    }
    Arc::new(Track::new(&score, &played))
}

/// A transport on a virtual clock, and the sequencer that follows it.
struct Harness {
    transport: Transport,
    engine: Engine,
    sequencer: MidiSequencer,
    commands: Receiver<MidiCommand>,
    recorder: Recorder,
    buffer: Vec<f32>,
    now: Duration,
    /// What was sent, and when.
    sent: Vec<(Duration, Vec<u8>)>,
    /// When the end of each buffer is heard, and which second of the version it is.
    heard: Vec<(Duration, f64)>,
}

impl Harness {
    fn new(buffer_frames: usize) -> Self {
        let (transport, engine) = Transport::virtual_clock(Piano::generated().unwrap(), SAMPLE_RATE);
        let (out, commands) = MidiOut::with_receiver();
        transport.send(Message::Midi(Some(out)));
        let recorder = Recorder::new();
        let sequencer = MidiSequencer::new(Box::new(recorder.clone()), engine.status());
        let buffer = vec![0.0; 2 * buffer_frames];
        let now = Duration::from_secs(1);
        let (sent, heard) = (Vec::new(), Vec::new());
        Self { transport, engine, sequencer, commands, recorder, buffer, now, sent, heard }
    }

    fn with(track: Arc<Track>, buffer_frames: usize) -> Self {
        let harness = Self::new(buffer_frames);
        harness.transport.load(1, track);
        harness.transport.listen(1);
        harness
    }

    /// Lets time pass, in steps of a millisecond at most.
    fn run(&mut self, secs: f64) {
        let end = self.now + Duration::from_secs_f64(secs);
        let length = Duration::from_secs_f64(self.buffer.len() as f64 / 2.0 / f64::from(SAMPLE_RATE));
        while self.now < end {
            self.transport.settle();
            let heard_at = self.now + LATENCY + length;
            self.engine.fill_for(&mut self.buffer, Some(heard_at));
            self.heard.push((heard_at, self.engine.status().read().deck_secs));
            let until = self.now + length;
            while self.now < until {
                self.sequencer.step(self.now, &self.commands).unwrap();
                let now = self.now;
                self.sent.extend(self.recorder.take().into_iter().map(|message| (now, message)));
                self.now = (self.now + Duration::from_millis(1)).min(until);
            }
        }
    }

    /// Times of keys that went down: when, which, how fast.
    fn strikes(&self) -> Vec<(Duration, u8, u8)> {
        let strikes = self.sent.iter().filter(|(_, message)| message[0] == 0x90);
        strikes.map(|(at, message)| (*at, message[1], message[2])).collect()
    }

    /// The keys that are down, and the pedal.
    fn held(&self) -> (Vec<u8>, u8) {
        held(self.sent.iter().map(|(_, message)| message))
    }

    /// Which second of the version is heard at a time; buffers must be short.
    fn heard_secs(&self, at: Duration) -> f64 {
        let k = self.heard.partition_point(|(heard_at, _)| *heard_at < at);
        self.heard[k.min(self.heard.len() - 1)].1
    }
}

fn held<'a>(messages: impl Iterator<Item = &'a Vec<u8>>) -> (Vec<u8>, u8) {
    let (mut keys, mut pedal) = (Vec::new(), 0);
    for message in messages {
        match message[..] {
            [0x90, pitch, _] => keys.push(pitch),
            [0x80, pitch, _] => keys.retain(|key| *key != pitch),
            [0xb0, 64, value] => pedal = value,
            _ => {}
        }
    }
    (keys, pedal)
}

fn assert_in_time(at: Duration, expected: Duration, what: &str) {
    assert!(at.abs_diff(expected) <= IN_TIME, "{what}: {at:?}, expected {expected:?}");
}

#[test]
fn notes_and_pedal_are_sent_when_they_are_heard() {
    for (buffer_frames, rate) in [(64, 1.0), (480, 0.5), (1024, 1.0), (1024, 2.0), (2000, 1.0)] {
        let mut harness = Harness::with(track(0.5, 0.4, 50), buffer_frames);
        harness.transport.set_rate(rate);
        harness.transport.play();
        let begin = harness.now + LATENCY;
        harness.run(3.2);
        let after = |secs: f64| begin + Duration::from_secs_f64(secs / rate);
        let strikes = harness.strikes();
        assert!(strikes.len() > 3, "{buffer_frames} frames, {rate}");
        for (k, (at, pitch, velocity)) in strikes.iter().enumerate() {
            assert_eq!((*pitch, *velocity), (60 + k as u8, 50));
            assert_in_time(
                *at,
                after(0.5 * k as f64),
                &format!("key {pitch}, {buffer_frames} frames, {rate}"),
            );
        }
        for (at, message) in &harness.sent {
            match message[..] {
                [0x80, pitch, _] => assert_in_time(*at, after(0.5 * f64::from(pitch - 60) + 0.4), "key up"),
                [0xb0, 64, 100] => {
                    let bar = ((*at - begin).as_secs_f64() * rate / 2.0).floor();
                    assert_in_time(*at, after(2.0 * bar + 0.05), "pedal");
                }
                _ => {}
            }
        }
        assert!(harness.sent.iter().any(|(_, message)| message[..] == [0xb0, 64, 100]));
    }
}

#[test]
fn a_loop_is_in_time_and_leaves_no_key_down() {
    // Keys stay down over the end of the loop.
    let mut harness = Harness::with(track(0.5, 3.0, 50), 1024);
    harness.transport.set_loop(Some((4.0, 8.0)));
    harness.transport.seek_quarters(4.0);
    harness.transport.play();
    harness.run(9.0);
    let strikes = harness.strikes();
    assert!(strikes.len() >= 16);
    for (k, (at, pitch, _)) in strikes.iter().enumerate() {
        assert_eq!(*pitch, 64 + (k % 4) as u8, "strike {k}");
        assert_in_time(*at, strikes[0].0 + Duration::from_millis(500 * k as u64), &format!("strike {k}"));
        let before = harness.sent.iter().filter(|(sent, _)| sent < at).map(|(_, message)| message);
        let down = held(before).0;
        let of_pass: Vec<u8> = (64..*pitch).collect();
        assert_eq!(down, of_pass, "strike {k}");
    }
}

#[test]
fn short_loops_that_start_again_in_place_are_in_time_too() {
    let mut harness = Harness::with(track(0.5, 0.4, 50), 256);
    harness.transport.set_loop(Some((4.0, 4.5)));
    harness.transport.seek_quarters(4.0);
    harness.transport.play();
    harness.run(2.0);
    let strikes = harness.strikes();
    assert!(strikes.len() >= 6);
    for (k, (at, pitch, _)) in strikes.iter().enumerate() {
        assert_eq!(*pitch, 64);
        // A loop in place begins at its place, the first pass as much as a fade before it.
        let expected = strikes[0].0 + Duration::from_millis(250 * k as u64);
        assert!(at.abs_diff(expected) < Duration::from_millis(5), "{k}: {at:?} {expected:?}");
    }
}

#[test]
fn nothing_stays_down_after_stop_pause_seek_and_unload() {
    type Action = (&'static str, fn(&Transport));
    let actions: [Action; 4] = [
        ("stop", |t| t.stop()),
        ("pause", |t| t.pause()),
        ("unload", |t| t.unload(1)),
        ("clear", |t| t.clear()),
    ];
    for (name, act) in actions {
        let mut harness = Harness::with(track(0.5, 5.0, 50), 512);
        harness.transport.play();
        harness.run(1.2);
        assert_eq!(harness.held().0, [60, 61, 62], "{name}");
        act(&harness.transport);
        harness.run(0.1);
        assert_eq!(harness.held(), (vec![], 0), "{name}");
        let messages = harness.sent.len();
        harness.run(1.0);
        assert_eq!(harness.sent.len(), messages, "{name}: nothing more is said");
    }
    let mut harness = Harness::with(track(0.5, 5.0, 50), 512);
    harness.transport.play();
    harness.run(1.2);
    harness.transport.seek_quarters(12.0);
    harness.run(0.3);
    assert_eq!(harness.held(), (vec![72], 100), "the keys of the old place are up");
}

#[test]
fn a_piece_that_ends_leaves_nothing_down() {
    let mut harness = Harness::with(track(0.1, 0.3, 50), 1024);
    harness.transport.play();
    harness.run(3.0);
    assert_eq!(harness.strikes().len(), 16);
    assert_eq!(harness.held(), (vec![], 0));
}

#[test]
fn another_version_goes_on_in_time_and_keeps_what_both_hold() {
    let mut harness = Harness::with(track(0.5, 5.0, 50), 64);
    let other = track(0.6, 5.0, 100);
    harness.transport.load(2, other.clone());
    harness.transport.play();
    harness.run(1.2);
    harness.transport.listen(2);
    harness.run(2.0);
    let strikes = harness.strikes();
    let switched = strikes.iter().position(|(_, _, velocity)| *velocity == 100).unwrap();
    assert!(switched >= 3 && strikes.len() > switched + 2);
    for (at, pitch, velocity) in &strikes {
        let step_secs = if *velocity == 100 { 0.6 } else { 0.5 };
        let secs = step_secs * f64::from(pitch - 60);
        let off_secs = (harness.heard_secs(*at) - secs).abs();
        assert!(off_secs < 0.004, "key {pitch} of velocity {velocity} is {off_secs:.4} s off");
    }
    let first = strikes[switched].0;
    let lifted = harness.sent.iter().find(|(at, message)| *at <= first && message[0] == 0x80);
    assert_eq!(lifted, None, "both versions hold these keys");
    assert!(strikes.windows(2).all(|pair| pair[0].1 < pair[1].1), "no key is struck twice");
}

#[test]
fn what_is_still_performed_is_sent_as_it_comes() {
    let whole = track(0.5, 0.4, 50);
    let events = whole.content.events().unwrap().as_slice();
    let begin = crate::Events::new(events.iter().filter(|e| e.time_secs < 1.7).copied().collect());
    let mut harness = Harness::with(Arc::new(Track { content: Arc::new(begin), ..(*whole).clone() }), 512);
    harness.transport.play();
    harness.run(0.8);
    harness.transport.load(1, whole);
    harness.run(2.2);
    let pitches: Vec<u8> = harness.strikes().iter().map(|(_, pitch, _)| *pitch).collect();
    assert_eq!(pitches, [60, 61, 62, 63, 64, 65]);
}

#[test]
fn a_single_note_comes_up_by_itself() {
    let mut harness = Harness::with(track(0.5, 0.4, 50), 512);
    harness.transport.audition(40, 77);
    harness.run(0.1);
    assert_eq!(harness.held().0, [40]);
    harness.run(0.4);
    assert_eq!(harness.held().0, Vec::<u8>::new());
    assert_eq!(
        harness.strikes().iter().map(|(_, pitch, velocity)| (*pitch, *velocity)).next(),
        Some((40, 77))
    );
}

fn peak(engine: &mut Engine) -> f32 {
    let mut buffer = [0.0; 2048];
    engine.fill(&mut buffer);
    buffer.iter().fold(0.0, |peak: f32, sample| peak.max(sample.abs()))
}

#[test]
fn the_piano_is_silent_meanwhile_but_clicks_are_heard() {
    let mut harness = Harness::with(track(0.5, 0.4, 50), 1024);
    harness.transport.play();
    harness.run(0.3);
    assert_eq!(peak(&mut harness.engine), 0.0);
    harness.transport.set_metronome(true);
    let mut loudest: f32 = 0.0;
    for _ in 0..40 {
        harness.transport.settle();
        loudest = loudest.max(peak(&mut harness.engine));
    }
    assert!(loudest > 0.01);
}

#[test]
fn a_port_that_is_lost_gives_the_piano_back() {
    let (transport, mut engine) = Transport::virtual_clock(Piano::generated().unwrap(), SAMPLE_RATE);
    transport.load(1, track(0.5, 0.4, 90));
    transport.listen(1);
    let port = Recorder { most: 1, ..Recorder::new() };
    transport.set_midi(Some(("Digital piano".to_owned(), Box::new(port))));
    assert_eq!(transport.status().midi, Midi::Port { name: "Digital piano".to_owned() });
    transport.play();
    let begin = Instant::now();
    let lost = Midi::Lost { name: "Digital piano".to_owned(), reason: "the cable is out".to_owned() };
    while transport.status().midi != lost {
        assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", transport.status().midi);
        transport.settle();
        peak(&mut engine);
        std::thread::sleep(Duration::from_millis(3));
    }
    let mut loudest: f32 = 0.0;
    for _ in 0..60 {
        transport.settle();
        loudest = loudest.max(peak(&mut engine));
    }
    assert!(loudest > 0.01, "the piano is heard again");
}

#[test]
fn all_keys_come_up_when_the_program_ends_or_the_port_changes() {
    for quits in [true, false] {
        let transport = Transport::start(Piano::generated().unwrap(), OutputChoice::Silent);
        transport.load(1, track(0.5, 60.0, 90));
        transport.listen(1);
        let recorder = Recorder::new();
        transport.set_midi(Some(("Synth".to_owned(), Box::new(recorder.clone()))));
        transport.play();
        let begin = Instant::now();
        while recorder.log.lock().unwrap().iter().filter(|message| message[0] == 0x90).count() < 2 {
            assert!(begin.elapsed() < Duration::from_secs(20), "nothing is sent");
            std::thread::sleep(Duration::from_millis(5));
        }
        if quits {
            drop(transport);
        } else {
            transport.set_midi(None);
            transport.settle();
            assert_eq!(transport.status().midi, Midi::Off);
        }
        assert_eq!(held(recorder.take().iter()), (vec![], 0));
    }
}

#[test]
fn what_is_hushed_is_not_sent_and_goes_on_where_it_is() {
    let mut harness = Harness::with(track(0.5, 3.0, 50), 480);
    harness.transport.play();
    harness.run(1.2);
    let before = harness.strikes().len();
    assert_eq!((before, harness.held().0.len()), (3, 3));
    harness.transport.set_hushed(true);
    harness.run(1.0);
    assert_eq!((harness.strikes().len(), harness.held()), (before, (Vec::new(), 0)));
    harness.transport.set_hushed(false);
    harness.run(0.6);
    let after: Vec<u8> = harness.strikes()[before..].iter().map(|(_, pitch, _)| *pitch).collect();
    assert_eq!(after, [65], "the key that is due at two and a half seconds");
}
