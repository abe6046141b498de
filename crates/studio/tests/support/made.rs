//! Scores and documents that several tests begin with.

use std::path::Path;

use notation::Score;
use studio::document::{Document, Source};

use super::minuet;

pub fn score_of(path: &Path) -> Score {
    let bytes = std::fs::read(path).unwrap();
    notation::read_score("x", &bytes, &notation::ImportOptions::default()).unwrap()
}

/// The minuet, and beside its score another one: without repeats, and with other notes in a bar.
pub fn two_scores() -> Document {
    let bytes = std::fs::read(minuet()).unwrap();
    let source = Source { name: "minuet.musicxml".into(), bytes, as_written: false };
    let mut document = Document::new(source.clone()).unwrap();
    let mut other = Source { as_written: true, ..source }.read().unwrap();
    other.notes.retain(|n| n.measure != 2 || n.id.written % 2 == 0);
    other.notes[7].pitch -= 12;
    other.notes.sort_by_key(|n| (n.onset, n.pitch));
    document.scores.add(other);
    document
}
