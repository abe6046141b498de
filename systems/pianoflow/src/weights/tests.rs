//! Damaged and narrower weights: a message, never a panic.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use burn::tensor::{Tensor, TensorData};

use super::config::tests::tiny;
use super::*;
use crate::network::Inputs;
use crate::values;

/// A model folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("espressivo-weights-{name}-{}", std::process::id()));
        let network = tiny().network.init(&Device::flex());
        save(&[network], &tiny(), &path).unwrap();
        Self(path)
    }

    fn weights(&self) -> Vec<u8> {
        std::fs::read(self.0.join("weights.safetensors")).unwrap()
    }

    /// What loading says with these weights.
    fn load_with(&self, weights: &[u8]) -> Result<(Vec<Network>, Settings), PerformError> {
        std::fs::write(self.0.join("weights.safetensors"), weights).unwrap();
        load(&self.0, &Device::flex())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn is_about_weights(loaded: Result<(Vec<Network>, Settings), PerformError>) -> bool {
    matches!(loaded, Err(PerformError::Model { path, .. }) if path.ends_with("weights.safetensors"))
}

#[test]
fn cut_and_foreign_weights_are_refused() {
    let folder = Folder::new("cut");
    let whole = folder.weights();
    assert!(folder.load_with(&whole).is_ok());
    for length in [0, 1, 7, 8, 9, 64, whole.len() / 2, whole.len() - 1] {
        assert!(is_about_weights(folder.load_with(&whole[..length])), "{length} bytes");
    }
    let huge_header = [u64::MAX.to_le_bytes().as_slice(), &whole[8..]].concat();
    let longer = [whole.as_slice(), &[0; 16]].concat();
    let empty = [2u64.to_le_bytes().as_slice(), b"{}"].concat();
    for bytes in [huge_header, longer, empty, b"\x89PNG\r\n\x1a\n and so on".to_vec(), vec![0; 4096]] {
        assert!(is_about_weights(folder.load_with(&bytes)), "{:?}", &bytes[..8.min(bytes.len())]);
    }
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    let folder = Folder::new("nan");
    let whole = folder.weights();
    // Half precision: not a number, infinity, minus infinity, in place of the last weight.
    for last in [0x7e00u16, 0x7c00, 0xfc00] {
        let weights = [&whole[..whole.len() - 2], last.to_le_bytes().as_slice()].concat();
        let loaded = folder.load_with(&weights);
        assert!(matches!(&loaded, Err(error) if error.to_string().contains("no numbers")), "{last:x}");
        assert!(is_about_weights(loaded));
    }
}

#[test]
fn weights_of_other_sizes_are_refused() {
    let folder = Folder::new("sizes");
    let mut other = tiny();
    other.network.hidden = 12;
    std::fs::write(folder.0.join("config.json"), serde_json::to_string(&other).unwrap()).unwrap();
    assert!(is_about_weights(load(&folder.0, &Device::flex())));
}

/// The table of the tensors, changed byte by byte: whatever comes of it, it is an answer.
#[test]
fn changed_weights_never_panic() {
    let folder = Folder::new("changed");
    let whole = folder.weights();
    let header = u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
    for at in (0..8 + header).step_by(11) {
        for flip in [0x01, 0x04] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            if let Err(error) = folder.load_with(&bytes) {
                assert!(matches!(error, PerformError::Model { .. }), "{error}");
            }
        }
    }
}

#[test]
fn a_model_that_reads_less_is_widened_to_be_trained_on_and_says_what_it_said() {
    const FEWER: usize = 7;
    let folder = tempfile::tempdir().unwrap();
    let device = Device::flex();
    let mut narrow = tiny();
    narrow.network.features -= FEWER;
    let network = narrow.network.init(&device);
    save(&[network], &narrow, folder.path()).unwrap();
    assert!(load(folder.path(), &device).unwrap_err().to_string().contains("this version of the app has"));
    let kept =
        read_weights(folder.path(), 0, &read_settings(folder.path(), parse).unwrap(), &device).unwrap();
    let (wide, settings) = load_to_train(folder.path(), &device).unwrap();
    assert_eq!(settings.network.features, features::WIDTH);

    let row = |width: usize| (0..width).map(|k| (k as f32 * 0.7).sin()).collect::<Vec<f32>>();
    let level = features::WIDTH - FEWER - 1;
    let (before, last) = (row(level), [0.25]);
    let known = [&before[..], &last].concat();
    // What the new columns say does not matter yet.
    let more = [&before[..], &[3.0; FEWER], &last].concat();
    let said = |network: &Network, features: Vec<f32>| {
        let table = |cells: &[f32]| {
            Tensor::<3>::from_data(TensorData::new(cells.to_vec(), [1, 1, cells.len()]), &device)
        };
        let inputs = Inputs {
            features: table(&features),
            known: table(&[0.0; values::WIDTH]),
            unknown: table(&[1.0; values::WIDTH]),
            noisy: table(&row(values::WIDTH)),
            time: Tensor::from_floats([0.3], &device),
            condition: None,
            padding: None,
            kept: Vec::new(),
        };
        network.forward(inputs).into_data().iter::<f32>().collect::<Vec<f32>>()
    };
    for (narrow, wide) in said(&kept, known).iter().zip(said(&wide, more)) {
        assert!((narrow - wide).abs() < 1e-6, "{narrow} became {wide}");
    }
}
