//! A sampled piano made of sines.
#![allow(dead_code, clippy::unwrap_used)]

use std::f64::consts::TAU;
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use hound::{SampleFormat, WavSpec, WavWriter};
use sound::SampledPiano;

pub const KEYS: [u8; 3] = [57, 60, 63];

pub const LAYERS: [f64; 4] = [0.04, 0.1, 0.22, 0.5];

const RATE_HZ: u32 = 48_000;

/// A string, softly begun after some silence; harder is brighter.
fn string(pitch: u8, layer: usize, secs: u32) -> Vec<f64> {
    let hertz = 440.0 * ((f64::from(pitch) - 69.0) / 12.0).exp2();
    let slope = 3.0 - 0.5 * layer as f64;
    let before = 0.009 + 0.002 * layer as f64;
    let at = |k: u32| {
        let secs = f64::from(k) / f64::from(RATE_HZ) - before;
        let attack = 0.5 - 0.5 * (std::f64::consts::PI * (secs / 0.006).clamp(0.0, 1.0)).cos();
        let partials =
            (1..=8_i32).map(|n| (TAU * f64::from(n) * hertz * secs).sin() / f64::from(n).powf(slope));
        LAYERS[layer] * attack * (-0.4 * secs).exp() * partials.sum::<f64>() * 0.6
    };
    (0..secs * RATE_HZ).map(at).collect()
}

pub fn write(path: &Path, rate_hz: u32, samples: impl Iterator<Item = f64>) {
    let spec =
        WavSpec { channels: 2, sample_rate: rate_hz, bits_per_sample: 24, sample_format: SampleFormat::Int };
    let mut wav = WavWriter::create(path, spec).unwrap();
    for sample in samples {
        wav.write_sample((8e6 * sample) as i32).unwrap();
        wav.write_sample((5e6 * sample) as i32).unwrap();
    }
    wav.finalize().unwrap();
}

/// Writes the piano into a folder; its samples are so many seconds long.
pub fn write_piano(folder: &Path, secs: u32) {
    let mut layers = Vec::new();
    for layer in 0..LAYERS.len() {
        std::fs::create_dir_all(folder.join(format!("layer{layer}"))).unwrap();
        let mut keys = String::new();
        for pitch in KEYS {
            write(
                &folder.join(format!("layer{layer}/{pitch}.wav")),
                RATE_HZ,
                string(pitch, layer, secs).into_iter(),
            );
            write!(keys, "{}\"{pitch}\": \"{pitch}.wav\"", if keys.is_empty() { "" } else { ", " }).unwrap();
        }
        layers.push(format!("{{\"folder\": \"layer{layer}\", \"keys\": {{{keys}}}}}"));
    }
    let knock = (0..9_600).map(|k| {
        let secs = f64::from(k) / f64::from(RATE_HZ);
        0.5 * (TAU * 90.0 * secs).sin() * (-30.0 * secs).exp()
    });
    write(&folder.join("up.wav"), RATE_HZ, knock);
    let text = format!(
        "{{\"name\": \"Sines\", \"credits\": \"nobody\", \"layers\": [{}], \"release\": {{\"60\": \"up.wav\"}}}}",
        layers.join(", ")
    );
    std::fs::write(folder.join("piano.json"), text).unwrap();
}

/// The piano, loaded.
pub fn piano() -> SampledPiano {
    let folder = tempfile::tempdir().unwrap();
    write_piano(folder.path(), 6);
    SampledPiano::load(folder.path(), &|_| (), &AtomicBool::new(false)).unwrap()
}
