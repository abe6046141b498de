//! A tiny network of random weights, for tests.

use std::path::Path;

use neural::archive::{Archive, Numbers, write};

use crate::settings::Settings;

/// Its settings.
pub const SETTINGS: Settings = Settings {
    sample_rate: 44_100,
    segment_secs: 2,
    step_secs: 1,
    window: 8192,
    hop: 4096,
    bands: 13,
    extra_windows: 2,
    base: 4,
    layers: 2,
    heads: 2,
    growth: 2,
    velocity_hidden: 8,
    timing_hidden: 8,
};

/// Its settings as a file.
const CONFIG: &str = r#"{"n_mels": 13, "segmentHopSizeInSecond": 1, "segmentSizeInSecond": 2, "hopSize": 4096,
    "windowSize": 8192, "fs": 44100, "nExtraWins": 2, "baseSize": 4, "nHead": 2, "nLayers": 2,
    "hiddenFactor": 2, "velocityPredictorHiddenSize": 8, "refinedOFPredictorHiddenSize": 8}"#;

/// Numbers from -1 to 1 that follow no rule a mistake could follow, too.
pub fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    (0..count).map(next).collect()
}

/// Names and shapes of all tensors.
fn tensors() -> Vec<(String, Vec<usize>)> {
    let Settings { base, bands, growth, window, extra_windows, .. } = SETTINGS;
    let width = SETTINGS.width();
    let mut all: Vec<(String, Vec<usize>)> = Vec::new();
    let mut add = |name: String, shape: &[usize]| all.push((name, shape.to_vec()));
    let extractor = "framewiseFeatureExtractor";
    add(format!("{extractor}.freq2mels"), &[window / 2 + 1, bands]);
    add(format!("{extractor}.spectrogramExtractor.win"), &[window]);
    add(format!("{extractor}.spectrogramExtractor.winGen.sigma"), &[extra_windows]);
    add(format!("{extractor}.spectrogramExtractor.winGen.center"), &[extra_windows]);
    let mut linear = |name: &str, inputs: usize, outputs: usize| {
        add(format!("{name}.weight"), &[outputs, inputs]);
        add(format!("{name}.bias"), &[outputs]);
    };
    linear("scorer.map.0", width, 2 * width + 1);
    for (name, hidden, outputs) in [
        ("velocityPredictor", SETTINGS.velocity_hidden, 128),
        ("refinedOFPredictor", SETTINGS.timing_hidden, 4),
    ] {
        linear(&format!("{name}.0"), 3 * width, hidden);
        linear(&format!("{name}.3"), hidden, outputs);
    }
    for (name, size, coordinates) in [("", base, 1), ("AttnTF", width, 2), ("AttnTE", width, 2)] {
        let name = format!("backbone.posEmbedBuilder{name}");
        linear(&format!("{name}.proj"), coordinates, size);
        linear(&format!("{name}.mlp.0"), size, 4 * size);
        linear(&format!("{name}.mlp.3"), 4 * size, size);
    }
    for (layer, axis) in [(0, "F"), (0, "T"), (1, "F"), (1, "T")] {
        let name = format!("backbone.encoderLayers.{layer}");
        linear(&format!("{name}.mhaBlock{axis}.module.out_proj"), width, width);
        linear(&format!("{name}.fnnBlock{axis}.module.0"), width, growth * width);
        linear(&format!("{name}.fnnBlock{axis}.module.3"), growth * width, width);
    }
    for (layer, axis) in [(0, "F"), (0, "T"), (1, "F"), (1, "T")] {
        let name = format!("backbone.encoderLayers.{layer}");
        add(format!("{name}.mhaBlock{axis}.scale"), &[width]);
        add(format!("{name}.fnnBlock{axis}.scale"), &[width]);
        for what in ["q", "k", "v"] {
            add(format!("{name}.mhaBlock{axis}.module.{what}_proj_weight"), &[width, width]);
        }
    }
    let channels = [SETTINGS.channels(), base, 2 * base, width, width, width];
    for (k, name) in ["inputConv", "downConv.1", "downConv.5", "downConv.9", "downConv.13"].iter().enumerate()
    {
        add(format!("backbone.{name}.weight"), &[channels[k + 1], channels[k], 3, 3]);
        add(format!("backbone.{name}.bias"), &[channels[k + 1]]);
    }
    for (name, size) in [("2", 2 * base), ("6", width), ("10", width), ("14", width)] {
        add(format!("backbone.downConv.{name}.weight"), &[size]);
        add(format!("backbone.downConv.{name}.bias"), &[size]);
    }
    add("backbone.upConv1dSkip.weight".to_owned(), &[width, width, 8]);
    add("backbone.upConv1dSkip.bias".to_owned(), &[width]);
    all
}

/// Puts the network into a folder.
#[allow(clippy::unwrap_used)]
pub fn save(folder: &Path) {
    let all = tensors();
    let mut values: Vec<Vec<f32>> =
        (1..).zip(&all).map(|(seed, (_, shape))| numbers(shape.iter().product(), seed)).collect();
    // The first are the filters, and no power is below zero.
    values[0].iter_mut().for_each(|v| *v = v.abs());
    let listed: Vec<_> = all
        .iter()
        .zip(&values)
        .map(|((name, shape), values)| (name.as_str(), shape.as_slice(), Numbers::Single(values)))
        .collect();
    std::fs::write(folder.join("model.safetensors"), write(&listed).unwrap()).unwrap();
    std::fs::write(folder.join("config.json"), CONFIG).unwrap();
}

/// The network's weights.
#[allow(clippy::unwrap_used)]
pub fn archive() -> Archive {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path());
    Archive::read(&folder.path().join("model.safetensors")).unwrap()
}

/// An archive of these tensors.
#[allow(clippy::unwrap_used)]
pub fn archive_of(tensors: &[(&str, &[usize], &[f32])]) -> Archive {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let listed: Vec<_> = tensors.iter().map(|(n, shape, v)| (*n, *shape, Numbers::Single(v))).collect();
    std::fs::write(&path, write(&listed).unwrap()).unwrap();
    Archive::read(&path).unwrap()
}
