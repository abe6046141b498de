//! Variations: the [`Composer`](performers::composer::Composer) over the network of
//! [`composer`](crate::composer).
//!
//! The passage becomes tokens, and their latent vector is moved towards a random one, the further the lower the
//! similarity that is asked for (`dial`). The decoder then writes within `rules`: as many bars as the passage
//! has, notes that end within it, no note twice, and what the request keeps. Where it may, it takes the
//! passage's own next token with a probability that rises with the similarity, since a small network alone
//! does not come near to a passage. Of a few attempts the one is taken whose measured similarity is nearest to
//! the one that is asked for (`search`).

mod dial;
mod network;
mod passage;
mod rewrite;
mod rules;
mod sampler;
mod scale;
mod search;
mod system;
mod walk;
mod words;

pub use network::Network;
pub use scale::Scale;
pub use system::{Plain, Variations};

use performers::composer::{ComposeError, ComposerEntry};

use crate::composer::Model;

/// For the list of composers. It computes on the processor.
pub fn entry() -> ComposerEntry {
    ComposerEntry::new(Variations::<Model>::INFO, |models| {
        let folder = models.join(Variations::<Model>::INFO.id);
        let model = Model::load(&folder);
        let model = model.map_err(|error| ComposeError::Model { what: error.what, path: error.path })?;
        let variations = Variations::new(model);
        Ok(Box::new(variations.map_err(|what| ComposeError::Model { what, path: folder.clone() })?))
    })
}
