//! The encoder: one position a token, and one more for the beginning.

use neural::archive::Archive;
use neural::layers::{Attention, FeedForward, Sight, norm, normed};
use neural::product::Product;
use neural::rotary::Rotary;
use neural::weights::WeightsError;

use super::Posterior;
use super::config::NetworkConfig;

/// Logarithms of variances stay within this, so that none is nothing or infinite.
const LARGEST_LOG_VARIANCE: f32 = 12.0;

/// The encoder's weights.
pub struct Encoder {
    hidden: usize,
    /// Half the width of a head.
    half: usize,
    rotary_base: f64,
    /// `[vocabulary, hidden]`
    embedding: Vec<f32>,
    layers: Vec<(Attention, FeedForward)>,
    norm: Vec<f32>,
    mean: Affine,
    log_variance: Affine,
}

/// A product and what is added to it.
struct Affine {
    product: Product,
    bias: Vec<f32>,
}

impl Affine {
    fn load(archive: &Archive, name: &str, rows: usize, columns: usize) -> Result<Self, WeightsError> {
        let bias = archive.numbers(&format!("{name}.bias"), &[columns])?;
        Ok(Self { product: Product::load(archive, name, rows, columns)?, bias })
    }

    fn of(&self, row: &[f32]) -> Vec<f32> {
        self.product.of(row).iter().zip(&self.bias).map(|(value, bias)| value + bias).collect()
    }
}

impl Encoder {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub fn load(archive: &Archive, sizes: &NetworkConfig) -> Result<Self, WeightsError> {
        let (hidden, layers) = (sizes.hidden, sizes.layer());
        let layer = |k: usize| {
            let name = format!("encoder.layers.{k}");
            let attention = Attention::load(archive, &format!("{name}.attention"), &layers)?;
            Ok((attention, FeedForward::load(archive, &format!("{name}.forward"), &layers)?))
        };
        let layers = (0..sizes.encoder_layers).map(layer).collect::<Result<_, WeightsError>>()?;
        Ok(Self {
            hidden,
            half: sizes.head / 2,
            rotary_base: sizes.rotary_base,
            embedding: archive.numbers("encoder.embedding.weight", &[sizes.vocabulary, hidden])?,
            layers,
            norm: norm(archive, "encoder.norm", hidden)?,
            mean: Affine::load(archive, "encoder.mean", 2 * hidden, sizes.latent)?,
            log_variance: Affine::load(archive, "encoder.log_variance", 2 * hidden, sizes.latent)?,
        })
    }

    /// The posterior of tokens. It is made of two rows: that of the beginning and the mean of all others.
    pub fn encode(&self, begin: u32, tokens: &[u32]) -> Posterior {
        let hidden = self.hidden;
        let scale = (hidden as f32).sqrt();
        let row = |token: &u32| self.embedding.get(*token as usize * hidden..)?.get(..hidden);
        let all = std::iter::once(&begin).chain(tokens);
        let mut x: Vec<f32> = all.filter_map(row).flatten().map(|value| scale * value).collect();
        let rotary = Rotary::new(x.len() / hidden, self.half, self.rotary_base);
        for (attention, feed_forward) in &self.layers {
            attention.attend_to_self(&mut x, &mut attention.memories(), &rotary, 0, Sight::All);
            feed_forward.apply(&mut x);
        }
        let rows = normed(&x, &self.norm);
        let (first, others) = rows.split_at(hidden);
        let mut pooled = first.to_vec();
        pooled.resize(2 * hidden, 0.0);
        let share = 1.0 / (others.len() / hidden).max(1) as f32;
        for other in others.chunks_exact(hidden) {
            pooled[hidden..].iter_mut().zip(other).for_each(|(sum, value)| *sum += share * value);
        }
        let deviation = |log_variance: &f32| {
            (0.5 * log_variance.clamp(-LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)).exp()
        };
        let log_variance = self.log_variance.of(&pooled);
        Posterior { mean: self.mean.of(&pooled), deviation: log_variance.iter().map(deviation).collect() }
    }
}
