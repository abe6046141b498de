//! Data sets, training loops and evaluation tables.

pub mod classifier;
pub mod composer;
pub mod datasets;
pub mod evaluate;
pub mod groove;
mod layers;
mod linear;
pub mod mood;
mod packs;
pub mod pianist;
pub mod pianoflow;
mod rotary;
mod runs;
pub mod text;
pub mod xmvae;

pub use runs::plan::Plan;
