//! The groove performer in training: the same network as the one that plays, and runs that go on.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use cadenza::groove::{self as playing, COLUMNS, NetworkConfig, SIZES, Settings};
use common::{Shake, goes_on};
use training::Plan;
use training::groove::{NO_TIMING, Options, Packed, STYLES, init, save, train};

const NETWORK: NetworkConfig = NetworkConfig {
    hidden: 16,
    feed_forward: 24,
    heads: 2,
    head: 8,
    layers: 2,
    rotary_base: 1e4,
    window: 32,
};

fn rows(notes: usize, seed: usize) -> Vec<u8> {
    (0..notes * COLUMNS).map(|k| ((k + seed) * 7919 % 1009 % SIZES[k % COLUMNS]) as u8).collect()
}

/// Other numbers than networks begin with.
fn model(settings: &Settings, folder: &Path) -> training::groove::Network {
    let device = Device::flex();
    device.seed(3);
    let network = init(settings, &device).map(&mut Shake);
    save(&network, settings, folder).unwrap();
    // What half precision left of the weights.
    let mut saved = init(settings, &device);
    neural::weights::load(&mut saved, &folder.join(playing::FILE_NAME)).unwrap();
    assert_eq!(saved.num_params(), NETWORK.parameters(STYLES.len()));
    saved
}

#[test]
fn what_trains_is_what_plays() {
    let folder = tempfile::tempdir().unwrap();
    let styles = STYLES.map(str::to_owned).to_vec();
    let (coherence, signs) = Default::default();
    let settings = Settings { network: NETWORK, styles, coherence, signs };
    let trained = model(&settings, folder.path());
    let read = playing::settings(folder.path()).unwrap();
    assert_eq!(read, settings);
    let player = playing::Network::load(folder.path(), &read).unwrap();
    // Two windows in the two styles.
    let (notes, both) = (20, rows(40, 5));
    let [velocity, timing] = trained.logits(&both, &[0, 1], &NETWORK, &Device::flex());
    for style in 0..2 {
        let found =
            player.read(&both[style * notes * COLUMNS..][..notes * COLUMNS], style, &|| Ok(())).unwrap();
        compare(&found.velocity, velocity.clone().narrow(0, style, 1));
        compare(&found.timing, timing.clone().narrow(0, style, 1));
    }
}

fn compare<const D: usize>(found: &[f32], expected: Tensor<D>) {
    let expected: Vec<f32> = expected.into_data().iter::<f32>().collect();
    assert_eq!(found.len(), expected.len());
    let worst = found.iter().zip(&expected).map(|(f, e)| (f - e).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-4, "the networks differ by {worst}");
    assert!(expected.iter().any(|v| v.abs() > 0.1));
}

/// Notes that are the louder the higher they are, in both styles.
fn pack(folder: &Path) {
    let place = folder.join("grooves");
    std::fs::create_dir_all(&place).unwrap();
    for (name, seed) in [("train", 1), ("valid", 2)] {
        let mut packed = Packed::new();
        for style in [0, 1, 0] {
            let rows = rows(60, seed);
            let velocity: Vec<u8> = rows.chunks(COLUMNS).map(|row| row[0].max(1)).collect();
            let timing: Vec<u8> = (0..60).map(|k| if k % 5 == 0 { NO_TIMING } else { 40 + k / 3 }).collect();
            packed.push(style, &rows, &velocity, &timing);
        }
        packed.write(&place.join(format!("{name}.safetensors"))).unwrap();
    }
}

fn weights(model: PathBuf) -> Vec<u8> {
    std::fs::read(model.join(playing::FILE_NAME)).unwrap()
}

#[test]
fn a_run_that_was_stopped_goes_on_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    pack(folder.path());
    let run = |name: &str, seed: u64, stop: &dyn Fn() -> bool| {
        let options = Options {
            grooves: folder.path().join("grooves"),
            sizes: NETWORK,
            plan: Plan {
                out: folder.path().join(name),
                steps: 6,
                batch: 4,
                seed,
                workers: 2,
                ..Options::default().plan
            },
        };
        weights(train(&options, Device::flex(), stop).unwrap())
    };
    goes_on(&run);
    let curve = std::fs::read_to_string(folder.path().join("whole/curve.csv")).unwrap();
    assert!(curve.starts_with("step,seconds,train_loss,valid_loss,learning_rate\n6,"), "{curve}");
}
