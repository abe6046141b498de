//! The network in training against its twin in PyTorch, on the same weights. `scripts/xmvae_torch.py fixture` made the
//! numbers.
#![allow(clippy::unwrap_used)]

use burn::tensor::Int;
use serde_json::Value;
use twins::{floats_or_nan as floats, whole};
use xmvae::config::{Coherences, Scales, Settings};
use xmvae::ecp::{METRIC, NOTE, SCORE_COLUMNS};

use super::*;
use crate::xmvae::loss;
use crate::xmvae::told::{Teller, WRITTEN_COLUMNS, expected};
use crate::xmvae::windows::Played;

/// Single precision, a few layers: a mistake is larger than this, of a number of one.
const TOLERANCE: f32 = 1e-4;

fn fixture() -> Value {
    twins::json(concat!(env!("CARGO_MANIFEST_DIR"), "/../../systems/xmvae/tests/fixtures/xmvae.json"))
}

/// A network of the sizes of a part of the fixture with the formula's weights, read as a model's are.
fn network(part: &Value, settings: &Settings) -> Network {
    let weights = twins::weights(twins::tensors(&part["tensors"]), |_, _| {});
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), weights).unwrap();
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
    let written: Vec<u8> = whole(&fixture["score"]);
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
fn compare_logits(part: &Value, teller: &Teller<'_>, rows: &Tensor<3>, k: usize, name: &str) {
    let expected = &part["logits"][name];
    if expected.is_array() {
        let all: Vec<i32> = (0..rows.dims()[0] as i32).collect();
        compare(name, &list_of(teller.logits(rows, k, &all)), &floats(expected));
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

fn what_is_played(
    part: &Value,
    network: &Network,
    states: &Tensor<3>,
    batch: &Played,
    sizes: &NetworkConfig,
) {
    let steps = &batch.steps;
    let of = |family: u8| -> Vec<usize> {
        (0..steps.width).filter(|step| steps.written[step * SCORE_COLUMNS] == family).collect()
    };
    let (beats, notes) = (of(METRIC), of(NOTE));
    let teller = |places: &[usize]| {
        let places: Vec<i32> = places.iter().map(|place| *place as i32).collect();
        Teller::of_played(network, batch, &places)
    };
    let sub = &network.performance_sub;
    let rows = sub.rows(rows_of(states, beats.iter().copied()), &[], sizes);
    compare_logits(part, &teller(&beats), &rows, 0, "beat_period");
    let tokens = whole::<usize>(&part["tokens"]);
    let told: Vec<_> = (0..PERFORMANCE_SIZES.len() - 1)
        .map(|k| column(&tokens, PERFORMANCE_SIZES.len(), k, &notes))
        .collect();
    let rows = sub.rows(rows_of(states, notes.iter().copied()), &told, sizes);
    for (k, (name, _)) in PERFORMANCE_SIZES.iter().enumerate().skip(1) {
        compare_logits(part, &teller(&notes), &rows, k, name);
    }
}

fn what_is_written(part: &Value, network: &Network, laid: &Laid, codes: &[usize], sizes: &NetworkConfig) {
    let states = network.decode(laid, network.codes(codes), sizes);
    let targets = whole::<usize>(&part["targets"]);
    let all: Vec<usize> = (0..targets.len() / WRITTEN_COLUMNS).collect();
    let told: Vec<_> = (0..WRITTEN_COLUMNS - 1).map(|k| column(&targets, WRITTEN_COLUMNS, k, &all)).collect();
    let rows = network.score_sub.rows(rows_of(&states, all.iter().copied()), &told, sizes);
    for (k, name) in ["family", "position", "pitch", "duration", "code"].iter().enumerate() {
        compare_logits(part, &Teller::of_written(network), &rows, k, name);
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
    assert_eq!(codes, whole::<usize>(&part["codes"]));
    let read = loss::read(&network, &batch, &laid, &settings, &device);
    let posterior = loss::posterior(&network, &batch, &read, &laid, &settings);
    compare("mean", &list_of(posterior.mean), &floats(&part["mean"]));
    compare("log_variance", &list_of(posterior.log_variance), &floats(&part["log_variance"]));
    let latent = TensorData::new(floats(&part["latent"]), [1, sizes.latent]);
    let states = network.play(read, Some(&Tensor::from_data(latent, &device)), &laid, sizes);
    let found = expected(&network, states.clone(), &batch, sizes);
    compare("expected", &found, &floats(&part["expected"]));
    what_is_played(part, &network, &states, &batch, sizes);
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

#[test]
fn without_the_line_too() {
    compare_part("no_line");
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

/// What the numbers of a tensor are before training: their mean and their deviation.
fn at_first(name: &str, shape: &[usize]) -> (f32, f32) {
    let of_inputs = (shape[0] as f32).powf(-0.5);
    match name {
        "line.mean.weight" | "line.deviation" => (0.0, 0.0),
        _ if name.ends_with("log_variance.bias") => (-4.0, 0.0),
        _ if name.ends_with(".bias") => (0.0, 0.0),
        _ if name.ends_with("after.gamma") => (0.2, 0.0),
        _ if name.ends_with(".gamma") => (1.0, 0.0),
        "codebook.weight" => (0.0, 1.0),
        _ if name.contains("_sub.embedding") => (0.0, 0.1),
        _ if name.contains(".embedding") => (0.0, 0.05),
        _ if name.ends_with("log_variance.weight") => (0.0, 0.1 * of_inputs),
        _ if name.contains("_sub.out.") || name.starts_with("line.moves.") => (0.0, 0.1 * of_inputs),
        _ if ["attention.out.weight", "beat.out.weight", "down.weight"]
            .iter()
            .any(|end| name.ends_with(end)) =>
        {
            (0.0, 0.2 * of_inputs)
        }
        _ => (0.0, of_inputs),
    }
}

#[test]
fn random_weights_begin_as_the_twins_do() {
    let (sizes, device) = (NetworkConfig::SMALL, Device::flex());
    device.seed(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    neural::weights::save(&init(&sizes, &device), &path).unwrap();
    let archive = neural::archive::Archive::read(&path).unwrap();
    for (name, shape) in sizes.tensors() {
        let numbers = archive.numbers(&name, &shape).unwrap();
        let count = numbers.len() as f32;
        let mean = numbers.iter().sum::<f32>() / count;
        let deviation = (numbers.iter().map(|number| (number - mean).powi(2)).sum::<f32>() / count).sqrt();
        let (middle, spread) = at_first(&name, &shape);
        // Of 320 numbers, as the smallest table has, a deviation is off by 4 % of itself.
        assert!((deviation - spread).abs() <= 0.2 * spread + 1e-3, "{name}: {deviation}, not {spread}");
        assert!((mean - middle).abs() <= 0.3 * spread + 1e-3, "{name}: mean {mean}, not {middle}");
    }
}
