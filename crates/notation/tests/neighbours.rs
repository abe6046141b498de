//! Neighbours of the kinds in `field_cases`: the same faults in other clothes.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use notation::{Dynamic, Quarters};
use xml::{CLOSE, OPEN, TIE, TIED, ending, note, order, pitches, q, score, sounding, warned, whole};

const BACK: &str = "<backup><duration>16</duration></backup>";

fn words(text: &str) -> String {
    format!("<direction><direction-type><words>{text}</words></direction-type></direction>")
}

fn symbol(name: &str) -> String {
    format!("<direction><direction-type><{name}/></direction-type></direction>")
}

#[test]
fn a_coda_in_words_alone() {
    for (jump, leave, arrive) in [
        ("D.S. al Coda", "To Coda", "Coda"),
        ("Dal Segno al Coda", "to coda", "CODA"),
        ("D.S. alla Coda", "alla Coda", "Coda."),
        ("d.s. al coda", "Zur Coda", "coda"),
    ] {
        let measures = [
            whole("C4"),
            symbol("segno") + &whole("D4"),
            whole("E4") + &words(leave),
            whole("F4") + &words(jump),
            words(arrive) + &whole("G4"),
        ];
        let score = score(&measures);
        assert_eq!(order(&score), "1 2 3 4 2 3 5", "{jump}");
        assert!(score.warnings.is_empty(), "{jump}: {:?}", score.warnings);
    }
    let signs_alone = [
        whole("C4"),
        symbol("segno") + &whole("D4"),
        whole("E4") + &symbol("coda"),
        whole("F4") + &words("D.S. al Coda"),
        symbol("coda") + &whole("G4"),
    ];
    assert_eq!(order(&score(&signs_alone)), "1 2 3 4 2 3 5");
}

#[test]
fn jumps_in_other_languages() {
    for (jump, fine) in [
        ("Von vorn bis zum Ende", "Ende"),
        ("Vom Anfang bis Schluß", "Schluß"),
        ("Da Capo hasta el Fin", "Fin"),
        ("Reprendre au début jusqu'à la fin", "Fin"),
        ("Do início ao Fim", "Fim"),
        ("С начала до конца", "Конец"),
        ("Back to the beginning until Fine", "Fine"),
    ] {
        let measures = [whole("C4") + &words(fine), whole("D4"), whole("E4") + &words(jump)];
        assert_eq!(order(&score(&measures)), "1 2 3 1", "{jump}");
    }
}

#[test]
fn a_fine_in_the_second_ending() {
    let measures = [
        OPEN.to_owned() + &whole("C4"),
        ending("1", &whole("D4"), true),
        ending("2", &(whole("E4") + &words("Fine")), false),
        whole("F4") + &words("D.C. al Fine"),
    ];
    let found = score(&measures);
    assert_eq!(order(&found), "1 2 1 3 4 1 2 1 3");
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    // In a first ending a Fine stands for the time after the jump, not for the first time.
    let measures = [
        whole("C4") + &words("Fine") + CLOSE,
        OPEN.to_owned() + &whole("D4") + CLOSE,
        whole("E4") + &words("D.C. al Fine senza ripetizione"),
    ];
    assert_eq!(order(&score(&measures)), "1 1 2 2 3 1");
}

#[test]
fn endings_for_several_passes() {
    for number in ["1, 2", "1,2", "1. 2.", "1 & 2", "1-2", "1 – 2"] {
        let measures = [whole("C4"), ending(number, &whole("D4"), true), ending("3", &whole("E4"), false)];
        assert_eq!(order(&score(&measures)), "1 2 1 2 1 3", "{number}");
    }
    let measures = [whole("C4"), ending("1-3", &whole("D4"), true), ending("4", &whole("E4"), false)];
    assert_eq!(order(&score(&measures)), "1 2 1 2 1 2 1 3");
    let printed = ending("", &whole("D4"), true).replace("type=\"start\"/>", "type=\"start\">1.-2.</ending>");
    let measures = [whole("C4"), printed, ending("3", &whole("E4"), false)];
    assert_eq!(order(&score(&measures)), "1 2 1 2 1 3");
}

#[test]
fn repeats_within_repeats_and_without_a_start_lose_no_bar() {
    let nested = [
        OPEN.to_owned() + &whole("C4"),
        OPEN.to_owned() + &whole("D4") + CLOSE,
        whole("E4") + CLOSE,
        whole("F4"),
    ];
    let heard = order(&score(&nested));
    assert!(["1", "2", "3", "4"].iter().all(|bar| heard.contains(bar)), "{heard}");
    let without_start = [whole("C4"), whole("D4") + CLOSE, whole("E4"), whole("F4") + CLOSE];
    assert_eq!(order(&score(&without_start)), "1 2 1 2 3 4 3 4");
    let ends_twice = [whole("C4") + CLOSE, ending("1", &whole("D4"), true), ending("2", &whole("E4"), false)];
    assert_eq!(order(&score(&ends_twice)), "1 1 2 3");
}

