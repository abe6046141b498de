//! What the panels are set to that perform and make variations.

use performance::BaseTempo;
use performance::amounts::Amounts;
use serde::{Deserialize, Serialize};

use crate::{Knobs, VaryConstraints};

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

/// What is set for the next variations; kept in the project, never undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VaryState {
    /// Identifier of the composer; empty for the first that can write.
    pub composer: String,
    /// How near variations are to what is written, as in [`crate::VaryRequest::similarity`].
    pub similarity: f64,
    /// How many are made at once.
    pub count: u8,
    /// What has to stay, and what may not be written.
    pub constraints: VaryConstraints,
    /// Seed of the next ones.
    pub seed: u64,
    /// Whether the seed stays the same after they were made.
    pub keeps_seed: bool,
}

impl Default for VaryState {
    fn default() -> Self {
        Self {
            composer: String::new(),
            similarity: USUAL_SIMILARITY,
            count: USUAL_VARIATIONS,
            constraints: VaryConstraints::default(),
            seed: 1,
            keeps_seed: false,
        }
    }
}

/// The similarity that is asked for if nobody changes it.
pub const USUAL_SIMILARITY: f64 = 0.7;

/// Variations that are made at once if nobody says how many.
const USUAL_VARIATIONS: u8 = 5;
