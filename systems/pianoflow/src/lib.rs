//! PianoFlow: flow matching on performance values of notes (Borovik & others, *SyMuPe: Affective
//! and Controllable Symbolic Music Performance*, arXiv 2511.03425), re-implemented and trained here.
//!
//! A score becomes a table of [`analysis::features`], a performance a table of [`values`], both one row a
//! note. The [`network`] learns the velocity field that carries noise to values, given the
//! features and whatever values are already known; [`sampler`] integrates it over windows of notes.

pub mod beat_period;
mod certainty;
mod cpu;
mod engine;
mod ensemble;
mod given;
pub mod network;
mod performer;
pub mod piece_spread;
mod sampler;
pub mod settings;
mod steadiness;
pub mod take_variety;
pub mod values;
pub mod weights;

pub use performer::PianoFlow;

use performers::Entry;

/// For the registry.
pub fn entry() -> Entry {
    Entry::new(PianoFlow::INFO, |resources| {
        let chosen = neural::device::choose(resources.device)?;
        let model = resources.models.join(PianoFlow::INFO.id);
        Ok(Box::new(PianoFlow::load(&model, chosen.device)?))
    })
}
