//! Networks that play together.

use burn::tensor::Device;

use super::engine::{Conditioned, Engine};
use super::given::Given;
use super::network::Network;

/// Networks that play together: the velocity field is the mean of theirs.
pub struct Ensemble(Vec<Engine>);

impl Ensemble {
    /// For networks on their device.
    pub fn new(networks: Vec<Network>, device: &Device) -> Self {
        Self(networks.into_iter().map(|network| Engine::new(network, device.clone())).collect())
    }

    /// The networks for one window of notes.
    pub fn condition(&self, given: &Given) -> ConditionedEnsemble<'_> {
        ConditionedEnsemble(self.0.iter().map(|engine| engine.condition(given)).collect())
    }
}

/// The networks of an [`Ensemble`] with what they are given of one window of notes.
pub struct ConditionedEnsemble<'a>(Vec<Conditioned<'a>>);

impl ConditionedEnsemble<'_> {
    /// As [`Conditioned::velocity`].
    pub fn velocity(&mut self, noisy: &[f32], time: f32) -> Vec<f32> {
        let share = 1.0 / self.0.len() as f32;
        let mut fields = self.0.iter_mut().map(|network| network.velocity(noisy, time));
        let mut mean = fields.next().unwrap_or_default();
        for field in fields {
            mean.iter_mut().zip(field).for_each(|(sum, v)| *sum += v);
        }
        mean.iter_mut().for_each(|sum| *sum *= share);
        mean
    }

    /// The velocity field of each.
    pub fn velocities(&mut self, noisy: &[f32], time: f32) -> Vec<Vec<f32>> {
        self.0.iter_mut().map(|network| network.velocity(noisy, time)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkConfig;
    use crate::values::WIDTH;

    #[test]
    fn an_ensembles_field_is_the_mean_of_its_networks() {
        const NOTES: usize = 5;
        let device = Device::flex();
        let config = NetworkConfig::new(7, WIDTH)
            .with_hidden(16)
            .with_layers(2)
            .with_heads(2)
            .with_feed_forward(2)
            .with_condition(3)
            .with_condition_blocks([1, 2]);
        let networks = [5, 6].map(|seed| {
            device.seed(seed);
            config.init(&device)
        });
        let rows = |width: usize| (0..NOTES * width).map(|k| (k as f32 * 0.7).sin()).collect::<Vec<_>>();
        let given = Given {
            features: rows(7),
            known: vec![0.0; NOTES * WIDTH],
            unknown: vec![1.0; NOTES * WIDTH],
            condition: Some(rows(3)),
        };
        let field = |networks: &[Network]| {
            Ensemble::new(networks.to_vec(), &device).condition(&given).velocity(&rows(WIDTH), 0.3)
        };
        let [first, second] = networks.each_ref().map(|network| field(std::slice::from_ref(network)));
        let both = field(&networks);
        assert!(first.len() == 2 * NOTES * WIDTH && first != second);
        for ((a, b), mean) in first.iter().zip(&second).zip(&both) {
            assert!((mean - (a + b) / 2.0).abs() < 1e-6, "{mean} for {a} and {b}");
        }
    }
}