#[test]
fn a_jump_in_the_last_bar_of_a_repeat_comes_after_it() {
    let measures = [
        whole("C4") + &words("Fine"),
        OPEN.to_owned() + &whole("D4"),
        whole("E4") + &words("D.C. al Fine") + CLOSE,
    ];
    assert_eq!(order(&score(&measures)), "1 2 3 2 3 1");
}

#[test]
fn ties_over_tuplets_of_any_rounding() {
    let tuplet = |name: &str, divisions: u32, actual: u8, normal: u8, more: &str| {
        let value = format!(
            "{more}<type>eighth</type><time-modification><actual-notes>{actual}</actual-notes>\
             <normal-notes>{normal}</normal-notes></time-modification>"
        );
        note(name, divisions, &value)
    };
    let divisions = "<attributes><divisions>1000</divisions></attributes>";
    for (actual, normal, length) in [(3, 2, 333), (7, 4, 286), (7, 8, 571), (9, 8, 444)] {
        let count = usize::from(actual) * 4 / usize::from(normal);
        let count = if normal == 8 { usize::from(actual) } else { count * 2 };
        let names = ["C4", "D4", "E4", "F4", "G4", "A4", "B4"];
        let mut first: String =
            (0..count - 1).map(|k| tuplet(names[k % 7], length, actual, normal, "")).collect();
        first += &tuplet("C6", length, actual, normal, TIE);
        let score = score(&[divisions.to_owned() + &first, note("C6", 4000, TIED)]);
        let last = score.notes.iter().find(|n| n.pitch == 84).unwrap();
        assert_eq!(score.notes.iter().filter(|n| n.pitch == 84).count(), 1, "{actual}:{normal}");
        let rounding = (last.offset().to_f64() - 8.0).abs();
        assert!(rounding < 0.02, "{actual}:{normal}: ends at {}", last.offset());
    }
}

#[test]
fn ties_across_a_backup_and_from_voice_to_voice() {
    // The lower voice is written first, and its tie goes on in the upper one.
    let lower = |tie: &str, voice: u8| note("C4", 16, &format!("{tie}<voice>{voice}</voice>"));
    let upper = |voice: u8| note("G4", 16, &format!("<voice>{voice}</voice>"));
    let first = lower(TIE, 2) + BACK + &upper(1);
    for voice in [1, 2] {
        let second = upper(3 - voice) + BACK + &lower(TIED, voice);
        let score = score(&[first.clone(), second]);
        let c: Vec<_> = sounding(&score).into_iter().filter(|(_, _, pitch)| *pitch == 60).collect();
        assert_eq!(c, [(q(0, 1), q(8, 1), 60)], "voice {voice}");
    }
}

#[test]
fn a_tie_into_each_of_three_endings() {
    let tied = || note("G4", 8, TIED) + &note("A4", 8, "");
    let measures = [
        note("C4", 8, "") + &note("G4", 8, TIE),
        ending("1", &tied(), true),
        ending("2", &tied(), true),
        ending("3", &tied(), false),
    ];
    let score = score(&measures);
    let g: Vec<Quarters> = score.notes.iter().filter(|n| n.pitch == 67).map(|n| n.duration).collect();
    assert_eq!(g, [q(4, 1), q(4, 1), q(4, 1)]);
}

#[test]
fn a_tied_chord_may_lack_one_stop() {
    let chord = |duration: u32, more: [&str; 3]| {
        note("C4", duration, more[0])
            + &note("E4", duration, &format!("<chord/>{}", more[1]))
            + &note("G4", duration, &format!("<chord/>{}", more[2]))
    };
    let found = score(&[chord(16, [TIE; 3]), chord(16, [TIED, "", TIED])]);
    assert_eq!(found.notes.iter().map(|n| n.duration).collect::<Vec<_>>(), [q(8, 1); 3]);
    // A note alone that lacks its stop is struck again, as is one whose chord is.
    assert_eq!(score(&[note("C4", 16, TIE), note("C4", 16, "")]).notes.len(), 2);
    assert_eq!(score(&[chord(16, [TIE; 3]), chord(16, [""; 3])]).notes.len(), 6);
}

#[test]
fn a_slur_written_as_a_tie_holds_nothing() {
    let measure = note("C4", 4, TIE) + &note("D4", 4, "") + &note("E4", 4, "") + &note("C4", 4, TIED);
    let found = score(&[measure]);
    assert_eq!(pitches(&found), [60, 62, 64, 60]);
    assert_eq!(found.notes[0].duration, q(1, 1));
    let over_rest = note("C4", 4, TIE) + "<note><rest/><duration>4</duration></note>" + &note("C4", 8, TIED);
    assert_eq!(score(&[over_rest]).notes.len(), 2);
}

#[test]
fn grace_notes_at_the_end_belong_to_their_bar() {
    let graces = note("B4", 0, "<grace/>") + &note("D5", 0, "<grace/>");
    let measures =
        [whole("C5"), ending("1", &(whole("E5") + &graces), true), ending("2", &whole("F5"), false)];
    let score = score(&measures);
    assert_eq!(score.notes.iter().filter(|n| n.grace.is_some()).count(), 2, "only with the first ending");
    let at: Vec<Quarters> = score.notes.iter().filter(|n| n.grace.is_some()).map(|n| n.onset).collect();
    assert_eq!(at, [q(8, 1), q(8, 1)]);
}

