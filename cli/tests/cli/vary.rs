//! `espressivo vary`.

use std::collections::HashMap;

use crate::program::{MINUET, PRELUDE, Ran, Sandbox, read, score};

#[test]
fn what_cannot_be_varied_is_said_before_anything_is_written() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    let vary = |more: &[&str]| sandbox.run(&[&["vary", &minuet][..], more].concat());
    vary(&["--bars", "5-9"]).failed_with(&[&minuet, "5 bars are chosen", "one to 4"]);
    vary(&["--bars", "99"]).failed_with(&[&minuet, "there are no bars"]);
    vary(&["--bars", "16-17"]).failed_with(&[&minuet, "not played one after another"]);
    for wrong in [["--similarity", "101"], ["--count", "0"], ["--pitches", "C6-C3"], ["--largest-chord", "0"]]
    {
        let ran = vary(&[&["--bars", "5"][..], &wrong].concat());
        assert_eq!(ran.code, Some(2), "{wrong:?}: {}", ran.err);
    }
    assert!(sandbox.files().is_empty());
}

#[test]
fn files_that_exist_are_kept() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox.put(&format!("{PRELUDE}-variation-2.mid"), "mine");
    let ran = sandbox.run(&["vary", &prelude, "--bars", "1-2", "--count", "2"]);
    ran.failed_with(&[&format!("{PRELUDE}-variation-2.mid"), "exists", "--force"]);
    assert_eq!(sandbox.files().len(), 1);
}

#[test]
fn a_missing_model_is_told_with_what_to_do() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    for out in [&[][..], &["-o", "ideas"]] {
        let mut program = sandbox.program(&[&["vary", &prelude, "--bars", "1-2"][..], out].concat());
        program.env("ESPRESSIVO_MODELS", "nowhere");
        Ran::of(program).failed_with(&["nowhere", "composer", "config.json", "`espressivo train composer`"]);
        assert!(sandbox.files().is_empty());
    }
}

#[test]
fn variations_are_written_as_musicxml_and_midi() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let args = ["vary", &prelude, "--bars", "1-4", "--count", "3", "--seed", "4", "-o", "ideas"];
    let ran = sandbox.ok(&args);
    assert!(ran.out.contains("3 variations, asked for 70 %"), "{}", ran.out);
    let json = sandbox.ok(&[&args[..], &["--force", "--json"]].concat()).json();
    let rows = json["variations"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        let overall = row["overall"].as_f64().unwrap();
        assert!((0.5..0.9).contains(&overall), "{row}");
        let path = |key: &str| sandbox.path(row[key].as_str().unwrap());
        let written = read(path("musicxml"));
        assert_eq!(written.measures.len(), 4);
        assert_eq!(written.notes.len() as u64, row["notes"].as_u64().unwrap());
        let midi = performance::midi::read_performance(&std::fs::read(path("midi")).unwrap()).unwrap();
        let count = |pitches: &mut dyn Iterator<Item = u8>| {
            let mut counts = HashMap::new();
            pitches.for_each(|pitch| *counts.entry(pitch).or_insert(0) += 1);
            counts
        };
        let notes = count(&mut written.notes.iter().map(|note| note.pitch));
        assert_eq!(count(&mut midi.notes.iter().map(|note| note.pitch)), notes);
    }
}

#[test]
fn what_keeps_variations_near_is_said() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let args = ["vary", &prelude, "--bars", "1-4", "--count", "2", "--similarity", "0", "-o", "ideas"];
    let free = sandbox.ok(&[&args[..], &["--json"]].concat()).json();
    assert!(free["too_similar"].is_null(), "{free}");
    let kept = sandbox.ok(&[&args[..], &["--force", "--keep-rhythm"]].concat());
    assert!(kept.out.contains("With the rhythm kept, variations of these bars are about"), "{}", kept.out);
}

#[test]
fn models_are_not_judged_without_segments() {
    let sandbox = Sandbox::new();
    sandbox.run(&["evaluate", "variations", "--segments", "nowhere"]).failed_with(&[
        "no segments at",
        "nowhere",
        "espressivo data segments",
    ]);
}
