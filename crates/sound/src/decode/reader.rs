//! The packets of a sound file, decoded, and averaged to mono unless both channels are asked for.

use std::io::ErrorKind;

use symphonia::core::audio::{AudioBufferRef, SampleBuffer};
use symphonia::core::codecs::{CODEC_TYPE_NULL, CodecParameters, Decoder, DecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, Track};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;

use super::error::DecodeError;

/// Packets that may be damaged before the file counts as broken; each is heard as silence.
const MOST_DAMAGED: usize = 100;

/// The longest silence in place of a damaged packet, in frames: no coding has longer packets.
const LONGEST_SILENCE: u64 = 1 << 16;

/// Lengths in bytes from which on the header of a WAV file says nothing: whoever wrote it did not know.
const UNKNOWN_BYTES: u64 = 0xffff_0000;

/// Reads a file packet by packet, at its own sample rate.
pub struct Reader {
    name: &'static str,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn Decoder>,
    track: u32,
    rate: u32,
    /// Samples that are given for each frame: 1, or 2 for both channels by turns.
    width: usize,
    whole: Option<u64>,
    interleaved: Option<SampleBuffer<f32>>,
    /// Frames that were read.
    frames: u64,
    damaged: usize,
    /// The frame where the first damaged packet began.
    first_damage: Option<u64>,
}

impl Reader {
    /// Begins to read; `name` is that of the file's format.
    pub fn open(source: Box<dyn MediaSource>, name: &'static str) -> Result<Self, DecodeError> {
        let size_bytes = source.byte_len();
        let stream = MediaSourceStream::new(source, Default::default());
        // Without the samples that an encoder adds in front and at the end.
        let options = FormatOptions { enable_gapless: true, ..FormatOptions::default() };
        let probed = symphonia::default::get_probe().format(
            &Hint::new(),
            stream,
            &options,
            &MetadataOptions::default(),
        );
        let format = probed.map_err(|error| refused(error, name))?.format;
        let track = sound_track(&*format).ok_or(DecodeError::NoTrack(name))?;
        let (id, parameters) = (track.id, track.codec_params.clone());
        let rate = parameters.sample_rate.ok_or(DecodeError::NoTrack(name))?;
        Ok(Self {
            name,
            decoder: decoder(&parameters, name)?,
            format,
            track: id,
            rate,
            width: 1,
            whole: whole(&parameters, size_bytes),
            interleaved: None,
            frames: 0,
            damaged: 0,
            first_damage: None,
        })
    }

    /// Gives left and right by turns from now on.
    pub fn in_stereo(mut self) -> Self {
        self.width = 2;
        self
    }

    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// How many frames the file says that it has, if it says so.
    pub fn whole(&self) -> Option<u64> {
        self.whole
    }

    /// How many frames were read.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Adds the samples of the next packet to `out`; false at the end, which is also where the file breaks off.
    pub fn next(&mut self, out: &mut Vec<f32>) -> Result<bool, DecodeError> {
        loop {
            let packet = match self.format.next_packet() {
                Ok(packet) => packet,
                Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => break,
                Err(Error::IoError(error)) => return Err(DecodeError::System(error)),
                Err(Error::ResetRequired) if self.begin_again()? => continue,
                Err(_) => return Err(self.broken(self.frames)),
            };
            if packet.track_id() != self.track {
                continue;
            }
            let before = out.len();
            let decoded = self.decoder.decode(&packet).map(|decoded| {
                let spec = decoded.spec();
                let fits = spec.rate == self.rate && spec.channels.count() > 0;
                if fits {
                    append(&decoded, &mut self.interleaved, self.width, out);
                }
                fits
            });
            let is_whole = match decoded {
                Ok(fits) => fits,
                Err(Error::DecodeError(_)) => false,
                Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => false,
                Err(Error::IoError(error)) => return Err(DecodeError::System(error)),
                Err(Error::ResetRequired) => {
                    self.decoder.reset();
                    false
                }
                Err(_) => return Err(self.broken(self.frames)),
            };
            if !is_whole {
                self.pass_over(packet.dur().min(LONGEST_SILENCE), out)?;
            }
            self.frames += ((out.len() - before) / self.width) as u64;
            return Ok(true);
        }
        // Silence alone is what is left of a file without one packet that can be decoded.
        match (self.frames, self.first_damage) {
            (0, None) => Err(DecodeError::Empty(self.name)),
            (_, Some(0)) if self.decoded_nothing() => Err(self.broken(0)),
            _ => Ok(false),
        }
    }

