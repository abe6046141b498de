//! More of each kind in `field_cases` and `neighbours`, in still other clothes.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use notation::{Dynamic, Score};
use xml::{CLOSE, OPEN, TIE, TIED, ending, note, order, pitches, q, score, sounding, warned, whole};

const BACK: &str = "<backup><duration>16</duration></backup>";

fn words(text: &str) -> String {
    format!("<direction><direction-type><words>{text}</words></direction-type></direction>")
}

fn symbol(name: &str) -> String {
    format!("<direction><direction-type><{name}/></direction-type></direction>")
}

fn sound(attributes: &str) -> String {
    format!("<sound {attributes}/>")
}

/// Changes of tempo: where, and in quarters a minute.
fn tempi(score: &Score) -> Vec<(notation::Quarters, f64)> {
    let tempo = |d: &notation::Direction| match d.kind {
        Kind::Metronome(tempo) => Some((d.onset, tempo)),
        _ => None,
    };
    score.directions.iter().filter_map(tempo).collect()
}

#[test]
fn da_capo_al_fine_in_many_words() {
    let jumps = [
        "D.C.al Fine",
        "Da Capo al Fine.",
        "DACAPO AL FINE",
        "D.C. al Fine (senza rep.)",
        "Von vorne bis Fine",
        "Vom Anfang an bis zum Schluss",
        "Wiederholung von Anfang bis Fine",
        "Au début jusqu’au mot Fin",
        "Du début à la fin",
        "Desde el principio hasta Fin",
        "Ripetere dall’inizio al Fine",
        "Repeat from the start to Fine",
        "Från början till Fine",
        "Снова сначала до слова конец",
        "Repetatur ab initio",
        "Tempo di Menuetto da capo",
    ];
    for jump in jumps {
        let measures = [whole("C4") + &words("Fine"), whole("D4"), whole("E4") + &words(jump)];
        let score = score(&measures);
        assert_eq!(order(&score), "1 2 3 1", "{jump}");
        assert!(score.warnings.is_empty(), "{jump}: {:?}", score.warnings);
    }
    for fine in
        ["Fine Menuetto", "Fine (2da volta)", "Fine last time only", "Konec", "Slutt", "[Fine]", "~ Fine ~"]
    {
        let measures = [whole("C4") + &words(fine), whole("D4"), whole("E4") + &words("D.C. al Fine")];
        assert_eq!(order(&score(&measures)), "1 2 3 1", "{fine}");
    }
}

#[test]
fn to_the_coda_in_many_words() {
    let piece = |leave: &str, jump: &str| {
        score(&[
            whole("C4"),
            symbol("segno") + &whole("D4") + &words(leave),
            whole("E4") + &words(jump),
            words("Coda") + &whole("F4"),
        ])
    };
    let leaves = [
        "To Coda 1",
        "Salta alla Coda",
        "al \u{2295}",
        "⊕ To Coda",
        "Coda ⊕ (2nd time)",
        "Naar Coda",
        "Ir a Coda",
    ];
    for leave in leaves {
        assert_eq!(order(&piece(leave, "D.S. al Coda")), "1 2 3 2 4", "{leave}");
    }
    for jump in [
        "D.%. al Coda",
        "Dal Segno, al Coda",
        "Vom Zeichen zum Coda",
        "Du signe à la coda",
        "Da segno al Coda",
    ] {
        assert_eq!(order(&piece("To Coda", jump)), "1 2 3 2 4", "{jump}");
    }
    let at_the_segno = [
        whole("C4") + &symbol("segno"),
        whole("D4"),
        whole("E4") + &words("D.C. al Segno e poi la Coda"),
        words("Coda") + &whole("F4"),
    ];
    let score = score(&at_the_segno);
    assert_eq!(order(&score), "1 2 3 1 4");
    assert!(score.warnings.is_empty(), "{:?}", score.warnings);
}

#[test]
fn signs_for_playback_alone() {
    let measures = [
        whole("C4"),
        sound("segno=\"segno\"") + &whole("D4") + &sound("tocoda=\"coda\""),
        whole("E4") + &sound("dalsegno=\"segno\""),
        sound("coda=\"coda\"") + &whole("F4"),
    ];
    assert_eq!(order(&score(&measures)), "1 2 3 2 4");
    let measures = [whole("C4") + &sound("fine=\"4\""), whole("D4"), whole("E4") + &sound("dacapo=\"yes\"")];
    assert_eq!(order(&score(&measures)), "1 2 3 1");
    let barline =
        |location: &str, inside: &str| format!("<barline location=\"{location}\">{inside}</barline>");
    let measures = [
        whole("C4"),
        barline("left", "<segno/>") + &whole("D4") + &barline("right", "<coda/>"),
        whole("E4"),
        whole("F4") + &words("D.S. al Coda"),
        barline("left", "<coda/>") + &whole("G4"),
    ];
    assert_eq!(order(&score(&measures)), "1 2 3 4 2 5");
}

