//! Batik plays Mozart: sonatas played by one pianist, read from a checkout of the published set.
//!
//! A checkout has the folders `scores` (MusicXML), `match` (note alignments) and
//! `midi` (performances), with one file of each for a movement, such as `kv331_2`. Scores are
//! unfolded to what was played, which the alignment tells.

mod beats;
mod build;
mod match_file;
mod movements;
mod order;
mod unfold;

pub use build::{Built, build};
