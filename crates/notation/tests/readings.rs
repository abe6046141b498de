//! Ties over rounded durations, several dynamics at one place, tempi in words, swing, grace notes.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use notation::{Dynamic, Quarters, Score, graces};
use xml::{CLOSE, OPEN, TIE, TIED, note, order, pitches, q, score, whole};

fn words(text: &str) -> String {
    format!("<direction><direction-type><words>{text}</words></direction-type></direction>")
}

const BACK: &str = "<backup><duration>{}</duration></backup>";

/// A second voice, after so many divisions of the first.
fn below(back: u32, inside: &str) -> String {
    BACK.replace("{}", &back.to_string()) + inside
}

fn divisions(count: u32) -> String {
    format!("<attributes><divisions>{count}</divisions></attributes>")
}

/// Where the tempo changes, in quarters, to which number, and the text.
fn tempi(score: &Score) -> Vec<(String, f64, &str)> {
    let number = |kind| match kind {
        Kind::Metronome(number) | Kind::Tempo(Some(number)) => Some(number),
        _ => None,
    };
    let all = score.directions.iter();
    all.filter_map(|d| Some((d.onset.to_string(), number(d.kind)?, d.text.as_str()))).collect()
}

fn at(onset: &str, number: f64, text: &'static str) -> (String, f64, &'static str) {
    (onset.to_owned(), number, text)
}

#[test]
fn eleven_in_the_time_of_eight_add_up_and_are_tied() {
    let sixteenth = |more: &str| {
        let value = "<type>16th</type><time-modification><actual-notes>11</actual-notes>\
                     <normal-notes>8</normal-notes></time-modification>";
        note("C5", 4, &format!("{more}{value}"))
    };
    let upper = note("G4", 48, "") + &sixteenth("").repeat(10) + &sixteenth(TIE);
    let lower = below(92, &note("C3", 96, "<voice>2</voice>"));
    let score = score(&[divisions(24) + &upper + &lower, note("C5", 96, TIED)]);
    assert_eq!(score.measures[1].start, q(4, 1));
    assert_eq!(score.notes.len(), 13, "the last one goes on in the next measure");
    let last = score.notes.iter().rfind(|n| n.pitch == 72).unwrap();
    assert_eq!(last.offset(), q(8, 1));
    assert_eq!(last.onset, q(2, 1) + Quarters::new(20, 11));
}

#[test]
fn a_tie_over_a_bar_line_bridges_what_rounding_leaves_out() {
    // Triplet quarters of 6 in divisions of 10, which nothing says that they are.
    let upper = note("G4", 20, "") + &note("A4", 6, "") + &note("B4", 6, "") + &note("C5", 6, TIE);
    let lower = below(38, &note("C3", 40, "<voice>2</voice>"));
    let score = score(&[divisions(10) + &upper + &lower, note("C5", 40, TIED)]);
    assert_eq!(score.notes.iter().filter(|n| n.pitch == 72).count(), 1);
    // A rest that is written is no rounding.
    let rest = "<note><rest/><duration>2</duration></note>";
    let upper = note("G4", 8, "") + &note("C5", 6, TIE) + rest;
    assert_eq!(self::score(&[upper, note("C5", 16, TIED)]).notes.len(), 3);
}

#[test]
fn a_tie_that_goes_on_may_be_written_in_part() {
    let middle = "<tie type=\"start\"/><notations><tied type=\"stop\"/><tied type=\"start\"/></notations>";
    let score = score(&[note("C4", 16, TIE), note("C4", 16, middle), note("C4", 16, TIED)]);
    assert_eq!(score.notes.iter().map(|n| n.duration).collect::<Vec<_>>(), [q(12, 1)]);
}

#[test]
fn dynamics_of_two_signs_and_those_that_leave_another_level() {
    let dynamics = |inside: &str| {
        format!("<direction><direction-type><dynamics>{inside}</dynamics></direction-type></direction>")
    };
    let found = |inside: &str| -> Vec<Kind> {
        let score = score(&[dynamics("<f/>") + &whole("C4"), dynamics(inside) + &whole("D4")]);
        score.directions.iter().skip(1).map(|d| d.kind).collect()
    };
    let level = Kind::Dynamic;
    assert_eq!(found("<sf/><mp/>"), [Kind::Sforzando, level(Dynamic::Mp)]);
    assert_eq!(found("<fp/>"), [Kind::Sforzando, level(Dynamic::P)]);
    assert_eq!(found("<sfp/>"), [Kind::Sforzando, level(Dynamic::P)]);
    assert_eq!(found("<sfpp/>"), [Kind::Sforzando, level(Dynamic::Pp)]);
    assert_eq!(found("<sfz/>"), [Kind::Sforzando]);
    assert_eq!(found("<p/>"), [level(Dynamic::P)]);
    let at_note = "<notations><dynamics><sf/><mp/></dynamics></notations>";
    let at_note = score(&[note("C4", 16, at_note)]);
    assert_eq!(at_note.directions.len(), 2);
}

#[test]
fn a_tempo_for_one_pass_holds_in_that_pass() {
    let second = "<sound tempo=\"60\" time-only=\"2\"/>";
    let measures = [
        "<sound tempo=\"120\"/>".to_owned() + &whole("C4"),
        format!("{OPEN}{second}{}{CLOSE}", whole("D4")),
        whole("E4"),
    ];
    let heard = score(&measures);
    assert_eq!(order(&heard), "1 2 2 3");
    assert_eq!(tempi(&heard), [at("0", 120.0, ""), at("8", 60.0, "")]);
    // A third pass is as the first.
    let three = CLOSE.replace("<repeat ", "<repeat times=\"3\" ");
    let measures =
        ["<sound tempo=\"120\"/>".to_owned() + &whole("C4"), format!("{OPEN}{second}{}{three}", whole("D4"))];
    assert_eq!(tempi(&score(&measures)), [at("0", 120.0, ""), at("8", 60.0, ""), at("12", 120.0, "")]);
}

