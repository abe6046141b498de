//! The Composer in training: the same network as the one that writes, and runs that go on.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData};
use cadenza::composer::config::{NetworkConfig, Settings};
use cadenza::composer::{Bar, Model, written};
use cadenza::pertok::{PerTok, Token};
use common::{Shake, goes_on};
use notation::TimeSignature;
use training::Plan;
use training::composer::{
    FILES, Network, Options, Packed, Segments, Source, Tokens, init, parts, save, train,
};

const LONGEST: usize = 60;

fn pertok() -> PerTok {
    PerTok::new(written()).unwrap()
}

fn sizes() -> NetworkConfig {
    NetworkConfig {
        vocabulary: pertok().vocabulary().size(),
        hidden: 16,
        feed_forward: 24,
        heads: 4,
        head: 6,
        latent: 5,
        encoder_layers: 2,
        decoder_layers: 2,
        ..NetworkConfig::PUBLISHED
    }
}

/// Bars of four quarters with up to five notes.
fn packed(seed: usize) -> Packed {
    let pertok = pertok();
    let id = |token| pertok.vocabulary().id(token).unwrap();
    let number = |k: usize| (k + seed) * 7919 % 1009;
    let bar = |bar: usize| {
        let note = |k: usize| {
            let at = 480 * (k % 4) as u32;
            let place = (at > 0).then(|| id(Token::Position(at)));
            let pitch = id(Token::Pitch(40 + (number(5 * bar + k) % 40) as u8));
            place.into_iter().chain([pitch, id(Token::Duration(480))])
        };
        let tokens = (0..number(bar) % 4 + 1).flat_map(note).collect();
        Bar { metre: id(Token::TimeSignature(TimeSignature::default())), tokens }
    };
    let mut packed = Packed::new();
    packed.push(&(0..40).map(bar).collect::<Vec<Bar>>(), Source::Asap);
    packed
}

fn pack(folder: &Path) -> PathBuf {
    let place = folder.join("segments");
    std::fs::create_dir_all(&place).unwrap();
    Tokens::new(&pertok(), LONGEST).write(&place).unwrap();
    for (seed, name) in FILES.iter().enumerate() {
        packed(seed).write(&place.join(format!("{name}.safetensors"))).unwrap();
    }
    place
}

/// Other numbers than networks begin with.
fn model(folder: &Path) -> Network {
    let device = Device::flex();
    device.seed(3);
    let network = init(&sizes(), &device).map(&mut Shake);
    save(&network, &Settings { network: sizes(), tokens: written(), longest: LONGEST }, folder).unwrap();
    // What half precision left of the weights.
    let mut saved = init(&sizes(), &device);
    neural::weights::load(&mut saved, &folder.join(cadenza::composer::FILE_NAME)).unwrap();
    assert_eq!(saved.num_params(), sizes().parameters());
    saved
}

fn compare<const D: usize>(found: &[f32], expected: Tensor<D>) {
    let expected: Vec<f32> = expected.into_data().iter::<f32>().collect();
    assert_eq!(found.len(), expected.len());
    let worst = found.iter().zip(&expected).map(|(f, e)| (f - e).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-4, "the networks differ by {worst}");
    assert!(expected.iter().any(|v| v.abs() > 0.1));
}

#[test]
fn what_trains_is_what_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (device, network) = (Device::flex(), model(folder.path()));
    let (player, sizes) = (Model::load(folder.path()).unwrap(), sizes());
    // Segments of several lengths, so that some are filled up.
    let segments = Segments::new(packed(7), pertok(), LONGEST).unwrap();
    let batch = (0..8)
        .map(|step| segments.draw(1, step, 3, 0.0))
        .find(|batch| batch.lengths.iter().any(|length| *length < batch.width));
    let batch = batch.unwrap();
    let ints: Vec<i32> = batch.read.iter().map(|token| *token as i32).collect();
    let read = || Tensor::<2, Int>::from_data(TensorData::new(ints.clone(), [3, batch.width]), &device);
    let [mean, log_variance] = network.encode(read(), &batch.lengths, &sizes);
    let rows = network.decode(read(), mean.clone(), &sizes);
    for (k, length) in batch.lengths.iter().enumerate() {
        let segment = &batch.read[k * batch.width + 1..][..length - 1];
        let posterior = player.encode(segment);
        compare(&posterior.mean, mean.clone().narrow(0, k, 1));
        compare(&posterior.deviation, (log_variance.clone().narrow(0, k, 1) * 0.5).exp());
        let rows = rows.clone().narrow(0, k, 1).narrow(1, 0, *length).reshape([*length, sizes.hidden]);
        compare(&player.logits(&posterior.mean, segment), network.logits(rows));
    }
}

/// Nothing of a segment depends on what is beside it or behind it in a batch.
#[test]
fn padding_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (device, network, sizes) = (Device::flex(), model(folder.path()), sizes());
    let segments = Segments::new(packed(7), pertok(), LONGEST).unwrap();
    let batch = segments.draw(1, 0, 3, 0.0);
    let wider = batch.width + 5;
    let mut widened = batch.clone();
    for table in [&mut widened.read, &mut widened.before, &mut widened.next] {
        *table = table.chunks(batch.width).flat_map(|row| row.iter().copied().chain([0; 5])).collect();
    }
    widened.width = wider;
    let noise = vec![0.5; 3 * sizes.latent];
    let likelihood = |batch: &training::composer::Batch| -> f32 {
        parts(&network, batch, noise.clone(), &sizes, &device).likelihood.into_scalar()
    };
    let (narrow, wide) = (likelihood(&batch), likelihood(&widened));
    assert!((narrow - wide).abs() < 1e-3 * narrow, "{narrow} and {wide}");
}

fn options(folder: &Path, name: &str, seed: u64) -> Options {
    Options {
        segments: pack(folder),
        sizes: sizes(),
        plan: Plan {
            out: folder.join(name),
            steps: 6,
            batch: 4,
            seed,
            workers: 2,
            ..Options::default().plan
        },
        ..Options::default()
    }
}

fn weights(model: PathBuf) -> Vec<u8> {
    std::fs::read(model.join(cadenza::composer::FILE_NAME)).unwrap()
}

#[test]
fn a_run_that_was_stopped_goes_on_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, seed: u64, stop: &dyn Fn() -> bool| {
        weights(train(&options(folder.path(), name, seed), Device::flex(), stop).unwrap())
    };
    goes_on(&run);
    let curve = std::fs::read_to_string(folder.path().join("whole/curve.csv")).unwrap();
    assert!(
        curve.starts_with("step,seconds,train_loss,valid_nll,valid_kl,beta,learning_rate\n6,"),
        "{curve}"
    );
}

#[test]
fn a_run_starts_from_a_model_and_what_it_writes_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let from = train(&options(folder.path(), "first", 1), Device::flex(), &|| false).unwrap();
    assert_eq!(Model::load(&from).unwrap().longest(), LONGEST);
    let mut next = Options { from: Some(from.clone()), ..options(folder.path(), "next", 2) };
    next.plan.steps = 0;
    let kept = train(&next, Device::flex(), &|| false).unwrap();
    assert!(weights(kept) == weights(from), "weights change without a step");
}
