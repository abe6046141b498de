//! That nothing of a file is lost without a word: notes are counted a second time, by other means.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/xml.rs"]
mod xml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use midly::{MidiMessage, Smf, TrackEventKind};
use notation::smf::{SmfOptions, file::MidiFile, read};
use notation::{ImportOptions, Quarters, Score, Unfold, read_score};
use proptest::prelude::*;

/// Pitched notes of one voice: all, those that may go on another, and those that are silent.
#[derive(Debug, Default)]
struct Count {
    all: usize,
    continuing: usize,
    silent: usize,
}

/// The pitched notes of each part and voice, found as text. Parts are counted in file order.
fn count_in_text(text: &str) -> BTreeMap<(u16, u8), Count> {
    let mut counts: BTreeMap<(u16, u8), Count> = BTreeMap::new();
    for (part, content) in text.split("<part id=").skip(1).enumerate() {
        for note in content.split("<note").skip(1).filter(|rest| rest.starts_with(['>', ' '])) {
            let note = note.split("</note>").next().unwrap();
            if !note.contains("<pitch>") {
                continue;
            }
            let voice = note.split_once("<voice>").map_or("1", |(_, rest)| rest.split('<').next().unwrap());
            let count = counts.entry((part as u16, voice.parse().unwrap_or(1).max(1))).or_default();
            count.all += 1;
            // A chord may be tied though one of its notes lacks its stop.
            let may_go_on = note.contains("type=\"stop\"") || note.contains("<chord");
            count.continuing += usize::from(may_go_on);
            let loudness = note.split('>').next().unwrap().split_once("dynamics=\"").map(|(_, rest)| rest);
            count.silent += usize::from(loudness.is_some_and(|l| l.starts_with('0')));
        }
    }
    counts
}

fn count_in_score(score: &Score) -> BTreeMap<(u16, u8), usize> {
    let mut counts = BTreeMap::new();
    for note in &score.notes {
        *counts.entry((note.part, note.voice)).or_default() += 1;
    }
    counts
}

fn as_written(name: &str, bytes: &[u8]) -> Score {
    let options = ImportOptions { unfold: Unfold::AsWritten, ..ImportOptions::default() };
    read_score(name, bytes, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Every voice has as many notes as its file, but for those that go on others and silent ones.
fn check_counts(name: &str, bytes: &[u8]) {
    let score = as_written(name, bytes);
    let read = count_in_score(&score);
    let file = count_in_text(&String::from_utf8_lossy(bytes));
    for (voice, count) in &file {
        let found = read.get(voice).copied().unwrap_or(0);
        // What is tied to a silent note is silent, too.
        let least = count.all.saturating_sub(count.continuing + count.silent);
        assert!((least..=count.all).contains(&found), "{name}, {voice:?}: {found} notes of {count:?}");
    }
    assert!(read.keys().all(|voice| file.contains_key(voice)), "{name}: {:?}", read.keys());
    check_measures(name, &score);
}

/// Measures follow each other, and hold their notes.
fn check_measures(name: &str, score: &Score) {
    assert!(score.measures.windows(2).all(|m| m[0].end == m[1].start), "{name}");
    for note in &score.notes {
        let measure = &score.measures[note.measure as usize];
        assert!(measure.start <= note.onset, "{name}: {note:?}");
        assert!(note.onset <= measure.end, "{name}: {note:?}");
    }
}

#[test]
#[ignore = "needs the data folder"]
fn every_note_of_the_corpus_is_read_needs_data() {
    for (name, bytes) in common::corpus().unwrap() {
        check_counts(&name, &bytes);
    }
}

/// The corpus, unfolded: whatever is not played is named.
#[test]
#[ignore = "needs the data folder"]
fn what_of_the_corpus_is_not_played_is_named_needs_data() {
    for (name, bytes) in common::corpus().unwrap() {
        let played = read_score(&name, &bytes, &ImportOptions::default()).unwrap();
        let written = as_written(&name, &bytes);
        let missing = written.measures.iter().filter(|m| {
            !m.number.is_empty() && m.end > m.start && played.measures.iter().all(|p| p.written != m.written)
        });
        for measure in missing {
            let is_named = |w: &notation::Warning| w.place.measure.as_ref() == Some(&measure.number);
            assert!(played.warnings.iter().any(is_named), "{name}: measure {}", measure.number);
        }
    }
}

fn seeds(kind: &str, ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(kind);
    let paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let files = paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == ending));
    let files: Vec<_> =
        files.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect();
    assert!(!files.is_empty());
    files
}

#[test]
fn every_note_of_the_seeds_is_read() {
    for (name, bytes) in seeds("musicxml", "musicxml") {
        if let Ok(score) = read_score(&name, &bytes, &ImportOptions::default()) {
            check_measures(&name, &score);
        }
    }
    for (name, bytes) in seeds("smf", "mid") {
        check_against_midly(&name, &bytes);
    }
}

