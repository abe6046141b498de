//! The network in Burn against the same network in PyTorch on the same weights.
//!
//! `scripts/pianoflow_torch.py fixture` made the numbers.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::{Bool, Device, Tensor, TensorData};
use pianoflow::network::{Inputs, Network, NetworkConfig};
use serde_json::Value;

/// Single precision, three blocks, sums of some hundred terms: a mistake is larger than this.
const TOLERANCE: f32 = 1e-4;

struct Fixture {
    numbers: Value,
    network: Network,
    device: Device,
}

impl Fixture {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let text = std::fs::read(folder.join("pianoflow_numbers.json")).unwrap();
        let numbers: Value = serde_json::from_slice(&text).unwrap();
        let config: NetworkConfig = serde_json::from_value(numbers["config"].clone()).unwrap();
        let device = Device::flex();
        let mut network = config.init(&device);
        let mut store = SafetensorsStore::from_file(folder.join("pianoflow_weights.safetensors"));
        network.load_from(&mut store).unwrap();
        Self { numbers, network, device }
    }

    fn flat(&self, name: &str) -> Vec<f32> {
        let values = self.numbers["tensors"][name].as_array().unwrap();
        values.iter().map(|v| v.as_f64().unwrap() as f32).collect()
    }

    fn table(&self, name: &str) -> Tensor<3> {
        let shape = ["batch", "notes"].map(|k| self.numbers[k].as_u64().unwrap() as usize);
        let data = self.flat(name);
        let width = data.len() / (shape[0] * shape[1]);
        Tensor::from_data(TensorData::new(data, [shape[0], shape[1], width]), &self.device)
    }

    fn inputs(&self) -> Inputs {
        Inputs {
            features: self.table("features"),
            known: self.table("known"),
            unknown: self.table("unknown"),
            noisy: self.table("noisy"),
            time: Tensor::from_floats(self.flat("time").as_slice(), &self.device),
            condition: None,
            padding: None,
            kept: Vec::new(),
        }
    }

    fn compare(&self, inputs: Inputs, expected: &str, rows: impl Fn(usize) -> bool) {
        let found: Vec<f32> = self.network.forward(inputs).into_data().iter::<f32>().collect();
        let expected = self.flat(expected);
        assert_eq!(found.len(), expected.len());
        let worst = (0..found.len())
            .filter(|k| rows(k / 5))
            .map(|k| (found[k] - expected[k]).abs())
            .fold(0.0, f32::max);
        println!("largest difference {worst:.2e}");
        assert!(worst < TOLERANCE, "the networks differ by {worst}");
        assert!(found.iter().any(|v| v.abs() > 0.5), "the fixture says nothing");
    }
}

#[test]
fn same_without_condition() {
    let fixture = Fixture::load();
    fixture.compare(fixture.inputs(), "free", |_| true);
}

#[test]
fn same_with_condition() {
    let fixture = Fixture::load();
    let inputs = Inputs { condition: Some(fixture.table("condition")), ..fixture.inputs() };
    fixture.compare(inputs, "conditioned", |_| true);
}

#[test]
fn same_with_padding() {
    let fixture = Fixture::load();
    let padding: Vec<bool> = fixture.numbers["tensors"]["padding"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_bool().unwrap())
        .collect();
    let data = TensorData::new(padding.clone(), [2, 40]);
    let padded: Tensor<2, Bool> = Tensor::from_data(data, &fixture.device);
    let inputs = Inputs { padding: Some(padded), ..fixture.inputs() };
    // What comes out of rows that are padding does not matter.
    fixture.compare(inputs, "padded", |row| !padding[row]);
}
