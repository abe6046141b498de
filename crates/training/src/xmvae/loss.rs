//! What is learned: how likely is what is written and what is played, how far manners are from normal numbers, and how
//! far the Composer's encoder is from its codes.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use xmvae::config::Settings;
use xmvae::ecp::PERFORMANCE_COLUMNS;

use super::codebook::Chosen;
use super::laid::{Laid, list};
use super::network::{Network, constant};
use super::told::{self, Told, expected};
use super::windows::{Played, Steps};

/// What it counts that the Composer's encoder is far from its codes (beta of van den Oord and others, arXiv 1711.00937,
/// section 3.2).
const COMMITMENT: f64 = 0.25;

/// Residuals are this at most, in either direction.
const LARGEST_RESIDUAL: f32 = 4.0;

/// Share of the run over which the weight of the divergence rises to what it is.
const WARM_UP: f64 = 0.2;

/// How the divergence of manners from normal numbers is weighed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighing {
    /// What it counts at most.
    pub beta: f64,
    /// Nats up to which each number of a manner is free (free bits, Kingma and others, arXiv 1606.04934, section C.8).
    pub free: f64,
}

impl Weighing {
    /// The weighing at a place in the run, 0 to 1: beta rises along a straight line for the first fifth.
    pub fn at(self, along: f64) -> Self {
        Self { beta: self.beta * (along / WARM_UP).min(1.0), ..self }
    }
}

/// What the Composer makes of some windows.
pub struct Composed {
    /// How likely what is written is, and the codes, column by column.
    pub told: Vec<Told>,
    /// Mean square of how far the encoder is from its codes `[1]`.
    pub commitment: Tensor<1>,
    /// Which codes were chosen, by what.
    pub(super) chosen: Chosen,
}

/// Mean and logarithm of the variance of the manners of windows `[batch, latent]`.
pub struct Posterior {
    /// Mean.
    pub mean: Tensor<2>,
    /// Logarithm of the variance.
    pub log_variance: Tensor<2>,
}

impl Posterior {
    /// Kullback-Leibler divergence from normal numbers, by number of the manner, the mean over windows, in nats
    /// `[latent]`.
    pub fn divergence(&self) -> Tensor<1> {
        let (mean, log_variance) = (self.mean.clone(), self.log_variance.clone());
        let [_, latent] = mean.dims();
        let each = (mean.square() + log_variance.clone().exp() - 1.0 - log_variance) * 0.5;
        each.mean_dim(0).reshape([latent])
    }

    /// Manners drawn with normal numbers `[batch, latent]`.
    fn drawn(&self, noise: Vec<f32>) -> Tensor<2> {
        let noise = TensorData::new(noise, self.mean.dims());
        let noise = Tensor::<2>::from_data(noise, &self.mean.device());
        self.mean.clone() + (self.log_variance.clone() * 0.5).exp() * noise
    }
}

/// The loss of a step.
pub struct Loss {
    /// All of it `[1]`.
    pub total: Tensor<1>,
    /// What is played: the sum over its columns of mean cross-entropies, in nats `[1]`.
    pub played: Tensor<1>,
    /// What is written, likewise.
    pub written: Tensor<1>,
    /// Which codes were chosen, by what.
    pub(super) chosen: Chosen,
}

/// The sum of the mean cross-entropies of columns, in nats `[1]`.
pub fn sum(told: &[Told], device: &Device) -> Tensor<1> {
    told.iter().fold(Tensor::zeros([1], device), |sum, column| sum + column.mean())
}

/// The loss of windows of performances and of scores. `noise` has normal numbers `[batch, latent]`, by which manners
/// are drawn.
pub fn loss(
    network: &Network,
    batch: &Played,
    scores: &Steps,
    noise: Vec<f32>,
    weighing: Weighing,
    settings: &Settings,
    device: &Device,
) -> Loss {
    let composed = written(network, scores, settings, device, false);
    let laid = Laid::of(&batch.steps, &settings.network, device);
    let read = read(network, batch, &laid, settings, device);
    let posterior = posterior(network, batch, &read, &laid, settings);
    let manners: Vec<i32> = batch.manners.iter().map(|window| *window as i32).collect();
    let manners = posterior.drawn(noise).select(0, list(&manners, device));
    let states = network.play(read, Some(&manners), &laid, &settings.network);
    let played = sum(&told::played(network, states, batch, &settings.network), device);
    // Nats of a window, by its notes, beside those of a note.
    let windows_a_note = batch.steps.batch as f64 / batch.steps.notes().max(1) as f64;
    let divergence = posterior.divergence().clamp_min(weighing.free).sum() * windows_a_note;
    let written = sum(&composed.told, device);
    let total =
        played.clone() + written.clone() + divergence * weighing.beta + composed.commitment * COMMITMENT;
    Loss { total, played, written, chosen: composed.chosen }
}

