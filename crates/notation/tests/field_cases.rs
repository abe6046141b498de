//! Kinds of score that readers are reported to get wrong, each written here as small as it goes.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use notation::{Dynamic, Marks, Quarters};
use xml::{
    CLOSE, OPEN, TIE, TIED, ending, note, notes, one_part, order, pitches, q, read, read_as_written, score,
    sounding, warned, whole,
};

/// A direction with words, and what follows them in it.
fn words(text: &str, after: &str) -> String {
    format!("<direction><direction-type><words>{text}</words></direction-type>{after}</direction>")
}

const DACAPO: &str = "<sound dacapo=\"yes\"/>";
const FINE: &str = "<sound fine=\"yes\"/>";

#[test]
fn nothing_follows_a_fine() {
    let measures =
        [whole("C4") + &words("Fine", FINE), whole("D4"), whole("E4") + &words("D.C. al Fine", DACAPO)];
    let score = score(&measures);
    assert_eq!(pitches(&score), [60, 62, 64, 60]);
    assert_eq!(score.end(), q(16, 1));
    assert!(score.warnings.is_empty(), "{:?}", score.warnings);
}

#[test]
fn a_fine_in_a_repeat_ends_the_last_time() {
    let measures = [whole("C4") + &words("Fine", FINE) + CLOSE, whole("D4") + &words("D.C. al Fine", DACAPO)];
    let score = score(&measures);
    assert_eq!(pitches(&score), [60, 60, 62, 60, 60]);
    let onsets: Vec<Quarters> = score.notes.iter().map(|n| n.onset).collect();
    assert!(onsets.windows(2).all(|w| w[0] < w[1]), "never two at once");
}

#[test]
fn jumps_in_words_alone() {
    let jumps =
        ["D.C. al Fine", "Menuetto D.C. al Fine", "MENUET DA CAPO", "Scherzo da capo al Fine", "d. c."];
    for jump in jumps {
        for fine in ["Fine", "FINE", "Fine.", "(Fine)", "Fin"] {
            let measures = [whole("C4") + &words(fine, ""), whole("D4"), whole("E4") + &words(jump, "")];
            let score = score(&measures);
            assert_eq!(pitches(&score), [60, 62, 64, 60], "{jump}, {fine}");
            assert!(score.directions.iter().all(|d| d.kind == Kind::Words), "{jump} is no tempo");
        }
    }
    let segno = "<direction><direction-type><segno/></direction-type></direction>";
    for jump in ["D.S. al Fine", "Dal Segno", "Trio D.S.", "D. %"] {
        let measures = [
            whole("C4"),
            segno.to_owned() + &whole("D4") + &words("Fine", ""),
            whole("E4") + &words(jump, ""),
        ];
        assert_eq!(pitches(&score(&measures)), [60, 62, 64, 62], "{jump}");
    }
    let split = "<direction><direction-type><words>D.C. al </words></direction-type><direction-type>\
                 <words>Fine</words></direction-type></direction>";
    let measures = [whole("C4") + &words("Fine", ""), whole("D4") + split];
    assert_eq!(pitches(&score(&measures)), [60, 62, 60]);
}

#[test]
fn repeats_are_left_out_after_a_jump_that_says_so() {
    let jumps = [
        "D.C. senza repetizione",
        "D.C. senza repetizione al Fine",
        "Menuetto da capo senza replica",
        "D.C. sans reprises",
        "D.C. ohne Wiederholung",
    ];
    for jump in jumps {
        let measures = [whole("C4") + &words("Fine", "") + CLOSE, whole("D4") + &words(jump, "")];
        assert_eq!(pitches(&score(&measures)), [60, 60, 62, 60], "{jump}");
    }
    let once = CLOSE.replace("backward\"", "backward\" after-jump=\"no\"");
    let measures = [whole("C4") + &words("Fine", "") + &once, whole("D4") + &words("D.C.", DACAPO)];
    assert_eq!(pitches(&score(&measures)), [60, 60, 62, 60]);
    // The last ending is the one of a single time.
    let measures = [
        whole("C4"),
        ending("1", &whole("D4"), true),
        ending("2", &(whole("E4") + &words("Fine", "")), false),
        whole("F4") + &words("D.C. senza replica al Fine", ""),
    ];
    assert_eq!(order(&score(&measures)), "1 2 1 3 4 1 3");
}

