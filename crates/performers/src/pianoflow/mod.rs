//! PianoFlow: flow matching on performance values of notes (Borovik & others, *SyMuPe: Affective
//! and Controllable Symbolic Music Performance*, arXiv 2511.03425), re-implemented and trained here.
//!
//! A score becomes a table of [`features`], a performance a table of [`values`], both one row a
//! note. The [`network`] learns the velocity field that carries noise to values, given the
//! features and whatever values are already known; [`sampler`] integrates it over windows of notes.

mod cpu;
mod engine;
pub mod features;
pub mod level;
pub mod network;
mod player;
mod sampler;
pub mod settings;
mod steadiness;
pub mod values;
pub mod weights;

pub use player::PianoFlow;
