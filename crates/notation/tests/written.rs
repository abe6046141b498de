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

/// Measures, notes and directions as readers make them, but for the order of two notes on one key.
mod generated {
    use notation::{
        Direction, DirectionKind, Dynamic, Grace, KeySignature, Marks, Measure, Note, NoteId, Part, Quarters,
        Score, Swing, TimeSignature,
    };
    use proptest::prelude::*;

    type RawNote = (u16, u8, u8, u8, u8, u32, u8, u8);

    /// Denominators of times, in parts of a quarter.
    const GRIDS: [i64; 8] = [1, 2, 3, 4, 5, 8, 12, 28];

    fn notes() -> impl Strategy<Value = Vec<RawNote>> {
        let note =
            (any::<u16>(), any::<u8>(), 0..8_u8, 21..109_u8, any::<u8>(), any::<u32>(), 1..4_u8, 0..5_u8);
        proptest::collection::vec(note, 1..60)
    }

    fn directions() -> impl Strategy<Value = Vec<(u16, u8, u8, u8, u8)>> {
        proptest::collection::vec((any::<u16>(), any::<u8>(), 0..13_u8, 0..14_u8, 0..3_u8), 0..30)
    }

    pub fn score() -> impl Strategy<Value = Score> {
        let measures = proptest::collection::vec((1..25_i64, 0..3_u8, any::<u32>(), any::<u8>()), 1..8);
        let changes = proptest::collection::vec((any::<u16>(), -7..8_i8, 0..6_u8), 0..4);
        (1..3_u16, 1..4_u8, measures, notes(), directions(), changes).prop_map(
            |(parts, staves, measures, notes, directions, changes)| {
                let mut score = empty(parts, staves, &measures);
                add_changes(&mut score, &changes);
                add_notes(&mut score, &notes);
                add_directions(&mut score, &directions);
                score
            },
        )
    }

    fn empty(parts: u16, staves: u8, measures: &[(i64, u8, u32, u8)]) -> Score {
        let part = |k: u16| Part { id: format!("P{}", k + 1), name: "Two & \"Hands\"".into(), staves };
        let mut score =
            Score { parts: (0..parts).map(part).collect(), title: Some("A < B".into()), ..Score::default() };
        let mut at = Quarters::ZERO;
        for (length, grid, written, pass) in measures {
            let end = at + Quarters::new(*length, GRIDS[usize::from(*grid) + 1]);
            let number = format!("X{}", written % 7);
            let time = TimeSignature::default();
            score.measures.push(Measure { start: at, end, number, written: *written, pass: *pass, time });
            at = end;
        }
        score
    }

    /// A point of the score on one of the grids.
    fn point(score: &Score, raw: u16, grid: u8) -> Quarters {
        let grid = GRIDS[usize::from(grid) % GRIDS.len()];
        let steps = (score.end().to_f64() * grid as f64) as i64;
        Quarters::new(i64::from(raw) % steps.max(1), grid)
    }

    fn add_changes(score: &mut Score, changes: &[(u16, i8, u8)]) {
        for (raw, fifths, kind) in changes {
            let at = point(score, *raw, *kind);
            score.key_signatures.push((at, KeySignature { fifths: *fifths, minor: *kind == 0 }));
            score.time_signatures.push((at, TimeSignature { beats: kind + 2, beat_type: 8 }));
            let pair = GRIDS[usize::from(*kind)];
            let pair = if pair == 3 {
                Quarters::new(3, 2)
            } else {
                Quarters::new(2, if pair % 4 == 0 { 4 } else { 2 })
            };
            score.swing.push((at, Swing { pair, first: kind + 1, second: 1 }));
        }
        score.key_signatures.sort_by_key(|(at, _)| *at);
        score.time_signatures.sort_by_key(|(at, _)| *at);
        score.swing.sort_by_key(|(at, _)| *at);
        let times: Vec<TimeSignature> =
            score.measures.iter().map(|m| score.time_signature_at(m.start)).collect();
        for (measure, time) in score.measures.iter_mut().zip(times) {
            measure.time = time;
        }
    }

