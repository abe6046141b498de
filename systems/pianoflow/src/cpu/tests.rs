//! The processor's pass against the network in Burn and against PyTorch.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use burn::module::{Module, ModuleMapper, Param};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::{Bool, Device, Distribution, Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use analysis::features;

use super::*;
use crate::engine::Engine;
use crate::network::{Inputs, Network, NetworkConfig};
use crate::values;

/// Single precision, six blocks, sums of some hundred terms: a mistake is larger than this.
const TOLERANCE: f32 = 1e-4;

/// Adds to every weight, since those that start at zero would hide a mistake in them.
struct Shake;

impl ModuleMapper for Shake {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|old| {
            let noise = Tensor::random(old.shape(), Distribution::Normal(0.0, 0.05), &old.device());
            old + noise
        })
    }
}

fn network(config: &NetworkConfig) -> Network {
    let device = Device::flex();
    device.seed(11);
    config.init(&device).map(&mut Shake)
}

fn real_size() -> NetworkConfig {
    NetworkConfig::new(features::WIDTH, values::WIDTH)
}

struct Case {
    given: Given,
    noisy: Vec<f32>,
}

impl Case {
    fn new(config: &NetworkConfig, notes: usize, conditioned: bool) -> Self {
        let mut rng = Pcg64Mcg::seed_from_u64(notes as u64);
        let mut table =
            |width: usize| -> Vec<f32> { (0..notes * width).map(|_| rng.random_range(-1.7..1.7)).collect() };
        let unknown: Vec<f32> = table(config.values).iter().map(|v| f32::from(u8::from(*v > 0.0))).collect();
        let given = Given {
            features: table(config.features),
            known: table(config.values),
            unknown,
            condition: conditioned.then(|| table(config.condition)),
        };
        Self { given, noisy: table(config.values) }
    }
}

fn compare(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    let worst = found.iter().zip(expected).map(|(f, e)| (f - e).abs()).fold(0.0, f32::max);
    println!("largest difference {worst:.2e} of {} values", found.len());
    assert!(worst < TOLERANCE, "the passes differ by {worst}");
    assert!(expected.iter().any(|v| v.abs() > 0.2), "the case says nothing");
}

fn compare_with_burn(config: &NetworkConfig, notes: usize, conditioned: bool) {
    let network = network(config);
    let weights = Weights::new(&network);
    let case = Case::new(config, notes, conditioned);
    let mut ours = Conditioned::new(&weights, &case.given);
    let burn = Engine::Tensors { network: Box::new(network), device: Device::flex() };
    let mut theirs = burn.condition(&case.given);
    for time in [0.0, 0.37, 0.98] {
        compare(&ours.velocity(&case.noisy, time), &theirs.velocity(&case.noisy, time));
    }
}

#[test]
fn same_as_burn() {
    compare_with_burn(&real_size(), 256, false);
}

#[test]
fn same_as_burn_with_a_condition() {
    compare_with_burn(&real_size(), 97, true);
}

#[test]
fn same_as_burn_for_a_single_note() {
    compare_with_burn(&real_size(), 1, true);
}

#[test]
fn same_as_burn_whatever_the_sizes() {
    let odd = real_size().with_hidden(30).with_heads(3).with_layers(3).with_feed_forward(1);
    compare_with_burn(&odd.with_memory(1).with_condition(7).with_condition_blocks([0, 3]), 45, true);
}

#[test]
fn same_as_burn_with_padding() {
    let config = real_size().with_layers(3);
    let network = network(&config);
    let (notes, more) = (50, 14);
    let long = Case::new(&config, notes + more, false);
    let device = Device::flex();
    let table = |rows: &[f32], width: usize| {
        Tensor::from_data(TensorData::new(rows.to_vec(), [1, notes + more, width]), &device)
    };
    let padding: Vec<bool> = (0..notes + more).map(|k| k >= notes).collect();
    let inputs = Inputs {
        features: table(&long.given.features, config.features),
        known: table(&long.given.known, config.values),
        unknown: table(&long.given.unknown, config.values),
        noisy: table(&long.noisy, config.values),
        time: Tensor::from_floats([0.2], &device),
        condition: None,
        padding: Some(Tensor::<2, Bool>::from_data(TensorData::new(padding, [1, notes + more]), &device)),
        kept: Vec::new(),
    };
    let expected: Vec<f32> = network.forward(inputs).into_data().iter::<f32>().collect();
    // What the padding hides from Burn is not there at all.
    let cut = |rows: &[f32], width: usize| rows[..notes * width].to_vec();
    let given = Given {
        features: cut(&long.given.features, config.features),
        known: cut(&long.given.known, config.values),
        unknown: cut(&long.given.unknown, config.values),
        condition: None,
    };
    let weights = Weights::new(&network);
    let found = Conditioned::new(&weights, &given).velocity(&cut(&long.noisy, config.values), 0.2);
    compare(&found, &expected[..notes * config.values]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let config = real_size().with_layers(3);
    let weights = Weights::new(&network(&config));
    let case = Case::new(&config, 100, true);
    let with = |threads: usize| -> Vec<u32> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let velocity = pool.install(|| Conditioned::new(&weights, &case.given).velocity(&case.noisy, 0.4));
        velocity.iter().map(|v| v.to_bits()).collect()
    };
    let one = with(1);
    for threads in [2, 3, 8] {
        assert!(with(threads) == one, "{threads} threads");
    }
}

/// `scripts/pianoflow_torch.py fixture` made the numbers.
#[test]
fn same_as_pytorch() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = std::fs::read(folder.join("pianoflow_numbers.json")).unwrap();
    let numbers: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let config: NetworkConfig = serde_json::from_value(numbers["config"].clone()).unwrap();
    let mut network = config.init(&Device::flex());
    network
        .load_from(&mut SafetensorsStore::from_file(folder.join("pianoflow_weights.safetensors")))
        .unwrap();
    let weights = Weights::new(&network);
    let half = |name: &str, k: usize| -> Vec<f32> {
        let values = numbers["tensors"][name].as_array().unwrap();
        let half = values.len() / 2;
        values[k * half..(k + 1) * half].iter().map(|v| v.as_f64().unwrap() as f32).collect()
    };
    for k in [0, 1] {
        let given = Given {
            features: half("features", k),
            known: half("known", k),
            unknown: half("unknown", k),
            condition: Some(half("condition", k)),
        };
        let found = Conditioned::new(&weights, &given).velocity(&half("noisy", k), half("time", k)[0]);
        compare(&found, &[half("free", k), half("conditioned", k)].concat());
    }
}
