//! A recording of sound as a track: two tones, or keys that are struck, in a WAV file.
#![allow(dead_code, clippy::unwrap_used)]

use std::f64::consts::TAU;
use std::io::Cursor;
use std::sync::Arc;

use hound::{SampleFormat, WavSpec, WavWriter};
use performance::BeatCurve;
use sound::transport::Track;
use sound::{Excerpt, Recorded};

/// Seconds of the file.
pub const LENGTH_SECS: f64 = 12.0;

/// What is played of it.
pub const PLAYED_SECS: std::ops::Range<f64> = 2.0..8.0;

/// How far keys are apart, in seconds of the file.
pub const KEYS_SECS: f64 = 0.25;

/// A WAV file of sound in two channels.
pub fn wav(sound: impl Fn(f64) -> [f64; 2]) -> Arc<[u8]> {
    let mut bytes = Cursor::new(Vec::new());
    let spec =
        WavSpec { channels: 2, sample_rate: 44_100, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut writer = WavWriter::new(&mut bytes, spec).unwrap();
    for k in 0..(LENGTH_SECS * 44_100.0) as u32 {
        for value in sound(f64::from(k) / 44_100.0) {
            writer.write_sample((value * 32_767.0).round() as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
    bytes.into_inner().into()
}

/// A tone on each side.
pub fn tones(secs: f64) -> [f64; 2] {
    [0.4 * (TAU * 440.0 * secs).sin(), 0.3 * (TAU * 660.0 * secs).sin()]
}

/// Keys that die away soon.
pub fn keys(secs: f64) -> [f64; 2] {
    let since = secs % KEYS_SECS;
    [0.5 * (-since / 0.015).exp() * (TAU * 1000.0 * since).sin(); 2]
}

/// What is played of a file.
pub fn excerpt() -> Excerpt {
    let keys = (0..).map(|k| f64::from(k) * KEYS_SECS).take_while(|secs| *secs < LENGTH_SECS);
    Excerpt { played_secs: PLAYED_SECS, attacks_secs: keys.collect() }
}

/// A recording of two tones, without a key in it.
pub fn recording() -> Recorded {
    let excerpt = Excerpt { attacks_secs: Vec::new(), ..excerpt() };
    Recorded::from_bytes(wav(tones), &excerpt, &|| true).unwrap().unwrap()
}

/// Twelve quarters of half a second, played from [`PLAYED_SECS`] on.
pub fn track(recording: Recorded) -> Track {
    Track {
        content: Arc::new(recording),
        clock: BeatCurve::from_periods(PLAYED_SECS.start, [(0.0, 0.5)]),
        clicks: vec![],
        end_secs: PLAYED_SECS.end,
        end_quarters: 12.0,
        gain: 1.0,
    }
}
