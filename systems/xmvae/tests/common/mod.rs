//! A tiny network whose weights follow a formula, the same as in `scripts/espressivo_torch.py`.
// Each test uses a part of it.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::Path;

use analysis::features;
use neural::archive::Archive;
use xmvae::config::{Coherences, FILE_NAME, Layers, NetworkConfig, SETTINGS_NAME, Scales, Settings};
use xmvae::network::Model;

/// Small enough that tests are quick, with windows so short that a page has several.
pub const TINY: NetworkConfig = NetworkConfig {
    hidden: 16,
    heads: 2,
    head: 8,
    feed_forward: 24,
    layers: Layers { composer_encoder: 1, composer_decoder: 2, score: 1, manner: 1, performance: 2 },
    code_width: 6,
    codes: 8,
    latent: 5,
    sub_hidden: 12,
    sub_heads: 2,
    sub_feed_forward: 16,
    window: 32,
    steps: 48,
    line: false,
    ..NetworkConfig::SMALL
};

/// Settings of a network of some sizes.
pub fn settings(network: NetworkConfig) -> Settings {
    Settings {
        network,
        feature_schema: features::schema(),
        scales: Scales::default(),
        coherence: Coherences::default(),
    }
}

/// Writes the model; `change` gets the name and numbers of each tensor.
pub fn write_model(folder: &Path, settings: &Settings, change: impl Fn(&str, &mut Vec<f32>)) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(SETTINGS_NAME), serde_json::to_vec(settings).unwrap()).unwrap();
    let mut named = settings.network.tensors();
    named.sort();
    std::fs::write(folder.join(FILE_NAME), twins::weights(named, change)).unwrap();
}

/// The network by the formula.
pub fn model(settings: &Settings) -> Model {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), settings, |_, _| {});
    let archive = Archive::read(&folder.path().join(FILE_NAME)).unwrap();
    Model::new(settings.clone(), archive).unwrap()
}
