//! What is learned: the negative logarithm of the likelihood, and how far posteriors are from normal numbers.

use std::f64::consts::PI;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use cadenza::composer::config::NetworkConfig;

use super::draw::Batch;
use super::network::Network;

/// How the parts of the loss are weighed. The paper has 1 and .15 (Full-KL), .3 and .25 (Balanced-KL), and 0
/// (No-KL).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighing {
    /// What the distance from normal numbers counts at most.
    pub beta: f64,
    /// Nats up to which each number of the latent vector is free (lambda; free bits, Kingma and others,
    /// arXiv 1606.04934, section C.8).
    pub free: f64,
}

impl Weighing {
    /// The weighing at a place in the run, 0 to 1: beta is 0 for the first fifth, rises along a straight line for
    /// a fifth, and then along a cosine, from 0 in the first half of every tenth, to stay there for the second
    /// (cyclical annealing, Fu and others, arXiv 1903.10145). The paper has 25,000 steps, 25,000 and 10,000.
    pub fn at(self, along: f64) -> Self {
        let share = if along < 0.2 {
            0.0
        } else if along < 0.4 {
            (along - 0.2) / 0.2
        } else {
            let phase = ((along - 0.4) / 0.1).fract();
            0.5 * (1.0 - (PI * (2.0 * phase).min(1.0)).cos())
        };
        Self { beta: self.beta * share, ..self }
    }
}

/// The parts of the loss of a batch.
pub struct Parts {
    /// Sum of the negative logarithms of likelihoods, in nats `[1]`.
    pub likelihood: Tensor<1>,
    /// Kullback-Leibler divergence of posteriors from normal numbers, by number of the latent vector, mean over
    /// the batch, in nats `[latent]`.
    pub divergence: Tensor<1>,
    /// Tokens that were to be found.
    pub tokens: usize,
    /// Segments.
    pub batch: usize,
}

impl Parts {
    /// Nats a token `[1]`: so that the learning rate does not depend on how long segments are.
    pub fn loss(self, weighing: Weighing) -> Tensor<1> {
        let divergence = self.divergence.clamp_min(weighing.free).sum() * weighing.beta;
        (self.likelihood + divergence * self.batch as f64) / self.tokens.max(1) as f64
    }
}

/// The parts of the loss of a batch. `noise` has normal numbers `[batch, latent]`, by which latent vectors are
/// drawn from posteriors.
pub fn parts(
    network: &Network,
    batch: &Batch,
    noise: Vec<f32>,
    sizes: &NetworkConfig,
    device: &Device,
) -> Parts {
    let shape = [batch.batch, batch.width];
    let ints = |tokens: &[u32]| {
        let tokens: Vec<i32> = tokens.iter().map(|token| *token as i32).collect();
        Tensor::<2, Int>::from_data(TensorData::new(tokens, shape), device)
    };
    let [mean, log_variance] = network.encode(ints(&batch.read), &batch.lengths, sizes);
    let noise = Tensor::<2>::from_data(TensorData::new(noise, [batch.batch, sizes.latent]), device);
    let latent = mean.clone() + (log_variance.clone() * 0.5).exp() * noise;
    let divergence = (mean.square() + log_variance.clone().exp() - 1.0 - log_variance) * 0.5;
    let rows = network.decode(ints(&batch.before), latent, sizes);
    let rows = rows.reshape([batch.batch * batch.width, sizes.hidden]);
    let used = |(k, length): (usize, &usize)| (0..*length).map(move |at| k * batch.width + at);
    let places: Vec<usize> = batch.lengths.iter().enumerate().flat_map(used).collect();
    let tokens = places.len();
    let targets: Vec<i32> = places.iter().map(|place| batch.next[*place] as i32).collect();
    let places: Vec<i32> = places.into_iter().map(|place| place as i32).collect();
    let at = Tensor::<1, Int>::from_data(TensorData::new(places, [tokens]), device);
    let targets = Tensor::<2, Int>::from_data(TensorData::new(targets, [tokens, 1]), device);
    let logits = network.logits(rows.select(0, at));
    Parts {
        likelihood: log_softmax(logits, 1).gather(1, targets).sum().neg(),
        divergence: divergence.mean_dim(0).reshape([sizes.latent]),
        tokens,
        batch: batch.batch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beta_rises_and_then_goes_round() {
        let weighing = Weighing { beta: 0.3, free: 0.25 };
        let at = |along| weighing.at(along).beta;
        for (along, share) in
            [(0.0, 0.0), (0.19, 0.0), (0.3, 0.5), (0.425, 0.5), (0.46, 1.0), (0.501, 0.0), (0.76, 1.0)]
        {
            assert!((at(along) - 0.3 * share).abs() < 0.001, "{along}: {}", at(along));
        }
        assert_eq!(weighing.at(0.7).free, 0.25);
    }
}
