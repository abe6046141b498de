//! The network's weights, laid out for the processor.

use neural::linear::{Linear, halves, matrix, numbers};
use neural::matmul::Matrix;
use neural::rows;

use crate::given::Given;
use crate::network::{self, Network, time_frequencies};

/// All weights of a [`Network`].
pub struct Weights {
    pub(super) hidden: usize,
    pub(super) heads: usize,
    pub(super) rotary_base: f64,
    /// `[memory, hidden]`
    memory: Vec<f32>,
    /// Of the first layer: what features, known values and their mask go through, with its bias.
    given: Linear,
    /// Of the first layer: what noisy values go through.
    pub(super) noisy: Matrix,
    time: [Linear; 2],
    pub(super) blocks: Vec<Block>,
    /// `[hidden]`
    pub(super) norm: Vec<f32>,
    pub(super) output: Linear,
}

/// Weights of a block.
pub struct Block {
    /// Factors of both norms `[hidden]`.
    norms: [Vec<f32>; 2],
    modulation: Linear,
    condition: Option<Matrix>,
    /// Has the `1 / sqrt(head)` of attention in it.
    pub(super) query: Matrix,
    pub(super) key: Matrix,
    pub(super) value: Matrix,
    pub(super) attended: Matrix,
    pub(super) gate: Matrix,
    pub(super) up: Matrix,
    pub(super) down: Matrix,
}

/// What the flow time says to one block: factors and offsets after its two norms `[hidden]`.
pub struct Modulation {
    /// Factors.
    pub scale: [Vec<f32>; 2],
    /// Offsets.
    pub shift: [Vec<f32>; 2],
}

impl Block {
    fn new(block: &network::Block) -> Self {
        let [hidden, _] = block.query.weight.dims();
        let scale = 1.0 / ((hidden / block.heads) as f32).sqrt();
        let [key, value] = halves(&block.key_value);
        Self {
            norms: [&block.norm_attention, &block.norm_forward].map(|norm| numbers(norm.gamma.val())),
            modulation: Linear::new(&block.modulation),
            condition: block.condition.as_ref().map(matrix),
            query: Matrix::from_rows(&numbers(block.query.weight.val() * scale), hidden),
            key,
            value,
            attended: matrix(&block.attended),
            gate: matrix(&block.gate),
            up: matrix(&block.up),
            down: matrix(&block.down),
        }
    }

    /// `norm * (1 + scale) + shift`, the norm's own factor included.
    fn modulate(&self, time: &[f32]) -> Modulation {
        let parts = self.modulation.of(time);
        let hidden = parts.len() / 4;
        let part = |k: usize| parts[k * hidden..(k + 1) * hidden].iter();
        let scale = |k: usize| self.norms[k].iter().zip(part(2 * k)).map(|(n, s)| n * (1.0 + s)).collect();
        let shift = |k: usize| part(2 * k + 1).copied().collect();
        Modulation { scale: [0, 1].map(scale), shift: [0, 1].map(shift) }
    }
}

impl Weights {
    /// Copies a network's weights.
    pub fn new(network: &Network) -> Self {
        let first = numbers(network.input.weight.val());
        let hidden = network.hidden();
        let (given, noisy) = first.split_at(first.len() - network.output.weight.dims()[1] * hidden);
        let bias = network.input.bias.as_ref().map_or_else(|| vec![0.0; hidden], |b| numbers(b.val()));
        Self {
            hidden,
            heads: network.heads(),
            rotary_base: network.rotary_base,
            memory: numbers(network.memory.val()),
            given: Linear { matrix: Matrix::from_rows(given, hidden), bias },
            noisy: Matrix::from_rows(noisy, hidden),
            time: [Linear::new(&network.time_in), Linear::new(&network.time_out)],
            blocks: network.blocks.iter().map(Block::new).collect(),
            norm: numbers(network.norm.gamma.val()),
            output: Linear::new(&network.output),
        }
    }

    /// Tokens before the first note.
    pub(super) fn memory_tokens(&self) -> usize {
        self.memory.len() / self.hidden
    }

    /// All tokens before the noise enters `[tokens, hidden]`.
    pub(super) fn start(&self, given: &Given) -> Vec<f32> {
        let values = self.output.columns();
        let features = self.given.matrix.rows() - 2 * values;
        let tables = given.known.chunks_exact(values).zip(given.unknown.chunks_exact(values));
        let rows = given.features.chunks_exact(features).zip(tables);
        let rows: Vec<f32> = rows.flat_map(|(f, (k, u))| [f, k, u].concat()).collect();
        [self.memory.as_slice(), &self.given.of(&rows)].concat()
    }

    /// What condition vectors `[notes, condition]` add before each block `[tokens, hidden]`.
    pub(super) fn conditions(&self, condition: Option<&[f32]>) -> Vec<Option<Vec<f32>>> {
        let of = |block: &Block| {
            let (matrix, rows) = (block.condition.as_ref()?, condition?);
            let notes = rows.len() / matrix.rows();
            let mut out = vec![0.0; self.memory.len() + notes * self.hidden];
            matrix.product(rows, &mut out[self.memory.len()..]);
            Some(out)
        };
        self.blocks.iter().map(of).collect()
    }

    /// What a flow time says to each block.
    pub(super) fn modulations(&self, time: f32) -> Vec<Modulation> {
        let angles: Vec<f32> = time_frequencies().iter().map(|f| time * 1000.0 * f).collect();
        let (sin, cos) = (angles.iter().map(|a| a.sin()), angles.iter().map(|a| a.cos()));
        let mut time: Vec<f32> = sin.chain(cos).chain([time]).collect();
        for layer in &self.time {
            time = layer.of(&time);
            time.iter_mut().for_each(|v| *v = rows::silu(*v));
        }
        self.blocks.iter().map(|block| block.modulate(&time)).collect()
    }
}
