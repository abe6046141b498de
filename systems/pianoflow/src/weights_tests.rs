//! Damaged model folders: a message, never a panic.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use burn::tensor::{Tensor, TensorData};

use super::*;
use crate::beat_period::BeatPeriod;
use crate::network::{Inputs, NetworkConfig};
use crate::settings::{Sampling, Scaling};

/// A network of a few thousand weights.
fn tiny() -> Settings {
    let network = NetworkConfig::new(features::WIDTH, values::WIDTH)
        .with_hidden(8)
        .with_layers(2)
        .with_heads(2)
        .with_feed_forward(1)
        .with_condition(3)
        .with_condition_blocks([1, 2]);
    let scaling = Scaling { mean: [0.5; values::WIDTH], deviation: [1.5; values::WIDTH] };
    let (beat_period, sampling) = (Some(BeatPeriod::default()), Sampling::default());
    Settings {
        network,
        feature_schema: features::schema(),
        networks: 1,
        scaling,
        beat_period,
        mood: None,
        sampling,
    }
}

fn text() -> String {
    serde_json::to_string_pretty(&tiny()).unwrap()
}

/// The text with one number replaced, for each of its numbers.
fn with_number(replacement: &str) -> Vec<String> {
    let text = text();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | '+');
    let starts = text.match_indices(|c: char| c.is_ascii_digit() || c == '-').map(|(at, _)| at);
    let starts = starts.filter(|at| text[..*at].ends_with([' ', '[', ':']));
    let replaced = |at: usize| {
        let length = text[at..].find(|c| !is_part(c)).unwrap_or(0);
        format!("{}{replacement}{}", &text[..at], &text[at + length..])
    };
    starts.map(replaced).collect()
}

/// What a text that was accepted promises.
fn check(text: &[u8]) {
    let Ok(settings) = parse_settings(text) else { return };
    let sizes = &settings.network;
    assert!(sizes.hidden % sizes.heads == 0 && (1..=64).contains(&sizes.layers));
    assert!((16..=4096).contains(&settings.sampling.window));
    assert!(settings.scaling.deviation.iter().all(|d| *d > 0.0));
}

#[test]
fn whole_settings_are_read() {
    let settings = parse_settings(text().as_bytes()).unwrap();
    assert_eq!((settings.network, settings.scaling), (tiny().network, tiny().scaling));
}

#[test]
fn cut_settings_are_refused() {
    let text = text();
    for length in 0..text.len() {
        assert!(
            parse_settings(&text.as_bytes()[..length]).unwrap_err().contains("damaged"),
            "{length} bytes"
        );
    }
}

#[test]
fn changed_settings_never_panic() {
    let text = text();
    for at in 0..text.len() {
        for flip in [0x01, 0x10, 0x80, 0xff] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= flip;
            check(&bytes);
        }
    }
    let numbers = [
        "-1",
        "0",
        "1",
        "7",
        "8192",
        "8193",
        "4294967296",
        "9223372036854775808",
        "18446744073709551615",
        "99999999999999999999999",
        "-0.0",
        "0.5",
        "1e-320",
        "1e308",
        "-1e308",
        "1e400",
        "NaN",
        "Infinity",
        "null",
        "true",
        "\"1\"",
        "[]",
        "{}",
    ];
    for number in numbers {
        let texts = with_number(number);
        assert!(texts.len() > 20, "only {} numbers were found", texts.len());
        texts.iter().for_each(|text| check(text.as_bytes()));
    }
}

#[test]
fn impossible_settings_are_refused() {
    let refused = |change: &dyn Fn(&mut Settings)| {
        let mut settings = tiny();
        change(&mut settings);
        parse_settings(serde_json::to_string(&settings).unwrap().as_bytes()).unwrap_err()
    };
    let sizes: [&dyn Fn(&mut Settings); 11] = [
        &|s| s.network.hidden = 0,
        &|s| s.network.hidden = 1 << 40,
        &|s| s.network.hidden = 9,
        &|s| s.network.heads = 0,
        &|s| s.network.heads = 8,
        &|s| s.network.layers = 65,
        &|s| s.network.feed_forward = usize::MAX,
        &|s| s.network.memory = 65,
        &|s| s.network.condition = usize::MAX,
        &|s| s.networks = 0,
        &|s| s.networks = 9,
    ];
    for (k, change) in sizes.iter().enumerate() {
        assert_eq!(refused(change), "the model's settings give impossible sizes", "change {k}");
    }
    assert!(refused(&|s| s.network.features += 1).contains("this version of the app has"));
    assert!(refused(&|s| s.feature_schema = "0".into()).contains("trained on other features"));
    assert!(refused(&|s| s.feature_schema.clear()).contains("trained on other features"));
    assert!(refused(&|s| s.network.values = 0).contains("this version of the app has"));
    let sampling: [&dyn Fn(&mut Settings); 3] =
        [&|s| s.sampling.steps = 0, &|s| s.sampling.window = usize::MAX, &|s| {
            s.sampling.overlap = s.sampling.window
        }];
    for change in sampling {
        assert!(refused(change).contains("impossible way of sampling"));
    }
    assert!(refused(&|s| s.scaling.deviation[0] = 0.0).contains("not positive"));
}

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
