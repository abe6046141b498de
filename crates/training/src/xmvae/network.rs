//! The network in Burn: for training. `xmvae::network` plays and writes with the same weights and says what each part
//! is from.

use burn::module::Module;
use burn::nn::{Embedding, Linear, RmsNorm};
use burn::tensor::{Device, Tensor, TensorData};
use xmvae::config::{NetworkConfig, PERFORMANCE_SIZES, SCORE_SIZES};

use super::laid::{Laid, list};
use super::layers::{Layer, MannerLayer, Sight, affine, linear, norm, table};
use super::line::Line;
use super::tables::{SubTokens, Written};

/// Logarithms of variances stay within this, so that none is nothing or infinite.
const LARGEST_LOG_VARIANCE: f64 = 12.0;

/// Where logarithms of variances begin: posteriors are narrow, so that a manner says something from the start.
const FIRST_LOG_VARIANCE: f64 = -4.0;

/// The network's weights, under the names that `xmvae` reads.
#[derive(Module, Debug)]
pub struct Network {
    composer: Composer,
    composer_encoder: ComposerEncoder,
    /// `[codes, code_width]`; moved by the averages of [`super::codebook`] and by no gradient.
    codebook: Embedding,
    composer_decoder: ComposerDecoder,
    score: ScoreEncoder,
    manner: MannerEncoder,
    performance: Performance,
    pub(super) score_sub: SubTokens,
    pub(super) performance_sub: SubTokens,
    /// What is played is told from it on; nothing without it.
    pub(super) line: Option<Line>,
}

#[derive(Module, Debug)]
struct Composer {
    embedding: Written,
}

#[derive(Module, Debug)]
struct ComposerEncoder {
    layers: Vec<Layer>,
    norm: RmsNorm,
    code: Linear,
}

#[derive(Module, Debug)]
struct ComposerDecoder {
    code: Linear,
    layers: Vec<Layer>,
    norm: RmsNorm,
}

#[derive(Module, Debug)]
struct ScoreEncoder {
    embedding: Written,
    features: Linear,
    code: Linear,
    layers: Vec<Layer>,
    norm: RmsNorm,
}

#[derive(Module, Debug)]
struct MannerEncoder {
    values: Linear,
    layers: Vec<Layer>,
    norm: RmsNorm,
    mean: Linear,
    log_variance: Linear,
}

#[derive(Module, Debug)]
struct Performance {
    layers: Vec<MannerLayer>,
    norm: RmsNorm,
}

/// A network with random weights, normal with variance one over the width of what they are multiplied with; tables,
/// matrices after which a norm stands, and what tells values, begin smaller, as the twin's do. A line says nothing
/// until it is fitted.
pub fn init(sizes: &NetworkConfig, device: &Device) -> Network {
    let NetworkConfig { hidden, code_width, latent, beat_attention, .. } = *sizes;
    let stack = |layers: usize| -> Vec<Layer> {
        (0..layers).map(|_| Layer::init(&sizes.layer(), beat_attention, device)).collect()
    };
    let codes = [("code", sizes.codes + 1)];
    let score_columns: Vec<_> = SCORE_SIZES.into_iter().chain(codes).collect();
    let performance_layer = |_| MannerLayer::init(&sizes.layer(), latent, beat_attention, device);
    Network {
        composer: Composer { embedding: Written::init(hidden, device) },
        composer_encoder: ComposerEncoder {
            layers: stack(sizes.layers.composer_encoder),
            norm: norm(hidden, device),
            code: linear(hidden, code_width, device),
        },
        codebook: table(sizes.codes, code_width, 1.0, device),
        composer_decoder: ComposerDecoder {
            code: linear(code_width, hidden, device),
            layers: stack(sizes.layers.composer_decoder),
            norm: norm(hidden, device),
        },
        score: ScoreEncoder {
            embedding: Written::init(hidden, device),
            features: linear(sizes.features, hidden, device),
            code: linear(code_width, hidden, device),
            layers: stack(sizes.layers.score),
            norm: norm(hidden, device),
        },
        manner: MannerEncoder {
            values: linear(2 * PERFORMANCE_SIZES.len(), hidden, device),
            layers: stack(sizes.layers.manner),
            norm: norm(hidden, device),
            mean: affine(hidden, latent, 1.0, 0.0, device),
            log_variance: affine(hidden, latent, 0.1, FIRST_LOG_VARIANCE, device),
        },
        performance: Performance {
            layers: (0..sizes.layers.performance).map(performance_layer).collect(),
            norm: norm(hidden, device),
        },
        score_sub: SubTokens::init(&score_columns, sizes, device),
        performance_sub: SubTokens::init(&PERFORMANCE_SIZES, sizes, device),
        line: sizes.line.then(|| Line::init(sizes, device)),
    }
}

/// The same numbers without a gradient.
pub(super) fn constant<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    if x.is_autodiff() { x.inner().autodiff() } else { x }
}

