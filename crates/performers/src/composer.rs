//! Composers: systems that write other notes for some bars. What they are asked, what they answer, and
//! which there are; the systems themselves are crates of their own (`systems/`).

mod error;
mod excerpt;
mod info;
mod limits;
mod lowest;
mod registry;
mod request;
mod shortfall;
mod similarity;
mod system;

pub use error::ComposeError;
pub use excerpt::{close_slurs, excerpt};
pub use info::ComposerInfo;
pub use limits::{MOST_BARS, MOST_VARIATIONS};
pub use lowest::{Kept, Lowest};
pub use registry::{ComposerEntry, Composers};
pub use request::{Constraints, VariationRequest};
pub use shortfall::why_so_similar;
pub use similarity::{Similarity, Sound};
pub use system::{Composer, Variation};