#[test]
fn signs_at_the_start_of_a_measure_hold_at_its_end() {
    let measures =
        [words("Fine", FINE) + &whole("C4"), whole("D4"), words("D.C. al Fine", DACAPO) + &whole("E4")];
    assert_eq!(pitches(&score(&measures)), [60, 62, 64, 60]);
    let halves = |middle: &str| note("C4", 8, "") + middle + &note("D4", 8, "");
    for (fine, jump) in [(words("Fine", FINE), words("D.C.", DACAPO)), (words("Fine", ""), words("D.C.", ""))]
    {
        let measures = [halves(&fine), whole("E4"), halves(&jump)];
        assert_eq!(order(&score(&measures)), "1 2 3 1");
        assert_eq!(pitches(&score(&measures)), [60, 62, 64, 60, 62, 60, 62]);
    }
    let measures = [
        whole("C4"),
        words("x", "<sound tocoda=\"c\"/>") + &whole("D4"),
        words("D.C. al Coda", "") + &whole("E4"),
        words("x", "<sound coda=\"c\"/>") + &whole("F4"),
    ];
    assert_eq!(order(&score(&measures)), "1 2 3 1 2 4");
}

/// A section may end where the pick-up of the next one begins.
#[test]
fn signs_within_a_measure_hold_where_something_divides_it() {
    let divided = |sign: &str| {
        note("C4", 12, "")
            + sign
            + "<barline location=\"middle\"><bar-style>light-light</bar-style></barline>"
            + &note("D4", 4, "")
    };
    let measures = [divided(&words("Fine", FINE)), whole("E4") + &words("D.C.", DACAPO)];
    assert_eq!(pitches(&score(&measures)), [60, 62, 64, 60]);
    // A pick-up of a quarter: the third measure ends after three.
    let measures = [
        note("C4", 4, ""),
        whole("D4"),
        note("E4", 12, "") + &words("Fine", FINE) + &note("F4", 4, ""),
        note("G4", 12, "") + &words("D.C. al Fine", DACAPO),
    ];
    assert_eq!(pitches(&score(&measures)), [60, 62, 64, 65, 67, 60, 62, 64]);
}

#[test]
fn jumps_say_how_far_they_go() {
    let coda = words("x", "<sound coda=\"c\"/>");
    let measures = [
        whole("C4") + &words("To Coda", ""),
        whole("D4") + &words("Fine", ""),
        whole("E4") + &words("D.C. al Fine", ""),
        coda + &whole("F4"),
    ];
    assert_eq!(order(&score(&measures)), "1 2 3 1 2");
    let segno = words("x", "<sound segno=\"s\"/>");
    let measures = [whole("C4"), segno + &whole("D4"), whole("E4") + &words("Da Capo al Segno", "")];
    assert_eq!(order(&score(&measures)), "1 2 3 1");
}

#[test]
fn a_sign_that_is_not_followed_is_named() {
    let cases = [
        (vec![whole("C4") + &words("Fine", FINE), whole("D4")], "does not end at this Fine", "measure 1"),
        (vec![whole("C4"), whole("D4") + &words("D.S.", "")], "no segno for this D.S.", "measure 2"),
        (vec![whole("C4") + &words("To Coda", ""), whole("D4")], "leads to this To Coda", "measure 1"),
        (
            vec![whole("C4"), words("x", "<sound segno=\"s\"/>") + &whole("D4")],
            "no D.S. goes back to this segno",
            "measure 2",
        ),
    ];
    for (measures, text, place) in cases {
        let score = score(&measures);
        assert_eq!(score.warnings.len(), 1, "{:?}", score.warnings);
        assert!(warned(&score, text), "{:?}", score.warnings);
        assert!(score.warnings[0].place.to_string().contains(place), "{:?}", score.warnings);
    }
    let coda = score(&[whole("C4"), words("CODA", "") + &whole("D4") + &words("Fine", "")]);
    assert!(coda.warnings.is_empty(), "a section's name, and the end of the piece: {:?}", coda.warnings);
}

