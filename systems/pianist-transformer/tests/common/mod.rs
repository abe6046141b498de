//! A tiny network whose weights follow a formula, the same as in `scripts/pianist_torch.py`.
// Each test uses a part of it.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The network as published, and one that is told of the score: their folders of fixtures.
pub const KINDS: [&str; 2] = ["", "guided"];

/// What `scripts/pianist_torch.py fixture` wrote of one of [`KINDS`].
pub fn numbers_of(kind: &str) -> Value {
    twins::json(fixture(kind, "numbers.json"))
}

fn fixture(kind: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(kind).join(name)
}

/// Writes the model as published; `change` gets the name and numbers of each tensor.
pub fn write_model(folder: &Path, change: impl Fn(&str, &mut Vec<f32>)) {
    write_model_of("", folder, change);
}

/// Writes the model of one of [`KINDS`]; `change` gets the name and numbers of each tensor.
pub fn write_model_of(kind: &str, folder: &Path, change: impl Fn(&str, &mut Vec<f32>)) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::copy(fixture(kind, "config.json"), folder.join("config.json")).unwrap();
    let weights = twins::weights(twins::tensors(&numbers_of(kind)["tensors"]), change);
    std::fs::write(folder.join("weights.safetensors"), weights).unwrap();
}
