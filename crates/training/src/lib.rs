//! Data sets, training loops and evaluation tables.

pub mod asap;
pub mod pianoflow;