/// Triplets in a ten-thousandth of a quarter: the measure ends two divisions early.
fn rounded(last: &str) -> String {
    let divisions = "<attributes><divisions>10000</divisions></attributes>";
    let upper = note("C4", 20_000, "").replace("<pitch><step>C</step><octave>4</octave></pitch>", "<rest/>")
        + &note("G4", 6666, "")
        + &note("A4", 6666, "")
        + &note("B4", 6666, last);
    let lower =
        "<backup><duration>39998</duration></backup>".to_owned() + &note("C3", 40_000, "<voice>2</voice>");
    divisions.to_owned() + &upper + &lower
}

#[test]
fn ties_go_over_rounded_durations() {
    let score = score(&[rounded(TIE), note("B4", 20_000, TIED)]);
    let expected =
        [(q(0, 1), q(4, 1), 48), (q(2, 1), q(2, 3), 67), (q(8, 3), q(2, 3), 69), (q(10, 3), q(8, 3), 71)];
    assert_eq!(sounding(&score), expected);
    assert_eq!(score.measures[1].start, q(4, 1));
}

#[test]
fn rounded_triplets_add_up_by_their_printed_values() {
    let triplet = |name: &str, divisions: u32| {
        let kind = "<type>eighth</type><time-modification><actual-notes>3</actual-notes>\
                    <normal-notes>2</normal-notes></time-modification>";
        note(name, divisions, kind)
    };
    let divisions = "<attributes><divisions>256</divisions></attributes>";
    let measure: String = (0..12).map(|k| triplet(["C4", "E4", "G4"][k % 3], 85)).collect();
    let score = score(&[divisions.to_owned() + &measure, note("C5", 1024, "")]);
    assert_eq!(score.notes[1].onset, q(1, 3));
    assert_eq!(score.notes[12].onset, q(4, 1), "the measure is as long as its metre says");
    assert!(score.warnings.is_empty(), "{:?}", score.warnings);
}

#[test]
fn notes_that_are_held_are_tied_to_a_later_chord() {
    let first: String = ["C4", "E4", "G4", "C5"].map(|name| note(name, 4, TIE)).concat();
    let chord = note("C4", 16, TIED)
        + &["E4", "G4", "C5"].map(|name| note(name, 16, &format!("<chord/>{TIED}"))).concat();
    let score = score(&[first, chord]);
    let expected =
        [(q(0, 1), q(8, 1), 60), (q(1, 1), q(7, 1), 64), (q(2, 1), q(6, 1), 67), (q(3, 1), q(5, 1), 72)];
    assert_eq!(sounding(&score), expected);
}

#[test]
fn a_tie_goes_into_both_endings() {
    let first = format!("{OPEN}{}{}", note("C4", 8, ""), note("G4", 8, TIE));
    let measures = [
        first,
        ending("1", &(note("G4", 8, TIED) + &note("A4", 8, "")), true),
        ending("2", &(note("G4", 8, TIED) + &note("B4", 8, "")), false),
    ];
    let score = score(&measures);
    assert_eq!(pitches(&score), [60, 67, 69, 60, 67, 71]);
    assert_eq!((score.notes[1].duration, score.notes[4].duration), (q(4, 1), q(4, 1)));
}

