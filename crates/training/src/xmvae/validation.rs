//! How well a network does on pieces that it does not learn from.

use burn::tensor::{Device, Tensor};
use xmvae::config::Settings;
use xmvae::ecp::{PERFORMANCE_COLUMNS, SCORE_COLUMNS, VELOCITY};

use super::draw::Windows;
use super::laid::{Laid, list};
use super::loss::{posterior, read, written};
use super::network::Network;
use super::told::{self, Told, WRITTEN_COLUMNS, expected};
use super::windows::Played;
use crate::runs::{scalar, validation_seeds};

/// Batches of a validation.
const BATCHES: u64 = 8;

/// A number of the manner is in use that says more than this, in nats.
const IN_USE: f64 = 0.05;

/// Names of the columns, as in the curve of the program in PyTorch.
pub(super) const COLUMNS: &str = "valid_beat_period,valid_velocity,valid_timing,valid_articulation,valid_pedal,\
    explained,explained_other,explained_nobody,valid_kl,in_use,\
    valid_family,valid_position,valid_pitch,valid_duration,valid_code,right,perplexity";

/// What is measured, over the same windows every time.
#[derive(Default)]
pub(super) struct Validation {
    /// Sum of cross-entropies of what is played in the manner of another window, and how many, column by column.
    played: [(f64, usize); PERFORMANCE_COLUMNS],
    /// Share of the variance of velocity that is explained, by window: in its own manner, that of another, and that of
    /// nobody.
    explained: [Vec<f64>; 3],
    /// Divergence of each number of the manner, in nats.
    divergence: Vec<f64>,
    /// Of what is written, and of the codes.
    written: [(f64, usize); WRITTEN_COLUMNS],
    /// How many of the sub-tokens that are written were the likeliest.
    right: usize,
    /// How often each code was chosen.
    chosen: Vec<usize>,
}

impl Validation {
    /// Measures a network on windows of performances, and of scores.
    pub(super) fn of(
        network: &Network,
        windows: &Windows,
        [batch, scores]: [usize; 2],
        settings: &Settings,
        device: &Device,
    ) -> Self {
        let mut found = Self { chosen: vec![0; settings.network.codes], ..Self::default() };
        for seed in validation_seeds(BATCHES) {
            found.hear(network, &windows.played(seed, batch.next_multiple_of(2)), settings, device);
            let composed = written(network, &windows.written(seed, scores, false), settings, device, true);
            add(&mut found.written, &composed.told);
            found.right += composed.told.iter().take(SCORE_COLUMNS).map(|told| told.right).sum::<usize>();
            composed.chosen.codes.iter().for_each(|code| found.chosen[*code] += 1);
        }
        found
    }

    fn hear(&mut self, network: &Network, batch: &Played, settings: &Settings, device: &Device) {
        let sizes = &settings.network;
        let laid = Laid::of(&batch.steps, sizes, device);
        let read = read(network, batch, &laid, settings, device);
        let posterior = posterior(network, batch, &read, &laid, settings);
        let divergence = posterior.divergence().into_data();
        self.divergence.resize(sizes.latent, 0.0);
        let sums = self.divergence.iter_mut().zip(divergence.iter::<f32>());
        sums.for_each(|(sum, of)| *sum += f64::from(of) / BATCHES as f64);
        // Windows stand in pairs of one performance.
        let others: Vec<i32> = (0..batch.steps.batch as i32).map(|window| window ^ 1).collect();
        let own = posterior.mean;
        let other = own.clone().select(0, list(&others, device));
        let mut play = |manner: Option<&Tensor<2>>, shares: usize| {
            let states = network.play(read.clone(), manner, &laid, sizes);
            let found = expected(network, states.clone(), batch, sizes);
            self.explained[shares].extend(explained(&found, batch));
            states
        };
        play(Some(&own), 0);
        let states = play(Some(&other), 1);
        play(None, 2);
        add(&mut self.played, &told::played(network, states, batch, sizes));
    }

