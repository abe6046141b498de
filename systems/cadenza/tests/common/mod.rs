//! A tiny groove network whose weights follow a formula, the same as in `scripts/groove_torch.py`.
// Each test uses a part of it.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use neural::archive::{self, Numbers};
use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// What `scripts/groove_torch.py fixture` wrote.
pub fn numbers() -> Value {
    serde_json::from_slice(&std::fs::read(fixture("groove_numbers.json")).unwrap()).unwrap()
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
pub fn write_model(folder: &Path, change: impl Fn(&str, &mut Vec<f32>)) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::copy(fixture("groove_config.json"), folder.join("config.json")).unwrap();
    let names = numbers()["tensors"].as_array().unwrap().clone();
    let tensors: Vec<(String, Vec<usize>, Vec<f32>)> = names
        .iter()
        .enumerate()
        .map(|(seed, tensor)| {
            let name = tensor[0].as_str().unwrap().to_owned();
            let shape: Vec<usize> =
                tensor[1].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
            let more = if name.ends_with("gamma") { 1.0 } else { 0.0 };
            let mut numbers: Vec<f32> = formula(shape.iter().product(), seed).map(|v| v + more).collect();
            change(&name, &mut numbers);
            let fits = numbers.len() == shape.iter().product::<usize>();
            (name, if fits { shape } else { vec![numbers.len()] }, numbers)
        })
        .collect();
    let tensors: Vec<_> = tensors
        .iter()
        .map(|(name, shape, numbers)| (name.as_str(), &shape[..], Numbers::Half(numbers)))
        .collect();
    std::fs::write(folder.join("weights.safetensors"), archive::write(&tensors).unwrap()).unwrap();
}

/// Some numbers of the fixture.
pub fn floats(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect()
}
