//! Scores without some of their repeats, against what the reader makes of pages without them.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use std::path::Path;

use notation::{ImportOptions, Repeats, Score, Unfold, read_score};
use xml::{note, one_part, order, pitches, read, read_as_written, whole};

const OPEN: &str = "<barline location=\"left\"><repeat direction=\"forward\"/></barline>";
const CLOSE: &str = "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";

fn page(measures: &[String]) -> String {
    one_part(&measures.iter().map(String::as_str).collect::<Vec<_>>())
}

fn ending(number: &str, inside: &str, repeat: bool) -> String {
    let repeat = if repeat { "<repeat direction=\"backward\"/>" } else { "" };
    format!(
        "<barline location=\"left\"><ending number=\"{number}\" type=\"start\"/></barline>{inside}\
         <barline location=\"right\"><ending number=\"{number}\" type=\"stop\"/>{repeat}</barline>"
    )
}

/// The score without the times of playing that are named.
fn without(score: &Score, left_out: &[usize]) -> Score {
    Repeats::of(score).without(score, left_out)
}

/// What of a score does not depend on what its reader had to say.
fn assert_same(found: &Score, expected: &Score, what: &str) {
    assert_eq!(found.measures, expected.measures, "{what}");
    assert_eq!(found.notes, expected.notes, "{what}");
    assert_eq!(found.time_signatures, expected.time_signatures, "{what}");
    assert_eq!(found.key_signatures, expected.key_signatures, "{what}");
}

#[test]
fn each_repeat_may_be_left_out_by_itself() {
    let close = CLOSE.to_owned();
    let measures = [whole("C4"), whole("D4") + &close, whole("E4"), whole("F4") + &close, whole("G4")];
    let score = read(&page(&measures));
    assert_eq!(order(&score), "1 2 1 2 3 4 3 4 5");
    let repeats = Repeats::of(&score);
    assert_eq!(repeats.page, [0, 1, 0, 1, 2, 3, 2, 3, 4]);
    let passes: Vec<_> = repeats.passes.iter().map(|pass| (pass.measures.clone(), pass.common)).collect();
    assert_eq!(passes, [(0..2, 2), (4..6, 2)]);
    assert_eq!(order(&without(&score, &[0])), "1 2 3 4 3 4 5");
    assert_eq!(order(&without(&score, &[1])), "1 2 1 2 3 4 5");
    assert_eq!(without(&score, &[]), score);
    assert_same(&without(&score, &[0, 1]), &read_as_written(&page(&measures)), "all are left out");
    let second = without(&score, &[1]);
    let ids: Vec<String> = second.notes.iter().map(|note| note.id.to_string()).collect();
    assert_eq!(ids, ["n0-1", "n1-1", "n0-2", "n1-2", "n2-1", "n3-1", "n4-1"]);
}

#[test]
fn without_its_repeat_a_passage_has_the_last_ending() {
    let measures = [
        whole("C4"),
        whole("D4"),
        ending("1", &whole("E4"), true),
        ending("2", &whole("F4"), false),
        whole("G4"),
    ];
    let score = read(&page(&measures));
    assert_eq!(order(&score), "1 2 3 1 2 4 5");
    assert!(Repeats::of(&score).passes[0].has_ending());
    let once = without(&score, &[0]);
    assert_eq!(order(&once), "1 2 4 5");
    assert_eq!(pitches(&once), [60, 62, 65, 67]);
    assert!(once.measures.iter().all(|measure| measure.pass == 1));
}

#[test]
fn of_three_times_one_or_two_may_be_left_out() {
    let close = CLOSE.replace("<repeat ", "<repeat times=\"3\" ");
    let score = read(&page(&[whole("C4"), whole("D4") + &close, whole("F4")]));
    assert_eq!(order(&score), "1 2 1 2 1 2 3");
    assert_eq!(order(&without(&score, &[0])), "1 2 1 2 3");
    assert_eq!(order(&without(&score, &[0, 1])), "1 2 3");
    let single = read(&page(&[whole("C4") + &close, whole("F4")]));
    assert_eq!(order(&without(&single, &[0, 1])), "1 2");
}

#[test]
fn what_is_tied_into_a_repeat_and_out_of_it_is_as_long_as_without_the_repeat() {
    let start = "<tie type=\"start\"/>";
    let stop = "<tie type=\"stop\"/>";
    let measures = [
        note("C4", 8, "") + &note("G4", 8, start),
        format!("{OPEN}{}", note("G4", 8, stop) + &note("A4", 8, "")),
        whole("F4"),
        note("F4", 8, "") + &note("E4", 8, start) + CLOSE,
        note("E4", 8, stop) + &note("D4", 8, ""),
    ];
    let score = read(&page(&measures));
    let once = without(&score, &[0]);
    assert_eq!(order(&once), "1 2 3 4 5");
    assert_same(&once, &read_as_written(&page(&measures)), "ties");
    assert_eq!(score.notes.len(), once.notes.len() + 5, "G, A, F, F and E are struck again");
}

#[test]
fn a_da_capo_is_no_repeat() {
    let fine =
        "<direction><direction-type><words>Fine</words></direction-type><sound fine=\"yes\"/></direction>";
    let da_capo = "<direction><direction-type><words>D.C. al Fine</words></direction-type><sound dacapo=\"yes\"/></direction>";
    let score = read(&page(&[whole("C4"), whole("D4") + fine, whole("E4"), whole("F4") + da_capo]));
    assert_eq!(order(&score), "1 2 3 4 1 2");
    assert_eq!(Repeats::of(&score).passes, []);
}

#[test]
fn scores_of_ours_without_repeats_are_what_is_written() {
    for name in ["petzold_minuet_g", "schumann_kinderszenen_1"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
        let bytes = std::fs::read(path.with_extension("musicxml")).unwrap();
        let read =
            |unfold| read_score(name, &bytes, &ImportOptions { unfold, ..ImportOptions::default() }).unwrap();
        let (played, written) = (read(Unfold::Maximal), read(Unfold::AsWritten));
        let repeats = Repeats::of(&played);
        let all: Vec<usize> = (0..repeats.passes.len()).collect();
        assert!(!all.is_empty(), "{name}");
        let once = repeats.without(&played, &all);
        assert_same(&once, &written, name);
        assert_eq!(once.directions, written.directions, "{name}");
    }
}
