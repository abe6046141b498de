//! Both channels of a sound file, read from front to back at a sample rate.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use symphonia::core::io::MediaSource;

use super::error::DecodeError;
use super::rate::Conversion;
use super::reader::Reader;
use super::reader_of;

/// Sound of a file in two channels, decoded as it is read. A file of one channel has it twice; of more than two,
/// the first two are read.
pub(crate) struct Channels {
    reader: Reader,
    /// Of the left channel and of the right one.
    conversions: [Conversion; 2],
    /// Left and right by turns, at the file's own rate.
    packet: Vec<f32>,
    /// One channel of it.
    channel: Vec<f32>,
}

impl Channels {
    /// Opens a file, to be read at so many frames a second. A path that leads to a pipe is waited at: look before.
    ///
    /// # Errors
    /// If the system does not open it or it holds no sound that can be read.
    pub(crate) fn open(path: &Path, rate: u32) -> Result<Self, DecodeError> {
        Self::of(Box::new(File::open(path).map_err(DecodeError::System)?), rate)
    }

    /// The same of a file whose bytes are these.
    ///
    /// # Errors
    /// If it holds no sound that can be read.
    pub(crate) fn from_bytes(bytes: Arc<[u8]>, rate: u32) -> Result<Self, DecodeError> {
        Self::of(Box::new(Cursor::new(bytes)), rate)
    }

    fn of(source: Box<dyn MediaSource>, rate: u32) -> Result<Self, DecodeError> {
        let reader = reader_of(source)?.in_stereo();
        let conversion = || Conversion::new(reader.rate(), rate);
        let conversions = [conversion()?, conversion()?];
        Ok(Self { reader, conversions, packet: Vec::new(), channel: Vec::new() })
    }

    /// Adds the next samples of the left channel and as many of the right one to `out`, full scale being -1 to 1;
    /// false once nothing comes any more, which is also where the file breaks off.
    ///
    /// # Errors
    /// If the system fails, or nothing of the file or no more of it can be decoded.
    pub(crate) fn next(&mut self, out: &mut [Vec<f32>; 2]) -> Result<bool, DecodeError> {
        self.packet.clear();
        let goes_on = self.reader.next(&mut self.packet)?;
        for (side, (conversion, out)) in self.conversions.iter_mut().zip(out).enumerate() {
            if goes_on {
                self.channel.clear();
                self.channel.extend(self.packet.chunks_exact(2).map(|frame| frame[side]));
                conversion.push(&self.channel, out)?;
            } else {
                conversion.finish(out)?;
            }
        }
        Ok(goes_on)
    }
}
