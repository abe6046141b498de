//! The page of a played score: it has all that is played, and what is written of it is played again.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/xml.rs"]
mod xml;

use std::fs;
use std::path::Path;

use notation::musicxml::write_printed;
use notation::printed_score::Tied;
use notation::{
    Grace, ImportOptions, Measure, Note, NoteId, Part, PrintedScore, Quarters, Score, TimeSignature,
    read_score,
};
use proptest::prelude::*;
use xml::{CLOSE, OPEN, TIE, TIED, ending, note, one_part, score, whole};

/// The page of a score, after a check that every note is on it and that it is played like the score.
fn page(name: &str, score: &Score) -> PrintedScore {
    let page = PrintedScore::of(score);
    assert_whole(name, score, &page);
    let text = write_printed(&page).unwrap();
    let back = read_score(name, text.as_bytes(), &ImportOptions::default()).unwrap();
    let (played, back_sounding) = (sounding(score), sounding(&back));
    let difference =
        (0..played.len().max(back_sounding.len())).find(|k| played.get(*k) != back_sounding.get(*k));
    if let Some(k) = difference {
        let (played, back) = (played.get(k), back_sounding.get(k));
        panic!("{name}, note {k}: {played:?} came back as {back:?}; the signs are {}", signs(&page));
    }
    assert_eq!(score.end(), back.end(), "{name}");
    page
}

/// What is heard of a note, and where it stands.
type Sounding = (Quarters, u8, Quarters, u16, u8, u8, Option<bool>);

fn sounding(score: &Score) -> Vec<Sounding> {
    let of_note = |n: &Note| {
        let grace = n.grace.map(|kind| kind == Grace::Acciaccatura);
        (n.onset, n.pitch, n.duration, n.part, n.staff, n.voice, grace)
    };
    let mut sounding: Vec<Sounding> = score.notes.iter().map(of_note).collect();
    sounding.sort();
    sounding
}

fn assert_whole(name: &str, score: &Score, page: &PrintedScore) {
    let rises = |list: &[u32], count: usize| {
        !list.is_empty() && list.windows(2).all(|w| w[0] < w[1]) && list.iter().all(|k| (*k as usize) < count)
    };
    let all = |lists: &[Vec<u32>], count: usize| {
        let mut found = vec![false; count];
        lists.iter().flatten().for_each(|k| found[*k as usize] = true);
        found.iter().all(|is_found| *is_found)
    };
    let (notes, measures) = (score.notes.len(), score.measures.len());
    assert!(page.notes.iter().all(|list| rises(list, notes)), "{name}");
    assert!(page.measures.iter().all(|list| rises(list, measures)), "{name}");
    assert!(all(&page.notes, notes), "{name}: a note is lost");
    assert!(all(&page.measures, measures), "{name}: a measure is lost");
    let lengths = [page.notes.len(), page.ties.len(), page.passes.len()];
    assert!(lengths.iter().all(|length| *length == page.score.notes.len()), "{name}");
    assert_eq!(page.measures.len(), page.score.measures.len(), "{name}");
    assert!(page.score.measures[0].start.is_zero(), "{name}");
    assert!(page.score.measures.windows(2).all(|m| m[0].end == m[1].start), "{name}");
    for (note, played) in page.score.notes.iter().zip(&page.notes) {
        assert!((note.measure as usize) < page.score.measures.len(), "{name}");
        for played in played.iter().map(|k| &score.notes[*k as usize]) {
            assert_eq!((note.pitch, note.part), (played.pitch, played.part), "{name}");
        }
    }
    assert!(page.signs.windows(2).all(|w| w[0].measure <= w[1].measure), "{name}");
    let ids: std::collections::HashSet<NoteId> = page.score.notes.iter().map(|note| note.id).collect();
    assert!(ids.len() == page.notes.len() || page.signs.is_empty(), "{name}: two notes have one number");
}

/// The signs of a page, each with the index of its measure.
fn signs(page: &PrintedScore) -> String {
    let signs = page.signs.iter().map(|sign| format!("{} {:?}", sign.measure, sign.kind));
    signs.collect::<Vec<_>>().join("; ")
}

fn sound(words: &str, attribute: &str) -> String {
    format!(
        "<direction><direction-type><words>{words}</words></direction-type><sound {attribute}/></direction>"
    )
}

