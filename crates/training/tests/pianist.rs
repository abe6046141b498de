//! The Pianist Transformer in training: the same network as the one that plays, and runs that go on.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData};
use common::{Shake, goes_on};
use pianist_transformer::config::{Guidance, NetworkConfig};
use pianist_transformer::network as playing;
use pianist_transformer::tokens::ladder::{Ladder, Pace};
use pianist_transformer::tokens::{BOS, Event, SLOTS, Token, range, slot};
use training::Plan;
use training::pianist::{Batch, Options, Packed, Stage, init, loss, rows, save, train};

const SIZES: NetworkConfig = NetworkConfig {
    hidden: 16,
    feed_forward: 24,
    heads: 4,
    key_value_heads: 2,
    head: 6,
    encoder_layers: 2,
    decoder_layers: 2,
    ..NetworkConfig::PUBLISHED
};

fn events(notes: usize, seed: usize) -> Vec<Event> {
    let number = |k: usize| (k + seed) * 7919 % 1009;
    let event = |k: usize| Event {
        pitch: 40 + (number(k) % 40) as u8,
        ioi_ms: (number(k + 1) % 5 * 100) as u16,
        velocity: 40 + (number(k + 2) % 60) as u8,
        duration_ms: 100 + number(k + 3) as u16,
        pedal: [if number(k + 4) % 2 == 0 { 0 } else { 127 }; 4],
    };
    (0..notes).map(event).collect()
}

fn tokens(notes: usize, seed: usize) -> Vec<Token> {
    events(notes, seed).iter().flat_map(Event::tokens).collect()
}

/// Other numbers than networks begin with.
fn model(folder: &Path, sizes: &NetworkConfig) -> training::pianist::Network {
    let device = Device::flex();
    device.seed(3);
    let network = init(sizes, &device).map(&mut Shake);
    let settings =
        pianist_transformer::config::Settings { network: sizes.clone(), playing: Default::default() };
    save(&network, &settings, folder).unwrap();
    // What half precision left of the weights.
    let mut saved = init(sizes, &device);
    neural::weights::load(&mut saved, &folder.join("weights.safetensors")).unwrap();
    assert_eq!(saved.num_params(), sizes.parameters());
    saved
}

#[test]
fn what_trains_is_what_plays() {
    for guidance in [Guidance::Unguided, Guidance::Score] {
        let sizes = NetworkConfig { guidance, ..SIZES };
        let folder = tempfile::tempdir().unwrap();
        let (device, network) = (Device::flex(), model(folder.path(), &sizes));
        let player = playing::Network::load(folder.path(), &sizes).unwrap();
        let notes = 24;
        let (read, written) = (tokens(notes, 1), tokens(notes, 500));
        let ints: Vec<i32> = read.iter().map(|t| i32::from(*t)).collect();
        let encoded = network
            .encode(Tensor::<3, Int>::from_data(TensorData::new(ints, [1, notes, SLOTS]), &device), &sizes);
        let encoding = player.encoder.encode(&read, &|| Ok(())).unwrap();
        compare(&encoding.0, encoded);
        let counts = vec![true; written.len()];
        let batch = Batch { batch: 1, window: notes, read, written, counts };
        let rows = rows(&network, &batch, &sizes, &device);
        let literal = events(notes, 1);
        let mut decoder = playing::Decoder::new(&player.decoder, &encoding, &literal);
        let mut pace = Pace::default();
        for (k, token) in std::iter::once(&BOS).chain(&batch.written).take(notes * SLOTS).enumerate() {
            decoder.advance(&[*token]);
            let (slot, row) = (k % SLOTS, rows.clone().narrow(0, k, 1));
            let note = literal[k / SLOTS];
            if slot == 0 && k > 0 {
                pace.push(Some(literal[k / SLOTS - 1].ioi_ms), events(notes, 500)[k / SLOTS - 1].ioi_ms);
            }
            let ladder = match (guidance, slot) {
                (Guidance::Score, slot::IOI) => Some(Ladder::of_ioi(Some(note.ioi_ms), &pace)),
                (Guidance::Score, slot::DURATION) => Some(Ladder::of_duration(Some(note.duration_ms), &pace)),
                _ => None,
            };
            if slot == 0 || k % 5 > 0 {
                continue;
            }
            match ladder {
                None => compare(&decoder.logits(slot), network.logits(row, slot)),
                Some(ladder) => {
                    let steps = network.steps(row, ladder.kind()).unwrap();
                    let steps: Vec<f32> = steps.into_data().iter::<f32>().collect();
                    let expected = ladder.spread(&steps);
                    let shape = [1, expected.len()];
                    let expected = Tensor::<2>::from_data(TensorData::new(expected, shape), &device);
                    compare(&decoder.logits(slot), expected);
                }
            }
        }
    }
}

