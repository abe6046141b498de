//! What is written as MusicXML is read back as it was.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use common::generated;
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
    assert_eq!(
        found.is_none(),
        score.fingerprint() == back.fingerprint()
            && score.title == back.title
            && score.composer == back.composer
    );
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

proptest::proptest! {
    #[test]
    fn whatever_a_score_holds_comes_back(score in generated::score()) {
        assert_comes_back("generated", &score);
    }
}

/// The attributes `id` of the note heads.
fn head_ids(text: &str) -> Vec<String> {
    let tags = text.split("<note id=\"").skip(1);
    tags.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn every_head_is_named_after_its_note() {
    for (name, bytes) in our_scores() {
        let score = read(&name, &bytes, Unfold::Maximal);
        let ids = head_ids(&write(&score).unwrap());
        let unique: std::collections::HashSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{name}");
        let first: Vec<&str> =
            ids.iter().filter(|id| id.matches('-').count() == 1).map(String::as_str).collect();
        assert_eq!(first.len(), score.notes.len(), "{name}");
        for note in &score.notes {
            assert!(unique.contains(&note.id.to_string()), "{name}: {}", note.id);
        }
    }
}

#[test]
fn another_program_takes_the_form_away() {
    // Written again by another program, the file is one like any other: signs count, notes are counted.
    let (name, bytes) = our_scores().remove(0);
    let score = read(&name, &bytes, Unfold::Maximal);
    let text = write(&score).unwrap();
    let software = "<software>Espressivo, repeats written out</software>";
    assert!(text.contains(software));
    let other = text.replace(software, &format!("{software}<software>Another 2.0</software>"));
    let back = read("other", other.as_bytes(), Unfold::Maximal);
    assert!(back.measures.iter().all(|m| m.pass == 1));
    let sounding =
        |score: &Score| score.notes.iter().map(|n| (n.onset, n.duration, n.pitch)).collect::<Vec<_>>();
    assert_eq!(sounding(&back), sounding(&score));
}

#[test]
fn a_hand_that_holds_a_note_has_two_voices() {
    let note = |k: u32, onset, duration, pitch| Note {
        id: notation::NoteId { written: k, pass: 1 },
        onset: notation::Quarters::whole(onset),
        duration: notation::Quarters::whole(duration),
        pitch,
        ..Note::default()
    };
    let score = Score {
        parts: vec![notation::Part { id: "P1".into(), name: String::new(), staves: 1 }],
        measures: vec![notation::Measure::regular(0, notation::TimeSignature::default())],
        notes: vec![note(0, 0, 4, 60), note(1, 0, 1, 66), note(2, 1, 3, 66)],
        ..Score::default()
    };
    let text = write(&score).unwrap();
    let voices = |voice: &str| text.matches(&format!("<voice>{voice}</voice>")).count();
    assert_eq!((voices("1"), voices("257")), (2, 1));
    assert_eq!(text.matches("<accidental>").count(), 1, "the second is said already");
    assert_eq!(difference(&score, &back(&score)), None);
}

#[test]
fn a_voice_is_silent_where_it_has_nothing_and_its_tuplets_are_complete() {
    let third = |thirds| notation::Quarters::new(thirds, 3);
    let note = |k: u32, voice, onset, duration, pitch| Note {
        id: notation::NoteId { written: k, pass: 1 },
        onset,
        duration,
        pitch,
        voice,
        ..Note::default()
    };
    let score = Score {
        parts: vec![notation::Part { id: "P1".into(), name: String::new(), staves: 1 }],
        measures: vec![notation::Measure::regular(0, notation::TimeSignature::default())],
        notes: vec![
            note(1, 2, third(0), third(1), 60),
            note(0, 1, third(0), third(12), 72),
            note(2, 2, third(2), third(1), 62),
        ],
        ..Score::default()
    };
    let text = write(&score).unwrap();
    assert_eq!(text.matches("<rest/>").count(), 1);
    assert_eq!(text.matches("<note print-object=\"no\">").count(), 1, "between the two of the triplet");
    assert_eq!(text.matches("<tuplet type=\"start\"").count(), 1);
    assert_eq!(text.matches("<tuplet type=\"stop\"").count(), 1);
    assert_eq!(difference(&score, &back(&score)), None);
}

#[test]
fn a_tempo_word_and_its_mark_are_one_direction() {
    let (name, bytes) = our_scores().remove(0);
    let mut score = read(&name, &bytes, Unfold::Maximal);
    let direction = |kind, text: &str| notation::Direction {
        onset: notation::Quarters::ZERO,
        end: None,
        part: 0,
        staff: None,
        kind,
        text: text.to_owned(),
    };
    let mark = notation::DirectionKind::Metronome(72.0);
    score.directions =
        vec![direction(notation::words::meaning("Andante"), "Andante"), direction(mark, "quarter = 72")];
    let text = write(&score).unwrap();
    assert_eq!((text.matches("<direction ").count(), text.matches("<sound tempo=\"72\"/>").count()), (1, 1));
    assert_eq!(difference(&score, &back(&score)), None);
    score.directions[0].kind = notation::DirectionKind::Tempo(Some(50.0));
    assert_eq!(write(&score).unwrap().matches("<direction ").count(), 2, "the word has a tempo of its own");
    assert_eq!(difference(&score, &back(&score)), None);
}

#[test]
fn signs_of_loudness_at_one_place_are_one_direction() {
    use notation::{Direction, DirectionKind, Dynamic, Quarters};
    let (name, bytes) = our_scores().remove(0);
    let mut score = read(&name, &bytes, Unfold::Maximal);
    let sign = |onset, staff, kind, text: &str| Direction {
        onset: Quarters::whole(onset),
        end: None,
        part: 0,
        staff: Some(staff),
        kind,
        text: text.to_owned(),
    };
    let (accent, soft) = (DirectionKind::Sforzando, DirectionKind::Dynamic(Dynamic::P));
    let count = |score: &Score| {
        let text = write(score).unwrap();
        ["<direction ", "<p/>", "<sf/>", "<sfp/>", "<words>"].map(|tag| text.matches(tag).count())
    };
    // A `<direction>` may hold several `<direction-type>`: what stands in one is meant to be seen together.
    score.directions = vec![sign(0, 1, soft, "p"), sign(0, 1, accent, "sf")];
    assert_eq!(count(&score), [1, 1, 1, 0, 0]);
    assert_eq!(difference(&score, &back(&score)), None);
    score.directions = vec![sign(0, 1, soft, "p"), sign(0, 2, accent, "sf"), sign(1, 2, soft, "p")];
    assert_eq!(count(&score), [3, 2, 1, 0, 0], "on other staves and at other places");
    assert_eq!(difference(&score, &back(&score)), None);
    // One sign that is an accent and the level after it.
    score.directions = vec![sign(0, 1, accent, "sfp"), sign(0, 1, soft, "sfp")];
    assert_eq!(count(&score), [1, 0, 0, 1, 0]);
    assert_eq!(difference(&score, &back(&score)), None);
}

#[test]
fn what_is_no_score_is_refused() {
    assert_eq!(write(&Score::default()), Err(WriteError::NoNotes));
    let (name, bytes) = our_scores().remove(0);
    let mut score = read(&name, &bytes, Unfold::Maximal);
    score.measures.remove(0);
    assert_eq!(write(&score), Err(WriteError::Measures));
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

#[test]
#[ignore = "needs the data folder"]
fn public_domain_scores_come_back_bit_for_bit_needs_data() {
    let folder = common::data_folder().unwrap().join("public-domain-scores");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_score =
        |path: &std::path::PathBuf| path.extension().is_some_and(|e| e == "musicxml" || e == "mid");
    let scores: Vec<_> = paths.filter(is_score).collect();
    assert_eq!(scores.len(), 26);
    for path in scores {
        let name = path.display().to_string();
        for unfold in BOTH {
            assert_comes_back(&name, &read(&name, &fs::read(&path).unwrap(), unfold));
        }
    }
}

/// Step and alteration of each note by its number in the file, found without an XML parser.
fn names(text: &str) -> std::collections::HashMap<u32, (char, i8)> {
    let mut names = std::collections::HashMap::new();
    for note in text.split("<note ").skip(1) {
        let note = note.split("</note>").next().unwrap();
        let value = |tag: &str| note.split_once(&format!("<{tag}>"))?.1.split('<').next();
        let id = note.split_once("id=\"n").map(|(_, rest)| rest.split(['"', '-']).next().unwrap());
        let (Some(id), Some(step)) = (id.and_then(|id| id.parse().ok()), value("step")) else { continue };
        let alter = value("alter").map_or(0, |alter| alter.parse::<f64>().unwrap() as i8);
        // A further head of a tied note has the number of the first.
        names.entry(id).or_insert((step.chars().next().unwrap(), alter));
    }
    names
}

#[test]
#[ignore = "needs the data folder"]
fn notes_of_the_corpus_have_the_names_that_their_editors_gave_them_needs_data() {
    let (mut right, mut all) = (0, 0);
    for (name, bytes) in common::corpus().unwrap() {
        let score = read(&name, &bytes, Unfold::AsWritten);
        let (printed, ours) = (names(&String::from_utf8_lossy(&bytes)), names(&write(&score).unwrap()));
        let pairs: Vec<bool> = ours.iter().filter_map(|(id, name)| Some(printed.get(id)? == name)).collect();
        right += pairs.iter().filter(|same| **same).count();
        all += pairs.len();
    }
    println!("{right} of {all} names");
    assert!(all > 300_000 && right as f64 >= 0.96 * all as f64, "{right} of {all}");
}