#[test]
fn a_score_without_repeats_is_its_own_page() {
    let score = score(&[whole("C4"), whole("D4") + &sound("Fine", "fine=\"yes\"")]);
    let page = page("straight", &score);
    assert_eq!(page.score, score);
    assert_eq!(page.notes, [[0], [1]]);
    assert!(page.signs.is_empty());
}

#[test]
fn repeats() {
    let measures = [whole("C4"), OPEN.to_owned() + &whole("D4"), whole("E4") + CLOSE, whole("F4")];
    let found = page("repeat", &score(&measures));
    assert_eq!(signs(&found), "1 RepeatStart; 2 RepeatEnd { times: 2 }");
    assert_eq!(found.notes, [vec![0], vec![1, 3], vec![2, 4], vec![5]]);
    assert_eq!(found.measures, [vec![0], vec![1, 3], vec![2, 4], vec![5]]);
    assert_eq!(found.score.notes[3].onset, Quarters::whole(12));
    let thrice = CLOSE.replace("<repeat ", "<repeat times=\"3\" ");
    let found = page("three times", &score(&[whole("C4") + &thrice, whole("D4") + CLOSE]));
    assert_eq!(signs(&found), "0 RepeatEnd { times: 3 }; 1 RepeatStart; 1 RepeatEnd { times: 2 }");
    let pick_up =
        [note("C4", 4, ""), whole("D4"), note("E4", 12, "") + CLOSE, note("F4", 4, ""), whole("G4")];
    assert_eq!(signs(&page("pick-up", &score(&pick_up))), "2 RepeatEnd { times: 2 }");
}

#[test]
fn a_repeat_within_a_measure_cuts_it() {
    let middle = "<barline location=\"middle\"><repeat direction=\"backward\"/></barline>";
    let cut = note("D4", 8, "") + middle + &note("E4", 8, "");
    let found = page("within", &score(&[whole("C4"), cut, whole("F4")]));
    assert_eq!(signs(&found), "1 RepeatEnd { times: 2 }");
    assert_eq!(found.measures, [vec![0, 2], vec![1, 3], vec![3], vec![4]]);
    let numbers: Vec<&str> = found.score.measures.iter().map(|m| m.number.as_str()).collect();
    assert_eq!(numbers, ["1", "2", "2", "3"]);
}

#[test]
fn endings() {
    let two = [whole("C4"), ending("1", &whole("D4"), true), ending("2", &whole("E4"), false), whole("F4")];
    let found = page("two endings", &score(&two));
    let expected = "1 EndingStart { numbers: [1] }; 1 EndingEnd { is_open: false }; 1 RepeatEnd { times: 2 }; \
                    2 EndingStart { numbers: [2] }; 2 EndingEnd { is_open: true }";
    assert_eq!(signs(&found), expected);
    let three = [
        whole("C4"),
        ending("1", &whole("D4"), true),
        ending("2", &whole("E4"), true),
        ending("3", &whole("F4"), false),
    ];
    assert!(signs(&page("three endings", &score(&three))).contains("3 EndingStart { numbers: [3] }"));
    let shared = [whole("C4"), ending("1, 2", &whole("D4"), true), ending("3", &whole("E4"), false)];
    assert!(signs(&page("shared", &score(&shared))).contains("1 EndingStart { numbers: [1, 2] }"));
}

#[test]
fn jumps() {
    let fine = sound("Fine", "fine=\"yes\"");
    let al_fine = [
        whole("C4") + CLOSE,
        whole("D4") + &fine,
        OPEN.to_owned() + &whole("E4") + CLOSE,
        whole("F4") + &sound("D.C. al Fine", "dacapo=\"yes\""),
    ];
    let found = page("al fine", &score(&al_fine));
    assert!(signs(&found).ends_with("3 DaCapo { al: Some(Fine), with_repeats: true }"), "{}", signs(&found));
    assert!(found.score.directions.is_empty(), "the signs say it");
    let without = al_fine.map(|measure| measure.replace("D.C. al Fine", "D.C. al Fine senza replica"));
    let found = page("without repeats", &score(&without));
    assert!(signs(&found).ends_with("3 DaCapo { al: Some(Fine), with_repeats: false }"), "{}", signs(&found));
    let segno = "<direction><direction-type><segno/></direction-type></direction>";
    let coda = "<direction><direction-type><coda/></direction-type></direction>";
    let mut al_coda =
        vec![whole("C4"), segno.to_owned() + &whole("D4") + &sound("To Coda", "tocoda=\"coda\"")];
    al_coda.extend((0..9).map(|_| whole("E4")));
    al_coda.push(whole("F4") + &sound("D.S. al Coda", "dalsegno=\"segno\""));
    al_coda.push(coda.to_owned() + &whole("G4"));
    let expected = "1 Segno; 1 ToCoda; 11 DalSegno { al: Some(Coda), with_repeats: true }; 12 Coda";
    assert_eq!(signs(&page("al coda", &score(&al_coda))), expected);
}