#[test]
fn both_voices_of_a_unison_are_tied() {
    let voices = |tie: &str| {
        note("C4", 16, &format!("{tie}<voice>1</voice>"))
            + "<backup><duration>16</duration></backup>"
            + &note("C4", 16, &format!("{tie}<voice>2</voice>"))
    };
    let score = score(&[voices(TIE), voices(TIED)]);
    assert_eq!(sounding(&score), [(q(0, 1), q(8, 1), 60), (q(0, 1), q(8, 1), 60)]);
}

#[test]
fn dynamics_at_a_note_are_dynamics() {
    let with = |name: &str, level: &str| {
        note(name, 16, &format!("<staff>1</staff><notations><dynamics><{level}/></dynamics></notations>"))
    };
    let chord = with("E4", "ff").replacen("<note>", "<note><chord/>", 1);
    let score = score(&[with("C4", "pp"), with("D4", "ff") + &chord]);
    let found: Vec<_> = score.directions.iter().map(|d| (d.onset, d.kind, d.staff)).collect();
    let expected =
        [(q(0, 1), Kind::Dynamic(Dynamic::Pp), Some(1)), (q(4, 1), Kind::Dynamic(Dynamic::Ff), Some(1))];
    assert_eq!(found, expected);
}

#[test]
fn silent_notes_do_not_sound() {
    let silent = note("D4", 4, "").replacen("<note>", "<note dynamics=\"0\">", 1);
    let score = score(&[note("C4", 4, "") + &silent + &note("E4", 4, "") + &note("F4", 4, ""), whole("G4")]);
    assert_eq!(pitches(&score), [60, 64, 65, 67]);
    assert_eq!(score.notes[1].onset, q(2, 1), "its time passes");
    let ids: Vec<u32> = score.notes.iter().map(|n| n.id.written).collect();
    assert_eq!(ids, [0, 2, 3, 4], "notes keep their numbers");
    assert!(warned(&score, "1 note is written not to sound"));
    // What is tied to it does not sound either.
    let tied = note("D4", 16, TIE).replacen("<note>", "<note dynamics=\"0.00\">", 1);
    let score = self::score(&[tied, note("D4", 8, TIED) + &note("E4", 8, "")]);
    assert_eq!(pitches(&score), [64]);
}

#[test]
fn some_notes_sound_only_the_second_time() {
    let second = note("E5", 16, "<voice>2</voice>").replacen("<note>", "<note time-only=\"2\">", 1);
    let inside = whole("C4") + "<backup><duration>16</duration></backup>" + &second;
    let measures = [format!("{OPEN}{inside}{CLOSE}"), whole("D4") + &words("D.C.", "")];
    let score = score(&measures);
    let twice = [(0, 60), (4, 60), (4, 76), (8, 62)];
    let expected: Vec<(Quarters, u8)> =
        [0, 12].iter().flat_map(|from| twice.map(|(at, pitch)| (q(from + at, 1), pitch))).collect();
    assert_eq!(score.notes.iter().map(|n| (n.onset, n.pitch)).collect::<Vec<_>>(), expected);
    let as_written = read_as_written(&one_part(&measures.each_ref().map(String::as_str)));
    assert_eq!(pitches(&as_written), [60, 62]);
}

#[test]
fn grace_notes_that_end_a_measure_are_repeated_with_it() {
    let graces = note("B4", 0, "<grace/>") + &note("C5", 0, "<grace/>");
    let score = score(&[format!("{OPEN}{}{graces}{CLOSE}", whole("C5")), whole("D5")]);
    let found: Vec<_> =
        score.notes.iter().map(|n| (n.onset, n.pitch, n.grace.is_some(), n.id.pass)).collect();
    let expected = [
        (q(0, 1), 72, false, 1),
        (q(4, 1), 71, true, 1),
        (q(4, 1), 72, true, 1),
        (q(4, 1), 72, false, 2),
        (q(8, 1), 71, true, 2),
        (q(8, 1), 72, true, 2),
        (q(8, 1), 74, false, 1),
    ];
    let mut sorted = found.clone();
    sorted.sort_by_key(|(onset, pitch, is_grace, _)| (*onset, *pitch, !is_grace));
    assert_eq!(sorted, expected);
}

