//! A network with random weights.

use burn::module::Initializer;
use burn::nn::{LayerNormConfig, LinearConfig};
use burn::tensor::Device;

use super::block::Block;
use super::config::NetworkConfig;
use super::{Network, TIME_HIDDEN, TIME_SINUSOIDS};

impl NetworkConfig {
    /// A network with random weights.
    pub fn init(&self, device: &Device) -> Network {
        let inputs = self.features + 3 * self.values;
        let [from, to] = self.condition_blocks;
        Network {
            input: LinearConfig::new(inputs, self.hidden).init(device),
            memory: Initializer::Normal { mean: 0.0, std: 0.02 }.init([self.memory, self.hidden], device),
            time_in: LinearConfig::new(TIME_SINUSOIDS + 1, TIME_HIDDEN).init(device),
            time_out: LinearConfig::new(TIME_HIDDEN, TIME_HIDDEN).init(device),
            blocks: (0..self.layers).map(|k| self.init_block((from..to).contains(&k), device)).collect(),
            norm: LayerNormConfig::new(self.hidden).with_bias(false).init(device),
            output: LinearConfig::new(self.hidden, self.values).init(device),
            rotary_base: self.rotary_base,
        }
    }

    fn init_block(&self, conditioned: bool, device: &Device) -> Block {
        let (d, head) = (self.hidden, self.hidden / self.heads);
        let plain = |input, output| LinearConfig::new(input, output).with_bias(false).init(device);
        let zero = |input, output, bias| {
            LinearConfig::new(input, output).with_bias(bias).with_initializer(Initializer::Zeros).init(device)
        };
        Block {
            norm_attention: LayerNormConfig::new(d).with_bias(false).init(device),
            query: plain(d, d),
            key_value: plain(d, 2 * head),
            attended: plain(d, d),
            norm_forward: LayerNormConfig::new(d).with_bias(false).init(device),
            gate: plain(d, self.feed_forward * d),
            up: plain(d, self.feed_forward * d),
            down: plain(self.feed_forward * d, d),
            modulation: zero(TIME_HIDDEN, 4 * d, true),
            condition: conditioned.then(|| zero(self.condition, d, false)),
            heads: self.heads,
        }
    }
}
