//! The published settings of a network, and whether its sizes make sense.

use serde::{Deserialize, Serialize};

/// The published settings that matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BertSettings {
    /// Width of a token.
    pub hidden_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Heads of attention.
    pub num_attention_heads: usize,
    /// Width of the feed-forward.
    pub intermediate_size: usize,
    /// Most tokens in a text, the first and the last mark among them.
    pub max_position_embeddings: usize,
    /// Word pieces.
    pub vocab_size: usize,
    /// Kinds of tokens; texts alone are all of the first kind.
    pub type_vocab_size: usize,
    /// Added to variances before a root is taken.
    pub layer_norm_eps: f64,
    /// `gelu`.
    pub hidden_act: String,
}

/// Sizes that make sense together.
pub(super) fn check(settings: &BertSettings) -> Result<(), String> {
    let s = settings;
    let sizes = [s.hidden_size, s.num_hidden_layers, s.num_attention_heads, s.intermediate_size];
    let sane = sizes.iter().all(|n| (1..=16_384).contains(n))
        && s.num_hidden_layers <= 128
        && s.hidden_size.is_multiple_of(s.num_attention_heads)
        && (2..=65_536).contains(&s.max_position_embeddings)
        && (1..=4_000_000).contains(&s.vocab_size)
        && (1..=64).contains(&s.type_vocab_size)
        && (0.0..0.1).contains(&s.layer_norm_eps);
    if !sane {
        return Err("the encoder's settings give impossible sizes".into());
    }
    if s.hidden_act != "gelu" {
        return Err(format!("the encoder's activation is `{}`; only `gelu` is known", s.hidden_act));
    }
    Ok(())
}
