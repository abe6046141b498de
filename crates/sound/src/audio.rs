//! Sound in memory.

use crate::error::SoundError;
use crate::format::{gain_for, peak};
use crate::piano::Piano;
use crate::source::Content;
use crate::stream::{OnProgress, Stream, run};
use crate::wav::check_length;

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

/// The sound of the content in memory. Made quieter as a whole if it would clip, never louder, so
/// that two takes can be compared.
pub fn render(
    content: &dyn Content,
    piano: &Piano,
    sample_rate: u32,
    on_progress: &mut OnProgress<'_>,
) -> Result<Audio, SoundError> {
    let mut stream = Stream::new(content, piano, sample_rate)?;
    check_length(stream.longest_secs(), sample_rate)?;
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