/// What the Composer makes of windows of scores; `is_counted` says whether to count what is likeliest.
pub fn written(
    network: &Network,
    scores: &Steps,
    settings: &Settings,
    device: &Device,
    is_counted: bool,
) -> Composed {
    let sizes = &settings.network;
    let laid = Laid::of(scores, sizes, device);
    let rows = network.encode(&laid, sizes);
    let codes = network.nearest(rows.clone());
    let nearest = network.codes(&codes);
    // The gradient goes past the choice of the code, to the row (straight through).
    let through = rows.clone() + constant(nearest.clone() - rows.clone());
    let states = network.decode(&laid, through, sizes);
    let written = told::Written::of(scores, &codes);
    Composed {
        told: told::written(network, states, &written, sizes, is_counted),
        commitment: (rows.clone() - nearest).square().mean(),
        chosen: Chosen { codes, rows: rows.into_data().iter::<f32>().collect() },
    }
}

/// What the Pianist reads of the scores of performances `[batch, width, hidden]`, with the codes that the Composer has
/// for their beats, without a gradient there.
pub fn read(
    network: &Network,
    batch: &Played,
    laid: &Laid,
    settings: &Settings,
    device: &Device,
) -> Tensor<3> {
    let sizes = &settings.network;
    let plain = network.valid();
    let bare = Laid::of(&batch.steps, sizes, &device.clone().inner());
    let codes = plain.nearest(plain.encode(&bare, sizes));
    let shape = [batch.steps.batch, batch.steps.width, sizes.features];
    let features = Tensor::<3>::from_data(TensorData::new(batch.features.clone(), shape), device);
    network.read(laid, features, network.codes(&codes), sizes)
}

/// The manners of windows of performances, from what was read of their scores and how they differ from what is expected
/// in the manner of nobody; without a gradient through the latter.
pub fn posterior(
    network: &Network,
    batch: &Played,
    read: &Tensor<3>,
    laid: &Laid,
    settings: &Settings,
) -> Posterior {
    let sizes = &settings.network;
    let plain = network.valid();
    let nobody = read.clone().inner();
    let bare = Laid::of(&batch.steps, sizes, &nobody.device());
    let expected = expected(&plain, plain.play(nobody, None, &bare, sizes), batch, sizes);
    let differences = differences(&batch.values, &expected, settings);
    let shape = [batch.steps.batch, batch.steps.width, 2 * PERFORMANCE_COLUMNS];
    let differences = Tensor::<3>::from_data(TensorData::new(differences, shape), &read.device());
    let [mean, log_variance] = network.manner(read.clone(), differences, laid, sizes);
    Posterior { mean, log_variance }
}

/// Of each step five residuals, 0 where a value is unknown, and whether each is known.
fn differences(values: &[f32], expected: &[f32], settings: &Settings) -> Vec<f32> {
    let scales = settings.scales.all();
    let steps = values.as_chunks::<PERFORMANCE_COLUMNS>().0.iter();
    let of_step = |(values, expected): (&[f32; PERFORMANCE_COLUMNS], &[f32; PERFORMANCE_COLUMNS])| {
        let mut row = [0.0; 2 * PERFORMANCE_COLUMNS];
        for (k, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            let residual = (value - expected[k]) / scales[k];
            row[k] = residual.clamp(-LARGEST_RESIDUAL, LARGEST_RESIDUAL);
            row[PERFORMANCE_COLUMNS + k] = 1.0;
        }
        row
    };
    steps.zip(expected.as_chunks().0).flat_map(of_step).collect()
}

#[cfg(test)]
#[path = "loss_tests.rs"]
mod tests;
