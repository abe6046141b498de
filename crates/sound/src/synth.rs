//! Sound events through the synthesizer, block by block.

use std::ops::{ControlFlow, RangeInclusive};

use crate::error::SoundError;
use crate::events::SoundEvent;
pub use crate::instrument::BLOCK_FRAMES;
use crate::instrument::{Block, Instrument, VOICES, peak};
use crate::soundfont::Piano;

/// Sample rates that can be rendered.
pub const RATES_HZ: RangeInclusive<u32> = 44_100..=192_000;

/// Peaks above this are brought down to it: -1 dBFS, room for the peaks between two samples.
pub const CEILING: f32 = 0.891_250_9;

/// What still sounds this long after the last event is damped.
pub(crate) const RING_SECS: f64 = 6.0;

/// The sound ends this long after the last event at the latest.
pub(crate) const LONGEST_TAIL_SECS: f64 = 10.0;

/// Below this (-90 dBFS), a block after the last event counts as silent.
pub(crate) const SILENCE: f32 = 3.2e-5;

/// The sound ends when it has been silent for this long.
pub(crate) const SILENT_SECS: f64 = 0.25;

/// How far a rendering has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Seconds of sound made in this pass.
    pub done_secs: f64,
    /// Seconds of sound that are expected.
    pub total_secs: f64,
    /// 1; or 2 when a file is made again because it would have clipped.
    pub pass: u8,
}

/// Hears about progress and decides whether to go on; called about every second of sound.
pub type OnProgress<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// Stereo sound in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Audio {
    /// Frames a second.
    pub sample_rate: u32,
    /// Left and right by turns, within -1 to 1.
    pub samples: Vec<f32>,
}

impl Audio {
    /// How long it lasts, in seconds.
    pub fn secs(&self) -> f64 {
        self.samples.len() as f64 / 2.0 / f64::from(self.sample_rate)
    }

    /// The largest absolute value.
    pub fn peak(&self) -> f32 {
        peak(&self.samples)
    }
}

/// A performance becoming sound; ends when the last note has died away.
pub struct Stream<'a> {
    instrument: Instrument,
    events: &'a [SoundEvent],
    next_event: usize,
    piano: &'a Piano,
    sample_rate: u32,
    position_frames: u64,
    last_event_secs: f64,
    silent_frames: u64,
    is_damped: bool,
    block: Block,
}

impl<'a> Stream<'a> {
    /// Sound of the events, which are ordered by time (see [`crate::events()`]).
    pub fn new(events: &'a [SoundEvent], piano: &'a Piano, sample_rate: u32) -> Result<Self, SoundError> {
        if !RATES_HZ.contains(&sample_rate) {
            return Err(SoundError::SampleRate(sample_rate));
        }
        Ok(Self {
            instrument: Instrument::new(piano, sample_rate, VOICES)?,
            events,
            next_event: 0,
            piano,
            sample_rate,
            position_frames: 0,
            last_event_secs: events.last().map_or(0.0, |e| e.time_secs),
            silent_frames: 0,
            is_damped: false,
            block: [0.0; 2 * BLOCK_FRAMES],
        })
    }

    /// Where the next block starts, in seconds.
    pub fn position_secs(&self) -> f64 {
        self.position_frames as f64 / f64::from(self.sample_rate)
    }

    /// How long the sound will last, about: the last event and a tail.
    pub fn expected_secs(&self) -> f64 {
        self.last_event_secs + 1.0
    }

    /// An upper bound for the length, in seconds.
    pub(crate) fn longest_secs(&self) -> f64 {
        self.last_event_secs + LONGEST_TAIL_SECS
    }

    /// The next [`BLOCK_FRAMES`] frames, left and right by turns; nothing after the end.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, SoundError> {
        if self.is_over() {
            return Ok(None);
        }
        let level = self.render_block().map_err(|reason| self.unplayable(reason))?;
        self.position_frames += BLOCK_FRAMES as u64;
        let is_silent = level < SILENCE && self.next_event == self.events.len();
        self.silent_frames = if is_silent { self.silent_frames + BLOCK_FRAMES as u64 } else { 0 };
        Ok(Some(&self.block))
    }

    fn is_over(&self) -> bool {
        if self.next_event < self.events.len() {
            return false;
        }
        let tail_secs = self.position_secs() - self.last_event_secs;
        let silent_secs = self.silent_frames as f64 / f64::from(self.sample_rate);
        tail_secs >= LONGEST_TAIL_SECS || silent_secs >= SILENT_SECS || self.events.is_empty()
    }

    fn render_block(&mut self) -> Result<f32, &'static str> {
        let middle_secs =
            (self.position_frames as f64 + 0.5 * BLOCK_FRAMES as f64) / f64::from(self.sample_rate);
        let waiting = &self.events[self.next_event..];
        let due = &waiting[..waiting.iter().take_while(|e| e.time_secs < middle_secs).count()];
        self.next_event += due.len();
        if !self.is_damped && middle_secs > self.last_event_secs + RING_SECS {
            self.instrument.damp();
            self.is_damped = true;
        }
        self.instrument.step(due, &mut self.block)
    }

    fn unplayable(&self, reason: &str) -> SoundError {
        SoundError::Unplayable {
            piano: self.piano.name().to_owned(),
            at_secs: self.position_secs(),
            reason: reason.to_owned(),
        }
    }
}

/// The factor that keeps a peak within the ceiling: 1 unless it is too loud.
pub(crate) fn gain_for(peak: f32) -> f32 {
    if peak > CEILING { CEILING / peak } else { 1.0 }
}

/// Runs a stream to its end, giving every block to `write`; returns the peak.
pub(crate) fn run(
    stream: &mut Stream<'_>,
    pass: u8,
    on_progress: &mut OnProgress<'_>,
    mut write: impl FnMut(&[f32]) -> Result<(), SoundError>,
) -> Result<f32, SoundError> {
    let total_secs = stream.expected_secs();
    let mut peak_so_far = 0.0_f32;
    let mut report_at_secs = 0.0;
    loop {
        let done_secs = stream.position_secs();
        if done_secs >= report_at_secs {
            let progress = Progress { done_secs: done_secs.min(total_secs), total_secs, pass };
            if on_progress(progress).is_break() {
                return Err(SoundError::Cancelled);
            }
            report_at_secs = done_secs + 1.0;
        }
        let Some(block) = stream.next_block()? else { return Ok(peak_so_far) };
        peak_so_far = peak_so_far.max(peak(block));
        write(block)?;
    }
}

/// The sound of the events in memory. Made quieter as a whole if it would clip, never louder, so
/// that two takes can be compared.
pub fn render(
    events: &[SoundEvent],
    piano: &Piano,
    sample_rate: u32,
    on_progress: &mut OnProgress<'_>,
) -> Result<Audio, SoundError> {
    let mut stream = Stream::new(events, piano, sample_rate)?;
    crate::wav::check_length(stream.longest_secs(), sample_rate)?;
    let mut samples = Vec::new();
    let peak = run(&mut stream, 1, on_progress, |block| {
        samples.extend_from_slice(block);
        Ok(())
    })?;
    let gain = gain_for(peak);
    if gain < 1.0 {
        samples.iter_mut().for_each(|s| *s *= gain);
    }
    Ok(Audio { sample_rate, samples })
}
