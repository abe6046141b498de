//! The declaration of a writer of pieces.

use serde::Serialize;

/// Name and nature of a writer of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WriterInfo {
    /// Used on the command line and in files, and the name of its folder in the models folder.
    pub id: &'static str,
    /// Shown to people.
    pub name: &'static str,
    /// One sentence: what it does and where it comes from.
    pub description: &'static str,
    /// Whether it reads its folder in the models folder.
    pub needs_model: bool,
}
