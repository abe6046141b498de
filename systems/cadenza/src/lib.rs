//! Cadenza: variations of a phrase, and a groove that keeps the tempo (*PerTok: Expressive Encoding and
//! Modeling of Symbolic Musical Ideas and Variations*, arXiv 2410.02060), re-implemented here.
//!
//! [`pertok`] has the tokens of the paper, [`composer`] the network that makes variations.

pub mod composer;
pub mod pertok;
