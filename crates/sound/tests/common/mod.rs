//! A transport on a virtual clock, and small pieces to play on it.
#![allow(dead_code, clippy::unwrap_used)]

use std::f64::consts::TAU;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use performance::BeatCurve;
use sound::generated::sf2::{Builder, Sample, Zone};
use sound::transport::{Click, Engine, PlayState, Status, Track, Transport};
use sound::{Audio, Events, Piano, SoundEvent, SoundEventKind};

/// Every octave a string of eight partials: made in a moment, and harder to hide a seam in than a
/// quiet instrument.
pub static PIANO: LazyLock<Piano> = LazyLock::new(|| {
    let mut font = Builder::new("small piano");
    for octave in 0..8_u8 {
        let root = 24 + 12 * octave;
        let sample =
            font.add_sample(Sample { name: format!("{root}"), root, sample_hz: 44_100, data: string(root) });
        font.add_zone(Zone {
            sample,
            keys: (if octave == 0 { 0 } else { root - 6 }, if octave == 7 { 127 } else { root + 5 }),
            velocities: (0, 127),
            pan_percent: f64::from(octave) * 6.0 - 20.0,
            filter_hz: 12_000.0,
            release_secs: 0.3,
        });
    }
    Piano::from_bytes(&font.finish(), "small piano").unwrap()
});

fn string(root: u8) -> Vec<i16> {
    let hertz = 440.0 * 2_f64.powf((f64::from(root) - 69.0) / 12.0);
    let partials = (1..=8).filter(|n| f64::from(*n) * hertz < 16_000.0).map(f64::from).collect::<Vec<_>>();
    let at = |k: usize| {
        let secs = k as f64 / 44_100.0;
        let sum: f64 = partials.iter().map(|n| (TAU * n * hertz * secs).sin() / n * (-secs * n).exp()).sum();
        (sum * (secs / 0.001).min(1.0) * 9000.0) as i16
    };
    (0..4 * 44_100).map(at).collect()
}

pub const RATE_HZ: u32 = 48_000;

/// Ten milliseconds.
pub const BUFFER_FRAMES: usize = 480;

pub struct Harness {
    pub transport: Transport,
    pub engine: Engine,
    /// All that was heard, left and right by turns.
    pub heard: Vec<f32>,
}

impl Harness {
    pub fn new() -> Self {
        let (transport, engine) = Transport::virtual_clock(PIANO.clone(), RATE_HZ);
        Self { transport, engine, heard: Vec::new() }
    }

    /// Lets buffers of ten milliseconds pass; the scheduler keeps up.
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
    SoundEvent { time_secs, kind: SoundEventKind::Sustain { value: if down { 127 } else { 0 } } }
}

/// A track in four-four of so many quarters, each lasting `period_secs`.
pub fn track(events: Vec<SoundEvent>, quarters: u32, period_secs: f64) -> Track {
    Track {
        content: Arc::new(Events::new(events)),
        clock: BeatCurve::from_periods(0.0, [(0.0, period_secs)]),
        clicks: (0..quarters).map(|q| Click { quarters: f64::from(q), is_downbeat: q % 4 == 0 }).collect(),
        end_secs: f64::from(quarters) * period_secs,
        end_quarters: f64::from(quarters),
        gain: 1.0,
    }
}

/// A short note on every quarter, with silence between.
pub fn ticks(quarters: u32, period_secs: f64) -> Track {
    let note = |q: u32| {
        let at = f64::from(q) * period_secs;
        [on(at, 84, 100), off(at + 0.1 * period_secs, 84)]
    };
    track((0..quarters).flat_map(note).collect(), quarters, period_secs)
}

/// Pedalled chords and a melody in eighths, with dynamics: what a seam has to hide in.
pub fn music(quarters: u32, period_secs: f64, loudness: u8) -> Track {
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
    track(events, quarters, period_secs)
}

pub fn render(track: &Track) -> Audio {
    sound::render(&*track.content, &PIANO, RATE_HZ, &mut |_| ControlFlow::Continue(())).unwrap()
}

pub fn arc(track: Track) -> Arc<Track> {
    Arc::new(track)
}

/// What a track of notes consists of.
pub fn events_of(track: &Track) -> Vec<SoundEvent> {
    track.content.events().unwrap().as_slice().to_vec()
}

/// Where a note begins to be heard: the sound rises after near silence. In frames.
pub fn onsets(samples: &[f32]) -> Vec<usize> {
    let peak = samples.iter().fold(0.0_f32, |p, s| p.max(s.abs()));
    let (mut onsets, mut quiet_frames) = (Vec::new(), usize::MAX / 2);
    for (n, frame) in samples.chunks_exact(2).enumerate() {
        let level = frame[0].abs().max(frame[1].abs());
        if level > 0.15 * peak {
            if quiet_frames > 2000 {
                onsets.push(n);
            }
            quiet_frames = 0;
        } else {
            quiet_frames += 1;
        }
    }
    onsets
}

/// A rendering laid beside what was heard: its frame `n` is heard at frame `n + shift`.
pub struct Beside<'a> {
    pub samples: &'a [f32],
    pub shift: i64,
}

impl Beside<'_> {
    /// The sample of a channel at a frame of what was heard; silence outside.
    pub fn at(&self, frame: i64, channel: usize) -> f32 {
        let index = (frame - self.shift) * 2 + channel as i64;
        usize::try_from(index).ok().and_then(|k| self.samples.get(k)).copied().unwrap_or(0.0)
    }
}

/// How sharply a sound bends at a frame: a click shows here, a tone hardly.
fn bend(at: impl Fn(i64) -> f32, frame: i64) -> f32 {
    (at(frame) - 2.0 * at(frame - 1) + at(frame - 2)).abs()
}

/// The sharpest bend of what was heard between two frames beyond what any of the sounds that it is
/// made of shows within a millisecond of there.
pub fn discontinuity(heard: &[f32], made_of: &[Beside<'_>], (from, to): (usize, usize)) -> f32 {
    const REACH: i64 = 48;
    let heard = Beside { samples: heard, shift: 0 };
    let mut worst = 0.0_f32;
    for channel in 0..2 {
        for frame in from as i64..to as i64 {
            let sharp = bend(|n| heard.at(n, channel), frame);
            if sharp <= worst {
                continue;
            }
            let near = |source: &Beside<'_>| {
                let bends = (frame - REACH..=frame + REACH).map(|m| bend(|n| source.at(n, channel), m));
                bends.fold(0.0, f32::max)
            };
            worst = worst.max(sharp - made_of.iter().map(near).fold(0.0, f32::max));
        }
    }
    worst
}

/// -60 dBFS.
pub const CLICK: f32 = 0.001;

/// By how many frames what is heard now lies after its rendering, at the tempo as performed.
pub fn shift(harness: &Harness) -> i64 {
    let frames = harness.status().position_secs * f64::from(RATE_HZ);
    assert!((frames - frames.round()).abs() < 1e-3, "a position between two frames: {frames}");
    harness.heard.len() as i64 / 2 - frames.round() as i64
}
