//! The network in Burn: for training. `cadenza::groove` plays the same weights and says what each part is from.
//! Nothing is dropped, which the program in PyTorch does: what is drawn in worker threads would be another each time.

use burn::module::{Initializer, Module};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig, RmsNorm, RmsNormConfig};
use burn::tensor::activation::{log_softmax, silu};
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Device, Int, Tensor, TensorData};
use cadenza::groove::{
    COLUMNS, NetworkConfig, Settings, TIMINGS, VALUES, VELOCITIES, VELOCITY_STEP, table_row,
};

use super::windows::Batch;
use crate::rotary::Turns;

/// The network's weights, under the names that `cadenza` reads.
#[derive(Module, Debug)]
pub struct Network {
    embedding: Embedding,
    style: Embedding,
    layers: Vec<Layer>,
    norm: RmsNorm,
    velocity: Linear,
    timing: Linear,
}

#[derive(Module, Debug)]
struct Layer {
    attention: Attention,
    forward: FeedForward,
}

#[derive(Module, Debug)]
struct Attention {
    before: RmsNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
}

#[derive(Module, Debug)]
struct FeedForward {
    before: RmsNorm,
    gate: Linear,
    up: Linear,
    down: Linear,
}

/// A network with random weights, normal with variance one over the width of what they are multiplied with; what
/// layers add begins small, so that many are one to start with.
pub fn init(settings: &Settings, device: &Device) -> Network {
    let sizes = &settings.network;
    let std = (COLUMNS as f64).powf(-0.5);
    let embedding = |rows| {
        let initializer = Initializer::Normal { mean: 0.0, std };
        EmbeddingConfig::new(rows, sizes.hidden).with_initializer(initializer).init(device)
    };
    let layer =
        |_| Layer { attention: Attention::init(sizes, device), forward: FeedForward::init(sizes, device) };
    let head = |bins| linear(sizes.hidden, bins, true, 1.0, device);
    Network {
        embedding: embedding(VALUES),
        style: embedding(settings.styles.len()),
        layers: (0..sizes.layers).map(layer).collect(),
        norm: norm(sizes, device),
        velocity: head(VELOCITIES),
        timing: head(TIMINGS),
    }
}

fn norm(sizes: &NetworkConfig, device: &Device) -> RmsNorm {
    RmsNormConfig::new(sizes.hidden).init(device)
}

fn linear(input: usize, output: usize, bias: bool, scale: f64, device: &Device) -> Linear {
    let initializer = Initializer::Normal { mean: 0.0, std: scale * (input as f64).powf(-0.5) };
    LinearConfig::new(input, output).with_bias(bias).with_initializer(initializer).init(device)
}

/// What the weights are scaled by that a layer adds with.
fn added(sizes: &NetworkConfig) -> f64 {
    (2.0 * sizes.layers.max(1) as f64).powf(-0.5)
}

impl Attention {
    fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.heads * sizes.head);
        Self {
            before: norm(sizes, device),
            query: linear(hidden, wide, false, 1.0, device),
            key: linear(hidden, wide, false, 1.0, device),
            value: linear(hidden, wide, false, 1.0, device),
            out: linear(wide, hidden, false, added(sizes), device),
        }
    }

    /// Adds attention of rows `[batch, notes, hidden]` to themselves.
    fn apply(&self, x: Tensor<3>, turns: &Turns, head: usize) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let [batch, notes, _] = normed.dims();
        let heads = |part: &Linear| {
            let rows = part.forward(normed.clone());
            let [_, _, width] = rows.dims();
            rows.reshape([batch, notes, width / head, head]).swap_dims(1, 2)
        };
        let (query, key) = (turns.turn(heads(&self.query)), turns.turn(heads(&self.key)));
        let [_, count, _, _] = query.dims();
        let options = AttentionModuleOptions::default();
        let mixed = attention(query, key, heads(&self.value), None, None, options);
        let mixed = mixed.swap_dims(1, 2).reshape([batch, notes, count * head]);
        x + self.out.forward(mixed)
    }
}