    fn add_notes(score: &mut Score, notes: &[RawNote]) {
        for (k, (raw, length, grid, pitch, grace, marks, staff, voice)) in notes.iter().enumerate() {
            let onset = point(score, *raw, *grid);
            let grace = match grace % 8 {
                0 => Some(Grace::Acciaccatura),
                1 => Some(Grace::Appoggiatura),
                _ => None,
            };
            let is_tied = *length > 200;
            let duration = if grace.is_some() && !is_tied {
                Quarters::ZERO
            } else {
                Quarters::new(i64::from(*length) % 40 + 1, GRIDS[usize::from(*grid)])
            };
            let part = (k % score.parts.len()) as u16;
            let staff = (*staff).min(score.parts[0].staves);
            let measure = score.measures.partition_point(|m| m.start <= onset) as u32 - 1;
            let id = NoteId { written: (k as u32) ^ 5, pass: *voice + 1 };
            let marks = settled(Marks::from_bits_truncate(*marks & (marks >> 7)), grace.is_some());
            let voice = [1, 2, 3, 5, 255][usize::from(*voice)];
            score.notes.push(Note {
                id,
                onset,
                duration,
                pitch: *pitch,
                measure,
                part,
                staff,
                voice,
                grace,
                marks,
            });
        }
        score.notes.sort_by_key(|n| (n.onset, n.pitch));
        score.notes.dedup_by_key(|n| (n.onset, n.pitch));
    }

    /// Marks as readers set them: none without the one that it belongs to.
    fn settled(mut marks: Marks, is_grace: bool) -> Marks {
        let needs = [
            (Marks::INVERTED, Marks::MORDENT | Marks::TURN),
            (Marks::DELAYED, Marks::TURN),
            (Marks::ARPEGGIO_DOWN, Marks::ARPEGGIO),
            (Marks::TREMOLO_STROKES | Marks::TREMOLO_PAIR, Marks::TREMOLO),
        ];
        for (mark, needed) in needs {
            if !marks.intersects(needed) {
                marks -= mark;
            }
        }
        if is_grace { marks } else { marks - Marks::GRACE_CHORD }
    }

    const TEXTS: [&str; 14] = [
        "",
        "",
        "p",
        "sfz",
        "dolce",
        "p cresc.",
        "pp una corda",
        "quarter. = 60",
        "quarter = quarter.",
        "D.C. al Fine",
        "Allegro",
        "rit.",
        "half = ca. 72",
        "cresc. ed accel.",
    ];

    fn add_directions(score: &mut Score, directions: &[(u16, u8, u8, u8, u8)]) {
        for (raw, length, kind, text, staff) in directions {
            let onset = point(score, *raw, *length);
            let length = Quarters::new(i64::from(length % 20), 3);
            let end = (length < Quarters::whole(5)).then(|| (onset + length).min(score.end()));
            let text = TEXTS[usize::from(*text)].to_owned();
            let kinds = [
                notation::words::meaning(&text),
                DirectionKind::Dynamic(Dynamic::ALL[usize::from(*raw) % 10]),
                DirectionKind::Sforzando,
                DirectionKind::Crescendo,
                DirectionKind::Diminuendo,
                DirectionKind::Metronome(f64::from(*raw) / 7.0 + 0.1),
                DirectionKind::Tempo(Some(f64::from(*raw) + 0.3)),
                DirectionKind::Tempo(None),
                DirectionKind::Ritardando,
                DirectionKind::ATempo,
                DirectionKind::SustainPedal,
                DirectionKind::SoftPedal,
                DirectionKind::Words,
            ];
            let part = raw % score.parts.len() as u16;
            let staff = (*staff > 0).then_some(*staff);
            let kind = kinds[usize::from(*kind)];
            score.directions.push(Direction { onset, end, part, staff, kind, text });
        }
        score.directions.sort_by_key(|d| (d.onset, d.part));
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
