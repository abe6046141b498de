//! Content becoming sound from its start to its end, block by block.

use std::ops::ControlFlow;

use crate::error::SoundError;
use crate::format::{BLOCK, BLOCK_FRAMES, Block, peak};
use crate::note_source::LONGEST_TAIL_SECS;
use crate::piano::Piano;
use crate::source::{Content, Position, Source};

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

/// Gets the progress and decides whether to go on; called about every second of sound.
pub type OnProgress<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// Content becoming sound; ends when the last note has died away.
pub struct Stream {
    source: Box<dyn Source>,
    piano: Piano,
    at: Position,
    end_secs: Option<f64>,
    block: Block,
}

impl Stream {
    /// The sound of the content at the tempo as performed.
    pub fn new(content: &dyn Content, piano: &Piano, sample_rate: u32) -> Result<Self, SoundError> {
        let at = Position { frame: 0.0, rate: 1.0, sample_rate: f64::from(sample_rate) };
        Ok(Self {
            source: content.open(piano, at)?,
            piano: piano.clone(),
            at,
            end_secs: content.end_secs(),
            block: [0.0; 2 * BLOCK_FRAMES],
        })
    }

    /// Where the next block starts, in seconds.
    pub fn position_secs(&self) -> f64 {
        self.at.secs()
    }

    /// How long the sound will last, about: the last event and a tail.
    pub fn expected_secs(&self) -> f64 {
        self.end_secs.unwrap_or(0.0) + 1.0
    }

    /// An upper bound for the length, in seconds.
    pub(crate) fn longest_secs(&self) -> f64 {
        self.end_secs.unwrap_or(0.0) + LONGEST_TAIL_SECS
    }

    /// The next [`BLOCK_FRAMES`] frames, left and right by turns; nothing after the end.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, SoundError> {
        if self.end_secs.is_none() || self.source.is_over(self.at) {
            return Ok(None);
        }
        let rendered = self.source.render(self.at, &mut self.block);
        rendered.map_err(|reason| self.piano.unplayable(self.at.secs(), reason))?;
        self.at = self.at.plus(BLOCK);
        Ok(Some(&self.block))
    }
}

/// Runs a stream to its end, giving every block to `write`; returns the peak.
pub(crate) fn run(
    stream: &mut Stream,
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
