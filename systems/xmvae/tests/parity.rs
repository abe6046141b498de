//! The network against its twin in PyTorch, on the same weights.
//!
//! `scripts/xmvae_torch.py fixture` made the numbers: of the whole network, of its two ablations, and without the
//! line.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use common::{model, settings};
use serde_json::Value;
use twins::{floats_or_nan as floats, whole};
use xmvae::config::{NetworkConfig, PERFORMANCE_SIZES};
use xmvae::ecp::{FAMILY, METRIC, NOTE};
use xmvae::network::{ComposerDecoder, Model, Played, Reading, ScoreTokens, SubToken};

/// Single precision, few layers: a mistake is larger than this, or than this share of a large number.
const TOLERANCE: f32 = 1e-4;

/// What is read: steps, values of which some are unknown, features.
struct Read {
    score: Vec<ScoreTokens>,
    values: Vec<Played>,
    features: Vec<f32>,
}

fn fixture() -> Value {
    twins::json(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/xmvae.json"))
}

fn read(fixture: &Value) -> Read {
    let score: Vec<u8> = whole(&fixture["score"]);
    Read {
        score: score.as_chunks().0.to_vec(),
        values: floats(&fixture["values"]).as_chunks().0.to_vec(),
        features: floats(&fixture["features"]),
    }
}

fn compare(what: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let worst = found.iter().zip(expected).map(|(f, e)| (f - e).abs() / e.abs().max(1.0)).fold(0.0, f32::max);
    println!("{what}: largest difference {worst:.2e}");
    assert!(worst < TOLERANCE, "{what}: the networks differ by {worst}");
    assert!(expected.iter().any(|v| v.abs() > 0.01), "{what}: the fixture says nothing");
}

#[test]
fn the_whole_network_is_the_twin() {
    check("whole");
}

#[test]
fn the_network_without_a_decoder_of_sub_tokens_is_the_twin() {
    check("no_sub_token_decoder");
}

#[test]
fn the_network_without_attention_within_the_beat_is_the_twin() {
    check("no_beat_attention");
}

#[test]
fn the_network_without_the_line_is_the_twin() {
    check("no_line");
}

fn check(name: &str) {
    let fixture = fixture();
    let (read, numbers) = (read(&fixture), &fixture[name]);
    let network: NetworkConfig = serde_json::from_value(numbers["network"].clone()).unwrap();
    let mut tensors = network.tensors();
    tensors.sort();
    assert_eq!(serde_json::to_value(tensors).unwrap(), numbers["tensors"]);
    let model = model(&settings(network));
    let codes: Vec<u16> = whole(&numbers["codes"]);
    assert_eq!(model.codes(&read.score), codes);
    let reading = model.read(&read.score, &read.features, &codes);

    let posterior = model.posterior(&reading, &read.values);
    compare("mean", &posterior.mean, &floats(&numbers["mean"]));
    let deviation = |log_variance: &f32| (0.5 * log_variance).exp();
    let deviations: Vec<f32> = floats(&numbers["log_variance"]).iter().map(deviation).collect();
    compare("deviation", &posterior.deviation, &deviations);

    let states = model.states(&reading, Some(&floats(&numbers["latent"])));
    compare("expected", model.expected(&reading, &states).as_flattened(), &floats(&numbers["expected"]));
    played_logits(&model, &read, (&reading, &states), &numbers["logits"]);
    written_logits(&model, &read, &whole::<usize>(&numbers["targets"]), &numbers["logits"]);
}

/// Logits of what is played when the values are given.
fn played_logits(model: &Model, read: &Read, (reading, states): (&Reading, &[f32]), logits: &Value) {
    let said = Mutex::new(BTreeMap::new());
    model.play(reading, states, 0..read.score.len(), &|step, column, logits| {
        said.lock().unwrap().insert((column, step), logits.to_vec());
        read.values[step][column]
    });
    let said = said.into_inner().unwrap();
    for (column, (name, size)) in PERFORMANCE_SIZES.iter().enumerate() {
        let Some(expected) = logits.get(*name).map(floats) else { continue };
        // Nobody plays what is unknown.
        let expected: Vec<f32> = expected.chunks(*size).flat_map(|row| row[1..].to_vec()).collect();
        let found: Vec<f32> =
            said.range((column, 0)..(column + 1, 0)).flat_map(|(_, row)| row.clone()).collect();
        compare(name, &found, &expected);
    }
}

/// Logits of what is written when the steps and codes are given. The twin says them of all steps, also where nothing
/// is asked.
fn written_logits(model: &Model, read: &Read, targets: &[usize], logits: &Value) {
    const NAMES: [(&str, SubToken); 5] = [
        ("family", SubToken::Family),
        ("position", SubToken::Position),
        ("pitch", SubToken::Pitch),
        ("duration", SubToken::Duration),
        ("code", SubToken::Code),
    ];
    let mut decoder = ComposerDecoder::new(model);
    let mut said: BTreeMap<&str, Vec<(usize, Vec<f32>)>> = BTreeMap::new();
    for (step, target) in targets.chunks(NAMES.len()).enumerate() {
        let (found, code) = decoder.next(&mut |sub_token, logits| {
            let column = NAMES.iter().position(|(_, other)| *other == sub_token).unwrap();
            said.entry(NAMES[column].0).or_default().push((step, logits.to_vec()));
            target[column]
        });
        assert!(found.iter().zip(target).all(|(a, b)| usize::from(*a) == *b));
        assert_eq!(code.map_or(0, |code| usize::from(code) + 1), target[4]);
    }
    let count = |family: u8| read.score.iter().filter(|step| step[FAMILY] == family).count();
    let steps = read.score.len();
    let asked = [steps + 1, steps, count(NOTE), steps, count(METRIC)];
    for ((name, _), asked) in NAMES.iter().zip(asked) {
        let found = &said[name];
        assert_eq!(found.len(), asked, "{name}");
        let Some(all) = logits.get(*name).map(floats) else { continue };
        let width = found[0].1.len();
        let expected: Vec<f32> =
            found.iter().flat_map(|(step, _)| all[step * width..][..width].to_vec()).collect();
        let found: Vec<f32> = found.iter().flat_map(|(_, row)| row.clone()).collect();
        compare(name, &found, &expected);
    }
}
