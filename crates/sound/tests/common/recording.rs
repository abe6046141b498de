//! A recording as a track, as far as tests need one: sound that is there already, with a map of time.
#![allow(dead_code, clippy::unwrap_used)]

use std::sync::Arc;

use performance::BeatCurve;
use sound::format::Block;
use sound::transport::Track;
use sound::{Content, Piano, Position, SoundError, Source};

/// Frames that a jump within the recording takes to crossfade.
const FADE_FRAMES: u32 = 480;

/// One channel of sound and where its samples belong.
#[derive(Clone, Debug)]
pub struct Recording {
    pub samples: Arc<[f32]>,
    /// Seconds of the version and the sample that is heard there; straight lines between and beyond.
    pub map: Arc<[(f64, f64)]>,
}

impl Recording {
    /// The sample that is heard at a time of the version, with a fraction.
    pub fn sample_at(&self, secs: f64) -> f64 {
        let next = self.map.partition_point(|(at_secs, _)| *at_secs <= secs).clamp(1, self.map.len() - 1);
        let ((secs_a, sample_a), (secs_b, sample_b)) = (self.map[next - 1], self.map[next]);
        sample_a + (secs - secs_a) * (sample_b - sample_a) / (secs_b - secs_a)
    }

    /// What is heard at a time of the version.
    pub fn value_at(&self, secs: f64) -> f32 {
        let sample = self.sample_at(secs);
        let value = |k: f64| if k < 0.0 { 0.0 } else { self.samples.get(k as usize).copied().unwrap_or(0.0) };
        let (before, part) = (sample.floor(), (sample - sample.floor()) as f32);
        value(before) * (1.0 - part) + value(before + 1.0) * part
    }
}

impl Content for Recording {
    fn open(&self, _piano: &Piano, start: Position) -> Result<Box<dyn Source>, SoundError> {
        Ok(Box::new(Playback { recording: self.clone(), next: start, left: None }))
    }

    fn end_secs(&self) -> Option<f64> {
        let ((secs_a, sample_a), (secs_b, sample_b)) =
            (self.map[self.map.len() - 2], self.map[self.map.len() - 1]);
        Some(secs_b + (self.samples.len() as f64 - sample_b) * (secs_b - secs_a) / (sample_b - sample_a))
    }
}

/// The recording being played.
struct Playback {
    recording: Recording,
    /// Where the next block would be without a jump.
    next: Position,
    /// After a jump: the place that was left, and frames until it is not heard any more.
    left: Option<(Position, u32)>,
}

impl Source for Playback {
    fn render(&mut self, at: Position, block: &mut Block) -> Result<(), &'static str> {
        for (k, frame) in block.chunks_exact_mut(2).enumerate() {
            let mut value = self.recording.value_at(at.secs_after(k as f64));
            if let Some((from, frames)) = &mut self.left {
                let old = self.recording.value_at(from.secs());
                value += (old - value) * *frames as f32 / FADE_FRAMES as f32;
                from.frame += 1.0;
                *frames -= 1;
            }
            self.left = self.left.filter(|(_, frames)| *frames > 0);
            frame.fill(value);
        }
        self.next = Position { frame: at.frame + (block.len() / 2) as f64, ..at };
        Ok(())
    }

    fn jump(&mut self, _to_secs: f64) {
        self.left = Some((self.next, FADE_FRAMES));
    }

    fn is_over(&self, at: Position) -> bool {
        self.recording.end_secs().is_none_or(|end_secs| at.secs() >= end_secs)
    }
}

const LEAD_IN_SECS: f64 = 0.7;

/// Every sample of it tells where it is: a line that rises to .8 in 20 s at 44.1 kHz. The music begins
/// after 0.7 s; its first four seconds were played in three, as the map has it.
pub fn rising() -> Recording {
    let length = 20 * 44_100;
    let samples = (0..length).map(|k| 0.8 * k as f32 / length as f32).collect();
    let at = |secs: f64| (LEAD_IN_SECS + secs) * 44_100.0;
    Recording { samples, map: [(0.0, at(0.0)), (4.0, at(3.0)), (16.0, at(15.0))].into() }
}

pub fn rising_track() -> Track {
    Track {
        content: Arc::new(rising()),
        clock: BeatCurve::from_periods(0.0, [(0.0, 0.5), (8.0, 0.6)]),
        clicks: vec![],
        end_secs: 16.0,
        end_quarters: 28.0,
        gain: 1.0,
    }
}