#[test]
fn a_tie_into_a_second_ending_has_a_head_there() {
    let second = note("D4", 8, TIED) + &note("F4", 8, "");
    let measures =
        [whole("C4"), note("D4", 16, TIE), ending("1", &whole("E4"), true), ending("2", &second, false)];
    let found = page("tie", &score(&measures));
    assert_eq!(found.notes, [vec![0, 3], vec![1, 4], vec![2], vec![4], vec![5]]);
    assert_eq!(found.ties[1], Tied { from_elsewhere: false, to_elsewhere: true });
    assert_eq!(found.ties[3], Tied { from_elsewhere: true, to_elsewhere: false });
    assert_eq!(found.score.notes[3].duration, Quarters::whole(2));
    let text = write_printed(&found).unwrap();
    assert_eq!(
        (text.matches("<tie type=\"start\"/>").count(), text.matches("<tie type=\"stop\"/>").count()),
        (1, 1)
    );
}

#[test]
fn a_tie_over_the_start_of_a_repeat_is_struck_the_second_time() {
    let measures = [note("C4", 16, TIE), OPEN.to_owned() + &note("C4", 16, TIED), whole("D4") + CLOSE];
    let played = score(&measures);
    assert_eq!(played.notes.len(), 4);
    let found = page("over", &played);
    assert_eq!(found.notes, [vec![0], vec![0, 2], vec![1, 3]]);
    assert!(found.ties[0].to_elsewhere && found.ties[1].from_elsewhere);
}

#[test]
fn notes_of_one_pass_alone_say_so() {
    let first = whole("C4").replace("<note>", "<note time-only=\"1\">");
    let second = whole("E4").replace("<note>", "<note time-only=\"2\">");
    let backup = "<backup><duration>16</duration></backup>";
    let found = page("time-only", &score(&[first + backup + &second + CLOSE, whole("F4")]));
    assert_eq!(found.notes, [[0], [1], [2]]);
    assert_eq!(found.passes, [vec![1], vec![2], vec![]]);
}

#[test]
fn grace_notes_that_end_a_repeated_measure_stay_in_it() {
    let grace = note("E4", 0, "<grace/>");
    let found = page("grace", &score(&[whole("C4"), whole("D4") + &grace + CLOSE, whole("F4")]));
    assert_eq!(found.notes.len(), 4);
    let graces = found.score.notes.iter().filter(|note| note.grace.is_some());
    assert_eq!(graces.map(|note| note.measure).collect::<Vec<_>>(), [1]);
}

#[test]
fn what_no_signs_can_say_is_written_out() {
    let text = one_part(&[&whole("C4"), &whole("D4"), &whole("E4")]);
    let mut played = xml::read(&text);
    let written = [2, 0, 1];
    played.measures.iter_mut().zip(written).for_each(|(measure, written)| measure.written = written);
    let found = page("shuffled", &played);
    assert_eq!(found.score, played);
    assert_eq!(found.notes, [[0], [1], [2]]);
}

/// A passage: measures before its endings, how often it is played, and whether it has endings.
type Passage = (usize, usize, bool);

