//! What a text says: a sentence embedding, valence and arousal.
//!
//! all-MiniLM-L6-v2 ([`bert`]) reads where the set-up could fetch it; elsewhere a [`table`] of words
//! does. Musical terms and rare words are put into plain English first ([`phrase`]): the network was
//! trained on English and sees only the spelling of others.

pub mod bert;
pub(crate) mod comparison;
mod encoder;
mod error;
mod files;
mod forms;
mod judged;
mod labels;
pub mod phrase;
mod reader;
mod reading;
pub mod table;
mod thing;
mod vector;
pub mod words;

pub use encoder::Encoder;
pub use error::TextError;
pub use labels::{LABELS, label_embeddings};
pub use reader::{MOST_CHARACTERS, Reader};
pub use reading::{Reading, Source};
pub use thing::content;
pub use vector::{WIDTH, unit};
