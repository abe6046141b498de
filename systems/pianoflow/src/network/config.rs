//! Sizes of the network.

use burn::config::Config;

/// Sizes of the network.
#[derive(Config, Debug, PartialEq)]
pub struct NetworkConfig {
    /// Score features of a note.
    pub features: usize,
    /// Performance values of a note.
    pub values: usize,
    /// Width of the residual stream.
    #[config(default = 192)]
    pub hidden: usize,
    /// Number of blocks.
    #[config(default = 6)]
    pub layers: usize,
    /// Query heads; keys and values have one.
    #[config(default = 4)]
    pub heads: usize,
    /// Width of the gated feed-forward as a multiple of `hidden`.
    #[config(default = 3)]
    pub feed_forward: usize,
    /// Learned tokens before the first note.
    #[config(default = 4)]
    pub memory: usize,
    /// Length of the condition vector (a sentence embedding).
    #[config(default = 384)]
    pub condition: usize,
    /// First and last block (exclusive) that the condition enters.
    #[config(default = "[2, 4]")]
    pub condition_blocks: [usize; 2],
    /// Base of the rotary positions.
    #[config(default = 1024.0)]
    pub rotary_base: f64,
    /// Share of activations at the end of a feed-forward that training drops ([`Inputs::kept`](super::Inputs::kept)).
    #[config(default = 0.1)]
    pub dropout: f64,
}
