//! Data sets, training loops and evaluation tables.

pub mod asap;
pub mod classifier;
pub mod evaluate;
mod linear;
pub mod mood;
pub mod pianoflow;
pub mod text;
