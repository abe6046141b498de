//! A transport on a virtual clock, and small pieces to play on it.
#![allow(dead_code, clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use performance::BeatCurve;
use sound::transport::{Click, Engine, PlayState, Programme, Status, Transport};
use sound::{Audio, Piano, SoundEvent, SoundEventKind};

pub static PIANO: LazyLock<Piano> = LazyLock::new(|| Piano::generated().unwrap());

pub const RATE_HZ: u32 = 48_000;

/// Ten milliseconds.
pub const BUFFER_FRAMES: usize = 480;

pub struct Rig {
    pub transport: Transport,
    pub engine: Engine,
    /// All that was heard, left and right by turns.
    pub heard: Vec<f32>,
}

impl Rig {
    pub fn new() -> Self {
        let (transport, engine) = Transport::virtual_clock(PIANO.clone(), RATE_HZ);
        Self { transport, engine, heard: Vec::new() }
    }

    /// Lets buffers of ten milliseconds pass; the conductor keeps up.
    pub fn pass(&mut self, secs: f64) {
        let end = self.heard.len() + 2 * (secs * f64::from(RATE_HZ)).round() as usize;
        while self.heard.len() < end {
            self.pass_buffer((end - self.heard.len()).min(2 * BUFFER_FRAMES));
        }
    }

    pub fn pass_buffer(&mut self, samples: usize) {
        self.transport.settle();
        let start = self.heard.len();
        self.heard.resize(start + samples, 0.0);
        self.engine.fill(&mut self.heard[start..]);
    }

    pub fn status(&self) -> Status {
        self.transport.status()
    }

    pub fn pass_until(&mut self, state: PlayState, limit_secs: f64) {
        let end = self.heard.len() + 2 * (limit_secs * f64::from(RATE_HZ)) as usize;
        while self.status().state != state {
            assert!(self.heard.len() < end, "still {:?} after {limit_secs} s", self.status());
            self.pass_buffer(2 * BUFFER_FRAMES);
        }
    }
}

pub fn on(time_secs: f64, pitch: u8, velocity: u8) -> SoundEvent {
    SoundEvent { time_secs, kind: SoundEventKind::NoteOn { pitch, velocity } }
}

pub fn off(time_secs: f64, pitch: u8) -> SoundEvent {
    SoundEvent { time_secs, kind: SoundEventKind::NoteOff { pitch } }
}

pub fn sustain(time_secs: f64, down: bool) -> SoundEvent {
    SoundEvent { time_secs, kind: SoundEventKind::Sustain { down } }
}

/// A programme in four-four of so many quarters, each lasting `period_secs`.
pub fn programme(mut events: Vec<SoundEvent>, quarters: u32, period_secs: f64) -> Programme {
    events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    Programme {
        events,
        clock: BeatCurve::from_periods(0.0, [(0.0, period_secs)]),
        clicks: (0..quarters).map(|q| Click { quarters: f64::from(q), is_downbeat: q % 4 == 0 }).collect(),
        end_secs: f64::from(quarters) * period_secs,
        end_quarters: f64::from(quarters),
        gain: 1.0,
    }
}

/// A short note on every quarter, with silence between.
pub fn ticks(quarters: u32, period_secs: f64) -> Programme {
    let note = |q: u32| {
        let at = f64::from(q) * period_secs;
        [on(at, 84, 100), off(at + 0.1 * period_secs, 84)]
    };
    programme((0..quarters).flat_map(note).collect(), quarters, period_secs)
}

/// Pedalled chords and a melody in eighths, with dynamics: what a seam has to hide in.
pub fn music(quarters: u32, period_secs: f64, loudness: u8) -> Programme {
    let mut events = Vec::new();
    for q in 0..quarters {
        let at = f64::from(q) * period_secs;
        if q % 2 == 0 {
            events.extend([sustain(at + 0.02, false), sustain(at + 0.08, true)]);
            for pitch in [36 + (q % 7) as u8, 48, 55, 60] {
                let time_secs = at + 0.004 * f64::from(pitch % 5);
                events
                    .extend([on(time_secs, pitch, loudness - 20), off(time_secs + 0.9 * period_secs, pitch)]);
            }
        }
        for half in 0..2 {
            let time_secs = at + 0.5 * period_secs * f64::from(half);
            let pitch = 67 + ((q * 5 + half * 3) % 12) as u8;
            events.extend([on(time_secs, pitch, loudness), off(time_secs + 0.4 * period_secs, pitch)]);
        }
    }
    programme(events, quarters, period_secs)
}

pub fn render(programme: &Programme) -> Audio {
    sound::render(&programme.events, &PIANO, RATE_HZ, &mut |_| ControlFlow::Continue(())).unwrap()
}

pub fn arc(programme: Programme) -> Arc<Programme> {
    Arc::new(programme)
}
