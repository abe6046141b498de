//! What layers are made of.

use burn::module::Initializer;
use burn::nn::{Linear, LinearConfig, RmsNorm, RmsNormConfig};
use burn::tensor::Device;
use pianist_transformer::config::NetworkConfig;

/// A norm whose factors are one.
pub(super) fn norm(sizes: &NetworkConfig, device: &Device) -> RmsNorm {
    RmsNormConfig::new(sizes.hidden).init(device)
}

/// A linear layer of random weights.
pub(super) fn linear(input: usize, output: usize, bias: bool, device: &Device) -> Linear {
    let initializer = Initializer::Normal { mean: 0.0, std: (input as f64).powf(-0.5) };
    LinearConfig::new(input, output).with_bias(bias).with_initializer(initializer).init(device)
}
