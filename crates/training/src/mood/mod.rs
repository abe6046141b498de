//! Moods: what performances are labelled with, and how well words steer.

pub mod classifier;
pub mod evaluate;
pub mod labels;
pub mod meanings;
mod meanings_table;
pub mod phrases;
mod reliability;
mod table;
pub mod things;

pub use labels::Labeller;
