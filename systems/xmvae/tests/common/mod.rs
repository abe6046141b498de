//! A tiny network whose weights follow a formula, the same as in `scripts/espressivo_torch.py`.
// Each test uses a part of it.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::Path;

use analysis::features;
use neural::archive::{self, Numbers};
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

/// Numbers that follow no rule a mistake could follow, all exact in half precision.
fn formula(count: usize, seed: usize) -> impl Iterator<Item = f32> {
    (0..count as u64).map(move |k| {
        let mask = u64::from(u32::MAX);
        let x = (k * 2_654_435_761 + (seed as u64 + 1) * 40_503) & mask;
        let x = ((x ^ (x >> 15)) * 22_468_225) & mask;
        let x = x ^ (x >> 13);
        (((x >> 8) % 1009) as f32 - 504.0) / 1024.0
    })
}

/// Writes the model; `change` gets the name and numbers of each tensor.
pub fn write_model(folder: &Path, settings: &Settings, change: impl Fn(&str, &mut Vec<f32>)) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(SETTINGS_NAME), serde_json::to_vec(settings).unwrap()).unwrap();
    let mut named = settings.network.tensors();
    named.sort();
    let tensors: Vec<(String, Vec<usize>, Vec<f32>)> = named
        .into_iter()
        .enumerate()
        .map(|(seed, (name, shape))| {
            let more = if name.ends_with("gamma") { 1.0 } else { 0.0 };
            let mut numbers: Vec<f32> = formula(shape.iter().product(), seed).map(|v| v + more).collect();
            change(&name, &mut numbers);
            let fits = numbers.len() == shape.iter().product::<usize>();
            (name, if fits { shape } else { vec![numbers.len()] }, numbers)
        })
        .collect();
    let tensors: Vec<_> = tensors
        .iter()
        .filter(|(_, _, numbers)| !numbers.is_empty())
        .map(|(name, shape, numbers)| (name.as_str(), &shape[..], Numbers::Half(numbers)))
        .collect();
    std::fs::write(folder.join(FILE_NAME), archive::write(&tensors).unwrap()).unwrap();
}

/// The network by the formula.
pub fn model(settings: &Settings) -> Model {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), settings, |_, _| {});
    let archive = archive::Archive::read(&folder.path().join(FILE_NAME)).unwrap();
    Model::new(settings.clone(), archive).unwrap()
}
