//! Cadenza: variations of a phrase, and a groove that keeps the tempo (*PerTok: Expressive Encoding and
//! Modeling of Symbolic Musical Ideas and Variations*, arXiv 2410.02060), re-implemented here.
//!
//! So far it has the tokens of the paper, [`pertok`], and its performer, [`groove`].

pub mod groove;
pub mod pertok;

use performers::Entry;

/// The groove performer, for the registry. It plays on the processor, whatever device was chosen.
pub fn entry() -> Entry {
    Entry::new(groove::Groove::INFO, |resources| {
        let model = resources.models.join(groove::Groove::INFO.id);
        Ok(Box::new(groove::Groove::load(&model)?))
    })
}