    /// Puts silence in place of a damaged packet, so that what follows stays at its time.
    fn pass_over(&mut self, frames: u64, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        let first = *self.first_damage.get_or_insert(self.frames);
        self.damaged += 1;
        if self.damaged > MOST_DAMAGED {
            return Err(self.broken(first));
        }
        out.resize(out.len() + frames as usize * self.width, 0.0);
        Ok(())
    }

    fn decoded_nothing(&self) -> bool {
        self.interleaved.is_none()
    }

    /// Goes on with the next of several streams that follow each other in an Ogg file, if it has the same rate.
    fn begin_again(&mut self) -> Result<bool, DecodeError> {
        let Some(track) = sound_track(&*self.format) else { return Ok(false) };
        if track.codec_params.sample_rate != Some(self.rate) {
            return Ok(false);
        }
        self.track = track.id;
        self.decoder = decoder(&track.codec_params, self.name)?;
        Ok(true)
    }

    fn broken(&self, frames: u64) -> DecodeError {
        DecodeError::Broken { secs: frames as f64 / f64::from(self.rate.max(1)) }
    }
}

/// The first track with sound.
fn sound_track(format: &dyn FormatReader) -> Option<&Track> {
    format.tracks().iter().find(|track| track.codec_params.codec != CODEC_TYPE_NULL)
}

fn decoder(parameters: &CodecParameters, name: &'static str) -> Result<Box<dyn Decoder>, DecodeError> {
    let made = symphonia::default::get_codecs().make(parameters, &DecoderOptions::default());
    made.map_err(|error| refused(error, name))
}

/// Why a file was not opened.
fn refused(error: Error, name: &'static str) -> DecodeError {
    match error {
        Error::IoError(error) if error.kind() != ErrorKind::UnexpectedEof => DecodeError::System(error),
        Error::IoError(_) => DecodeError::Empty(name),
        Error::Unsupported(_) => DecodeError::Coding(name),
        _ => DecodeError::Broken { secs: 0.0 },
    }
}

/// How many frames there are, as far as the file can have them.
fn whole(parameters: &CodecParameters, size_bytes: Option<u64>) -> Option<u64> {
    let frames = parameters.n_frames?;
    let (Some(size_bytes), Some(bits), Some(channels)) =
        (size_bytes, parameters.bits_per_coded_sample, parameters.channels)
    else {
        return Some(frames);
    };
    // Of samples that are not compressed.
    let frame_bytes = u64::from(bits.div_ceil(8)) * channels.count() as u64;
    if frames.saturating_mul(frame_bytes) < UNKNOWN_BYTES {
        return Some(frames);
    }
    Some(frames.min(size_bytes / frame_bytes.max(1)))
}

/// Adds the mean of all channels, of which there is one at least; or the first two of them if `width` is 2.
fn append(
    decoded: &AudioBufferRef<'_>,
    interleaved: &mut Option<SampleBuffer<f32>>,
    width: usize,
    out: &mut Vec<f32>,
) {
    let (spec, capacity) = (*decoded.spec(), decoded.capacity() as u64);
    let channels = spec.channels.count();
    let needed = decoded.capacity() * channels;
    if interleaved.as_ref().is_none_or(|buffer| buffer.capacity() < needed) {
        *interleaved = Some(SampleBuffer::new(capacity, spec));
    }
    let Some(buffer) = interleaved else { return };
    buffer.copy_interleaved_ref(decoded.clone());
    let frames = buffer.samples().chunks_exact(channels);
    if width == 2 {
        out.extend(frames.flat_map(|frame| [frame[0], frame[1_usize.min(channels - 1)]]));
    } else {
        let share = 1.0 / channels as f32;
        out.extend(frames.map(|frame| frame.iter().sum::<f32>() * share));
    }
}
