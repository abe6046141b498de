//! Stacks of layers over steps. Each layer has attention to all steps of a window, attention to the steps of the same
//! beat, and a feed-forward: two scales of time beside each other.

use std::ops::Range;

use neural::archive::Archive;
use neural::layers::{Attention, FeedForward, Memories, Sight, norm, normed};
use neural::product::Product;
use neural::rotary::Rotary;
use neural::weights::WeightsError;

use crate::config::NetworkConfig;

/// Layers and the norm after them.
pub(super) struct Stack {
    hidden: usize,
    layers: Vec<Layer>,
    norm: Vec<f32>,
}

struct Layer {
    /// Makes of the latent vector what is added to the rows `[latent, hidden]`.
    latent: Option<Product>,
    attention: Attention,
    beat: Option<Attention>,
    forward: FeedForward,
}

/// Keys and values of a layer while rows come one at a time: of all rows, and of those of the beat.
pub(super) struct LayerMemories {
    all: Memories,
    beat: Option<Memories>,
}

impl Stack {
    /// Reads a stack of so many layers; with a latent vector or without.
    ///
    /// # Errors
    /// When a weight is missing, damaged, or of other sizes.
    pub(super) fn load(
        archive: &Archive,
        name: &str,
        count: usize,
        sizes: &NetworkConfig,
        has_latent: bool,
    ) -> Result<Self, WeightsError> {
        let (hidden, layer) = (sizes.hidden, sizes.layer());
        let load = |k: usize| {
            let part = |part: &str| format!("{name}.layers.{k}.{part}");
            let latent = has_latent
                .then(|| Product::load(archive, &part("latent"), sizes.latent, hidden))
                .transpose()?;
            let beat =
                sizes.beat_attention.then(|| Attention::load(archive, &part("beat"), &layer)).transpose()?;
            Ok(Layer {
                latent,
                attention: Attention::load(archive, &part("attention"), &layer)?,
                beat,
                forward: FeedForward::load(archive, &part("forward"), &layer)?,
            })
        };
        Ok(Self {
            hidden,
            layers: (0..count).map(load).collect::<Result<_, WeightsError>>()?,
            norm: norm(archive, &format!("{name}.norm"), hidden)?,
        })
    }

    /// Rows `[steps, hidden]` after all layers, with everything in sight of everything. `beats` has for each row
    /// which rows are of its beat.
    pub(super) fn of(
        &self,
        mut x: Vec<f32>,
        rotary: &Rotary,
        beats: &[Range<usize>],
        latent: Option<&[f32]>,
    ) -> Vec<f32> {
        for layer in &self.layers {
            if let Some((product, latent)) = layer.latent.as_ref().zip(latent) {
                let joined = product.of(latent);
                for row in x.chunks_exact_mut(self.hidden) {
                    row.iter_mut().zip(&joined).for_each(|(value, joined)| *value += joined);
                }
            }
            let attention = &layer.attention;
            attention.attend_to_self(&mut x, &mut attention.memories(), rotary, 0, Sight::All);
            if let Some(beat) = &layer.beat {
                beat.attend_to_self(&mut x, &mut beat.memories(), rotary, 0, Sight::Each(beats));
            }
            layer.forward.apply(&mut x);
        }
        normed(&x, &self.norm)
    }

    /// Memories of each layer, without rows.
    pub(super) fn memories(&self) -> Vec<LayerMemories> {
        let empty = |layer: &Layer| LayerMemories {
            all: layer.attention.memories(),
            beat: layer.beat.as_ref().map(Attention::memories),
        };
        self.layers.iter().map(empty).collect()
    }

    /// A row after all layers that sees itself and those before it, the first of its beat or not.
    pub(super) fn advance(
        &self,
        mut x: Vec<f32>,
        memories: &mut [LayerMemories],
        rotary: &Rotary,
        position: usize,
        begins_beat: bool,
    ) -> Vec<f32> {
        for (layer, memories) in self.layers.iter().zip(memories) {
            layer.attention.attend_to_self(&mut x, &mut memories.all, rotary, position, Sight::All);
            if let Some((beat, kept)) = layer.beat.as_ref().zip(memories.beat.as_mut()) {
                if begins_beat {
                    *kept = beat.memories();
                }
                beat.attend_to_self(&mut x, kept, rotary, position, Sight::All);
            }
            layer.forward.apply(&mut x);
        }
        normed(&x, &self.norm)
    }
}
