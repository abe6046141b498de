//! What tests and benchmarks of networks share; no program depends on it.
//!
//! Every network has a twin, the same in PyTorch, in `scripts/`. [`weights()`] makes the files of small networks by a
//! formula that the twins have, too; [`json`], [`floats`] and the like read the numbers that the twins made of them;
//! [`pytorch`] has a twin work in the same minute.

mod fixtures;
mod speed;
mod weights;

pub use fixtures::{compare, floats, floats_or_nan, json, minuet, tensors, whole};
pub use speed::{
    Failure, chords, fastest_secs, loaded, pytorch, root, say_beside, say_size, threads, verdict,
};
pub use weights::weights;
