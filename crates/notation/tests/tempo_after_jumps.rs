//! The tempo where repeats and jumps lead back: that of the first time there.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use notation::Score;
use xml::{CLOSE, OPEN, ending, order, score, whole};

/// A printed metronome mark.
fn mark(number: u32) -> String {
    format!(
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><per-minute>{number}</per-minute>\
         </metronome></direction-type></direction>"
    )
}

/// *quarter = dotted quarter*: half as fast again.
const EQUATION: &str = "<direction><direction-type><metronome><beat-unit>quarter</beat-unit>\
     <beat-unit>quarter</beat-unit><beat-unit-dot/></metronome></direction-type></direction>";

fn words(text: &str) -> String {
    format!("<direction><direction-type><words>{text}</words></direction-type></direction>")
}

/// Where the tempo changes, in quarters; to which number, if one is given; and the text.
fn tempi(score: &Score) -> Vec<(String, Option<f64>, &str)> {
    let number = |kind| match kind {
        Kind::Metronome(number) => Some(Some(number)),
        Kind::Tempo(number) => Some(number),
        Kind::ATempo => Some(None),
        _ => None,
    };
    let all = score.directions.iter();
    all.filter_map(|d| Some((d.onset.to_string(), number(d.kind)?, d.text.as_str()))).collect()
}

fn at(onset: &str, number: f64, text: &'static str) -> (String, Option<f64>, &'static str) {
    (onset.to_owned(), Some(number), text)
}

#[test]
fn a_segno_has_the_tempo_of_its_section() {
    let segno = "<direction><direction-type><segno/></direction-type></direction>";
    let measures = [
        mark(120) + &whole("C4"),
        segno.to_owned() + &whole("D4") + &words("Fine"),
        mark(60) + &whole("E4") + &words("D.S. al Fine"),
    ];
    let score = score(&measures);
    assert_eq!(order(&score), "1 2 3 2");
    let expected =
        [at("0", 120.0, "quarter = 120"), at("8", 60.0, "quarter = 60"), at("12", 120.0, "quarter = 120")];
    assert_eq!(tempi(&score), expected);
}

#[test]
fn a_mark_at_the_landing_is_enough() {
    let measures = [
        mark(120) + &whole("C4") + &words("Fine"),
        mark(60) + &whole("D4"),
        whole("E4") + &words("D.C. al Fine"),
    ];
    let score = score(&measures);
    let expected =
        [at("0", 120.0, "quarter = 120"), at("4", 60.0, "quarter = 60"), at("12", 120.0, "quarter = 120")];
    assert_eq!(tempi(&score), expected);
}

#[test]
fn a_metric_modulation_in_a_repeat_is_made_in_each_pass() {
    let measures = [
        mark(100) + &whole("C4"),
        format!("{OPEN}{}", whole("D4")),
        format!("{EQUATION}{}{CLOSE}", whole("E4")),
    ];
    let heard = score(&measures);
    assert_eq!(order(&heard), "1 2 3 2 3");
    let expected = [
        at("0", 100.0, "quarter = 100"),
        at("8", 150.0, "quarter = quarter."),
        at("12", 100.0, "quarter = 100"),
        at("16", 150.0, "quarter = quarter."),
    ];
    assert_eq!(tempi(&heard), expected);
    // The modulation before the repeat, and another tempo within it.
    let measures = [
        mark(100) + &whole("C4"),
        format!("{EQUATION}{}", whole("D4")),
        format!("{OPEN}{}", whole("E4")),
        format!("{}{}{CLOSE}", mark(60), whole("F4")),
    ];
    let heard = score(&measures);
    assert_eq!(tempi(&heard)[3], at("16", 150.0, "quarter = 150"), "what is equated is told as a number");
}

#[test]
fn a_second_ending_goes_on_as_the_passage_before_it() {
    let measures = [
        mark(120) + &whole("C4"),
        ending("1", &(mark(60) + &whole("D4")), true),
        ending("2", &whole("E4"), false),
    ];
    let score = score(&measures);
    assert_eq!(order(&score), "1 2 1 3");
    let expected =
        [at("0", 120.0, "quarter = 120"), at("4", 60.0, "quarter = 60"), at("8", 120.0, "quarter = 120")];
    assert_eq!(tempi(&score), expected, "nothing at the second ending: 120 holds");
}

#[test]
fn a_beginning_without_a_mark_comes_back_as_the_first_tempo() {
    let measures =
        [whole("C4"), whole("D4") + &words("Fine"), mark(60) + &whole("E4") + &words("Menuetto D.C.")];
    let score = score(&measures);
    let expected = [at("8", 60.0, "quarter = 60"), ("12".to_owned(), None, "Tempo I")];
    assert_eq!(tempi(&score), expected);
}

#[test]
fn a_tempo_compared_with_another_ends_at_the_landing() {
    let measures = [
        words("Allegro") + &whole("C4"),
        format!("{OPEN}{}", whole("D4")),
        format!("{}{}{CLOSE}", words("Meno mosso"), whole("E4")),
    ];
    let score = score(&measures);
    let expected = [
        at("0", 132.0, "Allegro"),
        ("8".to_owned(), None, "Meno mosso"),
        at("12", 132.0, "Allegro"),
        ("16".to_owned(), None, "Meno mosso"),
    ];
    assert_eq!(tempi(&score), expected);
}

#[test]
fn nothing_is_said_again_where_nothing_has_changed() {
    let measures = [
        mark(66) + &whole("C4"),
        format!("{OPEN}{}", whole("D4")),
        format!("{}{}{CLOSE}", mark(66), whole("E4")) + &words("rit."),
    ];
    let again = score(&measures);
    let marks = tempi(&again);
    assert_eq!(marks.len(), 3, "the printed marks, each as often as it is played: {marks:?}");
    assert!(marks.iter().all(|(_, number, _)| *number == Some(66.0)));
}
