//! How much of each rule a performance has, and how much is random.

use analysis::rules::Weights;

/// The strength of everything that this performer does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// How much of each rule.
    pub weights: Weights,
    /// Tempo drift, motor noise and unsteady loudness: what differs between takes.
    pub noise: f64,
    /// Random variation of the weights from take to take (log-normal deviation).
    pub variety: f64,
}

impl Default for Tuning {
    /// Chosen by agreement with the human performances of the training split. The weights are those
    /// with which networks are shown the rules; they may be tuned here without those changing.
    fn default() -> Self {
        Self { weights: Weights::FOR_FEATURES, noise: 1.2, variety: 0.3 }
    }
}

impl Tuning {
    /// The text with its written marks, played exactly.
    pub fn deadpan() -> Self {
        Self { weights: Weights::DEADPAN, noise: 0.0, variety: 0.0 }
    }
}

/// The weights of the rules that a pianist has more or less of from take to take.
pub(crate) fn varied(weights: &mut Weights) -> [&mut f64; 9] {
    [
        &mut weights.dynamics,
        &mut weights.high_loud,
        &mut weights.voicing,
        &mut weights.duration_contrast,
        &mut weights.melodic_charge,
        &mut weights.harmonic_charge,
        &mut weights.phrase_arch,
        &mut weights.subphrase_arch,
        &mut weights.melody_lead,
    ]
}
