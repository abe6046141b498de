//! What the panel that performs is set to.

use performance::BaseTempo;
use performance::amounts::Amounts;
use serde::{Deserialize, Serialize};

use crate::Knobs;

/// What is set for the next performance; kept in the project, never undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PanelState {
    /// Identifier of the performer; empty for the first that can play.
    pub performer: String,
    /// Text of the mood.
    pub mood: String,
    /// How strongly the mood is followed, 1 as usual.
    pub strength: f64,
    /// How fast the piece is as a whole.
    pub base_tempo: BaseTempo,
    /// How much of each dimension of expression.
    pub amounts: Amounts,
    /// Settings of performers' own, all that were ever turned.
    pub knobs: Knobs,
    /// Seed of the next take.
    pub seed: u64,
    /// Whether the seed stays the same after performing.
    pub keeps_seed: bool,
    /// How many takes are performed at once.
    pub takes: u8,
}

impl Default for PanelState {
    fn default() -> Self {
        Self {
            performer: String::new(),
            mood: String::new(),
            strength: 1.0,
            base_tempo: BaseTempo::default(),
            amounts: Amounts::default(),
            knobs: Knobs::default(),
            seed: 1,
            keeps_seed: false,
            takes: 1,
        }
    }
}
