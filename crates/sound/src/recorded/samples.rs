//! Frames of a recording in memory.

/// What full scale is in samples of 16 bits.
const FULL_SCALE: f32 = 32_768.0;

/// Frames of a recording, in one channel or two.
pub(super) struct Samples {
    /// Frames a second.
    rate_hz: u32,
    /// Samples of a frame: 1, or 2 for left and right.
    channels: usize,
    /// Where the first frame lies, in seconds of the recording.
    from_secs: f64,
    data: Vec<i16>,
}

/// A sample in 16 bits; what is louder than full scale is cut off.
pub(super) fn rounded(sample: f32) -> i16 {
    (sample * FULL_SCALE).round() as i16
}

impl Samples {
    /// Frames from a second of the recording on, left and right by turns if there are two channels.
    pub(super) fn new(rate_hz: u32, is_stereo: bool, from_secs: f64, data: Vec<i16>) -> Self {
        Self { rate_hz, channels: if is_stereo { 2 } else { 1 }, from_secs, data }
    }

    /// Frames a second.
    pub(super) fn rate_hz(&self) -> f64 {
        f64::from(self.rate_hz)
    }

    /// Where the first frame lies, in seconds of the recording.
    pub(super) fn begin_secs(&self) -> f64 {
        self.from_secs
    }

    /// Where the last frame ends, in seconds of the recording.
    pub(super) fn end_secs(&self) -> f64 {
        self.from_secs + (self.data.len() / self.channels) as f64 / self.rate_hz()
    }

    /// Memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        2 * self.data.len()
    }

    /// Where a second of the recording lies, counted in frames from the first one.
    pub(super) fn place(&self, secs: f64) -> f64 {
        (secs - self.from_secs) * self.rate_hz()
    }

    /// Left and right of a frame; silence before the first and after the last one.
    fn frame(&self, index: i64) -> [f32; 2] {
        let start = usize::try_from(index).ok().and_then(|index| index.checked_mul(self.channels));
        let frame = start.and_then(|start| self.data.get(start..)?.get(..self.channels));
        let value = |sample: &i16| f32::from(*sample) / FULL_SCALE;
        match frame {
            Some([left, right]) => [value(left), value(right)],
            Some([both]) => [value(both); 2],
            _ => [0.0; 2],
        }
    }

    /// The frames from `first` on, as many as there is room for in both.
    pub(super) fn read(&self, first: i64, left: &mut [f32], right: &mut [f32]) {
        for (k, (left, right)) in (0..).zip(left.iter_mut().zip(right)) {
            [*left, *right] = self.frame(first.saturating_add(k));
        }
    }

    /// The same in one channel: the sum of both.
    pub(super) fn read_sum(&self, first: i64, to: &mut [f32]) {
        for (k, sample) in (0..).zip(to) {
            let [left, right] = self.frame(first.saturating_add(k));
            *sample = left + right;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_where_they_are_and_silence_is_around_them() {
        let stereo = Samples::new(44_100, true, 1.0, vec![16_384, -16_384, 8_192, 0]);
        let (mut left, mut right) = ([1.0; 4], [1.0; 4]);
        stereo.read(-1, &mut left, &mut right);
        assert_eq!((left, right), ([0.0, 0.5, 0.25, 0.0], [0.0, -0.5, 0.0, 0.0]));
        let mono = Samples::new(22_050, false, 0.0, vec![16_384, -8_192]);
        mono.read(0, &mut left, &mut right);
        assert_eq!((left, right), ([0.5, -0.25, 0.0, 0.0], [0.5, -0.25, 0.0, 0.0]));
        let mut sum = [1.0; 3];
        stereo.read_sum(i64::MAX - 1, &mut sum);
        assert_eq!(sum, [0.0; 3]);
        assert!((stereo.end_secs() - 1.0 - 2.0 / 44_100.0).abs() < 1e-12);
        assert!((stereo.place(1.5) - 22_050.0).abs() < 1e-6);
        assert_eq!((stereo.bytes(), mono.bytes()), (8, 4));
    }

    #[test]
    fn what_is_too_loud_is_cut_off() {
        assert_eq!([2.0, -2.0, 0.5, f32::NAN].map(rounded), [i16::MAX, i16::MIN, 16_384, 0]);
    }
}
