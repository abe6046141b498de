//! Sound into a WAV file: 24 bit, stereo, complete or not there.

mod info;

use std::fs::File;
use std::io::{self, BufWriter, Seek};
use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::error::SoundError;
use crate::format::gain_for;
use crate::piano::Piano;
use crate::source::Content;
use crate::stream::{OnProgress, Stream, run};

/// Bits a sample.
pub const BITS: u16 = 24;

/// Bytes a frame: two samples of three bytes.
const FRAME_BYTES: f64 = 6.0;

/// The largest value of a sample.
const FULL_SCALE: f32 = 8_388_607.0;

/// Figures of a WAV file that was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WavSummary {
    /// Length of the sound, in seconds.
    pub secs: f64,
    /// Loudest sample of the file, in decibels below full scale (negative).
    pub peak_dbfs: f64,
    /// By how much the whole was made quieter so as not to clip, in decibels; 0 as a rule.
    pub gain_db: f64,
}

/// Writes the sound of the content as a WAV file of 24 bits into an open file, in place of what was in it.
/// `path` is what the file is called in messages.
///
/// Memory does not grow with the length. A performance that would clip is rendered a second time,
/// quieter. The file is complete only if this succeeds: who replaces an older one writes into another
/// file first.
pub fn write_wav(
    file: &mut File,
    path: &Path,
    content: &dyn Content,
    piano: &Piano,
    sample_rate: u32,
    on_progress: &mut OnProgress<'_>,
) -> Result<WavSummary, SoundError> {
    check_length(Stream::new(content, piano, sample_rate)?.longest_secs(), sample_rate)?;
    let write_error = |source| SoundError::Write { path: path.to_owned(), source };

    let mut pass = |number: u8, gain: f32| -> Result<(f64, f32), SoundError> {
        file.set_len(0).and_then(|()| file.rewind()).map_err(write_error)?;
        let mut stream = Stream::new(content, piano, sample_rate)?;
        let mut wav = WavWriter::new(BufWriter::with_capacity(1 << 18, &mut *file), spec(sample_rate))
            .map_err(|e| write_error(io_error(e)))?;
        let peak = run(&mut stream, number, on_progress, |block| {
            write_block(&mut wav, block, gain).map_err(|e| write_error(io_error(e)))
        })?;
        wav.finalize().map_err(|e| write_error(io_error(e)))?;
        if let Some(credits) = piano.credits() {
            info::append(file, credits).map_err(write_error)?;
        }
        Ok((stream.position_secs(), peak))
    };
    let (secs, peak) = pass(1, 1.0)?;
    let gain = gain_for(peak);
    if gain < 1.0 {
        pass(2, gain)?;
    }
    Ok(WavSummary { secs, peak_dbfs: decibels(peak * gain), gain_db: decibels(gain) })
}

fn write_block(
    wav: &mut WavWriter<BufWriter<&mut File>>,
    block: &[f32],
    gain: f32,
) -> Result<(), hound::Error> {
    for sample in block {
        // Limited only in a first pass that will be made again.
        wav.write_sample((sample * gain * FULL_SCALE).round().clamp(-FULL_SCALE, FULL_SCALE) as i32)?;
    }
    Ok(())
}

fn spec(sample_rate: u32) -> WavSpec {
    WavSpec { channels: 2, sample_rate, bits_per_sample: BITS, sample_format: SampleFormat::Int }
}

/// Refuses what the 32-bit lengths of a WAV file cannot hold.
pub(crate) fn check_length(secs: f64, sample_rate: u32) -> Result<(), SoundError> {
    let limit_secs = (f64::from(u32::MAX) - 4096.0) / FRAME_BYTES / f64::from(sample_rate);
    if secs.is_nan() || secs > limit_secs { Err(SoundError::TooLong { secs, limit_secs }) } else { Ok(()) }
}

fn io_error(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}

fn decibels(factor: f32) -> f64 {
    20.0 * f64::from(factor).max(1e-9).log10()
}
