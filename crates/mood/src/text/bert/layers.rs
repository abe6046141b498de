//! The parts of the network: how each is read and what it computes.

use burn::tensor::activation::{gelu, softmax};
use burn::tensor::{Device, Tensor};

use super::settings::BertSettings;
use crate::text::archive::Archive;
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
    pub archive: Archive<'a>,
    pub settings: &'a BertSettings,
    pub device: &'a Device,
}

impl Reader<'_> {
    pub fn table(&self, name: &str, rows: usize) -> Result<Tensor<2>, TextError> {
        let name = format!("embeddings.{name}.weight");
        self.archive.tensor(&name, [rows, self.settings.hidden_size], self.device)
    }

    pub fn norm(&self, name: &str) -> Result<Norm, TextError> {
        let part =
            |part| self.archive.tensor(&format!("{name}.{part}"), [self.settings.hidden_size], self.device);
        Ok(Norm { gamma: part("weight")?, beta: part("bias")?, epsilon: self.settings.layer_norm_eps })
    }

    fn linear(&self, name: &str, input: usize, output: usize) -> Result<Linear, TextError> {
        let weight = self.archive.matrix(&format!("{name}.weight"), input, output, self.device)?;
        let bias = self.archive.tensor(&format!("{name}.bias"), [output], self.device)?;
        Ok(Linear { weight, bias })
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
