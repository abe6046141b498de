//! A tiny groove network whose weights follow a formula, the same as in `scripts/groove_torch.py`.
// Each test uses a part of it.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// What `scripts/groove_torch.py fixture` wrote.
pub fn numbers() -> Value {
    twins::json(fixture("groove_numbers.json"))
}

/// Writes the model; `change` gets the name and numbers of each tensor.
pub fn write_model(folder: &Path, change: impl Fn(&str, &mut Vec<f32>)) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::copy(fixture("groove_config.json"), folder.join("config.json")).unwrap();
    let weights = twins::weights(twins::tensors(&numbers()["tensors"]), change);
    std::fs::write(folder.join("weights.safetensors"), weights).unwrap();
}
