//! What is read of a text, and by whom.

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Sentence embedding, unit length, [`WIDTH`](super::WIDTH) values.
    pub vector: Vec<f32>,
    /// The same without the words that lead to a thing: of *music box* for *like a music box*.
    pub thing: Vec<f32>,
    /// Whether it is made of labels and musical terms alone, or turns something round: then it means
    /// what its words say, and no thing that is near.
    pub is_set: bool,
    /// Share of its words that somebody knows, 0 to 1.
    pub known: f64,
    /// -1 unpleasant to 1 pleasant, 0 neutral; the lexicon's scale of 1 to 9.
    pub valence: f64,
    /// -1 still to 1 excited, 0 neutral.
    pub arousal: f64,
    /// Up to five known words with their cosines, the nearest first; none if the text says nothing.
    pub nearest: Vec<(String, f64)>,
    /// Words that nobody knows: the table does not have them, and if the encoder reads, they are
    /// none of its common words either, so that it guesses from their spelling.
    pub unknown: Vec<String>,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// all-MiniLM-L6-v2.
    MiniLm,
    /// The table of known words.
    Table,
}
