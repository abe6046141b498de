//! The network in Burn: for training. `cadenza::groove` plays the same weights and says what each part is from.
//! Nothing is dropped, which the program in PyTorch does: what is drawn in worker threads would be another each time.

use burn::module::{Initializer, Module};
use burn::nn::{Embedding, EmbeddingConfig, Linear, RmsNorm};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use cadenza::groove::{
    COLUMNS, NetworkConfig, Settings, TIMINGS, VALUES, VELOCITIES, VELOCITY_STEP, table_row,
};
use neural::layers::LayerSizes;

use super::windows::Batch;
use crate::layers::{Attention, FeedForward, Seen, linear, norm};
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

/// A network with random weights, normal with variance one over the width of what they are multiplied with; what
/// layers add begins small, so that many are one to start with.
pub fn init(settings: &Settings, device: &Device) -> Network {
    let sizes = &settings.network;
    let std = (COLUMNS as f64).powf(-0.5);
    let embedding = |rows| {
        let initializer = Initializer::Normal { mean: 0.0, std };
        EmbeddingConfig::new(rows, sizes.hidden).with_initializer(initializer).init(device)
    };
    let NetworkConfig { hidden, feed_forward, heads, head, .. } = *sizes;
    let widths = LayerSizes { hidden, feed_forward, heads, key_value_heads: heads, head };
    let scale = (2.0 * sizes.layers.max(1) as f64).powf(-0.5);
    let layer = |_| Layer {
        attention: Attention::init(&widths, scale, None, device),
        forward: FeedForward::init(&widths, scale, None, device),
    };
    let head = |bins| linear(sizes.hidden, bins, true, 1.0, device);
    Network {
        embedding: embedding(VALUES),
        style: embedding(settings.styles.len()),
        layers: (0..sizes.layers).map(layer).collect(),
        norm: norm(hidden, device),
        velocity: head(VELOCITIES),
        timing: head(TIMINGS),
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
            x = layer.forward.apply(layer.attention.apply(x, &turns, sizes.head, &Seen::All));
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
