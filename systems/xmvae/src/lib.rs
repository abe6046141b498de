//! XMVAE: a performer that plays in the manner of a recording, and a writer of new pieces (arXiv 2507.01582),
//! re-implemented from the paper.
//!
//! - [`ecp`]: scores and performances as steps of eight sub-tokens, and back;
//! - [`config`] and [`network`]: the two variational autoencoders, on the processor;
//! - [`performer`]: plays a score, with the manner of a reference or one of its own;
//! - [`writer`]: writes new pieces and continues some.

pub mod config;
pub mod ecp;
pub mod network;
pub mod performer;
pub mod writer;
