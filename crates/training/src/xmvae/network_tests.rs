//! The network in training against its twin in PyTorch, on the same weights. `scripts/xmvae_torch.py fixture` made the
//! numbers.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use burn::tensor::Int;
use neural::archive::{self, Numbers};
use serde_json::Value;
use xmvae::config::{Coherences, Scales, Settings};
use xmvae::ecp::{METRIC, NOTE, SCORE_COLUMNS};

use super::*;
use crate::xmvae::loss;
use crate::xmvae::tables::SubTokens;
use crate::xmvae::told::{WRITTEN_COLUMNS, expected};
use crate::xmvae::windows::{Played, Steps};

/// Single precision, a few layers: a mistake is larger than this, of a number of one.
const TOLERANCE: f32 = 1e-4;

fn fixture() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../systems/xmvae/tests/fixtures/xmvae.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
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

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().map_or(f32::NAN, |v| v as f32)).collect()
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

/// A network of the sizes of a part of the fixture with the formula's weights, read as a model's are.
fn network(part: &Value, settings: &Settings) -> Network {
    let names: Vec<(String, Vec<usize>)> = serde_json::from_value(part["tensors"].clone()).unwrap();
    let weights = names.iter().enumerate().map(|(seed, (name, shape))| {
        let more = if name.ends_with("gamma") { 1.0 } else { 0.0 };
        formula(shape.iter().product(), seed).map(|number| number + more).collect::<Vec<f32>>()
    });
    let weights: Vec<Vec<f32>> = weights.collect();
    let tensors: Vec<_> = names
        .iter()
        .zip(&weights)
        .map(|((name, shape), numbers)| (name.as_str(), &shape[..], Numbers::Half(numbers)))
        .collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), archive::write(&tensors).unwrap()).unwrap();
    let mut network = init(&settings.network, &Device::flex());
    neural::weights::load(&mut network, file.path()).unwrap();
    assert_eq!(network.num_params(), settings.network.parameters());
    network
}

fn settings(part: &Value) -> Settings {
    Settings {
        network: serde_json::from_value(part["network"].clone()).unwrap(),
        feature_schema: String::new(),
        scales: Scales::default(),
        coherence: Coherences::default(),
    }
}

fn batch(fixture: &Value) -> Played {
    let written = numbers(&fixture["score"]).into_iter().map(|value| value as u8).collect();
    let (features, values) = (floats(&fixture["features"]), floats(&fixture["values"]));
    Played::of(&[(written, true)], &[features], &[values], vec![0])
}

fn compare(name: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    let off = |(found, expected): (&f32, &f32)| (found - expected).abs() / (1.0 + expected.abs());
    let worst = found.iter().zip(expected).map(off).fold(0.0, f32::max);
    println!("{name}: largest difference {worst:.2e}");
    assert!(worst < TOLERANCE, "the networks differ in {name} by {worst}");
    assert!(expected.iter().any(|number| number.abs() > 0.1), "the fixture says nothing of {name}");
}

fn list_of<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// Compares the logits of a sub-token of all rows, if the fixture has them.
fn compare_logits(part: &Value, sub: &SubTokens, rows: &Tensor<3>, k: usize, name: &str) {
    let expected = &part["logits"][name];
    if expected.is_array() {
        let all: Vec<i32> = (0..rows.dims()[0] as i32).collect();
        let found = sub.logits(rows, k, list(&all, &rows.device()));
        compare(name, &list_of(found), &floats(expected));
    }
}

fn rows_of(states: &Tensor<3>, places: impl Iterator<Item = usize>) -> Tensor<2> {
    let places: Vec<i32> = places.map(|place| place as i32).collect();
    let [_, steps, hidden] = states.dims();
    states.clone().reshape([steps, hidden]).select(0, list(&places, &states.device()))
}

fn column(table: &[usize], columns: usize, column: usize, places: &[usize]) -> Tensor<1, Int> {
    let values: Vec<i32> = places.iter().map(|place| table[place * columns + column] as i32).collect();
    list(&values, &Device::flex())
}

