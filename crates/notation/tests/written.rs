//! What is written as MusicXML is read back as it was.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use notation::musicxml::write::{WriteError, write, write_mxl};
use notation::{ImportOptions, Note, Score, Unfold, read_score};

const BOTH: [Unfold; 2] = [Unfold::Maximal, Unfold::AsWritten];

fn read(name: &str, bytes: &[u8], unfold: Unfold) -> Score {
    read_score(name, bytes, &ImportOptions { unfold, ..ImportOptions::default() }).unwrap()
}

/// The score that was written and read back, in both ways of reading: they mean the same then.
fn back(score: &Score) -> Score {
    let text = write(score).unwrap();
    let [maximal, as_written] = BOTH.map(|unfold| read("written", text.as_bytes(), unfold));
    assert_eq!(maximal, as_written);
    maximal
}

/// What differs first, in words; nothing if the scores are the same but for their warnings.
fn difference(score: &Score, back: &Score) -> Option<String> {
    fn first<T: PartialEq + std::fmt::Debug>(what: &str, a: &[T], b: &[T]) -> Option<String> {
        let at = (0..a.len().max(b.len())).find(|k| a.get(*k) != b.get(*k))?;
        Some(format!("{what} {at}: {:?} came back as {:?}", a.get(at), b.get(at)))
    }
    let found = first("part", &score.parts, &back.parts)
        .or_else(|| first("measure", &score.measures, &back.measures))
        .or_else(|| first("note", &score.notes, &back.notes))
        .or_else(|| first("direction", &score.directions, &back.directions))
        .or_else(|| first("metre", &score.time_signatures, &back.time_signatures))
        .or_else(|| first("key", &score.key_signatures, &back.key_signatures))
        .or_else(|| first("swing", &score.swing, &back.swing))
        .or_else(|| first("title", &[&score.title, &score.composer], &[&back.title, &back.composer]));
    assert_eq!(found.is_none(), score.fingerprint() == back.fingerprint() && score.title == back.title && score.composer == back.composer);
    found
}

fn assert_comes_back(name: &str, score: &Score) {
    assert_eq!(difference(score, &back(score)), None, "{name}");
}

fn our_scores() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut scores: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == "musicxml")).collect();
    scores.sort();
    scores.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

#[test]
fn our_scores_come_back_bit_for_bit() {
    let scores = our_scores();
    assert!(scores.len() >= 6);
    for (name, bytes) in scores {
        for unfold in BOTH {
            let score = read(&name, &bytes, unfold);
            assert_comes_back(&name, &score);
            let packed = write_mxl(&score).unwrap();
            assert_eq!(difference(&score, &read(&name, &packed, unfold)), None, "{name}, compressed");
        }
    }
}

#[test]
#[ignore = "needs the data folder"]
fn the_corpus_comes_back_bit_for_bit_needs_data() {
    let corpus = common::corpus().unwrap();
    assert_eq!(corpus.len(), 204);
    let mut different = Vec::new();
    for (name, bytes) in &corpus {
        for unfold in BOTH {
            let score = read(name, bytes, unfold);
            if let Some(difference) = difference(&score, &back(&score)) {
                different.push(format!("{name}, {unfold:?}: {difference}"));
            }
        }
    }
    println!("{} different\n{}", different.len(), different.join("\n"));
    assert_eq!(different, Vec::<String>::new());
}
