//! The beginning of a sound file in both channels, at its own sample rate.

use std::fs::File;
use std::path::Path;

use super::error::DecodeError;
use super::reader_of;

/// Sound in two channels of equal length, full scale being -1 to 1.
pub struct Stereo {
    /// Samples a second, 1 at least.
    pub rate: u32,
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

/// Reads a file up to a time. A file of one channel has it twice; of more than two, the first two are read.
pub fn read_stereo(path: &Path, most_secs: f64) -> Result<Stereo, DecodeError> {
    let mut reader = reader_of(Box::new(File::open(path).map_err(DecodeError::System)?))?.in_stereo();
    let rate = reader.rate().max(1);
    let most = (most_secs * f64::from(rate)).ceil() as usize;
    let (mut left, mut right, mut packet) = (Vec::new(), Vec::new(), Vec::new());
    while left.len() < most && reader.next(&mut packet)? {
        for frame in packet.chunks_exact(2) {
            left.push(frame[0]);
            right.push(frame[1]);
        }
        packet.clear();
    }
    left.truncate(most);
    right.truncate(most);
    Ok(Stereo { rate, left, right })
}
