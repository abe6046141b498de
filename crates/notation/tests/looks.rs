//! Scores and recordings are told apart.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::midi::{END, file, quarters};
use notation::smf::file::PERFORMED;
use notation::smf::{Looks, looks};

/// Scores, people's recordings of them, and takes of another program.
#[test]
#[ignore = "needs the data folder"]
fn scores_and_recordings_are_told_apart_needs_data() {
    let data = common::data_folder().unwrap();
    let set = data.join("pianist-transformer-testset");
    let count = |folder: PathBuf, is_right: &dyn Fn(Looks) -> bool| {
        let files = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path());
        let midi = files.filter(|f| f.extension().is_some_and(|e| e == "mid"));
        let wrong: Vec<PathBuf> =
            midi.filter(|f| !is_right(looks(&std::fs::read(f).unwrap()).unwrap())).collect();
        println!("taken for something else: {wrong:?}");
        wrong.len()
    };
    let written = |l| l == Looks::Written;
    assert_eq!(count(set.join("score"), &written), 0);
    assert_eq!(count(data.join("public-domain-scores"), &written), 0);
    assert_eq!(count(set.join("human"), &|l| l == Looks::Played), 0);
    assert_eq!(count(set.join("performance"), &|l| l == Looks::Played), 0);
}

#[test]
fn onsets_and_tempo_say_who_made_a_file() {
    let notes = |gap: &dyn Fn(u8) -> u8| {
        let mut track = Vec::new();
        for k in 0..40 {
            track.extend([gap(k), 0x90, 60 + k % 12, 64, 20, 0x80, 60 + k % 12, 0]);
        }
        track.extend(END);
        track
    };
    let of = |tracks: &[Vec<u8>]| looks(&file(1, 120, tracks)).unwrap();
    let even = notes(&|_| 40);
    assert_eq!(of(std::slice::from_ref(&even)), Looks::Written);
    assert_eq!(of(&[notes(&|k| 33 + k % 17)]), Looks::Played);
    let mut tempos = Vec::new();
    for k in 0..20_u8 {
        tempos.extend([if k == 0 { 0 } else { 120 }, 0xff, 0x51, 3, 7, 100 + k, 0]);
    }
    tempos.extend(END);
    assert_eq!(of(&[tempos, even]), Looks::PlayedOnGrid);
    // Too few notes to tell, but for files that say it.
    let few = quarters(0, &[60, 61, 62]);
    assert_eq!(looks(&file(0, 120, std::slice::from_ref(&few))).unwrap(), Looks::Written);
    let mark = PERFORMED.as_bytes();
    let marked = [&[0, 0xff, 1, mark.len() as u8], mark, &few].concat();
    assert_ne!(looks(&file(0, 120, &[marked])).unwrap(), Looks::Written);
}