fn through(layers: &[Layer], norm: &RmsNorm, x: Tensor<3>, head: usize, sight: &Sight) -> Tensor<3> {
    norm.forward(layers.iter().fold(x, |x, layer| layer.apply(x, head, sight)))
}

impl Network {
    /// What the Composer's encoder makes of each beat of some windows, before it becomes a code:
    /// `[beats, code_width]`, the beats of all windows one after another.
    pub fn encode(&self, laid: &Laid, sizes: &NetworkConfig) -> Tensor<2> {
        let part = &self.composer_encoder;
        let x = self.composer.embedding.sum(laid.columns());
        let x = through(&part.layers, &part.norm, x, sizes.head, &laid.sight);
        let rows = x.reshape([laid.batch * laid.width, sizes.hidden]);
        part.code.forward(rows.select(0, laid.metric()))
    }

    /// The codes that are nearest to rows `[beats, code_width]`: by least squared distance, the first of equals.
    pub fn nearest(&self, rows: Tensor<2>) -> Vec<usize> {
        let (rows, codes) = (rows.inner(), self.codebook.weight.val().inner());
        let [count, _] = codes.dims();
        let squares = codes.clone().square().sum_dim(1).reshape([1, count]);
        // The squares of the rows themselves are the same for all codes.
        let distances = squares - rows.matmul(codes.transpose()) * 2.0;
        distances.argmin(1).into_data().iter::<i64>().map(|code| code as usize).collect()
    }

    /// The rows of the codebook at some codes `[beats, code_width]`, without a gradient.
    pub fn codes(&self, codes: &[usize]) -> Tensor<2> {
        let book = constant(self.codebook.weight.val());
        let numbers: Vec<i32> = codes.iter().map(|code| *code as i32).collect();
        let at = list(&numbers, &book.device());
        book.select(0, at)
    }

    /// The codebook `[codes, code_width]`, row after row.
    pub(super) fn codebook(&self) -> Vec<f32> {
        self.codebook.weight.val().into_data().iter::<f32>().collect()
    }

    /// Takes another codebook of the same sizes.
    pub(super) fn set_codebook(&mut self, codes: Vec<f32>) {
        let replaced = |old: Tensor<2>| Tensor::from_data(TensorData::new(codes, old.dims()), &old.device());
        self.codebook.weight = self.codebook.weight.clone().map(replaced);
    }

    /// States from which each step is told, and what comes after the last: `[batch, width + 1, hidden]`, with what
    /// stands for the codes of all beats `[beats, code_width]`.
    pub fn decode(&self, laid: &Laid, codes: Tensor<2>, sizes: &NetworkConfig) -> Tensor<3> {
        let part = &self.composer_decoder;
        let before = laid.before(sizes);
        let x =
            self.composer.embedding.sum(before.columns) + laid.spread(part.code.forward(codes), before.beats);
        through(&part.layers, &part.norm, x, sizes.head, &before.sight)
    }

    /// What the Pianist reads of the score `[batch, width, hidden]`, with the codes of all beats
    /// `[beats, code_width]`, and features of the notes `[batch, width, features]`, zeros at beats.
    pub fn read(
        &self,
        laid: &Laid,
        features: Tensor<3>,
        codes: Tensor<2>,
        sizes: &NetworkConfig,
    ) -> Tensor<3> {
        let part = &self.score;
        let codes = laid.spread(part.code.forward(codes), laid.beats());
        let x = part.embedding.sum(laid.columns()) + part.features.forward(features) + codes;
        through(&part.layers, &part.norm, x, sizes.head, &laid.sight)
    }

    /// States from which the performance of each step is told `[batch, width, hidden]`, from what was read and manners
    /// `[batch, latent]`; nothing stands for a manner of zeros.
    pub fn play(
        &self,
        read: Tensor<3>,
        manner: Option<&Tensor<2>>,
        laid: &Laid,
        sizes: &NetworkConfig,
    ) -> Tensor<3> {
        let part = &self.performance;
        let layer = |x, layer: &MannerLayer| layer.apply(x, manner, sizes.head, &laid.sight);
        part.norm.forward(part.layers.iter().fold(read, layer))
    }

    /// Mean and logarithm of the variance of the manner `[batch, latent]` of windows, from what was read of the score
    /// and how the performance differs from what is expected `[batch, width, 10]`: five residuals, and for each whether
    /// it is known.
    pub fn manner(
        &self,
        read: Tensor<3>,
        differences: Tensor<3>,
        laid: &Laid,
        sizes: &NetworkConfig,
    ) -> [Tensor<2>; 2] {
        let part = &self.manner;
        let x = read + part.values.forward(differences);
        let rows = through(&part.layers, &part.norm, x, sizes.head, &laid.sight);
        let [batch, _, hidden] = rows.dims();
        let mean = laid.shares().matmul(rows).reshape([batch, hidden]);
        let log_variance = part.log_variance.forward(mean.clone());
        [part.mean.forward(mean), log_variance.clamp(-LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)]
    }
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
