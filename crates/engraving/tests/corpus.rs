//! Every score of the data folder is engraved. The corpus takes a quarter of an hour:
//! `cargo nextest run -p engraving -E 'test(the_corpus_is_engraved_on_demand)' --run-ignored only --no-capture`
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::{BOTH, files, misplaced, missing, read, try_engrave};

/// `$ESPRESSIVO_DATA`, else `../shared/data` beside the repository.
fn data_folder() -> PathBuf {
    let fallback = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("ESPRESSIVO_DATA").map_or_else(fallback, PathBuf::from)
}

/// Engraves scores in both ways of reading, in systems of 100 staff spaces.
fn assert_are_engraved(scores: &[(String, Vec<u8>)]) {
    engraving::run_apart(PathBuf::from(env!("CARGO_BIN_EXE_espressivo-engraver")), Vec::new());
    let (mut notes, mut systems_in_all, mut wrong) = (0, 0, Vec::new());
    for (name, bytes) in scores {
        for unfold in BOTH {
            let score = read(name, bytes, unfold);
            notes += score.notes.len();
            let systems = match try_engrave(&score, 100.0) {
                Ok(systems) => systems,
                Err(error) => {
                    wrong.push(format!("{name}, {unfold:?}: {error}"));
                    continue;
                }
            };
            systems_in_all += systems.len();
            let (missing, misplaced) = (missing(&score, &systems), misplaced(&score, &systems));
            if !missing.is_empty() || !misplaced.is_empty() {
                wrong.push(format!("{name}, {unfold:?}: {missing:#?} {misplaced:#?}"));
            }
        }
    }
    println!("{} scores, {notes} notes, {systems_in_all} systems", scores.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "takes a quarter of an hour, and needs the data folder"]
fn the_corpus_is_engraved_on_demand() {
    let mut scores = files(&data_folder().join("musicxml-corpus"), &["gz"]);
    assert_eq!(scores.len(), 204);
    for (_, bytes) in &mut scores {
        let mut unpacked = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut unpacked).unwrap();
        *bytes = unpacked;
    }
    assert_are_engraved(&scores);
}

#[test]
#[ignore = "needs the data folder"]
fn public_domain_scores_are_engraved_needs_data() {
    let scores = files(&data_folder().join("public-domain-scores"), &["musicxml", "mid"]);
    assert_eq!(scores.len(), 26);
    assert_are_engraved(&scores);
}