fn what_is_played(part: &Value, network: &Network, states: &Tensor<3>, steps: &Steps, sizes: &NetworkConfig) {
    let of = |family: u8| -> Vec<usize> {
        (0..steps.width).filter(|step| steps.written[step * SCORE_COLUMNS] == family).collect()
    };
    let (beats, notes) = (of(METRIC), of(NOTE));
    let sub = &network.performance_sub;
    let rows = sub.rows(rows_of(states, beats.iter().copied()), &[], sizes);
    compare_logits(part, sub, &rows, 0, "beat_period");
    let tokens = numbers(&part["tokens"]);
    let told: Vec<_> = (0..PERFORMANCE_SIZES.len() - 1)
        .map(|k| column(&tokens, PERFORMANCE_SIZES.len(), k, &notes))
        .collect();
    let rows = sub.rows(rows_of(states, notes.iter().copied()), &told, sizes);
    for (k, (name, _)) in PERFORMANCE_SIZES.iter().enumerate().skip(1) {
        compare_logits(part, sub, &rows, k, name);
    }
}

fn what_is_written(part: &Value, network: &Network, laid: &Laid, codes: &[usize], sizes: &NetworkConfig) {
    let states = network.decode(laid, network.codes(codes), sizes);
    let targets = numbers(&part["targets"]);
    let all: Vec<usize> = (0..targets.len() / WRITTEN_COLUMNS).collect();
    let told: Vec<_> = (0..WRITTEN_COLUMNS - 1).map(|k| column(&targets, WRITTEN_COLUMNS, k, &all)).collect();
    let rows = network.score_sub.rows(rows_of(&states, all.iter().copied()), &told, sizes);
    for (k, name) in ["family", "position", "pitch", "duration", "code"].iter().enumerate() {
        compare_logits(part, &network.score_sub, &rows, k, name);
    }
}

fn compare_part(name: &str) {
    let fixture = fixture();
    let part = &fixture[name];
    let settings = settings(part);
    let (sizes, device) = (&settings.network, Device::flex());
    let (network, batch) = (network(part, &settings), batch(&fixture));
    let laid = Laid::of(&batch.steps, sizes, &device);
    let encoded = network.encode(&laid, sizes);
    compare("encoded", &list_of(encoded.clone()), &floats(&part["encoded"]));
    let codes = network.nearest(encoded);
    assert_eq!(codes, numbers(&part["codes"]));
    let read = loss::read(&network, &batch, &laid, &settings, &device);
    let posterior = loss::posterior(&network, &batch, &read, &laid, &settings);
    compare("mean", &list_of(posterior.mean), &floats(&part["mean"]));
    compare("log_variance", &list_of(posterior.log_variance), &floats(&part["log_variance"]));
    let latent = TensorData::new(floats(&part["latent"]), [1, sizes.latent]);
    let states = network.play(read, Some(&Tensor::from_data(latent, &device)), &laid, sizes);
    let found = expected(&network, states.clone(), &batch.steps, sizes);
    compare("expected", &found, &floats(&part["expected"]));
    what_is_played(part, &network, &states, &batch.steps, sizes);
    what_is_written(part, &network, &laid, &codes, sizes);
}

#[test]
fn the_network_is_the_twins() {
    compare_part("whole");
}

#[test]
fn without_the_sub_token_decoder_too() {
    compare_part("no_sub_token_decoder");
}

#[test]
fn without_attention_within_the_beat_too() {
    compare_part("no_beat_attention");
}

/// Nothing of a window depends on what is beside it or behind it in a batch.
#[test]
fn padding_counts_for_nothing() {
    let fixture = fixture();
    let part = &fixture["whole"];
    let settings = settings(part);
    let (sizes, device) = (&settings.network, Device::flex());
    let network = network(part, &settings);
    let alone = batch(&fixture);
    let wide = sizes.features;
    let written = |steps: usize| (alone.steps.written[..steps * SCORE_COLUMNS].to_vec(), true);
    let (short, long) = (8, alone.steps.width);
    let both = Played::of(
        &[written(short), written(long)],
        &[alone.features[..short * wide].to_vec(), alone.features.clone()],
        &[alone.values[..short * 5].to_vec(), alone.values.clone()],
        vec![0, 1],
    );
    let first = Played::of(
        &[written(short)],
        &[alone.features[..short * wide].to_vec()],
        &[alone.values[..short * 5].to_vec()],
        vec![0],
    );
    let mean = |batch: &Played| {
        let laid = Laid::of(&batch.steps, sizes, &device);
        let read = loss::read(&network, batch, &laid, &settings, &device);
        list_of(loss::posterior(&network, batch, &read, &laid, &settings).mean)
    };
    let (of_both, of_first, of_alone) = (mean(&both), mean(&first), mean(&alone));
    compare("the short window", &of_both[..sizes.latent], &of_first);
    compare("the long window", &of_both[sizes.latent..], &of_alone);
}
