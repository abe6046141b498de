//! Repeats, endings and jumps in hand-written scores. The orders are those that partitura 1.9
//! gives (`unfold_part_maximal`), but where the crate's documentation says that they differ.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::Quarters;
use xml::{note, one_part, order, pitches, read, read_as_written, whole};

const OPEN: &str = "<barline location=\"left\"><repeat direction=\"forward\"/></barline>";
const CLOSE: &str = "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";

fn sound(attribute: &str) -> String {
    format!("<direction><direction-type><words>x</words></direction-type><sound {attribute}/></direction>")
}

fn ending(number: &str, inside: &str, repeat: bool) -> String {
    let repeat = if repeat { "<repeat direction=\"backward\"/>" } else { "" };
    format!(
        "<barline location=\"left\"><ending number=\"{number}\" type=\"start\"/></barline>{inside}\
         <barline location=\"right\"><ending number=\"{number}\" type=\"stop\"/>{repeat}</barline>"
    )
}

fn score(measures: &[String]) -> String {
    one_part(&measures.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_repeat_is_played_twice() {
    let measures =
        [whole("C4"), format!("{OPEN}{}", whole("D4")), format!("{}{CLOSE}", whole("E4")), whole("F4")];
    let score = read(&score(&measures));
    assert_eq!(order(&score), "1 2 3 2 3 4");
    assert_eq!(pitches(&score), [60, 62, 64, 62, 64, 65]);
    let passes: Vec<u8> = score.measures.iter().map(|m| m.pass).collect();
    assert_eq!(passes, [1, 1, 1, 2, 2, 1]);
    let ids: Vec<String> = score.notes.iter().map(|n| n.id.to_string()).collect();
    assert_eq!(ids, ["n0-1", "n1-1", "n2-1", "n1-2", "n2-2", "n3-1"]);
}

#[test]
fn as_written_ignores_repeats() {
    let measures = [whole("C4"), format!("{}{CLOSE}", whole("E4")), whole("F4")];
    assert_eq!(order(&read_as_written(&score(&measures))), "1 2 3");
    assert_eq!(order(&read(&score(&measures))), "1 2 1 2 3");
}

#[test]
fn times_says_how_often() {
    let close = CLOSE.replace("<repeat ", "<repeat times=\"3\" ");
    let measures = [format!("{}{close}", whole("C4")), whole("F4")];
    assert_eq!(order(&read(&score(&measures))), "1 1 1 2");
}

#[test]
fn two_repeats_without_opening_signs() {
    let measures = [format!("{}{CLOSE}", whole("C4")), format!("{}{CLOSE}", whole("D4"))];
    assert_eq!(order(&read(&score(&measures))), "1 1 2 2");
}

#[test]
fn an_opening_without_a_closing_lasts_to_the_end() {
    let measures = [whole("C4"), format!("{OPEN}{}", whole("D4")), whole("E4")];
    assert_eq!(order(&read(&score(&measures))), "1 2 3 2 3");
}

#[test]
fn an_opening_without_a_closing_lasts_to_the_next() {
    let measures = [
        format!("{OPEN}{}", whole("C4")),
        whole("D4"),
        format!("{OPEN}{}", whole("E4")),
        format!("{}{CLOSE}", whole("F4")),
    ];
    assert_eq!(order(&read(&score(&measures))), "1 2 1 2 3 4 3 4");
}

#[test]
fn da_capo_in_the_middle_is_taken_once() {
    let measures = [whole("C4"), format!("{}{}", whole("D4"), sound("dacapo=\"yes\"")), whole("E4")];
    assert_eq!(order(&read(&score(&measures))), "1 2 1 2 3");
}

#[test]
fn first_and_second_ending() {
    let measures =
        [whole("C4"), ending("1", &whole("D4"), true), ending("2", &whole("E4"), false), whole("F4")];
    assert_eq!(order(&read(&score(&measures))), "1 2 1 3 4");
}

#[test]
fn three_endings_of_which_one_is_for_two_passes() {
    let measures = [whole("C4"), ending("1, 2", &whole("D4"), true), ending("3", &whole("E4"), false)];
    assert_eq!(order(&read(&score(&measures))), "1 2 1 2 1 3");
    let measures = [
        whole("C4"),
        ending("1", &whole("D4"), true),
        ending("2", &whole("E4"), true),
        ending("3", &whole("F4"), false),
    ];
    assert_eq!(order(&read(&score(&measures))), "1 2 1 3 1 4");
}

#[test]
fn a_first_ending_alone_is_skipped_the_second_time() {
    let measures = [whole("C4"), ending("1", &whole("D4"), true), whole("E4")];
    assert_eq!(order(&read(&score(&measures))), "1 2 1 3");
}

#[test]
fn endings_come_anew_after_a_jump() {
    let measures = [
        whole("C4"),
        ending("1", &whole("D4"), true),
        ending("2", &format!("{}{}", whole("E4"), sound("fine=\"yes\"")), false),
        format!("{}{}", whole("F4"), sound("dacapo=\"yes\"")),
    ];
    assert_eq!(order(&read(&score(&measures))), "1 2 1 3 4 1 2 1 3");
}

#[test]
fn da_capo_al_fine() {
    let measures = [
        whole("C4"),
        format!("{}{}", whole("D4"), sound("fine=\"yes\"")),
        format!("{}{}", whole("E4"), sound("dacapo=\"yes\"")),
    ];
    assert_eq!(order(&read(&score(&measures))), "1 2 3 1 2");
}

#[test]
fn dal_segno_al_coda() {
    let measures = [
        whole("C4"),
        format!("{}{}", sound("segno=\"s1\""), whole("D4")),
        format!("{}{}", whole("E4"), sound("tocoda=\"c1\"")),
        format!("{}{}", whole("F4"), sound("dalsegno=\"s1\"")),
        format!("{}{}", sound("coda=\"c1\""), whole("G4")),
    ];
    assert_eq!(order(&read(&score(&measures))), "1 2 3 4 2 3 5");
}

#[test]
fn words_and_signs_without_sound_are_understood() {
    let words =
        |text: &str| format!("<direction><direction-type><words>{text}</words></direction-type></direction>");
    let sign = |name: &str| format!("<direction><direction-type><{name}/></direction-type></direction>");
    let measures =
        [format!("{}{}", whole("C4"), words("Fine")), format!("{}{}", whole("D4"), words("D.C. al Fine"))];
    assert_eq!(order(&read(&score(&measures))), "1 2 1");
    let measures = [
        whole("C4"),
        format!("{}{}", sign("segno"), whole("D4")),
        format!("{}{}", whole("E4"), words("To Coda")),
        format!("{}{}", whole("F4"), words("D.S. al Coda")),
        format!("{}{}", sign("coda"), whole("G4")),
    ];
    assert_eq!(order(&read(&score(&measures))), "1 2 3 4 2 3 5");
}

#[test]
fn repeats_are_played_again_after_da_capo() {
    let measures = [format!("{}{CLOSE}", whole("C4")), format!("{}{}", whole("D4"), sound("dacapo=\"yes\""))];
    assert_eq!(order(&read(&score(&measures))), "1 1 2 1 1 2");
}

#[test]
fn a_repeat_inside_a_measure_cuts_it() {
    let middle = CLOSE.replace("right", "middle");
    let measures = [whole("C4"), format!("{}{middle}{}", note("D4", 8, ""), note("E4", 8, ""))];
    let score = read(&score(&measures));
    assert_eq!(order(&score), "1 2 1 2");
    assert_eq!(pitches(&score), [60, 62, 60, 62, 64]);
    assert_eq!(score.measures[1].end - score.measures[1].start, Quarters::whole(2));
    assert_eq!(score.end(), Quarters::whole(14));
}

#[test]
fn metre_and_key_go_back_with_a_repeat() {
    let attributes = "<attributes><key><fifths>-3</fifths></key><time><beats>3</beats><beat-type>4</beat-type></time></attributes>";
    let measures = [whole("C4"), format!("{attributes}{}{CLOSE}", note("D4", 12, "")), note("E4", 12, "")];
    let score = read(&score(&measures));
    let metres: Vec<_> = score.time_signatures.iter().map(|(at, t)| (at.to_string(), t.beats)).collect();
    let expected = [("0", 4), ("4", 3), ("7", 4), ("11", 3)];
    assert_eq!(metres, expected.map(|(at, beats)| (at.to_owned(), beats)));
    assert_eq!(score.measures[2].time.beats, 4);
}

#[test]
fn a_tie_over_a_jump_is_cut_but_one_over_a_passed_sign_is_not() {
    let start = "<tie type=\"start\"/>";
    let stop = "<tie type=\"stop\"/>";
    let measures =
        [note("C4", 16, start), format!("{OPEN}{}", note("C4", 16, stop)), format!("{}{CLOSE}", whole("D4"))];
    let score = read(&score(&measures));
    let durations: Vec<_> = score.notes.iter().map(|n| (n.pitch, n.duration.to_string())).collect();
    let expected = [(60, "8"), (62, "4"), (60, "4"), (62, "4")];
    assert_eq!(durations, expected.map(|(pitch, d)| (pitch, d.to_owned())));
}

#[test]
fn hostile_repeats_end() {
    let mut measures = vec![String::new(); 40];
    for measure in &mut measures {
        *measure = format!("{}{CLOSE}", note("C4", 1, ""));
        measure.insert_str(0, &sound("dacapo=\"yes\" dalsegno=\"x\" segno=\"x\" tocoda=\"x\""));
    }
    let nested: Vec<String> =
        (0..40).map(|k| format!("{}{}", if k == 0 { OPEN } else { "" }, measures[k])).collect();
    let started = std::time::Instant::now();
    let _ = notation::read_score("x", score(&nested).as_bytes(), &Default::default());
    assert!(started.elapsed().as_secs_f64() < 1.0);
}
