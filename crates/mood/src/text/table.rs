//! The words that are known by themselves: `models/text`.
//!
//! `words.tsv` has a line for each: what it is, the word, valence, arousal and, for musical terms
//! and rare words, what it means in plain English. `vectors.safetensors` holds the sentence
//! embedding of each line as bytes with a scale a row, and the straight lines from an embedding to
//! valence and arousal. `labels.safetensors` holds the sentences about the mood labels. They are
//! made by `espressivo train text`.

mod entry;
mod lines;

use std::collections::HashMap;
use std::path::Path;

use neural::archive::Archive;

use super::error::TextError;
use super::files::read_text;
use super::vector::{WIDTH, unit};
use super::words::split;
pub use entry::{Entry, Kind, write};
pub use lines::Lines;

/// The folder below `models`.
pub const FOLDER: &str = "text";
/// Words and what they mean.
pub const WORDS: &str = "words.tsv";
/// Their embeddings.
pub const VECTORS: &str = "vectors.safetensors";
/// The sentences about the labels.
pub const LABELS: &str = "labels.safetensors";

/// Words of the longest musical term.
const LONGEST_TERM: usize = 5;

/// All words that are known by themselves.
pub struct Table {
    entries: Vec<Entry>,
    /// One row of unit length a word `[words, WIDTH]`.
    vectors: Vec<f32>,
    lines: Lines,
    places: HashMap<String, usize>,
}

impl Table {
    /// Reads `models/text`.
    pub fn load(folder: &Path) -> Result<Self, TextError> {
        let path = folder.join(WORDS);
        let entries = entry::parse(&read_text(&path)?).map_err(|what| TextError::files(&path, what))?;
        let archive = Archive::read(&folder.join(VECTORS))?;
        let codes = archive.small_numbers("codes", &[entries.len(), WIDTH])?;
        // The scale of a row would be lost again when the row is made unit length; it is kept in the
        // file so that others can read it too.
        let rows = codes.chunks_exact(WIDTH);
        let vectors = rows.flat_map(|row| unit(&row.iter().map(|c| f32::from(*c)).collect::<Vec<_>>()));
        let vectors = vectors.collect();
        let mut lines = Lines([[0.0; WIDTH + 1]; 2]);
        let read = archive.numbers("lines", &[2, WIDTH + 1])?;
        lines.0.as_flattened_mut().copy_from_slice(&read);
        Ok(Self::new(entries, vectors, lines))
    }

    /// From its parts; `vectors` has a row of unit length for each entry.
    pub fn new(entries: Vec<Entry>, vectors: Vec<f32>, lines: Lines) -> Self {
        let key = |entry: &Entry| split(&entry.word).join(" ");
        // The first line wins: labels come before terms, terms before words.
        let places = entries.iter().enumerate().rev().map(|(k, entry)| (key(entry), k)).collect();
        Self { entries, vectors, lines, places }
    }

    /// The words.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The embedding of a word.
    pub fn vector(&self, place: usize) -> &[f32] {
        &self.vectors[place * WIDTH..][..WIDTH]
    }

    /// From embeddings to valence and arousal.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// A word, or the word that it is a form of.
    pub fn find(&self, word: &str) -> Option<usize> {
        self.exact(word).or_else(|| super::forms::of(word).iter().find_map(|form| self.exact(form)))
    }

    /// A word or term as it stands there.
    pub fn exact(&self, word: &str) -> Option<usize> {
        self.places.get(word).copied()
    }

    /// The longest term that the words begin with, and of how many words it is.
    pub fn find_term(&self, words: &[String]) -> Option<(usize, usize)> {
        let longest = words.len().min(LONGEST_TERM);
        (2..=longest).rev().find_map(|n| self.exact(&words[..n].join(" ")).map(|place| (place, n)))
    }

    /// The words nearest to a vector of unit length, with their cosines.
    pub fn nearest(&self, vector: &[f32], count: usize) -> Vec<(usize, f64)> {
        let cosine = |row| dot(row, vector);
        let mut all: Vec<(usize, f32)> = self.vectors.chunks_exact(WIDTH).map(cosine).enumerate().collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.into_iter().take(count).map(|(k, cosine)| (k, f64::from(cosine).clamp(-1.0, 1.0))).collect()
    }

    /// The label whose valence and arousal are nearest; none in a table without labels.
    pub fn label_near(&self, valence: f64, arousal: f64) -> Option<usize> {
        let far = |e: &Entry| (e.valence - valence).powi(2) + (e.arousal - arousal).powi(2);
        let labels = self.entries.iter().enumerate().filter(|(_, e)| e.kind == Kind::Label);
        labels.min_by(|a, b| far(a.1).total_cmp(&far(b.1))).map(|(k, _)| k)
    }

    /// The mean of all labels, unit length: what a text that says nothing is read as.
    pub fn neutral(&self) -> Vec<f32> {
        let mut sum = vec![0.0; WIDTH];
        for (k, _) in self.entries.iter().enumerate().filter(|(_, e)| e.kind == Kind::Label) {
            sum.iter_mut().zip(self.vector(k)).for_each(|(s, v)| *s += v);
        }
        unit(&sum)
    }
}

/// The sum of products; eight sums side by side are several times as fast as one.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        (0..8).for_each(|k| sums[k] += a[k] * b[k]);
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_terms_are_found_as_people_write_them() {
        let entry =
            |kind, word: &str| Entry { kind, word: word.into(), valence: 0.0, arousal: 0.0, gloss: None };
        let entries = vec![entry(Kind::Term, "più lento"), entry(Kind::Word, "sad")];
        let table = Table::new(entries, vec![0.0; 2 * WIDTH], Lines([[0.0; WIDTH + 1]; 2]));
        assert_eq!(table.find_term(&split("Piu lento, ma")), Some((0, 2)));
        assert_eq!((table.find("sad"), table.find("sadly"), table.find("glad")), (Some(1), Some(1), None));
    }
}
