//! From words to what the performers take: a text is weighed against the labels.
//!
//! A text is the labels that it is nearest to, by meaning (cosine of sentence embeddings) and by
//! feeling (valence and arousal); the name of a label is that label alone. Their cues say how a
//! performance should lean. The network was trained on bars that lean so, each labelled by its cues:
//! a text gets the mixture of label embeddings that a bar with its cues would have, and neither the
//! text's own embedding nor a label's, which the network has never seen pure.
//!
//! Things have no feeling of their own (*like a music box*): what the labels make of them is put right
//! by the things that a pianist is known to imitate ([`imitations`]). How sure a reading is, is the
//! chance that people would agree with it ([`evidence`]).

mod alone;
mod embeddings;
mod error;
pub mod evidence;
mod feeler;
pub mod imitations;
mod laid;
mod meaning;

pub use alone::{Alone, Corrected};
pub use embeddings::Embeddings;
pub use error::MoodError;
pub use evidence::Evidence;
pub use feeler::Feeler;
pub use imitations::{Imitations, Near};
pub use laid::{Laid, Placed, placed};
pub use meaning::Feeling;
