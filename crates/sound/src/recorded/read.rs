//! Decoding what is kept of a recording.

use std::ops::Range;

use super::error::RecordedError;
use super::samples::{Samples, rounded};
use crate::decode::Channels;
use crate::transport::{Loudness, Meter};

/// Memory that a recording takes at most: 19 minutes in two channels.
const MOST_BYTES: f64 = 192.0 * 1024.0 * 1024.0;

/// In which ways a recording is kept, the best first: frames a second, and whether in two channels.
const WAYS: [(u32, bool); 3] = [(44_100, true), (44_100, false), (22_050, false)];

/// Where the sound is cut out of its file, it comes and goes within these times.
const FADE_IN_SECS: f64 = 0.01;
const FADE_OUT_SECS: f64 = 0.5;

/// What is kept of a recording.
pub(super) struct Kept {
    pub(super) samples: Samples,
    pub(super) loudness: Option<Loudness>,
}

/// The best way to keep so many seconds; none if there are too many.
fn way(secs: f64) -> Option<(u32, bool)> {
    WAYS.into_iter().find(|way| secs <= longest_secs(*way))
}

fn longest_secs((rate, is_stereo): (u32, bool)) -> f64 {
    let frame_bytes = if is_stereo { 4.0 } else { 2.0 };
    MOST_BYTES / (frame_bytes * f64::from(rate))
}

/// Decodes some seconds of a file from its beginning on; `open` gets the frames a second that are wanted. Nothing if
/// `goes_on` says no.
pub(super) fn read(
    open: impl FnOnce(u32) -> Result<Channels, RecordedError>,
    secs: Range<f64>,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Kept>, RecordedError> {
    let length_secs = secs.end - secs.start;
    let Some((rate, is_stereo)) = way(length_secs) else {
        let most_minutes = longest_secs(WAYS[WAYS.len() - 1]) / 60.0;
        return Err(RecordedError::TooLong { minutes: length_secs / 60.0, most_minutes });
    };
    let mut file = open(rate)?;
    let frame = |secs: f64| (secs * f64::from(rate)) as u64;
    let mut excerpt = Cut::new(frame(secs.start)..frame(secs.end), is_stereo);
    let (mut block, mut at) = ([Vec::new(), Vec::new()], 0);
    loop {
        if !goes_on() {
            return Ok(None);
        }
        block.iter_mut().for_each(Vec::clear);
        let is_more = file.next(&mut block)?;
        let [left, right] = &block;
        excerpt.add(at, left, right);
        at += left.len() as u64;
        if !is_more || at >= excerpt.frames.end {
            return excerpt.kept(rate, is_more).map(Some);
        }
    }
}

/// What is cut out of a file.
struct Cut {
    /// Which of its frames.
    frames: Range<u64>,
    is_stereo: bool,
    /// Whether both channels are the same so far.
    is_same: bool,
    data: Vec<i16>,
}

impl Cut {
    fn new(frames: Range<u64>, is_stereo: bool) -> Self {
        Self { frames, is_stereo, is_same: true, data: Vec::new() }
    }

    /// Takes what is wanted of some frames of the file, the first of which has the number `first`.
    fn add(&mut self, first: u64, left: &[f32], right: &[f32]) {
        for (k, (left, right)) in (first..).zip(left.iter().zip(right)) {
            if !self.frames.contains(&k) {
                continue;
            }
            if self.is_stereo {
                let frame = [rounded(*left), rounded(*right)];
                self.is_same &= frame[0] == frame[1];
                self.data.extend(frame);
            } else {
                self.data.push(rounded(0.5 * (left + right)));
            }
        }
    }

    /// All that was cut out, without clicks where the file goes on.
    fn kept(self, rate: u32, goes_on: bool) -> Result<Kept, RecordedError> {
        let Self { frames, is_stereo, is_same, mut data } = self;
        if data.is_empty() {
            return Err(RecordedError::Short);
        }
        if is_stereo && is_same {
            data = data.chunks_exact(2).map(|frame| frame[0]).collect();
        }
        data.shrink_to_fit();
        let is_stereo = is_stereo && !is_same;
        let channels = if is_stereo { 2 } else { 1 };
        let faded = |secs: f64| (secs * f64::from(rate)) as usize;
        if frames.start > 0 {
            fade(data.chunks_exact_mut(channels), faded(FADE_IN_SECS));
        }
        if goes_on {
            fade(data.chunks_exact_mut(channels).rev(), faded(FADE_OUT_SECS));
        }
        let loudness = loudness(&data, channels, rate);
        let from_secs = frames.start as f64 / f64::from(rate);
        Ok(Kept { samples: Samples::new(rate, is_stereo, from_secs, data), loudness })
    }
}

/// Weakens the first frames, from silence on.
fn fade<'a>(frames: impl Iterator<Item = &'a mut [i16]>, length: usize) {
    for (k, frame) in frames.take(length).enumerate() {
        let share = k as f32 / length as f32;
        frame.iter_mut().for_each(|sample| *sample = (share * f32::from(*sample)) as i16);
    }
}

/// How loud all frames are together.
fn loudness(data: &[i16], channels: usize, rate: u32) -> Option<Loudness> {
    let mut meter = Meter::new(rate)?;
    let mut block = Vec::new();
    for frames in data.chunks(4096 * channels) {
        block.clear();
        let value = |sample: i16| f32::from(sample) / 32_768.0;
        let both = frames.chunks_exact(channels);
        block.extend(both.flat_map(|frame| [value(frame[0]), value(frame[channels - 1])]));
        meter.add(&block)?;
    }
    meter.loudness()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_is_kept_in_fewer_bytes_and_what_is_too_long_is_not() {
        let minutes = |minutes: f64| way(60.0 * minutes);
        assert_eq!(minutes(3.0), Some((44_100, true)));
        assert_eq!(minutes(18.9), Some((44_100, true)));
        assert_eq!(minutes(30.0), Some((44_100, false)));
        assert_eq!(minutes(75.0), Some((22_050, false)));
        assert_eq!(minutes(77.0), None);
    }

    #[test]
    fn a_cut_has_its_frames_and_no_clicks() {
        let mut cut = Cut::new(1000..5000, true);
        let (left, right) = (vec![0.5; 6000], vec![-0.5; 6000]);
        cut.add(0, &left, &right);
        let data = cut.data.clone();
        assert_eq!((data.len(), &data[..2]), (8000, &[16_384, -16_384][..]));
        let kept = cut.kept(1000, true).ok().map(|kept| kept.samples);
        let Some(samples) = kept else { panic!("it is there") };
        let (mut left, mut right) = (vec![0.0; 4001], vec![0.0; 4001]);
        samples.read(0, &mut left, &mut right);
        assert_eq!((left[0], left[10], left[3000]), (0.0, 0.5, 0.5));
        assert!((left[9] - 0.45).abs() < 1e-3 && (right[9] + 0.45).abs() < 1e-3);
        assert!(left[3998] < 0.01 && right[3998] > -0.01 && left[4000] == 0.0);
        assert!((samples.begin_secs() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn two_channels_that_are_the_same_are_kept_as_one() {
        let mut cut = Cut::new(0..100, true);
        cut.add(0, &[0.25; 200], &[0.25; 200]);
        let bytes = cut.kept(44_100, false).ok().map(|kept| kept.samples.bytes());
        assert_eq!(bytes, Some(200));
    }
}
