//! Any instrument plays in files and on the transport, and hears the pedal continuously.
#![allow(clippy::unwrap_used)]

mod common;

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use common::{Harness, PIANO, RATE_HZ, arc, events_of, music, off, on, track};
use notation::Score;
use performance::{Pedal, PedalEvent, Performance};
use sound::format::Block;
use sound::{Audio, Events, Instrument, InstrumentFactory, Piano, SoundEvent, SoundEventKind};

/// A sine for every key, as loud as the key was struck, damped as far as the pedal is up.
struct Sines {
    /// For each key: its level, its phase, and whether it is down.
    keys: [(f32, f32, bool); 128],
    /// From 0 (up) to 1 (down).
    pedal: f32,
    frames_per_sec: f32,
}

impl Instrument for Sines {
    fn note_on(&mut self, pitch: u8, velocity: u8) {
        self.keys[usize::from(pitch)] = (f32::from(velocity) / 1000.0, 0.0, true);
    }

    fn note_off(&mut self, pitch: u8) {
        self.keys[usize::from(pitch)].2 = false;
    }

    fn sustain(&mut self, value: u8) {
        self.pedal = f32::from(value) / 127.0;
    }

    fn release_all(&mut self) {
        self.pedal = 0.0;
        self.keys.iter_mut().for_each(|key| key.2 = false);
    }

    fn render(&mut self, block: &mut Block) {
        block.fill(0.0);
        for (pitch, (level, phase, is_down)) in self.keys.iter_mut().enumerate() {
            if *level < 1e-7 {
                continue;
            }
            let step = 440.0 * ((pitch as f32 - 69.0) / 12.0).exp2() / self.frames_per_sec;
            let decay = if *is_down { 0.99999 } else { 0.999 + 0.00099 * self.pedal };
            for frame in block.chunks_exact_mut(2) {
                let value = *level * (std::f32::consts::TAU * *phase).sin();
                frame.iter_mut().for_each(|sample| *sample += value);
                *phase = (*phase + step).fract();
                *level *= decay;
            }
        }
    }
}

struct SinesFactory;

impl InstrumentFactory for SinesFactory {
    fn open(&self, sample_rate: u32, _voices: usize) -> Result<Box<dyn Instrument>, String> {
        let keys = [(0.0, 0.0, false); 128];
        Ok(Box::new(Sines { keys, pedal: 0.0, frames_per_sec: sample_rate as f32 }))
    }
}

fn sines() -> Piano {
    Piano::new("sines", Arc::new(SinesFactory))
}