#[test]
fn a_sign_that_is_moved_back_over_the_bar_line_ends_the_bar_before() {
    let moved = |text: &str| words(text).replace("</direction>", "<offset>-2</offset></direction>");
    let fine = [whole("C4"), moved("Fine") + &whole("D4"), whole("E4") + &words("D.C. al Fine")];
    assert_eq!(order(&score(&fine)), "1 2 3 1");
    let coda = [
        whole("C4"),
        symbol("segno") + &whole("D4"),
        moved("To Coda") + &whole("E4"),
        whole("F4") + &words("D.S. al Coda"),
        words("Coda") + &whole("G4"),
    ];
    assert_eq!(order(&score(&coda)), "1 2 3 4 2 5");
}

#[test]
fn a_bar_line_with_a_fermata_ends_what_no_fine_ends() {
    let held = "<barline location=\"right\"><bar-style>light-light</bar-style><fermata/></barline>";
    let minuet = [whole("C4") + held, whole("D4"), whole("E4") + &words("Menuet D.C.")];
    assert_eq!(order(&score(&minuet)), "1 2 3 1");
    let with_fine = [whole("C4") + held, whole("D4") + &words("Fine"), whole("E4") + &words("D.C.")];
    assert_eq!(order(&score(&with_fine)), "1 2 3 1 2");
    let without_jump = [whole("C4") + held, whole("D4")];
    assert_eq!(order(&score(&without_jump)), "1 2");
}

#[test]
fn a_fine_inside_a_repeat_in_other_places() {
    let close = |inside: &str| CLOSE.replace("<repeat", &format!("{inside}<repeat"));
    let behind = [
        OPEN.to_owned() + &whole("C4") + &close("<bar-style>light-heavy</bar-style>") + &words("Fine"),
        whole("D4") + &words("D.C. al Fine"),
    ];
    assert_eq!(order(&score(&behind)), "1 1 2 1 1");
    let first_of_three = [
        OPEN.to_owned() + &whole("C4") + &words("Fine") + CLOSE,
        OPEN.to_owned() + &whole("D4") + CLOSE,
        OPEN.to_owned() + &whole("E4") + &words("D.C. al Fine") + CLOSE,
    ];
    assert_eq!(order(&score(&first_of_three)), "1 1 2 2 3 3 1 1");
    let first_of_three_once =
        first_of_three.map(|measure| measure.replace("al Fine", "al Fine senza repetizione"));
    assert_eq!(order(&score(&first_of_three_once)), "1 1 2 2 3 3 1");
    // In the middle of a bar that a trio's pick-up completes.
    let pick_up = [
        note("G4", 4, ""),
        whole("C4"),
        note("D4", 12, "") + &words("Fine") + &note("A4", 4, ""),
        note("E4", 12, "") + &words("D.C. al Fine"),
    ];
    assert_eq!(pitches(&score(&pick_up)), [67, 60, 62, 69, 64, 67, 60, 62]);
}

#[test]
fn bars_with_next_to_nothing_stay() {
    let nothing = [
        "",
        "<attributes><key><fifths>1</fifths></key></attributes>",
        "<forward><duration>0</duration></forward>",
        "<note><rest/><duration>0</duration><type>whole</type></note>",
        "<note><rest measure=\"yes\"/><voice>1</voice></note>",
        "<print new-system=\"yes\"/>",
        "<harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>",
    ];
    for inside in nothing {
        let score = score(&[whole("C4"), inside.to_owned(), whole("D4")]);
        assert_eq!(order(&score), "1 2 3", "{inside}");
        assert_eq!(score.notes[1].onset, q(8, 1), "{inside}");
    }
    let endings =
        [OPEN.to_owned() + &whole("C4"), ending("1", "", true), ending("2", "", false), whole("E4")];
    assert_eq!(order(&score(&endings)), "1 2 1 3 4");
}

#[test]
fn ties_over_decimal_and_rounded_durations() {
    let third = |name: &str, more: &str| note(name, 0, more).replace(">0<", ">5.333<");
    let last = note("B4", 0, TIE).replace(">0<", ">5.334<");
    let score =
        score(&[third("G4", "") + &third("A4", "") + &last, note("B4", 8, TIED) + &note("C5", 8, "")]);
    assert_eq!(
        sounding(&score),
        [(q(0, 1), q(4, 3), 67), (q(4, 3), q(4, 3), 69), (q(8, 3), q(10, 3), 71), (q(6, 1), q(2, 1), 72)]
    );
    assert!(score.warnings.is_empty(), "{:?}", score.warnings);
}

