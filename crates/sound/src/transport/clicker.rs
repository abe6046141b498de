//! How a click of the metronome sounds.

use std::f64::consts::TAU;

/// How long a click sounds.
const CLICK_SECS: f64 = 0.035;

/// A short decaying tone that starts and ends at rest.
fn click(sample_rate: u32, hertz: f64, level: f64) -> Vec<f32> {
    let frames = (CLICK_SECS * f64::from(sample_rate)) as usize;
    let shape = |k: usize| {
        let secs = k as f64 / f64::from(sample_rate);
        let rise = (secs / 0.001).min(1.0);
        let left = 1.0 - k as f64 / frames as f64;
        (level * rise * left * (-secs / 0.009).exp() * (TAU * hertz * secs).sin()) as f32
    };
    (0..frames).map(shape).collect()
}

/// Clicks as they sound: at most two at once.
pub(crate) struct Clicker {
    /// The two clicks as sound, one channel.
    downbeat: Vec<f32>,
    beat: Vec<f32>,
    voices: [Option<Voice>; 2],
}

#[derive(Clone, Copy)]
struct Voice {
    is_downbeat: bool,
    /// Frames until it starts.
    wait: usize,
    /// Frames it has sounded.
    done: usize,
}

impl Clicker {
    pub(crate) fn new(sample_rate: u32) -> Self {
        let (downbeat, beat) = (click(sample_rate, 1760.0, 0.32), click(sample_rate, 1175.0, 0.22));
        Self { downbeat, beat, voices: [None; 2] }
    }

    /// Clicks `wait` frames from now.
    pub(crate) fn strike(&mut self, is_downbeat: bool, wait: usize) {
        // Of two that sound, the older one makes room: it has almost died away.
        let free = self.voices.iter().position(Option::is_none);
        let oldest = || usize::from(self.voices[1].map(|v| v.done) > self.voices[0].map(|v| v.done));
        let slot = free.unwrap_or_else(oldest);
        self.voices[slot] = Some(Voice { is_downbeat, wait, done: 0 });
    }

    /// Adds the next frames to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32]) {
        for slot in &mut self.voices {
            let Some(voice) = slot else { continue };
            let sound = if voice.is_downbeat { &self.downbeat } else { &self.beat };
            let sound = &sound[voice.done..];
            let start = voice.wait.min(out.len() / 2);
            voice.wait -= start;
            let frames = out[2 * start..].chunks_exact_mut(2);
            voice.done += frames.len().min(sound.len());
            let is_over = sound.len() <= frames.len();
            frames.zip(sound).for_each(|(frame, s)| frame.iter_mut().for_each(|channel| *channel += s));
            if is_over {
                *slot = None;
            }
        }
    }
}
