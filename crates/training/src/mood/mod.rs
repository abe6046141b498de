//! Moods: what performances are labelled with, how well words steer, and what listeners would hear.

pub mod classifier;
pub mod evaluate;
mod finer;
pub mod heard;
mod heard_table;
pub mod judge;
mod judge_table;
pub mod labels;
mod left_out;
pub mod listeners;
mod listeners_table;
pub mod meanings;
mod meanings_table;
pub mod phrases;
mod ratings;
mod reliability;
mod table;
pub mod things;

pub use labels::Labeller;
