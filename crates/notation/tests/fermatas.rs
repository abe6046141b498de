//! Fermatas that stand on no note: on rests and bar lines.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::musicxml::write;
use notation::{Direction, DirectionKind, Score};
use xml::{CLOSE, OPEN, ending, note, one_part, q, read, score, whole};

/// A rest with a fermata, in a voice.
fn held_rest(duration: u32, voice: u8) -> String {
    format!(
        "<note><rest/><duration>{duration}</duration><voice>{voice}</voice><notations><fermata/></notations></note>"
    )
}

/// A bar line with fermatas above and below.
fn held_line(location: &str) -> String {
    let fermatas = "<fermata type=\"upright\"/><fermata type=\"inverted\"/>";
    format!("<barline location=\"{location}\"><bar-style>light-light</bar-style>{fermatas}</barline>")
}

fn fermatas(score: &Score) -> Vec<(notation::Quarters, notation::Quarters)> {
    let fermata = |d: &Direction| (d.kind == DirectionKind::Fermata).then_some((d.onset, d.end?));
    score.directions.iter().filter_map(fermata).collect()
}

#[test]
fn a_fermata_on_a_rest_holds_the_rest() {
    let score =
        score(&[note("C4", 4, "") + &held_rest(4, 1) + &note("D4", 8, ""), held_rest(16, 1), whole("E4")]);
    assert_eq!(fermatas(&score), [(q(1, 1), q(2, 1)), (q(4, 1), q(8, 1))]);
    assert!(score.notes.iter().all(|note| note.marks.is_empty()), "no note has it");
    assert!(score.warnings.is_empty(), "{:?}", score.warnings);
}

#[test]
fn several_voices_and_both_sides_of_a_bar_line_say_it_once() {
    let back = "<backup><duration>16</duration></backup>";
    let measure = |voice| note("C4", 8, &format!("<voice>{voice}</voice>")) + &held_rest(8, voice);
    let rests = score(&[measure(1) + back + &measure(2)]);
    assert_eq!(fermatas(&rests), [(q(2, 1), q(4, 1))]);
    let right = score(&[note("C4", 8, "") + &note("D4", 8, "") + &held_line("right"), whole("E4")]);
    assert_eq!(fermatas(&right), [(q(2, 1), q(4, 1))], "behind the last note of the bar");
    let left = score(&[note("C4", 8, "") + &note("D4", 8, ""), held_line("left") + &whole("E4")]);
    assert_eq!(fermatas(&left), fermatas(&right));
    let middle = score(&[note("C4", 4, "") + &held_line("middle") + &note("D4", 12, "")]);
    assert_eq!(fermatas(&middle), [(q(0, 1), q(1, 1))]);
    assert_eq!(fermatas(&score(&[held_line("left") + &whole("E4")])), [], "nothing comes before it");
}

#[test]
fn a_fermata_is_played_whenever_its_bar_is() {
    let close = CLOSE.replace("<repeat", "<fermata/><repeat");
    let repeat = score(&[OPEN.to_owned() + &whole("C4") + &close, whole("D4")]);
    assert_eq!(fermatas(&repeat), [(q(0, 1), q(4, 1)), (q(4, 1), q(8, 1))]);
    let endings =
        [OPEN.to_owned() + &whole("C4"), ending("1", &whole("D4"), true), ending("2", &whole("E4"), false)];
    let endings = score(&[
        endings[0].clone(),
        endings[1].clone(),
        endings[2].replace("<barline location=\"right\">", "<barline location=\"right\"><fermata/>"),
    ]);
    assert_eq!(fermatas(&endings), [(q(12, 1), q(16, 1))]);
}

#[test]
fn what_was_written_is_read_again() {
    let written = one_part(&[
        &(note("C4", 4, "") + &held_rest(4, 1) + &note("D4", 8, "") + &held_line("right")),
        &held_rest(16, 1),
        &(note("C4", 4, "")
            + &note("D4", 4, "")
            + &note("D4", 4, "")
            + &note("E4", 4, "")
            + &held_line("right")),
    ]);
    let score = read(&written);
    assert_eq!(fermatas(&score).len(), 4);
    let text = write::write(&score).unwrap();
    assert_eq!(read(&text), score);
    // Another program keeps what it shows, on rests and bar lines.
    assert_eq!(text.matches("<fermata/>").count(), 4, "{text}");
    let elsewhere = read(&text.replace("</software>", "</software><software>Another program</software>"));
    assert_eq!(fermatas(&elsewhere), fermatas(&score));
}