    /// How likely what is played and written is, in nats a step: the sums over columns of their means.
    pub(super) fn sums(&self) -> [f64; 2] {
        [self.played.iter().map(mean).sum(), self.written.iter().map(mean).sum()]
    }

    /// The cells of [`COLUMNS`].
    pub(super) fn cells(&self) -> String {
        let shares = self.explained.iter().map(|found| found.iter().sum::<f64>() / found.len().max(1) as f64);
        let written: usize = self.written.iter().take(SCORE_COLUMNS).map(|(_, count)| count).sum();
        let right = self.right as f64 / written.max(1) as f64;
        let cells = (self.played.iter().map(mean)).chain(shares).chain([self.divergence.iter().sum()]);
        let mut cells: Vec<String> = cells.map(|cell| format!("{cell:.4}")).collect();
        cells.push(self.divergence.iter().filter(|of| **of > IN_USE).count().to_string());
        let rest = self.written.iter().map(mean).chain([right, perplexity(&self.chosen)]);
        cells.extend(rest.map(|cell| format!("{cell:.4}")));
        cells.join(",")
    }
}

fn add(sums: &mut [(f64, usize)], told: &[Told]) {
    for (sum, told) in sums.iter_mut().zip(told) {
        *sum = (sum.0 + scalar(told.sum.clone()), sum.1 + told.count);
    }
}

fn mean((sum, count): &(f64, usize)) -> f64 {
    sum / (*count).max(1) as f64
}

/// The power of e of the entropy of how often each is chosen: how many would be, were each as likely.
fn perplexity(chosen: &[usize]) -> f64 {
    let all = chosen.iter().sum::<usize>().max(1) as f64;
    let shares = chosen.iter().filter(|count| **count > 0).map(|count| *count as f64 / all);
    (-shares.map(|share| share * share.ln()).sum::<f64>()).exp()
}

/// Of each window the share of the variance of its velocities that is expected.
fn explained(expected: &[f32], batch: &Played) -> Vec<f64> {
    let wide = (batch.steps.width * PERFORMANCE_COLUMNS).max(1);
    let windows = expected.chunks_exact(wide).zip(batch.values.chunks_exact(wide));
    let share = |(expected, values): (&[f32], &[f32])| {
        let of = |table: &[f32]| -> Vec<f64> {
            let column = table.iter().skip(VELOCITY - SCORE_COLUMNS).step_by(PERFORMANCE_COLUMNS);
            column.map(|value| f64::from(*value)).collect()
        };
        let (found, played) = (of(expected), of(values));
        let known = || found.iter().zip(&played).filter(|(_, value)| !value.is_nan());
        let count = known().count() as f64;
        let mean = known().map(|(_, value)| value).sum::<f64>() / count;
        let variance = known().map(|(_, value)| (value - mean).powi(2)).sum::<f64>();
        let missed = known().map(|(found, value)| (value - found).powi(2)).sum::<f64>();
        (variance > 0.0).then(|| 1.0 - missed / variance)
    };
    windows.filter_map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xmvae::windows::Steps;

    #[test]
    fn perplexity_counts_what_is_in_use() {
        assert!((perplexity(&[3, 3, 0, 3]) - 3.0).abs() < 1e-12);
        assert!((perplexity(&[0, 7]) - 1.0).abs() < 1e-12);
        assert!((perplexity(&[]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_share_is_one_where_all_is_expected_and_none_where_the_mean_is() {
        let row = |velocity: f32| [f32::NAN, velocity, 0.0, 0.0, 0.0];
        let table = |velocities: [f32; 8]| velocities.map(row).concat();
        let values = table([60.0, 70.0, 80.0, f32::NAN, 50.0, 50.0, 50.0, f32::NAN]);
        let steps = Steps::of(&[(vec![1; 16], false), (vec![1; 16], false)]);
        let batch = Played { steps, features: Vec::new(), values: values.clone(), manners: vec![0, 1] };
        assert_eq!(explained(&values, &batch), [1.0], "a window without variance counts for nothing");
        let found = explained(&table([70.0; 8]), &batch);
        assert!(found[0].abs() < 1e-12, "{found:?}");
    }
}
