//! Cadenza: variations of a phrase, and a groove that keeps the tempo (*PerTok: Expressive Encoding and
//! Modeling of Symbolic Musical Ideas and Variations*, arXiv 2410.02060), re-implemented here.
//!
//! [`pertok`] has the tokens of the paper, [`composer`] the network that reads and writes a few bars, which
//! [`variations`] makes a composer of that a musician can direct, and [`groove`] the performer.

pub mod composer;
pub mod groove;
pub mod pertok;
pub mod variations;

use performers::Entry;

/// The groove performer, for the registry. It plays on the processor, whatever device was chosen.
pub fn entry() -> Entry {
    Entry::new(groove::Groove::INFO, |resources| {
        let model = resources.models.join(groove::Groove::INFO.id);
        Ok(Box::new(groove::Groove::load(&model)?))
    })
}