#[test]
fn ties_into_endings_and_over_grace_notes() {
    let endings = [
        OPEN.to_owned() + &note("G4", 16, TIE),
        ending("1", &(note("G4", 8, TIED) + &note("C4", 8, "")), true),
        ending("2", &(note("G4", 8, TIED) + &note("D4", 8, "")), false),
    ];
    let durations: Vec<_> = sounding(&score(&endings)).iter().map(|(_, duration, _)| *duration).collect();
    assert_eq!(durations, [q(6, 1), q(2, 1), q(6, 1), q(2, 1)]);
    let grace = [note("C4", 16, TIE), note("E4", 0, "<grace/>") + &note("C4", 16, TIED)];
    assert_eq!(sounding(&score(&grace))[0], (q(0, 1), q(8, 1), 60));
}

#[test]
fn grace_notes_that_end_bars_before_other_things() {
    let graces = note("D4", 0, "<grace/>") + &note("E4", 0, "<grace/>");
    let backed = score(&[whole("C4") + &graces + BACK + &note("A3", 16, "<voice>2</voice>"), whole("F4")]);
    assert!(backed.notes.iter().filter(|n| n.grace.is_some()).all(|n| n.onset == q(4, 1) && n.measure == 1));
    let endings = [
        OPEN.to_owned() + &whole("C4"),
        ending("1", &(whole("D4") + &note("E4", 0, "<grace/>")), true),
        ending("2", &(whole("F4") + &note("G4", 0, "<grace/>")), false),
        whole("A4"),
    ];
    let endings = score(&endings);
    let graces: Vec<_> =
        endings.notes.iter().filter(|n| n.grace.is_some()).map(|n| (n.onset, n.pitch)).collect();
    assert_eq!(graces, [(q(8, 1), 64), (q(16, 1), 67)]);
    let before_rest =
        note("C4", 8, "") + &note("D4", 0, "<grace/>") + "<note><rest/><duration>8</duration></note>";
    let before_rest = score(&[before_rest]);
    assert_eq!(before_rest.notes[1].onset, q(2, 1));
}

#[test]
fn tempi_in_words_of_several_languages() {
    for (text, tempo) in [
        ("Quarter note = 66", 66.0),
        ("Lento (noire pointée = 40)", 60.0),
        ("Halbe = 60", 120.0),
        ("M.M. ♪ = 132", 66.0),
        ("66 bpm", 66.0),
    ] {
        assert_eq!(tempi(&score(&[words(text) + &whole("C4")])), [(q(0, 1), tempo)], "{text}");
    }
    let listesso = [
        "<sound tempo=\"120\"/>".to_owned() + &whole("C4"),
        "<attributes><time><beats>6</beats><beat-type>8</beat-type></time></attributes>".to_owned()
            + &words("L’istesso tempo")
            + &note("D4", 12, ""),
    ];
    assert_eq!(tempi(&score(&listesso)), [(q(0, 1), 120.0), (q(4, 1), 180.0)]);
    let inside = "<sound tempo=\"120\"/><forward><duration>2</duration></forward><sound tempo=\"60\"/>\
                  <backup><duration>2</duration></backup>";
    assert_eq!(tempi(&score(&[inside.to_owned() + &whole("C4")])), [(q(0, 1), 120.0), (q(1, 2), 60.0)]);
}

#[test]
fn loudness_in_words_and_odd_letters() {
    for (text, level) in
        [("mezzo forte", Dynamic::Mf), ("ff subito", Dynamic::Ff), ("sempre mezzo piano", Dynamic::Mp)]
    {
        let kinds: Vec<_> = score(&[words(text) + &whole("C4")]).directions.iter().map(|d| d.kind).collect();
        assert_eq!(kinds, [Kind::Dynamic(level)], "{text}");
    }
    let other =
        note("C4", 16, "<notations><dynamics><other-dynamics>pp</other-dynamics></dynamics></notations>");
    assert_eq!(score(&[other]).directions[0].kind, Kind::Dynamic(Dynamic::Pp));
    let rest = "<note><rest/><duration>16</duration><notations><dynamics><pp/></dynamics></notations></note>";
    assert_eq!(score(&[rest.to_owned(), whole("C4")]).directions[0].kind, Kind::Dynamic(Dynamic::Pp));
}

#[test]
fn silent_and_small_grace_notes() {
    let silent = note("B4", 0, "<grace/>").replacen("<note>", "<note dynamics=\"0\">", 1);
    assert_eq!(pitches(&score(&[silent + &whole("C5")])), [72]);
    let two = whole("C4").replacen("<note>", "<note dynamics=\"0\">", 1);
    let score = score(&[two.clone(), whole("D4"), two]);
    assert_eq!(pitches(&score), [62]);
    assert!(warned(&score, "2 notes are written not to sound"), "{:?}", score.warnings);
}