/// The loss is that of the chances that the player sees.
#[test]
fn the_loss_of_a_guided_network_is_that_of_what_it_plays() {
    let sizes = NetworkConfig { guidance: Guidance::Score, ..SIZES };
    let folder = tempfile::tempdir().unwrap();
    let (device, network) = (Device::flex(), model(folder.path(), &sizes));
    let player = playing::Network::load(folder.path(), &sizes).unwrap();
    let notes = 24;
    let (read, written) = (tokens(notes, 1), tokens(notes, 500));
    let encoding = player.encoder.encode(&read, &|| Ok(())).unwrap();
    let literal = events(notes, 1);
    let mut decoder = playing::Decoder::new(&player.decoder, &encoding, &literal);
    let mut expected = 0.0;
    decoder.advance(&[BOS]);
    for (k, token) in written.iter().enumerate() {
        let slot = k % SLOTS;
        if slot > 0 {
            let logits: Vec<f64> = decoder.logits(slot).iter().map(|logit| f64::from(*logit)).collect();
            let all = logits.iter().map(|logit| logit.exp()).sum::<f64>().ln();
            expected += all - logits[usize::from(*token - range(slot).start)];
        }
        decoder.advance(&[*token]);
    }
    let counts = [false, true, true, true, true, true, true, true].repeat(notes);
    let (sum, count) =
        loss(&network, &Batch { batch: 1, window: notes, read, written, counts }, &sizes, &device);
    let found = f64::from(sum.into_data().iter::<f32>().next().unwrap());
    assert_eq!(count, notes * 7);
    assert!((found - expected).abs() < 1e-3 * expected, "{found}, expected {expected}");
}

fn compare<const D: usize>(found: &[f32], expected: Tensor<D>) {
    let expected: Vec<f32> = expected.into_data().iter::<f32>().collect();
    assert_eq!(found.len(), expected.len());
    let worst = found.iter().zip(&expected).map(|(f, e)| (f - e).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-4, "the networks differ by {worst}");
    assert!(expected.iter().any(|v| v.abs() > 0.1));
}

fn options(folder: &Path, name: &str, stage: Stage, seed: u64) -> Options {
    Options {
        tokens: folder.join("tokens"),
        stage,
        sizes: SIZES,
        window: 16,
        plan: Plan {
            out: folder.join(name),
            steps: 6,
            batch: 2,
            seed,
            workers: 2,
            ..Options::default().plan
        },
        ..Options::default()
    }
}

fn pack(folder: &Path) {
    let place = folder.join("tokens");
    std::fs::create_dir_all(&place).unwrap();
    for (name, seed) in [("", 1), ("_valid", 2)] {
        let mut alone = Packed::new();
        (0..3).for_each(|k| alone.push(&tokens(60, 100 * k + seed), k == 1));
        alone.write(&place.join(format!("pretrain{name}.safetensors"))).unwrap();
        let mut pairs = Packed::new();
        let counts = [0, 1, 1, 1, 1, 1, 1, 1].repeat(40);
        (0..3).for_each(|k| pairs.push_pair(&tokens(40, 100 * k + seed), &tokens(40, 7 * k + seed), &counts));
        pairs.write(&place.join(format!("tune{name}.safetensors"))).unwrap();
    }
}

fn weights(model: PathBuf) -> Vec<u8> {
    std::fs::read(model.join("weights.safetensors")).unwrap()
}

#[test]
fn a_run_that_was_stopped_goes_on_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    pack(folder.path());
    let run = |name: &str, seed: u64, stop: &dyn Fn() -> bool| {
        let options = options(folder.path(), name, Stage::Pretrain, seed);
        weights(train(&options, Device::flex(), stop).unwrap())
    };
    goes_on(&run);
    let curve = std::fs::read_to_string(folder.path().join("whole/curve.csv")).unwrap();
    assert!(curve.starts_with("step,seconds,train_loss,valid_loss,learning_rate\n6,"), "{curve}");
}

#[test]
fn fine_tuning_starts_from_pre_trained_weights() {
    let folder = tempfile::tempdir().unwrap();
    pack(folder.path());
    let sizes = NetworkConfig { guidance: Guidance::Score, ..SIZES };
    let pretrained = options(folder.path(), "pretrained", Stage::Pretrain, 1);
    let before = Options { sizes, blind: 0.5, ..pretrained };
    let from = train(&before, Device::flex(), &|| false).unwrap();
    let tune = Options { from: Some(from.clone()), ..options(folder.path(), "tuned", Stage::Tune, 1) };
    let mut still = tune.clone();
    (still.plan.steps, still.plan.out) = (0, folder.path().join("still"));
    let kept = train(&still, Device::flex(), &|| false).unwrap();
    assert!(weights(kept) == weights(from.clone()), "weights change without a step");
    let tuned = train(&tune, Device::flex(), &|| false).unwrap();
    assert_ne!(weights(tuned), weights(from));
}