fn render(events: Vec<SoundEvent>, piano: &Piano) -> Audio {
    sound::render(&Events::new(events), piano, RATE_HZ, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn sustain(time_secs: f64, value: u8) -> SoundEvent {
    SoundEvent { time_secs, kind: SoundEventKind::Sustain { value } }
}

fn level(audio: &Audio, from_secs: f64, to_secs: f64) -> f32 {
    let at = |secs: f64| 2 * (secs * f64::from(RATE_HZ)) as usize;
    audio.samples[at(from_secs)..at(to_secs)].iter().map(|s| s.abs()).fold(0.0, f32::max)
}

/// Writes down all that it is told.
struct Scribe(Arc<Mutex<Vec<SoundEventKind>>>);

impl Instrument for Scribe {
    fn note_on(&mut self, pitch: u8, velocity: u8) {
        self.0.lock().unwrap().push(SoundEventKind::NoteOn { pitch, velocity });
    }

    fn note_off(&mut self, pitch: u8) {
        self.0.lock().unwrap().push(SoundEventKind::NoteOff { pitch });
    }

    fn sustain(&mut self, value: u8) {
        self.0.lock().unwrap().push(SoundEventKind::Sustain { value });
    }

    fn release_all(&mut self) {}

    fn render(&mut self, block: &mut Block) {
        block.fill(0.0);
    }
}

impl InstrumentFactory for Scribe {
    fn open(&self, _sample_rate: u32, _voices: usize) -> Result<Box<dyn Instrument>, String> {
        Ok(Box::new(Self(Arc::clone(&self.0))))
    }
}

#[test]
fn every_value_of_the_pedal_reaches_the_instrument() {
    let values = [1, 30, 63, 64, 100, 127, 90, 64, 63, 20, 0];
    let event = |(k, value): (usize, &u8)| PedalEvent {
        time_secs: 0.1 * (k + 1) as f64,
        pedal: Pedal::Sustain,
        value: *value,
    };
    let pedals = values.iter().enumerate().map(event).collect();
    let events = sound::events(&Score::default(), &Performance { notes: vec![], pedals });
    let written = Arc::new(Mutex::new(Vec::new()));
    let scribe = Piano::new("scribe", Arc::new(Scribe(Arc::clone(&written))));
    // A key at the end, since the sound of a lone pedal ends with its last crossing.
    let events = [events.as_slice(), &[on(2.0, 60, 80), off(2.1, 60)]].concat();
    render(events, &scribe);
    let told = written.lock().unwrap();
    let pedal = told.iter().filter_map(|kind| match kind {
        SoundEventKind::Sustain { value } => Some(*value),
        _ => None,
    });
    assert!(pedal.eq(values), "{told:?}");
}

#[test]
fn an_instrument_may_pedal_by_halves() {
    let struck =
        |value: u8| vec![sustain(0.0, value), on(0.1, 69, 100), off(0.4, 69), on(2.0, 40, 1), off(2.1, 40)];
    let rest = |value: u8| level(&render(struck(value), &sines()), 0.5, 0.6);
    let (up, half, down) = (rest(0), rest(50), rest(127));
    assert!(up < 0.5 * half && half < 0.5 * down, "{up} {half} {down}");
}

#[test]
fn a_soundfont_takes_the_pedal_as_up_or_down() {
    let music = events_of(&music(12, 0.5, 90));
    let is_key = |e: &&SoundEvent| !matches!(e.kind, SoundEventKind::Sustain { .. });
    let keys: Vec<SoundEvent> = music.iter().filter(is_key).copied().collect();
    let moves = (0..400_u16).map(|k| sustain(0.02 * f64::from(k), ((k * 37) % 128) as u8));
    let moves: Vec<SoundEvent> = moves.collect();
    let mut is_down = false;
    let crossings = moves.iter().filter_map(|event| {
        let SoundEventKind::Sustain { value } = event.kind else { return None };
        let was_down = std::mem::replace(&mut is_down, value >= 64);
        (is_down != was_down).then(|| sustain(event.time_secs, if is_down { 127 } else { 0 }))
    });
    let crossings: Vec<SoundEvent> = crossings.collect();
    assert!(crossings.len() > 50 && crossings.len() < moves.len());
    let with = |pedal: &[SoundEvent]| render([pedal, &keys].concat(), &PIANO);
    let (continuous, switched) = (with(&moves), with(&crossings));
    assert!(continuous.samples == switched.samples);
    assert!(continuous.samples != with(&[]).samples, "the pedal is heard");
}

#[test]
fn another_instrument_is_heard_as_it_is_exported() {
    let piece = music(12, 0.5, 90);
    let exported = render(events_of(&piece), &sines());
    let mut harness = Harness::new();
    harness.transport.set_piano(sines());
    harness.transport.load(1, arc(piece));
    harness.transport.listen(1);
    harness.transport.play();
    harness.pass(exported.secs());
    assert!(harness.heard == exported.samples);
    assert!(exported.peak() > 0.05, "there was something to compare");
}

#[test]
fn a_jump_restores_a_half_pressed_pedal_for_instruments_that_know_it() {
    let held = vec![sustain(0.0, 50), on(0.0, 40, 90), off(3.9, 40)];
    let written = Arc::new(Mutex::new(Vec::new()));
    let mut harness = Harness::new();
    harness.transport.set_piano(Piano::new("scribe", Arc::new(Scribe(Arc::clone(&written)))));
    harness.transport.load(1, arc(track(held, 8, 0.5)));
    harness.transport.listen(1);
    harness.transport.seek_quarters(2.0);
    harness.transport.set_loop(Some((2.0, 2.4)));
    harness.transport.play();
    harness.pass(0.1);
    written.lock().unwrap().clear();
    harness.pass(0.4);
    let told = written.lock().unwrap();
    assert!(told.contains(&SoundEventKind::Sustain { value: 50 }), "{told:?}");
}
