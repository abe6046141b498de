//! XMVAE in training: the same network as the one that plays, learning, and runs that go on.
#![allow(clippy::unwrap_used)]

mod common;

use std::cell::Cell;
use std::path::{Path, PathBuf};

use analysis::features::WIDTH;
use burn::tensor::Device;
use common::goes_on;
use training::Plan;
use training::xmvae::{FILES, Options, Packed, train};
use xmvae::config::{self, FILE_NAME, Layers, NetworkConfig};
use xmvae::ecp::{METRIC, NOTE};

const NETWORK: NetworkConfig = NetworkConfig {
    hidden: 16,
    heads: 2,
    head: 8,
    feed_forward: 24,
    layers: Layers { composer_encoder: 1, composer_decoder: 1, score: 1, manner: 1, performance: 1 },
    code_width: 6,
    codes: 8,
    latent: 5,
    sub_hidden: 12,
    sub_heads: 2,
    sub_feed_forward: 16,
    sub_layers: 1,
    window: 16,
    steps: 24,
    ..NetworkConfig::SMALL
};

/// Beats with up to three notes, louder the higher they are, and played by three people who differ in all.
fn packed(seed: usize, is_played: bool) -> Packed {
    let mut packed = Packed::new();
    let number = |k: usize| (k + seed) * 7919 % 1009;
    for score in 0..3 {
        let mut tokens: Vec<[u8; 4]> = Vec::new();
        for beat in 0..30 {
            tokens.push([METRIC, (beat % 4) as u8 + 1, 0, 26]);
            let notes = number(31 * score + beat) % 4;
            tokens.extend((0..notes).map(|k| [NOTE, 1, (20 + 4 * k + number(beat + k) % 4) as u8, 19]));
        }
        packed.push_score(&tokens, &vec![0.25; tokens.len() * WIDTH]);
        for person in 0..if is_played { 3 } else { 0 } {
            let own = person as f32 - 1.0;
            let unknown = f32::NAN;
            let values = tokens.iter().map(|[family, _, pitch, _]| match *family {
                METRIC => [0.2 * own, unknown, unknown, unknown, unknown],
                _ => [unknown, 50.0 + f32::from(*pitch) + 10.0 * own, 0.01 * own, 0.3 * own, 0.5 + 0.3 * own],
            });
            let values: Vec<[f32; 5]> = values.collect();
            packed.push_performance(score, &vec![[0; 5]; values.len()], &values);
        }
    }
    packed
}

fn pack(folder: &Path) -> PathBuf {
    let place = folder.join("ecp");
    std::fs::create_dir_all(&place).unwrap();
    for (seed, (name, is_played)) in FILES.iter().zip([true, true, false]).enumerate() {
        packed(seed, is_played).write(&place.join(format!("{name}.safetensors"))).unwrap();
    }
    place
}

fn options(folder: &Path, name: &str, seed: u64) -> Options {
    Options {
        ecp: pack(folder),
        sizes: NETWORK,
        scores: 2,
        plan: Plan {
            out: folder.join(name),
            steps: 6,
            batch: 4,
            seed,
            workers: 2,
            ..Options::default().plan
        },
        ..Options::default()
    }
}

fn weights(model: PathBuf) -> Vec<u8> {
    std::fs::read(model.join(FILE_NAME)).unwrap()
}

#[test]
fn a_run_that_was_stopped_goes_on_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, seed: u64, stop: &dyn Fn() -> bool| {
        weights(train(&options(folder.path(), name, seed), Device::flex(), stop).unwrap())
    };
    let uninterrupted = goes_on(&run);
    assert!(run("again", 1, &|| false) == uninterrupted, "the same seed has other weights");
    let curve = std::fs::read_to_string(folder.path().join("whole/curve.csv")).unwrap();
    assert!(
        curve.starts_with("step,seconds,train_loss,train_played,train_written,valid_beat_period,"),
        "{curve}"
    );
    let cells: Vec<usize> = curve.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(cells, [23, 23], "{curve}");
}

#[test]
fn the_loss_falls_in_thirty_steps() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path(), "run", 1);
    (options.plan.steps, options.plan.validate_every, options.plan.learning_rate) = (300, 10, 0.03);
    let asked = Cell::new(0);
    train(&options, Device::flex(), &|| asked.replace(asked.get() + 1) >= 30).unwrap();
    let curve = std::fs::read_to_string(folder.path().join("run/curve.csv")).unwrap();
    let losses: Vec<f64> =
        curve.lines().skip(1).map(|row| row.split(',').nth(2).unwrap().parse().unwrap()).collect();
    assert_eq!(losses.len(), 3, "{curve}");
    assert!(losses[2] < 0.9 * losses[0], "{losses:?}");
}

#[test]
fn a_run_starts_from_a_model_with_its_ablations() {
    let folder = tempfile::tempdir().unwrap();
    for (sub_token_decoder, beat_attention) in [(true, true), (false, true), (true, false)] {
        let name = format!("{sub_token_decoder}-{beat_attention}");
        let mut first = options(folder.path(), &name, 1);
        first.sizes = NetworkConfig { sub_token_decoder, beat_attention, ..NETWORK };
        first.plan.steps = 1;
        let from = train(&first, Device::flex(), &|| false).unwrap();
        assert_eq!(config::settings(&from).unwrap().network, first.sizes);
        let next = options(folder.path(), &format!("next-{name}"), 2);
        let mut next = Options { from: Some(from.clone()), ..next };
        next.plan.steps = 0;
        let kept = train(&next, Device::flex(), &|| false).unwrap();
        assert!(weights(kept) == weights(from), "weights change without a step");
    }
}
