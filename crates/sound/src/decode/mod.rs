//! Recordings of sound, read from front to back: WAV, FLAC, MP3 and Ogg Vorbis through symphonia, of any sample
//! rate and any number of channels, as mono at [`SAMPLE_RATE`].

mod channels;
mod error;
mod format;
mod rate;
mod reader;
mod stereo;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use symphonia::core::io::MediaSource;

pub(crate) use channels::Channels;
pub use error::DecodeError;
pub use format::{HEAD_BYTES, SoundFormat};
use rate::Conversion;
use reader::Reader;
pub(crate) use stereo::{Stereo, read_stereo};

/// Samples a second of what is read.
pub const SAMPLE_RATE: u32 = 44_100;

/// A file that ends this much earlier than it says was cut off; less is a matter of how encoders count.
const CUT_OFF_SECS: f64 = 0.5;

/// Sound of a file, decoded as it is read: memory does not grow with its length.
pub struct SoundFile {
    reader: Reader,
    conversion: Conversion,
    /// Samples of a packet at the file's own rate.
    packet: Vec<f32>,
    /// Samples that are ready, from `next` on.
    ready: Vec<f32>,
    next: usize,
    has_ended: bool,
}

impl SoundFile {
    /// Opens a file. A path that leads to a pipe is waited at: look before.
    ///
    /// # Errors
    /// If the system does not open it or it holds no sound that can be read.
    pub fn open(path: &Path) -> Result<Self, DecodeError> {
        Self::of(Box::new(File::open(path).map_err(DecodeError::System)?))
    }

    /// Opens a file whose bytes are these.
    ///
    /// # Errors
    /// If it holds no sound that can be read.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, DecodeError> {
        Self::of(Box::new(Cursor::new(bytes)))
    }

    fn of(source: Box<dyn MediaSource>) -> Result<Self, DecodeError> {
        let reader = reader_of(source)?;
        let conversion = Conversion::new(reader.rate(), SAMPLE_RATE)?;
        Ok(Self { reader, conversion, packet: Vec::new(), ready: Vec::new(), next: 0, has_ended: false })
    }

    /// Reads the next samples, full scale being -1 to 1, as many as come easily; returns how many, 0 at the end
    /// or if there is no room. A file that breaks off ends there ([`SoundFile::cut_off_secs`]); of a
    /// damaged place silence is heard, or nothing.
    ///
    /// # Errors
    /// If the system fails, or nothing of the file or no more of it can be decoded.
    pub fn read(&mut self, into: &mut [f32]) -> Result<usize, DecodeError> {
        while self.next == self.ready.len() && !self.has_ended && !into.is_empty() {
            self.ready.clear();
            self.next = 0;
            self.packet.clear();
            if self.reader.next(&mut self.packet)? {
                self.conversion.push(&self.packet, &mut self.ready)?;
            } else {
                self.has_ended = true;
                self.conversion.finish(&mut self.ready)?;
            }
        }
        let waiting = &self.ready[self.next..];
        let count = waiting.len().min(into.len());
        into[..count].copy_from_slice(&waiting[..count]);
        self.next += count;
        Ok(count)
    }

    /// How many samples there are from start to end, if the file tells.
    pub fn length_hint(&self) -> Option<u64> {
        self.reader.whole().map(|frames| self.conversion.length(frames))
    }

    /// Where the file breaks off, in seconds, if it has ended earlier than it says.
    pub fn cut_off_secs(&self) -> Option<f64> {
        let rate = f64::from(self.reader.rate());
        let read_secs = self.reader.frames() as f64 / rate;
        let whole_secs = self.reader.whole()? as f64 / rate;
        (self.has_ended && read_secs + CUT_OFF_SECS < whole_secs).then_some(read_secs)
    }
}

/// Begins to read what a file that begins like this holds.
fn reader_of(mut source: Box<dyn MediaSource>) -> Result<Reader, DecodeError> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    source.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(DecodeError::System)?;
    source.seek(SeekFrom::Start(0)).map_err(DecodeError::System)?;
    match SoundFormat::of(&head) {
        Some(SoundFormat::Read(name)) => Reader::open(source, name),
        Some(SoundFormat::Other(what)) => Err(DecodeError::OtherFormat(what)),
        None => Err(DecodeError::Unknown),
    }
}
