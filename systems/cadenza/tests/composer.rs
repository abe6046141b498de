//! The Composer against its twin in PyTorch, on the same weights, and models that are not right.
//!
//! `scripts/cadenza_torch.py fixture` made the numbers.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use cadenza::composer::{FILE_NAME, Model};
use serde_json::{Value, json};
use twins::{compare, floats, whole};

fn fixture(name: &str) -> Value {
    twins::json(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name))
}

fn numbers() -> Value {
    fixture("composer_numbers.json")
}

fn names() -> Vec<(String, Vec<usize>)> {
    twins::tensors(&numbers()["tensors"])
}

/// Writes a model folder; `change` gets the settings, and name and numbers of each tensor.
fn write_model(folder: &Path, settings: impl Fn(&mut Value), change: impl Fn(&str, &mut Vec<f32>)) {
    let mut config = fixture("composer_config.json");
    settings(&mut config);
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    std::fs::write(folder.join(FILE_NAME), twins::weights(names(), change)).unwrap();
}

fn model() -> Model {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), |_| {}, |_, _| {});
    Model::load(folder.path()).unwrap()
}

/// The likeliest of the tokens that are not among the last ones, and never the end.
fn varied(model: &Model, last: usize, logits: &[f32], so_far: &[u32]) -> Option<u32> {
    let recent = &so_far[so_far.len().saturating_sub(last)..];
    let allowed = (0..logits.len() as u32).filter(|token| *token != model.end() && !recent.contains(token));
    allowed.max_by(|a, b| logits[*a as usize].total_cmp(&logits[*b as usize]))
}

#[test]
fn tensors_are_those_of_the_twin() {
    let mut tensors = model().settings().network.tensors();
    tensors.sort();
    assert_eq!(tensors, names());
}

#[test]
fn posteriors_and_logits_are_the_twins() {
    let (model, numbers) = (model(), numbers());
    let segment = whole::<u32>(&numbers["tokens"]);
    let posterior = model.encode(&segment);
    compare(&posterior.mean, &floats(&numbers["mean"]));
    compare(&posterior.deviation, &floats(&numbers["deviation"]));
    let latent = floats(&numbers["latent"]);
    compare(&model.logits(&latent, &segment), &floats(&numbers["logits"]));
}

/// One by one with keys and values kept, or all at once.
#[test]
fn tokens_one_by_one_have_the_logits_of_all_at_once() {
    let (model, numbers) = (model(), numbers());
    let (segment, latent) = (whole::<u32>(&numbers["tokens"]), floats(&numbers["latent"]));
    let mut found = Vec::new();
    let written = model.decode(&latent, &mut |logits, so_far| {
        found.extend_from_slice(logits);
        segment.get(so_far.len()).copied()
    });
    assert_eq!(written, segment);
    assert_eq!(found, model.logits(&latent, &segment));
}

#[test]
fn greedy_decoding_is_the_twins_token_for_token() {
    let (model, numbers) = (model(), numbers());
    let closest = numbers["closest"].as_f64().unwrap();
    assert!(closest > 5e-4, "the fixture hangs on rounding: {closest}");
    let last = numbers["varied"].as_u64().unwrap() as usize;
    let latent = floats(&numbers["latent"]);
    let found = model.decode(&latent, &mut |logits, so_far| varied(&model, last, logits, so_far));
    assert_eq!(found, whole::<u32>(&numbers["greedy"]));
    assert_eq!(found.len(), model.longest());
}

#[test]
fn a_segment_ends_when_it_is_said_or_long_enough() {
    let model = model();
    let latent = vec![0.25; model.latent()];
    let three = |end: Option<u32>| {
        model.decode(&latent, &mut |_, so_far| if so_far.len() < 3 { Some(9) } else { end })
    };
    assert_eq!(three(None), [9, 9, 9]);
    assert_eq!(three(Some(model.end())), [9, 9, 9]);
    assert_eq!(three(Some(1000)), [9, 9, 9]);
    assert_eq!(three(Some(9)).len(), model.longest());
}

/// An empty segment, numbers that are no tokens, a segment longer than the longest.
#[test]
fn anything_is_encoded() {
    let model = model();
    let finite = |tokens: &[u32]| {
        let posterior = model.encode(tokens);
        let all = posterior.mean.iter().chain(&posterior.deviation);
        assert!(all.clone().all(|v| v.is_finite()) && posterior.deviation.iter().all(|v| *v > 0.0));
        assert_eq!(all.count(), 2 * model.latent());
        posterior
    };
    assert_ne!(finite(&[]), finite(&[7]));
    assert_eq!(finite(&[7, 99, u32::MAX, 8]), finite(&[7, 8]));
    finite(&vec![6; 2 * model.longest()]);
}

fn fault(settings: impl Fn(&mut Value), change: impl Fn(&str, &mut Vec<f32>)) -> String {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), settings, change);
    Model::load(folder.path()).err().unwrap().what
}

#[test]
fn models_that_are_not_right_are_refused_with_reasons() {
    let misfit = "the model's weights do not fit its settings: ";
    let deeper = fault(|config| config["network"]["decoder_layers"] = json!(4), |_, _| {});
    assert_eq!(deeper, format!("{misfit}there is no `decoder.layers.3.latent.weight` in them"));
    let cut = |name: &str, numbers: &mut Vec<f32>| {
        if name == "encoder.mean.bias" {
            numbers.pop();
        }
    };
    let shape = format!("{misfit}`encoder.mean.bias` has the shape [4] and should have [5]");
    assert_eq!(fault(|_| {}, cut), shape);
    let infinite = |name: &str, numbers: &mut Vec<f32>| {
        if name == "decoder.norm.gamma" {
            numbers[0] = f32::INFINITY;
        }
    };
    assert_eq!(fault(|_| {}, infinite), "the model's weights are damaged: some are infinite or no numbers");
    let tokens = fault(|config| config["tokens"]["pitches"] = json!([60, 72]), |_, _| {});
    assert_eq!(tokens, "the model's settings name 34 tokens, and there are 35 of such tokens");
    let missing = Model::load(Path::new("none")).err().unwrap();
    assert!(missing.what.starts_with("the model's settings cannot be read: "), "{missing}");
}
