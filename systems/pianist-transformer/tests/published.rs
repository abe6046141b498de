//! Our tokens against those that the authors' own program makes of the same MIDI files.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use pianist_transformer::tokens::{SLOTS, Token, timeline_of_midi};

fn data_folder() -> PathBuf {
    let named = std::env::var_os("ESPRESSIVO_DATA").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    [named, Some(beside)].into_iter().flatten().find(|folder| folder.is_dir()).unwrap()
}

#[test]
#[ignore = "needs the data folder"]
fn tokens_are_those_of_the_published_program_needs_data() {
    let folder = data_folder().join("pianist-transformer-testset");
    let file = std::fs::File::open(folder.join("tokens.json.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let published: BTreeMap<String, Vec<Token>> = serde_json::from_str(&text).unwrap();
    assert_eq!(published.len(), 69);
    let (mut differ, mut tokens) = (Vec::new(), 0);
    for (name, expected) in &published {
        let found = timeline_of_midi(&std::fs::read(folder.join(name)).unwrap()).unwrap().tokens();
        tokens += expected.len();
        if found.len() != expected.len() {
            differ.push(format!("{name}: {} tokens for {}", found.len(), expected.len()));
        }
        let both = found.len().min(expected.len());
        let unequal: Vec<usize> = (0..both).filter(|k| found[*k] != expected[*k]).collect();
        if let Some(first) = unequal.first() {
            let note = first / SLOTS * SLOTS;
            let (ours, theirs) = (&found[note..note + SLOTS], &expected[note..note + SLOTS]);
            let (count, note) = (unequal.len(), note / SLOTS);
            differ.push(format!("{name}: {count} tokens, first in note {note}: {ours:?} for {theirs:?}"));
        }
    }
    println!("{} streams, {tokens} tokens", published.len());
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
