//! Sound into a WAV file: 24 bit, stereo, complete or not there.

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

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WavReport {
    /// Length of the sound, in seconds.
    pub secs: f64,
    /// Loudest sample of the file, in decibels below full scale (negative).
    pub peak_dbfs: f64,
    /// By how much the whole was made quieter so as not to clip, in decibels; 0 as a rule.
    pub gain_db: f64,
}

/// Writes the sound of the content as a WAV file of 24 bits; see [`write_wav_into`].
///
/// The file is written beside `path` under another name and takes its place when it is complete,
/// so neither a full disk nor a cancel leaves half a file or destroys an older one.
pub fn write_wav(
    path: &Path,
    content: &dyn Content,
    piano: &Piano,
    sample_rate: u32,
    on_progress: &mut OnProgress<'_>,
) -> Result<WavReport, SoundError> {
    let write_error = |source| SoundError::Write { path: path.to_owned(), source };
    let mut temporary = temporary_beside(path).map_err(write_error)?;
    let report = write_wav_into(temporary.as_file_mut(), path, content, piano, sample_rate, on_progress)?;
    temporary.as_file().sync_all().map_err(write_error)?;
    temporary.persist(path).map_err(|e| write_error(e.error))?;
    Ok(report)
}

/// Writes the sound of the content as a WAV file of 24 bits into an open file, in place of what was in it.
/// `path` is what the file is called in messages.
///
/// Memory does not grow with the length. A performance that would clip is rendered a second time,
/// quieter. The file is complete only if this succeeds.
pub fn write_wav_into(
    file: &mut File,
    path: &Path,
    content: &dyn Content,
    piano: &Piano,
    sample_rate: u32,
    on_progress: &mut OnProgress<'_>,
) -> Result<WavReport, SoundError> {
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
        Ok((stream.position_secs(), peak))
    };
    let (secs, peak) = pass(1, 1.0)?;
    let gain = gain_for(peak);
    if gain < 1.0 {
        pass(2, gain)?;
    }
    Ok(WavReport { secs, peak_dbfs: decibels(peak * gain), gain_db: decibels(gain) })
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

/// A hidden file in the folder of `path` that disappears unless it is kept.
fn temporary_beside(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".espressivo-").suffix(".wav.tmp");
    // Temporary files are private by default; this one will be the user's file, under their umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error of the temporary file names that file; the user knows only the other one.
    builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))
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