/// Strikes of each track, as midly reads them.
fn strikes(bytes: &[u8]) -> Option<usize> {
    let smf = Smf::parse(bytes).ok()?;
    let is_strike = |kind: &TrackEventKind<'_>| matches!(kind, TrackEventKind::Midi { message: MidiMessage::NoteOn { vel, .. }, .. } if *vel > 0);
    Some(smf.tracks.iter().flatten().filter(|event| is_strike(&event.kind)).count())
}

/// No fewer notes than midly finds; as many where the file has no fault.
fn check_against_midly(name: &str, bytes: &[u8]) {
    let (Ok(file), Some(strikes)) = (MidiFile::read(bytes), strikes(bytes)) else { return };
    let found: usize = file.tracks.iter().map(|track| track.notes.len()).sum();
    let message = format!("{name}: {found} notes of {strikes}; {:?}", file.warnings);
    assert!(if file.warnings.is_empty() { found == strikes } else { found >= strikes }, "{message}");
    if let Ok(score) = read(bytes, &SmfOptions::default()) {
        assert_eq!(score.notes.len(), file.count_notes().0, "{name}");
        assert!(score.notes.iter().all(|note| note.duration > Quarters::ZERO), "{name}");
    }
}

#[test]
#[ignore = "needs the data folder"]
fn midi_files_have_the_notes_that_midly_finds_needs_data() {
    let data = common::data_folder().unwrap();
    let folders = std::fs::read_dir(data.join("asap/samples")).unwrap().map(|f| f.unwrap().path());
    let folders = folders.filter(|f| f.is_dir()).chain([data.join("public-domain-scores")]);
    for path in folders.flat_map(|f| std::fs::read_dir(f).unwrap().map(|f| f.unwrap().path())) {
        if path.extension().is_some_and(|e| e == "mid") {
            check_against_midly(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
    }
}

/// The small files of the kinds that readers get wrong, written into one score after the other.
#[test]
fn a_note_in_any_voice_staff_or_chord_is_counted() {
    let measures = [
        xml::note("C4", 16, "<voice>1</voice>"),
        xml::note("C4", 8, "<voice>2</voice>") + &xml::note("E4", 8, "<voice>2</voice>"),
        xml::note("C4", 16, "<voice>7</voice>") + &xml::note("E4", 16, "<chord/><voice>7</voice>"),
        xml::note("B3", 0, "<grace/><voice>3</voice>") + &xml::note("C4", 16, "<voice>3</voice>"),
    ];
    let text = xml::one_part(&measures.each_ref().map(String::as_str));
    check_counts("test", text.as_bytes());
    assert_eq!(as_written("test", text.as_bytes()).notes.len(), 7);
}

/// What may stand in a measure of the scores below.
const SIGNS: [&str; 6] = ["", "Fine", "D.C.", "D.C. al Fine", "D.S.", "segno"];

fn with_signs(signs: &[usize]) -> Score {
    let measures: Vec<String> = signs
        .iter()
        .map(|sign| {
            let inside = match SIGNS[*sign] {
                "" => return xml::whole("C4"),
                "segno" => "<segno/>".to_owned(),
                text => format!("<words>{text}</words>"),
            };
            let direction = format!("<direction><direction-type>{inside}</direction-type></direction>");
            direction + &xml::whole("C4")
        })
        .collect();
    xml::read(&xml::one_part(&measures.iter().map(String::as_str).collect::<Vec<_>>()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    /// Every jump is taken or named, every Fine ends the piece or is named, and every measure is
    /// played or named.
    #[test]
    fn no_sign_is_passed_over_in_silence(signs in prop::collection::vec(0..SIGNS.len(), 1..8)) {
        let score = with_signs(&signs);
        let order: Vec<usize> = score.measures.iter().map(|m| m.written as usize).collect();
        let named = |bar: usize, text: &str| {
            let number = Some((bar + 1).to_string());
            score.warnings.iter().any(|w| w.place.measure == number && w.message.contains(text))
        };
        let is_jump = |bar: &usize| SIGNS[signs[*bar]].starts_with("D.");
        let jumps = (0..signs.len()).filter(is_jump);
        let taken = jumps.filter(|bar| !named(*bar, "never comes to this D.C. or D.S.")).count();
        let back = order.windows(2).filter(|w| w[1] <= w[0]).count();
        prop_assert_eq!(back, taken, "{:?} {:?}", order, &score.warnings);
        for (bar, sign) in signs.iter().enumerate() {
            if SIGNS[*sign] == "Fine" && bar + 1 < signs.len() {
                let ends = order.last() == Some(&bar);
                prop_assert!(ends || named(bar, "Fine"), "{}: {:?} {:?}", bar, order, &score.warnings);
            }
            let is_played = order.contains(&bar);
            prop_assert!(is_played || named(bar, "never come to this measure"), "{}: {:?}", bar, order);
        }
    }
}
