//! What is to be played.

/// A take to be played: of which piece, with whose performance as the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Job {
    /// The piece that the person played.
    pub from: usize,
    /// Which of its references it is.
    pub person: usize,
    /// The piece of which a passage is played.
    pub to: usize,
}
