//! The decoder across the sub-tokens of a step: each is told from the step's row and from those before it.

use neural::archive::Archive;
use neural::layers::{Attention, FeedForward, Memories, Sight, norm, normed};
use neural::product::Product;
use neural::rotary::Rotary;
use neural::weights::WeightsError;

use super::affine::{Affine, Table};
use crate::config::NetworkConfig;

/// The decoder's weights.
pub(super) struct SubTokens {
    /// None where each sub-token is told from the step's row alone.
    chain: Option<Weights>,
    /// Logits, one layer a column.
    outs: Vec<Affine>,
}

struct Weights {
    /// Makes a first row of the step's `[hidden, sub_hidden]`.
    state: Product,
    /// Of every column but the last.
    embeddings: Vec<Table>,
    layers: Vec<(Attention, FeedForward)>,
    norm: Vec<f32>,
    rotary: Rotary,
    width: usize,
}

impl SubTokens {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub(super) fn load(
        archive: &Archive,
        name: &str,
        columns: &[(&str, usize)],
        sizes: &NetworkConfig,
    ) -> Result<Self, WeightsError> {
        let width = if sizes.sub_token_decoder { sizes.sub_hidden } else { sizes.hidden };
        let out = |(column, values): &(&str, usize)| {
            Affine::load(archive, &format!("{name}.out.{column}"), width, *values)
        };
        let chain =
            sizes.sub_token_decoder.then(|| Weights::load(archive, name, columns, sizes)).transpose()?;
        Ok(Self { chain, outs: columns.iter().map(out).collect::<Result<_, WeightsError>>()? })
    }

    /// Begins a step, given its row.
    pub(super) fn begin(&self, state: &[f32]) -> Chain<'_> {
        let mut chain = Chain { sub_tokens: self, memories: Vec::new(), position: 0, row: state.to_vec() };
        if let Some(weights) = &self.chain {
            chain.memories = weights.layers.iter().map(|(attention, _)| attention.memories()).collect();
            chain.row = weights.advance(weights.state.of(state), &mut chain.memories, 0);
        }
        chain
    }
}

impl Weights {
    fn load(
        archive: &Archive,
        name: &str,
        columns: &[(&str, usize)],
        sizes: &NetworkConfig,
    ) -> Result<Self, WeightsError> {
        let (width, layer) = (sizes.sub_hidden, sizes.sub_layer());
        let embedding = |(column, values): &(&str, usize)| {
            Table::load(archive, &format!("{name}.embedding.{column}"), *values, width)
        };
        let load = |k: usize| {
            let name = format!("{name}.layers.{k}");
            let attention = Attention::load(archive, &format!("{name}.attention"), &layer)?;
            Ok((attention, FeedForward::load(archive, &format!("{name}.forward"), &layer)?))
        };
        let (_, before_last) = columns.split_last().unwrap_or((&("", 0), &[]));
        Ok(Self {
            state: Product::load(archive, &format!("{name}.state"), sizes.hidden, width)?,
            embeddings: before_last.iter().map(embedding).collect::<Result<_, WeightsError>>()?,
            layers: (0..sizes.sub_layers).map(load).collect::<Result<_, WeightsError>>()?,
            norm: norm(archive, &format!("{name}.norm"), width)?,
            rotary: Rotary::new(columns.len(), layer.head / 2, sizes.rotary_base),
            width,
        })
    }

    fn advance(&self, mut x: Vec<f32>, memories: &mut [Memories], position: usize) -> Vec<f32> {
        for ((attention, forward), memories) in self.layers.iter().zip(memories) {
            attention.attend_to_self(&mut x, memories, &self.rotary, position, Sight::All);
            forward.apply(&mut x);
        }
        normed(&x, &self.norm)
    }
}

/// The sub-tokens of a step so far.
pub(super) struct Chain<'a> {
    sub_tokens: &'a SubTokens,
    memories: Vec<Memories>,
    /// How many sub-tokens were put in.
    position: usize,
    row: Vec<f32>,
}

impl Chain<'_> {
    /// Logits of the sub-token after those that were put in.
    pub(super) fn logits(&self) -> Vec<f32> {
        self.sub_tokens.outs[self.position].of(&self.row)
    }

    /// The row that the sub-token after those is told from.
    pub(super) fn row(&self) -> &[f32] {
        &self.row
    }

    /// Puts in the next sub-token; of the last one, nothing would come.
    pub(super) fn put(&mut self, token: usize) {
        let column = self.position;
        self.position += 1;
        let Some(weights) = &self.sub_tokens.chain else { return };
        let mut row = vec![0.0; weights.width];
        if let Some(table) = weights.embeddings.get(column) {
            table.add(token, &mut row);
        }
        self.row = weights.advance(row, &mut self.memories, self.position);
    }
}