#[test]
fn small_and_hidden_notes_sound_and_silent_ones_do_not() {
    let cue = whole("D4").replace("<note>", "<note><cue/>");
    let hidden = whole("E4").replace("<note>", "<note print-object=\"no\">");
    let mute = whole("F4").replace("<note>", "<note print-object=\"no\" dynamics=\"0\">");
    assert_eq!(pitches(&score(&[whole("C4"), cue, hidden, mute])), [60, 62, 64]);
    let chord = note("C4", 16, "") + &note("E4", 16, "<chord/>").replace("<note>", "<note dynamics=\"0\">");
    assert_eq!(pitches(&score(&[chord])), [60]);
}

#[test]
fn loudness_for_playback_alone_is_a_level() {
    let sound = |percent: &str| format!("<sound dynamics=\"{percent}\"/>");
    let direction = words("dolce").replace("</direction>", "<sound dynamics=\"54.44\"/></direction>");
    let printed = "<direction><direction-type><dynamics><ff/></dynamics></direction-type>\
                   <sound dynamics=\"36.67\"/></direction>";
    let score = score(&[
        sound("36.67") + &whole("C4"),
        direction + &whole("D4"),
        printed.to_owned() + &whole("E4"),
        sound("x") + &whole("F4"),
    ]);
    let levels: Vec<(Quarters, Kind)> = score
        .directions
        .iter()
        .filter(|d| matches!(d.kind, Kind::Dynamic(_)))
        .map(|d| (d.onset, d.kind))
        .collect();
    let level = |at: i64, level| (q(at, 1), Kind::Dynamic(level));
    assert_eq!(levels, [level(0, Dynamic::Pp), level(4, Dynamic::P), level(8, Dynamic::Ff)]);
}

#[test]
fn dynamics_at_chords_and_rests_count_once() {
    let mark = "<notations><dynamics><f/></dynamics></notations>";
    let chord = note("C4", 16, mark) + &note("E4", 16, &format!("<chord/>{mark}"));
    let rest = format!("<note><rest/><duration>16</duration>{mark}</note>");
    let score = score(&[chord, rest]);
    let found: Vec<Quarters> = score.directions.iter().map(|d| d.onset).collect();
    assert_eq!(found, [q(0, 1), q(4, 1)]);
}

#[test]
fn tempi_of_dotted_values() {
    let mark = |inside: &str| {
        format!("<direction><direction-type><metronome>{inside}</metronome></direction-type></direction>")
    };
    let unit =
        |kind: &str, dots: usize| format!("<beat-unit>{kind}</beat-unit>{}", "<beat-unit-dot/>".repeat(dots));
    for (before, after, expected) in [
        (unit("quarter", 1), unit("quarter", 0), 60.0),
        (unit("quarter", 0), unit("quarter", 1), 135.0),
        (unit("eighth", 0), unit("eighth", 0), 90.0),
        (unit("half", 1), unit("quarter", 1), 45.0),
        (unit("quarter", 1), unit("half", 0), 120.0),
    ] {
        let first = mark(&format!("{}<per-minute>60</per-minute>", unit("quarter", 1)));
        let score = score(&[first + &whole("C4"), mark(&(before + &after)) + &whole("D4")]);
        let tempi: Vec<Kind> = score.directions.iter().map(|d| d.kind).collect();
        assert_eq!(tempi, [Kind::Metronome(90.0), Kind::Metronome(expected)]);
    }
}

#[test]
fn swing_in_words_alone() {
    let pair = note("C4", 2, "") + &note("D4", 2, "");
    let score = score(&[
        words("Medium Swing") + &pair.repeat(4),
        words("Straight") + &pair.repeat(4),
        words("Swing 16ths") + &pair.repeat(4),
    ]);
    let swings: Vec<_> = score.swing.iter().map(|(at, s)| (*at, s.pair, s.first, s.second)).collect();
    assert_eq!(swings, [(q(0, 1), q(1, 1), 2, 1), (q(4, 1), q(1, 1), 1, 1), (q(8, 1), q(1, 2), 2, 1)]);
}

#[test]
fn bars_without_content_anywhere() {
    let first = score(&[String::new(), whole("C4")]);
    assert_eq!((first.measures.len(), first.notes[0].onset), (2, q(4, 1)));
    let last = score(&[whole("C4"), String::new()]);
    assert_eq!((last.measures.len(), last.end()), (2, q(8, 1)));
    let repeated = score(&[OPEN.to_owned() + &whole("C4"), CLOSE.to_owned(), whole("D4")]);
    assert_eq!(order(&repeated), "1 2 1 2 3");
    let moved = score(&[whole("C4"), "<forward><duration>16</duration></forward>".to_owned(), whole("D4")]);
    assert_eq!(moved.notes[1].onset, q(8, 1));
    assert!(!warned(&moved, "neither notes nor rests"), "{:?}", moved.warnings);
}
