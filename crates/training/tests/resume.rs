//! A run that was stopped goes on as if it had not been, and a seed says how it goes.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::Duration;

use application::Folders;
use burn::tensor::Device;
use training::pianoflow::{Options, train};

fn options(name: &str, steps: usize, seed: u64) -> Options {
    let data = Folders::find().data.unwrap();
    let out = std::env::temp_dir().join(format!("espressivo-{name}-{}", std::process::id()));
    Options {
        data,
        out,
        steps,
        cooldown: 2,
        batch: 2,
        window: 32,
        seed,
        extra: false,
        workers: 2,
        hidden: 16,
        layers: 1,
        validate_every: 1000,
        checkpoint_every: Duration::from_secs(1000),
        ..Options::default()
    }
}

fn weights(model: PathBuf) -> Vec<u8> {
    std::fs::read(model.join("weights.safetensors")).unwrap()
}

#[test]
#[ignore = "needs the data folder"]
fn resumed_equals_uninterrupted_needs_data() {
    let whole = options("whole", 6, 1);
    let parts = options("parts", 6, 1);
    let other = options("other", 6, 2);
    let uninterrupted = weights(train(&whole, Device::flex(), &|| false).unwrap());

    // Stops before the fourth step; the schedule is that of the whole run.
    let asked = std::cell::Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 3
    };
    let halfway = weights(train(&parts, Device::flex(), &stop).unwrap());
    assert_ne!(halfway, uninterrupted);
    let resumed = weights(train(&parts, Device::flex(), &|| false).unwrap());
    assert!(resumed == uninterrupted, "the resumed run has other weights");

    let another = weights(train(&other, Device::flex(), &|| false).unwrap());
    assert_ne!(another, uninterrupted);
    for folder in [whole.out, parts.out, other.out] {
        std::fs::remove_dir_all(folder).unwrap();
    }
}