/// Played measures, and whether the notes of each go on in the next one.
fn played(passages: &[Passage], held: &[bool]) -> Score {
    let (mut order, mut next) = (Vec::new(), 0);
    for (length, times, has_endings) in passages {
        let has_endings = *has_endings && *times > 1;
        for pass in 0..*times {
            order.extend(next..next + length);
            if has_endings {
                order.push(next + length + pass);
            }
        }
        next += length + if has_endings { *times } else { 0 };
    }
    let mut score = Score {
        parts: vec![Part { id: "P1".into(), name: String::new(), staves: 1 }],
        time_signatures: vec![(Quarters::ZERO, TimeSignature::default())],
        ..Score::default()
    };
    let mut passes = vec![0_u8; next];
    for (k, written) in order.iter().enumerate() {
        passes[*written] += 1;
        let (pass, written) = (passes[*written], *written as u32);
        let place = Measure::regular(k as u32, TimeSignature::default());
        let is_held = held[written as usize % held.len()] && k + 1 < order.len();
        score.notes.push(Note {
            id: NoteId { written, pass },
            onset: place.start,
            duration: Quarters::whole(if is_held { 6 } else { 4 }),
            pitch: 40 + written as u8,
            measure: k as u32,
            ..Note::default()
        });
        score.measures.push(Measure { written, pass, number: (written + 1).to_string(), ..place });
    }
    score
}

proptest! {
    #[test]
    fn repeated_passages_come_back(
        passages in proptest::collection::vec((1..4_usize, 1..4_usize, any::<bool>()), 1..6),
        held in proptest::collection::vec(any::<bool>(), 1..8),
    ) {
        let score = played(&passages, &held);
        let found = page("generated", &score);
        let is_repeated = score.measures.iter().any(|measure| measure.pass > 1);
        prop_assert_eq!(is_repeated, !found.signs.is_empty());
    }

    #[test]
    fn whatever_a_score_holds_is_on_its_page(score in common::generated::score()) {
        page("generated", &score);
    }
}

fn scores_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_score = |path: &std::path::PathBuf| {
        path.extension().is_some_and(|e| e == "musicxml" || e == "mxl" || e == "mid")
    };
    let mut paths: Vec<_> = paths.filter(is_score).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

/// Checks the pages of scores. Says of how many something is repeated, and which have no signs for it.
fn check_all(scores: &[(String, Vec<u8>)]) -> (usize, Vec<&str>) {
    let (mut repeated, mut without_signs) = (0, Vec::new());
    for (name, bytes) in scores {
        let Ok(score) = read_score(name, bytes, &ImportOptions::default()) else { continue };
        let found = page(name, &score);
        if score.measures.iter().any(|measure| measure.pass > 1) {
            repeated += 1;
            if found.signs.is_empty() {
                without_signs.push(name.as_str());
            }
        }
    }
    println!("{repeated} with repeats, {} without signs for them: {without_signs:?}", without_signs.len());
    (repeated, without_signs)
}

#[test]
fn our_scores_have_pages() {
    let scores = scores_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores"));
    assert!(scores.len() >= 6);
    let (_, without_signs) = check_all(&scores);
    assert_eq!(without_signs, [""; 0]);
}

#[test]
fn our_fur_elise_has_the_bars_of_the_editions() {
    // Urtext editions count 22 bars to the end of the theme: a first ending and its second are one bar, and
    // what comes after them goes on at 9.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/beethoven_fur_elise_theme.musicxml");
    let score = read_score("x", &fs::read(path).unwrap(), &ImportOptions::default()).unwrap();
    let mut measures: Vec<&Measure> = score.measures.iter().collect();
    measures.sort_by_key(|measure| measure.written);
    measures.dedup_by_key(|measure| measure.written);
    let numbers: Vec<&str> = measures.iter().map(|measure| measure.number.as_str()).collect();
    let expected = "0 1 2 3 4 5 6 7 8 8a 9 10 11 12 13 14 15 16 17 18 19 20 21 22 22a";
    assert_eq!(numbers.join(" "), expected);
}

#[test]
#[ignore = "needs the data folder"]
fn the_corpus_has_pages_needs_data() {
    let corpus = common::corpus().unwrap();
    let (repeated, without_signs) = check_all(&corpus);
    assert!(10 * without_signs.len() <= repeated, "{} of {repeated}", without_signs.len());
}

#[test]
#[ignore = "needs the data folder"]
fn other_scores_have_pages_needs_data() {
    let data = common::data_folder().unwrap();
    for folder in [data.join("public-domain-scores"), data.join("../field-cases")] {
        if folder.is_dir() {
            check_all(&scores_in(&folder));
        }
    }
}
