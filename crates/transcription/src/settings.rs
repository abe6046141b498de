//! Sizes of the network, from its `config.json`.

use std::path::Path;

use neural::files::{LARGEST_SETTINGS_BYTES, read};
use serde::Deserialize;

use crate::error::LoadError;
use crate::samples::SAMPLE_RATE;

/// What is heard besides notes, and counted as pitches below zero: the sustain pedal and the soft pedal.
pub const PEDALS: [i16; 2] = [-64, -67];

/// MIDI pitches of the piano's keys.
pub const KEYS: std::ops::RangeInclusive<i16> = 21..=108;

/// Frames of the longest segment.
const MOST_FRAMES: usize = 8192;

/// Sizes of the network; the names in the file are those of the package that it comes from.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Settings {
    /// Samples a second.
    #[serde(rename = "fs")]
    pub sample_rate: u32,
    /// Seconds that the network hears at once.
    #[serde(rename = "segmentSizeInSecond")]
    pub segment_secs: u32,
    /// Seconds from one such segment to the next.
    #[serde(rename = "segmentHopSizeInSecond")]
    pub step_secs: u32,
    /// Samples of a frame.
    #[serde(rename = "windowSize")]
    pub window: usize,
    /// Samples from one frame to the next.
    #[serde(rename = "hopSize")]
    pub hop: usize,
    /// Frequency bands of the spectrogram.
    #[serde(rename = "n_mels")]
    pub bands: usize,
    /// Gaussian windows that every frame is seen through besides Hann's.
    #[serde(rename = "nExtraWins")]
    pub extra_windows: usize,
    /// Channels after the first convolution. The transformer is four times as wide.
    #[serde(rename = "baseSize")]
    pub base: usize,
    /// Layers of the transformer.
    #[serde(rename = "nLayers")]
    pub layers: usize,
    /// Heads of each attention.
    #[serde(rename = "nHead")]
    pub heads: usize,
    /// How many times as wide the transformer is between the two products of a feed-forward block.
    #[serde(rename = "hiddenFactor")]
    pub growth: usize,
    /// Width of the hidden layer that tells velocities.
    #[serde(rename = "velocityPredictorHiddenSize")]
    pub velocity_hidden: usize,
    /// Width of the hidden layer that tells onset and end between two frames.
    #[serde(rename = "refinedOFPredictorHiddenSize")]
    pub timing_hidden: usize,
}

impl Settings {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// When it cannot be read or asks for a network that this one is not.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let bytes = read(path, "the transcriber's settings", LARGEST_SETTINGS_BYTES)?;
        let wrong = |what: String| LoadError::Settings { path: path.to_owned(), what };
        let settings: Self = serde_json::from_slice(&bytes).map_err(|e| wrong(e.to_string()))?;
        settings.check().map_err(wrong)?;
        Ok(settings)
    }

    /// Sizes that the code would not stand, or that no computer has the memory for.
    fn check(&self) -> Result<(), String> {
        let Self { base, heads, hop, window, segment_secs, step_secs, .. } = *self;
        let sizes = [
            ("n_mels", self.bands, 1024),
            ("nExtraWins", self.extra_windows + 1, 64),
            ("baseSize", base, 512),
            ("nLayers", self.layers, 64),
            ("nHead", heads, 4 * base),
            ("hiddenFactor", self.growth, 16),
            ("velocityPredictorHiddenSize", self.velocity_hidden, 8192),
            ("refinedOFPredictorHiddenSize", self.timing_hidden, 8192),
            ("windowSize", window, 1 << 16),
            ("hopSize", hop, window.saturating_sub(1)),
            ("segmentSizeInSecond", segment_secs as usize, 64),
            ("segmentHopSizeInSecond", step_secs as usize, segment_secs as usize),
        ];
        if let Some((name, size, most)) =
            sizes.into_iter().find(|(_, size, most)| !(1..=*most).contains(size))
        {
            return Err(format!("`{name}` is {size} and should be 1 to {most}"));
        }
        if self.sample_rate != SAMPLE_RATE || !self.width().is_multiple_of(heads) || !window.is_multiple_of(2)
        {
            return Err("the sample rate is not 44100, or the sizes do not divide".to_owned());
        }
        if self.frames() > MOST_FRAMES {
            return Err(format!("a segment has {} frames, more than {MOST_FRAMES}", self.frames()));
        }
        Ok(())
    }

    /// Numbers of a token.
    pub fn width(&self) -> usize {
        4 * self.base
    }

    /// Spectra of a frame.
    pub fn channels(&self) -> usize {
        self.extra_windows + 1
    }

    /// Samples of a segment.
    pub fn segment(&self) -> usize {
        self.segment_secs as usize * self.sample_rate as usize
    }

    /// Samples from one segment to the next: as many seconds as are asked for, in whole frames.
    pub fn step(&self) -> usize {
        (self.step_secs as usize * self.sample_rate as usize).next_multiple_of(self.hop)
    }

    /// Zeros before the sound and after it.
    pub fn margin(&self) -> usize {
        (self.segment_secs - self.step_secs) as usize * self.sample_rate as usize
    }

    /// Frames of a segment.
    pub fn frames(&self) -> usize {
        self.segment().div_ceil(self.hop) + 1
    }
}

/// What the network listens for: pedals, then keys.
pub fn targets() -> impl Iterator<Item = i16> {
    PEDALS.into_iter().chain(KEYS)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The published file's.
    const PUBLISHED: &str = r#"{"f_min": 30, "f_max": 8000, "n_mels": 229, "segmentHopSizeInSecond": 8,
        "segmentSizeInSecond": 16, "hopSize": 1024, "windowSize": 4096, "fs": 44100, "nExtraWins": 5,
        "baseSize": 64, "nHead": 8, "nLayers": 6, "hiddenFactor": 4, "velocityPredictorHiddenSize": 512,
        "refinedOFPredictorHiddenSize": 512}"#;

    fn read_text(text: &str) -> Result<Settings, LoadError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::fs::write(&path, text).unwrap();
        Settings::read(&path)
    }

    #[test]
    fn the_published_settings_are_read() {
        let settings = read_text(PUBLISHED).unwrap();
        assert_eq!((settings.frames(), settings.step(), settings.margin()), (691, 345 * 1024, 352_800));
        assert_eq!(targets().count(), 90);
    }

    #[test]
    fn sizes_that_fit_no_network_are_refused() {
        for (from, to) in
            [("229", "0"), ("4096", "1024"), (": 64", ": 100000"), (": 16", ": 4"), ("44100", "48000")]
        {
            let error = read_text(&PUBLISHED.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains("config.json"), "{error}");
        }
        assert!(read_text("{}").is_err());
    }
}
