//! Cadenza: variations of a phrase, and a groove that keeps the tempo (*PerTok: Expressive Encoding and
//! Modeling of Symbolic Musical Ideas and Variations*, arXiv 2410.02060), re-implemented here.
//!
//! [`pertok`] has the tokens of the paper, [`composer`] the network that reads and writes a few bars, and
//! [`variations`] makes a composer of it that a musician can direct.

pub mod composer;
pub mod pertok;
pub mod variations;
