//! The performance rules of KTH: what Sundberg, Friberg, Bresin and others found by asking musicians.
//!
//! Each rule changes the length of the spans between onsets and the level, shift and length of notes
//! in a [`Sketch`], by its published formula times a weight. The rules stand here and not with the
//! performer of that name because networks read what they make of a score ([`crate::reading`]), with
//! weights of its own: [`Weights::FOR_FEATURES`].

pub mod articulation;
pub mod charges;
pub mod dynamics;
pub mod phrasing;
pub mod timing;
mod weights;

pub use weights::Weights;

use crate::harmony::Harmony;
use crate::phrases::Phrases;
use crate::sketch::Sketch;

/// Every rule, each with its weight, in the order in which they build on each other.
pub fn apply(sketch: &mut Sketch<'_>, harmony: &Harmony, weights: &Weights) {
    let phrases = Phrases::find(sketch);
    dynamics::accents(sketch, weights);
    dynamics::voicing(sketch, weights.voicing);
    dynamics::high_loud(sketch, weights.high_loud);
    timing::metrical_accent(sketch, weights.metrical_accent);
    timing::duration_contrast(sketch, weights.duration_contrast);
    timing::unequal_eighths(sketch, weights.inegales, weights.swing);
    charges::melodic(sketch, harmony, weights.melodic_charge);
    charges::harmonic(sketch, harmony, weights.harmonic_charge);
    phrasing::apply_arch(sketch, &phrases.phrases, phrasing::LEVEL_5, weights.phrase_arch);
    phrasing::apply_arch(sketch, &phrases.subphrases, phrasing::LEVEL_6, weights.subphrase_arch);
    phrasing::final_ritard(sketch, weights.final_ritard);
    phrasing::punctuate(sketch, &phrases.subphrases, weights.punctuation);
    articulation::slur_ends(sketch, weights.slur_end);
    timing::fermatas(sketch);
    timing::melody_lead(sketch, weights.melody_lead);
}