#[test]
fn grace_notes_after_a_fine_do_not_sound() {
    let before = note("B4", 0, "<grace/>");
    let measures = [whole("C4") + &words("Fine", ""), before + &whole("D4") + &words("D.C. al Fine", "")];
    let score = score(&measures);
    assert_eq!(pitches(&score), [60, 62, 71, 60]);
}

#[test]
fn a_grace_chord_is_marked() {
    let chord = note("G4", 0, "<grace slash=\"yes\"/>") + &note("B4", 0, "<grace slash=\"yes\"/><chord/>");
    let score = score(&[chord + &whole("C5")]);
    let marks: Vec<_> = score.notes.iter().map(|n| (n.pitch, n.marks)).collect();
    assert_eq!(marks, [(67, Marks::empty()), (71, Marks::GRACE_CHORD), (72, Marks::empty())]);
}

#[test]
fn measures_without_content_are_measures() {
    let rest = |inside: &str| format!("<note><rest{inside}</note>");
    let empty = [
        rest(" measure=\"yes\"/><duration>0</duration>"),
        rest(" measure=\"yes\"/>"),
        rest("/>"),
        rest("/><type>whole</type>"),
        String::new(),
    ];
    for empty in empty {
        let score = score(&[whole("C4"), empty.clone(), whole("D4")]);
        assert_eq!(score.measures.len(), 3, "{empty}");
        assert_eq!((score.notes[1].onset, score.notes[1].measure), (q(8, 1), 2), "{empty}");
    }
    let nothing = score(&[whole("C4"), String::new(), whole("D4")]);
    assert!(warned(&nothing, "neither notes nor rests"));
    assert_eq!(nothing.warnings[0].place.to_string(), "measure 2");
}

#[test]
fn a_rest_without_duration_lasts_as_long_as_it_is_printed() {
    let rest = "<note><rest/><type>quarter</type><dot/></note>";
    let score = score(&[note("C4", 4, "") + rest + &note("D4", 6, "")]);
    assert_eq!(sounding(&score), [(q(0, 1), q(1, 1), 60), (q(5, 2), q(3, 2), 62)]);
    let pitched = note("D4", 4, "<type>half</type>").replace("<duration>4</duration>", "");
    assert_eq!(notes(&self::score(&[pitched]))[0].1, "2");
}

#[test]
fn endings_that_touch_keep_their_measures() {
    let measures = [
        ending("1", &whole("C4"), true),
        ending("2", &whole("D4"), false),
        format!("{OPEN}{}", ending("1", &whole("E4"), true)),
        ending("2", &whole("F4"), false),
    ];
    let first = score(&measures);
    assert_eq!(pitches(&first), [60, 62, 64, 65]);
    assert!(first.warnings.is_empty(), "{:?}", first.warnings);
    // So too with measures before them and without the opening sign.
    let measures = [
        whole("A3"),
        ending("1", &whole("C4"), true),
        ending("2", &whole("D4"), false),
        ending("1", &whole("E4"), true),
        ending("2", &whole("F4"), false),
    ];
    let heard = pitches(&score(&measures));
    assert!([57, 60, 62, 64, 65].iter().all(|pitch| heard.contains(pitch)), "{heard:?}");
}

#[test]
fn endings_with_odd_numbers_keep_their_measures() {
    let third = [whole("C4"), ending("1", &whole("D4"), true), ending("3", &whole("E4"), false), whole("F4")];
    assert_eq!(order(&score(&third)), "1 2 1 3 4");
    let twice_first = [whole("C4"), ending("1", &whole("D4"), true), ending("1", &whole("E4"), false)];
    assert_eq!(order(&score(&twice_first)), "1 2 1 3");
    let bar_by_bar = [
        whole("C4"),
        ending("1", &whole("D4"), false),
        ending("1", &whole("E4"), true),
        ending("2", &whole("F4"), false),
    ];
    assert_eq!(order(&score(&bar_by_bar)), "1 2 3 1 4");
    let open = whole("C4") + "<barline><repeat direction=\"backward\"/></barline>";
    let unclosed = [
        whole("A3"),
        "<barline location=\"left\"><ending number=\"1\" type=\"start\"/></barline>".to_owned() + &open,
        ending("2", &whole("D4"), false),
        whole("E4"),
    ];
    assert_eq!(order(&score(&unclosed)), "1 2 1 3 4");
}

