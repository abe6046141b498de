//! Moods: what performances are labelled with, and how well words steer.

pub mod classifier;
pub mod evaluate;
pub mod labels;
pub mod phrases;
mod table;

pub use labels::Labeller;
