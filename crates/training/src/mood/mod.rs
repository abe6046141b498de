//! Moods: what performances are labelled with, how well words steer, and what listeners would hear.

pub mod classifier;
pub mod evaluate;
pub mod heard;
mod heard_table;
pub mod labels;
pub mod listeners;
mod listeners_table;
pub mod meanings;
mod meanings_table;
pub mod phrases;
mod reliability;
mod table;
pub mod things;

pub use labels::Labeller;
