//! How well the words of a text are known.

use super::encoder::Encoder;
use super::phrase::Part;

/// How well the words of a text are known.
#[derive(Default)]
pub(super) struct Judged {
    /// Words that nobody knows.
    pub unknown: Vec<String>,
    /// Words with a meaning of their own.
    pub words: usize,
    /// Of these in the table.
    pub known: usize,
    /// Of these known by the encoder alone.
    pub read: usize,
}

impl Judged {
    pub fn of(parts: &[Part], encoder: Option<&Encoder>) -> Self {
        let mut judged = Self::default();
        for part in parts {
            match part {
                Part::Small(_) => continue,
                Part::Known(_) | Part::Opposite(_) => judged.known += 1,
                Part::Other(word) if encoder.is_some_and(|e| e.knows(word)) => judged.read += 1,
                Part::Other(word) => judged.unknown.push(word.clone()),
            }
            judged.words += 1;
        }
        judged
    }

    pub fn says_something(&self) -> bool {
        self.known + self.read > 0
    }

    /// Share of the words that somebody knows.
    pub fn share(&self) -> f64 {
        (self.known + self.read) as f64 / self.words.max(1) as f64
    }
}