#[test]
fn two_note_values_that_last_alike_change_the_tempo() {
    let direction = |inside: &str| {
        format!("<direction><direction-type><metronome>{inside}</metronome></direction-type></direction>")
    };
    let mark = direction("<beat-unit>quarter</beat-unit><per-minute>100</per-minute>");
    let note_of = |kind: &str, dots: usize| {
        format!(
            "<metronome-note><metronome-type>{kind}</metronome-type>{}</metronome-note>",
            "<metronome-dot/>".repeat(dots)
        )
    };
    let units = direction("<beat-unit>quarter</beat-unit><beat-unit>quarter</beat-unit><beat-unit-dot/>");
    let notes = direction(&format!(
        "{}<metronome-relation>equals</metronome-relation>{}",
        note_of("quarter", 0),
        note_of("quarter", 1)
    ));
    for equation in [units, notes] {
        let score = score(&[mark.clone() + &whole("C4"), equation + &note("D4", 12, "")]);
        let tempi: Vec<_> = score.directions.iter().map(|d| (d.kind, d.text.as_str())).collect();
        let expected =
            [(Kind::Metronome(100.0), "quarter = 100"), (Kind::Metronome(150.0), "quarter = quarter.")];
        assert_eq!(tempi, expected);
    }
    let half = direction("<beat-unit>half</beat-unit><beat-unit>quarter</beat-unit>");
    let unmarked = score(&[half + &whole("C4")]);
    assert_eq!(unmarked.directions[0].kind, Kind::Metronome(50.0), "of a hundred, where nothing is marked");
}

#[test]
fn swing_is_kept_beside_even_notes() {
    let swing = |inside: &str| {
        format!(
            "<direction><direction-type><words>Swing</words></direction-type><sound><swing>{inside}</swing></sound></direction>"
        )
    };
    let pair = note("C4", 2, "") + &note("D4", 2, "");
    let on = swing("<first>2</first><second>1</second><swing-type>eighth</swing-type>");
    let score = score(&[on.clone() + &pair.repeat(4), swing("<straight/>") + &pair.repeat(4)]);
    assert_eq!(score.notes[1].onset, q(1, 2));
    let swings: Vec<_> = score.swing.iter().map(|(at, s)| (*at, s.pair, s.first, s.second)).collect();
    assert_eq!(swings, [(q(0, 1), q(1, 1), 2, 1), (q(4, 1), q(1, 1), 1, 1)]);
    assert!(read(&one_part(&[&whole("C4")])).swing.is_empty());
    let value = |kind: &str, tuplet: &str| {
        format!("<metronome-note><metronome-type>{kind}</metronome-type>{tuplet}</metronome-note>")
    };
    let triplet = "<metronome-tuplet type=\"start\"><actual-notes>3</actual-notes><normal-notes>2</normal-notes></metronome-tuplet>";
    let printed = format!(
        "<direction><direction-type><metronome>{}{}<metronome-relation>equals</metronome-relation>{}{}</metronome>\
         </direction-type></direction>",
        value("eighth", ""),
        value("eighth", ""),
        value("quarter", triplet),
        value("eighth", triplet)
    );
    let score = self::score(&[printed + &pair.repeat(4)]);
    assert_eq!(score.swing.iter().map(|(_, s)| (s.first, s.second)).collect::<Vec<_>>(), [(2, 1)]);
}
