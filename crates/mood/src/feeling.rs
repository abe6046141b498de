//! From words to what the performers take: a text is weighed against the labels.
//!
//! A text is the labels that it is nearest to, by meaning (cosine of sentence embeddings) and by
//! feeling (valence and arousal); the name of a label is that label alone. Their cues say how a
//! performance should lean. The network was trained on bars that lean so, each labelled by its cues:
//! a text gets the mixture of label embeddings that a bar with its cues would have, and neither the
//! text's own embedding nor a label's, which the network has never seen pure.

mod embeddings;
mod error;
mod feeler;
mod laid;
mod meaning;

pub use embeddings::Embeddings;
pub use error::MoodError;
pub use feeler::Feeler;
pub use laid::Laid;
pub use meaning::Feeling;
