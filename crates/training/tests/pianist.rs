//! The Pianist Transformer in training: the same network as the one that plays, and runs that go on.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Int, Tensor, TensorData};
use pianist_transformer::config::NetworkConfig;
use pianist_transformer::network as playing;
use pianist_transformer::tokens::{BOS, Event, SLOTS, Token};
use training::pianist::{Options, Packed, Stage, init, save, train};

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

/// Adds to every weight, since norms start at one.
fn model(folder: &Path) -> training::pianist::Network {
    use burn::module::{Module, ModuleMapper, Param};
    use burn::tensor::Distribution;

    struct Shake;
    impl ModuleMapper for Shake {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            param.map(|old| {
                let noise = Tensor::random(old.shape(), Distribution::Normal(0.0, 0.1), &old.device());
                old + noise
            })
        }
    }
    let device = Device::flex();
    device.seed(3);
    let network = init(&SIZES, &device).map(&mut Shake);
    let settings = pianist_transformer::config::Settings { network: SIZES, playing: Default::default() };
    save(&network, &settings, folder).unwrap();
    // What half precision left of the weights.
    let mut saved = init(&SIZES, &device);
    neural::weights::load(&mut saved, &folder.join("weights.safetensors")).unwrap();
    assert_eq!(saved.num_params(), SIZES.parameters());
    saved
}

#[test]
fn what_trains_is_what_plays() {
    let folder = tempfile::tempdir().unwrap();
    let (device, network) = (Device::flex(), model(folder.path()));
    let player = playing::Network::load(folder.path(), &SIZES).unwrap();
    let (notes, hidden) = (24, SIZES.hidden);
    let (read, written) = (tokens(notes, 1), tokens(notes, 500));
    let ints = |tokens: &[Token]| -> Vec<i32> { tokens.iter().map(|t| i32::from(*t)).collect() };
    let encoded = network.encode(
        Tensor::<3, Int>::from_data(TensorData::new(ints(&read), [1, notes, SLOTS]), &device),
        &SIZES,
    );
    let encoding = player.encoder.encode(&read, &|| Ok(())).unwrap();
    compare(&encoding.0, encoded.clone());
    let mut before = vec![BOS];
    before.extend(&written[..written.len() - 1]);
    let data = TensorData::new(ints(&before), [1, before.len()]);
    let rows = network.decode(Tensor::<2, Int>::from_data(data, &device), encoded, &SIZES);
    let rows = rows.reshape([before.len(), hidden]);
    let mut decoder = playing::Decoder::new(&player.decoder, &encoding);
    for (k, token) in before.iter().enumerate() {
        decoder.advance(&[*token]);
        let slot = k % SLOTS;
        if slot > 0 && k % 5 == 0 {
            compare(&decoder.logits(slot), network.logits(rows.clone().narrow(0, k, 1), slot));
        }
    }
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
        out: folder.join(name),
        stage,
        sizes: SIZES,
        steps: 6,
        batch: 2,
        window: 16,
        seed,
        workers: 2,
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
    let uninterrupted = run("whole", 1, &|| false);
    let asked = std::cell::Cell::new(0);
    let halfway = run("parts", 1, &|| asked.replace(asked.get() + 1) >= 3);
    assert_ne!(halfway, uninterrupted);
    assert!(run("parts", 1, &|| false) == uninterrupted, "the resumed run has other weights");
    assert_ne!(run("other", 2, &|| false), uninterrupted);
    let curve = std::fs::read_to_string(folder.path().join("whole/curve.csv")).unwrap();
    assert!(curve.starts_with("step,seconds,train_loss,valid_loss,learning_rate\n6,"), "{curve}");
}

#[test]
fn fine_tuning_starts_from_pre_trained_weights() {
    let folder = tempfile::tempdir().unwrap();
    pack(folder.path());
    let before = options(folder.path(), "pretrained", Stage::Pretrain, 1);
    let from = train(&before, Device::flex(), &|| false).unwrap();
    let tune = Options { from: Some(from.clone()), ..options(folder.path(), "tuned", Stage::Tune, 1) };
    let still = Options { steps: 0, out: folder.path().join("still"), ..tune.clone() };
    let kept = train(&still, Device::flex(), &|| false).unwrap();
    assert!(weights(kept) == weights(from.clone()), "weights change without a step");
    let tuned = train(&tune, Device::flex(), &|| false).unwrap();
    assert_ne!(weights(tuned), weights(from));
}