impl FeedForward {
    fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.feed_forward);
        Self {
            before: norm(sizes, device),
            gate: linear(hidden, wide, false, 1.0, device),
            up: linear(hidden, wide, false, 1.0, device),
            down: linear(wide, hidden, false, added(sizes), device),
        }
    }

    fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let gated = silu(self.gate.forward(normed.clone())) * self.up.forward(normed);
        x + self.down.forward(gated)
    }
}

impl Network {
    /// Logits of velocity `[batch, notes, VELOCITIES]` and micro-timing `[batch, notes, TIMINGS]` of rows
    /// `[batch, notes, COLUMNS]` in styles `[batch]`.
    pub fn logits(
        &self,
        rows: &[u8],
        style: &[u8],
        sizes: &NetworkConfig,
        device: &Device,
    ) -> [Tensor<3>; 2] {
        let batch = style.len();
        let notes = rows.len() / COLUMNS / batch.max(1);
        let places = rows.iter().enumerate().map(|(k, value)| table_row(k % COLUMNS, *value) as i32);
        // The table's rows of all values of a note, one after another, are looked up at once.
        let shape = [batch, notes * COLUMNS];
        let places =
            Tensor::<2, Int>::from_data(TensorData::new(places.collect::<Vec<i32>>(), shape), device);
        let found = self.embedding.forward(places).reshape([batch * notes, COLUMNS, sizes.hidden]);
        let x = found.sum_dim(1).reshape([batch, notes, sizes.hidden]);
        let style: Vec<i32> = style.iter().map(|style| i32::from(*style)).collect();
        let style = Tensor::<2, Int>::from_data(TensorData::new(style, [batch, 1]), device);
        let mut x = x + self.style.forward(style);
        let turns = Turns::new(notes, sizes.head, sizes.rotary_base, &x.device());
        for layer in &self.layers {
            x = layer.forward.apply(layer.attention.apply(x, &turns, sizes.head));
        }
        let x = self.norm.forward(x);
        [self.velocity.forward(x.clone()), self.timing.forward(x)]
    }
}

/// The mean cross entropy of velocity and that of micro-timing, in nats, added `[1]`; each over the notes that
/// have one.
pub fn loss(network: &Network, batch: &Batch, sizes: &NetworkConfig, device: &Device) -> Tensor<1> {
    let [velocity, timing] = network.logits(&batch.rows, &batch.style, sizes, device);
    let loud = batch.velocity.iter().map(|v| (*v > 0).then(|| f64::from(*v) / VELOCITY_STEP));
    let loud: Vec<Option<i32>> = loud.map(|bin| bin.map(|bin| bin as i32)).collect();
    let late = batch.timing.iter().map(|bin| (usize::from(*bin) < TIMINGS).then(|| i32::from(*bin)));
    let late: Vec<Option<i32>> = late.collect();
    cross_entropy(velocity, &loud, device) + cross_entropy(timing, &late, device)
}

/// Mean over those that have a target.
fn cross_entropy(logits: Tensor<3>, targets: &[Option<i32>], device: &Device) -> Tensor<1> {
    let [batch, notes, bins] = logits.dims();
    let chosen = targets.iter().enumerate().filter_map(|(k, target)| Some((k as i32, (*target)?)));
    let (at, bin): (Vec<i32>, Vec<i32>) = chosen.unzip();
    let count = at.len();
    if count == 0 {
        return Tensor::<1>::zeros([1], device);
    }
    let at = Tensor::<1, Int>::from_data(TensorData::new(at, [count]), device);
    let bin = Tensor::<2, Int>::from_data(TensorData::new(bin, [count, 1]), device);
    let rows = logits.reshape([batch * notes, bins]).select(0, at);
    log_softmax(rows, 1).gather(1, bin).sum().neg() / count as f64
}
