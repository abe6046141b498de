//! What files say that cannot be meant: it is made good, and a warning tells where and how.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use notation::{Quarters, Score};
use xml::{note, one_part, pitches, read, whole};

const CLOSE: &str = "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";

/// A direction with words, and what follows them in it.
fn words(text: &str, after: &str) -> String {
    format!("<direction><direction-type><words>{text}</words></direction-type>{after}</direction>")
}

fn score(measures: &[String]) -> Score {
    read(&one_part(&measures.iter().map(String::as_str).collect::<Vec<_>>()))
}

fn q(numerator: i64, denominator: i64) -> Quarters {
    Quarters::new(numerator, denominator)
}

fn warned(score: &Score, text: &str) -> bool {
    score.warnings.iter().any(|w| w.message.contains(text))
}

#[test]
fn a_note_of_a_hundred_thousand_quarters_is_cut() {
    let long = note("C4", 1, "<notations><ornaments><trill-mark/></ornaments></notations>")
        .replace("<duration>1<", "<duration>400000<");
    let score = score(&[long, whole("D4")]);
    assert_eq!(score.notes[0].duration, q(1000, 1));
    assert_eq!(score.measures[0].end, q(1000, 1));
    assert!(warned(&score, "is cut to 1000") && warned(&score, "the measure lasts 100000 quarters"));
    assert!(score.warnings[0].place.to_string().contains("measure 1"));
}

#[test]
fn control_characters_reach_nobody() {
    let hostile = "A&#27;[31mRED&#27;]0;pwn&#7;&#8;B&#10;C&#0;D";
    let xml = one_part(&[&(words(&format!("dolce{hostile}"), "") + &whole("C4"))])
        .replace("<part-list>", &format!("<work><work-title>{hostile}</work-title></work><part-list>"))
        .replace("Piano", &format!("Pi{hostile}"))
        .replace("number=\"1\"", "number=\"1&#27;[2J\"");
    let score = read(&xml);
    assert_eq!(score.title.as_deref(), Some("A [31mRED ]0;pwn B CD"));
    let texts = [&score.parts[0].name, &score.measures[0].number, &score.directions[0].text];
    for text in texts.into_iter().chain(score.title.as_ref()) {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn what_was_made_good_is_told() {
    let tempo =
        "<direction><direction-type><words>x</words></direction-type><sound tempo=\"-60\"/></direction>";
    let mark = "<direction><direction-type><metronome><beat-unit>quarter</beat-unit>\
                <per-minute>-60</per-minute></metronome></direction-type></direction>";
    let alter = whole("C4").replace("<octave>", "<alter>99</alter><octave>");
    let score = score(&[tempo.to_owned() + mark + &alter]);
    assert_eq!(pitches(&score), [72]);
    assert!(score.directions.iter().all(|d| d.kind == Kind::Words));
    assert!(warned(&score, "a tempo of -60 quarters a minute is left out"), "{:?}", score.warnings);
    assert!(warned(&score, "a metronome mark of -60 is left out"), "{:?}", score.warnings);
    assert!(warned(&score, "an accidental of 99 semitones is read as one of 12"), "{:?}", score.warnings);
    assert!(score.warnings.iter().all(|w| w.place.to_string().contains("part P1, measure 1")));
}

#[test]
fn measures_that_do_not_add_up_are_named() {
    let score = score(&[whole("C4"), note("D4", 20, ""), whole("E4"), note("F4", 8, ""), whole("G4")]);
    let places: Vec<String> = score.warnings.iter().map(|w| w.place.to_string()).collect();
    assert_eq!(places, ["measure 2", "measure 4"], "{:?}", score.warnings);
    assert!(warned(&score, "the measure lasts 5 quarters; in 4/4 it would be 4"));
    // A pick-up, the end it is taken from, and a measure divided by a repeat are in order.
    let fine = [
        note("C4", 4, ""),
        whole("D4"),
        note("E4", 12, "") + CLOSE,
        note("F4", 4, ""),
        whole("G4"),
        note("A4", 12, ""),
    ];
    let fine = self::score(&fine);
    assert!(fine.warnings.is_empty(), "{:?}", fine.warnings);
}