#[test]
fn a_tempo_stands_where_its_sound_does() {
    let moved = "<sound tempo=\"60\"><offset>8</offset></sound>";
    let direction =
        format!("<direction><direction-type><words>dolce</words></direction-type>{moved}</direction>");
    for inside in [moved.to_owned(), direction] {
        let heard = score(&["<sound tempo=\"120\"/>".to_owned() + &inside + &whole("C4")]);
        assert_eq!(tempi(&heard), [at("0", 120.0, ""), at("2", 60.0, "")], "{inside}");
    }
}

#[test]
fn tempi_in_words() {
    let first = words("♩ = 60");
    let said = |text: &str| {
        let heard = score(&[first.clone() + &whole("C4"), words(text) + &whole("D4")]);
        tempi(&heard).into_iter().map(|(_, number, text)| (number, text.to_owned())).collect::<Vec<_>>()
    };
    let both = |number: f64, text: &str| vec![(60.0, "quarter = 60".to_owned()), (number, text.to_owned())];
    assert_eq!(said("♩ = ♩."), both(90.0, "quarter = quarter."));
    assert_eq!(said("Doppio movimento"), both(120.0, "Doppio movimento"));
    assert_eq!(said("♩. = 40"), both(60.0, "quarter. = 40"));
    for same in ["L'istesso tempo", "♪ = ♪"] {
        assert_eq!(said(same).len(), 1, "{same}: nothing changes");
    }
    let compound = "<attributes><time><beats>6</beats><beat-type>8</beat-type></time></attributes>";
    let heard = score(&[
        first.clone() + &whole("C4"),
        format!("{compound}{}", words("L'istesso tempo")) + &note("D4", 12, ""),
    ]);
    assert_eq!(
        tempi(&heard)[1],
        at("4", 90.0, "L'istesso tempo"),
        "the dotted quarter is as long as the quarter"
    );
}

#[test]
fn tied_values_of_a_mark_count_together() {
    let value = |kind: &str, tied: &str| {
        format!("<metronome-note><metronome-type>{kind}</metronome-type>{tied}</metronome-note>")
    };
    let (start, stop) = ("<metronome-tied type=\"start\"/>", "<metronome-tied type=\"stop\"/>");
    let equation = format!(
        "<direction><direction-type><metronome>{}{}<metronome-relation>equals</metronome-relation>{}</metronome>\
         </direction-type></direction>",
        value("quarter", start),
        value("eighth", stop),
        value("quarter", "")
    );
    let heard = score(&[words("♩ = 90") + &whole("C4"), equation + &whole("D4")]);
    assert_eq!(tempi(&heard)[1], at("4", 60.0, "quarter + eighth = quarter"));
    let unit = "<beat-unit>quarter</beat-unit><beat-unit-tied><beat-unit>16th</beat-unit></beat-unit-tied>";
    let mark = format!(
        "<direction><direction-type><metronome>{unit}<per-minute>80</per-minute></metronome></direction-type></direction>"
    );
    assert_eq!(tempi(&score(&[mark + &whole("C4")])), [at("0", 100.0, "quarter + 16th = 80")]);
}

#[test]
fn an_upbeat_after_a_repeat_inside_a_bar_is_no_beat() {
    let (open, close) = (OPEN.replace("left", "middle"), CLOSE.replace("right", "middle"));
    let eighths = |names: &[&str]| names.iter().map(|name| note(name, 2, "")).collect::<String>();
    let first = eighths(&["C4", "D4", "E4", "F4", "G4", "A4", "B4"]) + &open + &note("G4", 2, "");
    let second = eighths(&["C5", "B4", "A4", "G4", "F4", "E4", "D4"]) + &close + &note("C4", 2, "");
    let heard = score(&[words("Medium up-tempo swing feel") + &first, second]);
    assert_eq!(order(&heard), "1 2 1 2");
    // Three and a half quarters, then the upbeat, which is swung as the end of its bar.
    let upbeat = heard.measures[2].clone();
    assert_eq!((upbeat.start, upbeat.end), (q(15, 2), q(8, 1)));
    assert_eq!(heard.swung(upbeat.start), q(23, 3));
    assert_eq!(heard.swung(upbeat.end), upbeat.end);
}

#[test]
fn what_ends_a_repeated_bar_comes_before_what_begins_it_anew() {
    let before = note("D5", 0, "<grace/>");
    let after = note("B4", 0, "<grace/>") + &note("A4", 0, "<grace/>");
    let heard = score(&[format!("{OPEN}{before}{}{after}{CLOSE}", whole("C5")), whole("E5")]);
    let group =
        heard.onset_groups().into_iter().find(|group| heard.notes[group.start].onset == q(4, 1)).unwrap();
    let strokes = graces::by_voice(&heard.notes, group).concat().concat();
    let found: Vec<u8> = strokes.into_iter().map(|n| heard.notes[n].pitch).collect();
    assert_eq!(found, [71, 69, 74], "the two that end the first pass, then the one before the second");
    assert_eq!(pitches(&heard).len(), 9);
}
