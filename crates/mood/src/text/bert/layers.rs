//! The parts of the network: how each is read and what it computes.

use burn::tensor::activation::{gelu, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use neural::archive::Archive;

use super::settings::BertSettings;
use crate::text::error::TextError;

pub(super) struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    norm_attention: Norm,
    up: Linear,
    down: Linear,
    norm_forward: Norm,
}

struct Linear {
    weight: Tensor<2>,
    bias: Tensor<1>,
}

pub(super) struct Norm {
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
}

/// Reads the parts of the network.
pub(super) struct Reader<'a> {
    pub archive: Archive,
    pub settings: &'a BertSettings,
    pub device: &'a Device,
}

impl Reader<'_> {
    pub fn table(&self, name: &str, rows: usize) -> Result<Tensor<2>, TextError> {
        let name = format!("embeddings.{name}.weight");
        self.tensor(&name, [rows, self.settings.hidden_size])
    }

    pub fn norm(&self, name: &str) -> Result<Norm, TextError> {
        let part = |part| self.tensor(&format!("{name}.{part}"), [self.settings.hidden_size]);
        Ok(Norm { gamma: part("weight")?, beta: part("bias")?, epsilon: self.settings.layer_norm_eps })
    }

    fn linear(&self, name: &str, input: usize, output: usize) -> Result<Linear, TextError> {
        let weight = self.matrix(&format!("{name}.weight"), input, output)?;
        let bias = self.tensor(&format!("{name}.bias"), [output])?;
        Ok(Linear { weight, bias })
    }

    /// A tensor as it was published.
    fn tensor<const D: usize>(&self, name: &str, shape: [usize; D]) -> Result<Tensor<D>, TextError> {
        let numbers = self.archive.numbers(name, &shape)?;
        Ok(Tensor::from_data(TensorData::new(numbers, shape), self.device))
    }

    /// The matrix of a linear layer, published as `[output, input]`, as `[input, output]`.
    fn matrix(&self, name: &str, input: usize, output: usize) -> Result<Tensor<2>, TextError> {
        let published = self.archive.numbers(name, &[output, input])?;
        let mut turned = vec![0.0; published.len()];
        for (row, values) in published.chunks_exact(input.max(1)).enumerate() {
            for (column, value) in values.iter().enumerate() {
                turned[column * output + row] = *value;
            }
        }
        Ok(Tensor::from_data(TensorData::new(turned, [input, output]), self.device))
    }

    pub fn layer(&self, k: usize) -> Result<Layer, TextError> {
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        let (hidden, wide) = (self.settings.hidden_size, self.settings.intermediate_size);
        Ok(Layer {
            query: self.linear(&name("attention.self.query"), hidden, hidden)?,
            key: self.linear(&name("attention.self.key"), hidden, hidden)?,
            value: self.linear(&name("attention.self.value"), hidden, hidden)?,
            attended: self.linear(&name("attention.output.dense"), hidden, hidden)?,
            norm_attention: self.norm(&name("attention.output.LayerNorm"))?,
            up: self.linear(&name("intermediate.dense"), hidden, wide)?,
            down: self.linear(&name("output.dense"), wide, hidden)?,
            norm_forward: self.norm(&name("output.LayerNorm"))?,
        })
    }
}

impl Layer {
    pub fn forward(&self, x: Tensor<3>, mask: &Tensor<4>, heads: usize) -> Tensor<3> {
        let x = self.norm_attention.apply(self.attend(x.clone(), mask, heads) + x);
        let forwarded = self.down.apply(gelu(self.up.apply(x.clone())));
        self.norm_forward.apply(forwarded + x)
    }

    fn attend(&self, x: Tensor<3>, mask: &Tensor<4>, heads: usize) -> Tensor<3> {
        let [batch, tokens, hidden] = x.dims();
        let head = hidden / heads;
        let split =
            |linear: &Linear| linear.apply(x.clone()).reshape([batch, tokens, heads, head]).swap_dims(1, 2);
        let scores = split(&self.query).matmul(split(&self.key).swap_dims(2, 3)) / (head as f64).sqrt();
        let mixed = softmax(scores + mask.clone(), 3).matmul(split(&self.value));
        self.attended.apply(mixed.swap_dims(1, 2).reshape([batch, tokens, hidden]))
    }
}

impl Linear {
    fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        x.matmul(self.weight.clone().unsqueeze()) + self.bias.clone().unsqueeze()
    }
}

impl Norm {
    pub fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        let centred = x.clone() - x.mean_dim(2);
        let variance = (centred.clone() * centred.clone()).mean_dim(2);
        let scaled = centred / (variance + self.epsilon).sqrt();
        scaled * self.gamma.clone().unsqueeze() + self.beta.clone().unsqueeze()
    }
}
