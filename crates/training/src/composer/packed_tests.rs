#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use cadenza::composer::{bars, tokens, written};
use cadenza::pertok::{Music, Note};
use notation::TimeSignature;

use super::*;

fn pertok() -> PerTok {
    PerTok::new(written()).unwrap()
}

/// Bars of 3/4 and then of 4/4 with a note each; 480 ticks a quarter.
fn run(pertok: &PerTok, pitch: u8) -> (Music, Vec<Bar>) {
    let metre = |beats| TimeSignature { beats, beat_type: 4 };
    let note = |onset_ticks| Note { onset_ticks, pitch, duration_ticks: 480, velocity: 64 };
    let music = Music {
        notes: vec![note(0), note(1440 + 160), note(2880 + 60), note(2880 + 1920)],
        metres: vec![(0, metre(3)), (2880, metre(4))],
    };
    let told = bars(pertok, &tokens(pertok, &music, 5).unwrap());
    (music, told)
}

fn packed(pertok: &PerTok) -> Packed {
    let mut packed = Packed::new();
    packed.push(&run(pertok, 60).1, Source::Asap);
    packed.push(&run(pertok, 72).1[1..], Source::Pop909);
    packed
}

#[test]
fn bars_of_a_run_are_the_segment_that_they_were() {
    let pertok = pertok();
    let packed = packed(&pertok);
    assert_eq!(packed.run_bars().collect::<Vec<_>>(), [0..5, 5..9]);
    let (music, _) = run(&pertok, 60);
    assert_eq!(packed.segment(&pertok, 0..5), tokens(&pertok, &music, 5).unwrap());
    // Two bars from the middle, as if they were all that there is.
    let notes = music.notes[1..3].iter().map(|note| Note { onset_ticks: note.onset_ticks - 1440, ..*note });
    let metres = vec![(0, music.metres[0].1), (1440, music.metres[1].1)];
    let middle = Music { notes: notes.collect(), metres };
    assert_eq!(packed.segment(&pertok, 1..3), tokens(&pertok, &middle, 2).unwrap());
}

#[test]
fn segments_lie_side_by_side_and_have_notes() {
    let pertok = pertok();
    let packed = packed(&pertok);
    let segments = |bars, longest| packed.segments(&pertok, bars, longest);
    let expected: Vec<Vec<u32>> = [0..2, 2..4, 5..7, 7..9].map(|bars| packed.segment(&pertok, bars)).to_vec();
    assert_eq!(segments(2, 100), expected);
    // The last bar of each run is empty.
    assert_eq!(segments(1, 100).len(), 4 + 3);
    assert_eq!(segments(2, expected[0].len() - 1), expected[3..]);
    assert_eq!(segments(6, 100).len(), 0);
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("segments.safetensors");
    (folder, path)
}

#[test]
fn what_was_written_is_read_back() {
    let pertok = pertok();
    let (folder, path) = place();
    packed(&pertok).write(&path).unwrap();
    assert_eq!(Packed::read(&path, &pertok).unwrap(), packed(&pertok));
    let about = Tokens::new(&pertok, 300);
    about.write(folder.path()).unwrap();
    let (found, tokenizer) = Tokens::read(folder.path()).unwrap();
    assert_eq!(found, about);
    assert_eq!(tokenizer.vocabulary().size(), about.names.len());
    assert_eq!(about.names[..5], ["PAD_None", "BOS_None", "EOS_None", "MASK_None", "Bar_None"]);
    let error = Tokens::read(&folder.path().join("none")).unwrap_err().to_string();
    assert!(error.starts_with("no segments at ") && error.contains("espressivo data segments"), "{error}");
}

#[test]
fn what_cannot_be_is_named() {
    let pertok = pertok();
    let fault = |change: fn(&mut Packed)| {
        let (_folder, path) = place();
        let mut packed = packed(&pertok);
        change(&mut packed);
        packed.write(&path).unwrap();
        format!("{:#}", Packed::read(&path, &pertok).unwrap_err())
    };
    let bar = fault(|packed| packed.tokens[0] = 4);
    assert!(bar.ends_with("array tokens has the token 4 at 0, expected one of a note"), "{bar}");
    let metre = fault(|packed| packed.metres[1] = 999);
    assert!(metre.ends_with("array metres has the token 999 for bar 1, expected a metre"), "{metre}");
    let back = fault(|packed| packed.bars[1] = 99);
    assert!(back.contains("array bars goes from 0 to"), "{back}");
    let short = fault(|packed| packed.sources.push(0));
    assert!(short.ends_with("array runs has 3 numbers, expected 4"), "{short}");
}
