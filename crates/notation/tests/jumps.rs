//! Jumps by name, beside other words, in endings; repeats that lack their signs.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use xml::{CLOSE, OPEN, ending, one_part, order, pitches, q, read, score, warned, whole};

/// A direction of several texts or signs.
fn direction(inside: &[&str]) -> String {
    let types = inside.iter().map(|inside| format!("<direction-type>{inside}</direction-type>"));
    format!("<direction>{}</direction>", types.collect::<String>())
}

fn words(text: &str) -> String {
    direction(&[&format!("<words>{text}</words>")])
}

fn sound(attributes: &str) -> String {
    format!("<sound {attributes}/>")
}

#[test]
fn a_sign_beside_words_is_not_lost() {
    for beside in ["Trio", "dolce", "rit.", "Allegro"] {
        let segno = direction(&["<segno/>", &format!("<words>{beside}</words>")]);
        let measures =
            [whole("C4"), segno + &whole("D4") + &words("Fine"), whole("E4") + &words("D.S. al Fine")];
        let heard = score(&measures);
        assert_eq!(order(&heard), "1 2 3 2", "{beside}");
        assert!(heard.warnings.is_empty(), "{beside}: {:?}", heard.warnings);
        let coda = direction(&["<coda/>", &format!("<words>{beside}</words>")]);
        let measures =
            [whole("C4") + &words("To Coda"), whole("D4") + &words("D.C. al Coda"), coda + &whole("E4")];
        assert_eq!(order(&score(&measures)), "1 2 1 3", "{beside}");
    }
}

#[test]
fn fine_may_share_a_direction() {
    let fines = [
        direction(&["<words>rit.</words>", "<words>Fine</words>"]),
        direction(&["<segno/>", "<words>Fine</words>"]),
        words("poco rit. Fine"),
        words("Fine (2nd time)"),
        words("Il Fine"),
        words("ﬁne"),
        words("Fin du Menuet"),
        words("Ende des Menuetts"),
    ];
    for fine in fines {
        let measures = [whole("C4") + &fine, whole("D4"), whole("E4") + &words("D.C.")];
        let heard = score(&measures);
        assert_eq!(pitches(&heard), [60, 62, 64, 60], "{fine}");
        assert!(heard.directions.iter().all(|d| !matches!(d.kind, Kind::Tempo(_))), "{fine} is no tempo");
    }
    let measures = [whole("C4") + &words("poco rit. Fine"), whole("D4") + &words("D.C.")];
    assert!(score(&measures).directions.iter().any(|d| d.kind == Kind::Ritardando));
}

#[test]
fn jumps_in_more_spellings() {
    for jump in ["D. Capo", "Dal Capo al Fine", "Dall'inizio", "\u{1d10a}", "\u{e046} al Fine"] {
        let measures = [whole("C4") + &words("Fine"), whole("D4"), whole("E4") + &words(jump)];
        assert_eq!(order(&score(&measures)), "1 2 3 1", "{jump}");
    }
    for (segno, jump) in [("\u{e04a}", "\u{e045}"), ("\u{e04b}", "\u{1d109} al Fine"), ("\u{1d10b}", "D.S.")]
    {
        let measures =
            [whole("C4"), words(segno) + &whole("D4") + &words("Fine"), whole("E4") + &words(jump)];
        assert_eq!(order(&score(&measures)), "1 2 3 2", "{jump}");
    }
    for (leave, arrive) in [("Zum Coda", "Coda"), ("To \u{e049}", "\u{e049}")] {
        let measures =
            [whole("C4") + &words(leave), whole("D4") + &words("D.C. al Coda"), words(arrive) + &whole("E4")];
        assert_eq!(order(&score(&measures)), "1 2 1 3", "{leave}");
    }
}

#[test]
fn words_of_jumps_that_are_not_understood_are_named() {
    let heard = score(&[whole("C4"), words("poi segue la Coda") + &whole("D4")]);
    assert!(warned(&heard, "“poi segue la Coda” speaks of a jump"), "{:?}", heard.warnings);
    assert!(heard.warnings[0].place.to_string().contains("measure 2"), "{:?}", heard.warnings);
    for text in ["accel. sin al fine", "con fuoco", "CODA"] {
        let heard = score(&[whole("C4"), words(text) + &whole("D4")]);
        assert!(heard.warnings.is_empty(), "{text}: {:?}", heard.warnings);
    }
}

#[test]
fn signs_are_found_by_their_names() {
    // Two segnos before the jump: the one that it names, not the nearer one.
    let measures = [
        sound("segno=\"A\"") + &whole("C4"),
        sound("segno=\"B\"") + &whole("D4"),
        whole("E4") + &sound("dalsegno=\"A\""),
        whole("F4") + &sound("dalsegno=\"B\""),
    ];
    assert_eq!(order(&score(&measures)), "1 2 3 1 2 3 4 2 3 4");
    let measures = [
        whole("C4") + &sound("tocoda=\"2\""),
        whole("D4") + &sound("dacapo=\"yes\""),
        sound("coda=\"1\"") + &whole("E4"),
        sound("coda=\"2\"") + &whole("F4"),
    ];
    assert_eq!(order(&score(&measures)), "1 2 1 4");
    // Names that fit nothing are no reason not to go on.
    let measures =
        [whole("C4"), sound("segno=\"1\"") + &whole("D4"), whole("E4") + &sound("dalsegno=\"yes\"")];
    assert_eq!(order(&score(&measures)), "1 2 3 2 3");
}

#[test]
fn a_fine_in_a_first_ending_ends_the_music_after_a_jump() {
    let measures = |fine: &str, jump: &str| {
        [
            whole("C4"),
            ending("1", &(whole("D4") + &words(fine)), true),
            ending("2", &whole("E4"), false),
            whole("F4") + &words(jump),
        ]
    };
    let heard = score(&measures("Fine", "D.C. al Fine"));
    assert_eq!(order(&heard), "1 2 1 3 4 1 2");
    assert!(heard.warnings.is_empty(), "{:?}", heard.warnings);
    let once = score(&measures("Fine", "D.C. al Fine senza ripetizione"));
    assert_eq!(order(&once), "1 2 1 3 4 1 2", "the ending with the Fine");
    let mut to_coda = measures("To Coda", "D.C. al Coda").to_vec();
    to_coda.push(words("Coda") + &whole("G4"));
    assert_eq!(order(&score(&to_coda)), "1 2 1 3 4 1 2 5");
}

#[test]
fn a_jump_in_a_first_ending_begins_the_next_pass() {
    let without_sign = |jump: &str| {
        [
            whole("C4"),
            ending("1", &(whole("D4") + &words(jump)), false),
            ending("2", &(whole("E4") + &words("Fine")), false),
            whole("F4"),
        ]
    };
    let heard = score(&without_sign("D.C. al Fine"));
    assert_eq!(order(&heard), "1 2 1 3");
    assert!(!warned(&heard, "never comes to this D.C."), "{:?}", heard.warnings);
}

#[test]
fn a_fine_in_a_repeat_at_the_end_needs_no_jump() {
    let measures = [whole("C4") + &words("Fine (2nd time)"), whole("D4") + CLOSE];
    let heard = score(&measures);
    assert_eq!(order(&heard), "1 2 1");
    assert!(heard.warnings.is_empty(), "{:?}", heard.warnings);
}

#[test]
fn an_ending_without_its_repeat_sign_goes_back_to_where_its_passage_begins() {
    let measures = [
        whole("C4") + CLOSE,
        whole("D4"),
        ending("1", &whole("E4"), false),
        ending("2", &whole("F4"), false),
        whole("G4"),
    ];
    assert_eq!(order(&score(&measures)), "1 1 2 3 2 4 5");
    let opened = [
        whole("C4"),
        OPEN.to_owned() + &whole("D4"),
        ending("1", &whole("E4"), false),
        ending("2", &whole("F4"), false),
        whole("G4"),
    ];
    assert_eq!(order(&score(&opened)), "1 2 3 2 4 5");
}

#[test]
fn a_measure_that_repeats_another_sounds_like_it() {
    let style = |inside: &str| format!("<attributes><measure-style>{inside}</measure-style></attributes>");
    let start = style("<measure-repeat type=\"start\" slashes=\"1\">1</measure-repeat>");
    let stop = style("<measure-repeat type=\"stop\"/>");
    let rest = "<note><rest measure=\"yes\"/><duration>16</duration></note>";
    let measures =
        [whole("C4"), start.clone() + rest, rest.to_owned(), stop.clone() + &whole("D4"), rest.to_owned()];
    let heard = score(&measures);
    let found: Vec<_> = heard.notes.iter().map(|n| (n.onset, n.pitch, n.measure)).collect();
    assert_eq!(found, [(q(0, 1), 60, 0), (q(4, 1), 60, 1), (q(8, 1), 60, 2), (q(12, 1), 62, 3)]);
    // Files that have the notes play them once.
    let measures = [whole("C4"), start + &whole("C4"), stop + &whole("D4")];
    assert_eq!(pitches(&score(&measures)), [60, 60, 62]);
    let two = style("<measure-repeat type=\"start\">2</measure-repeat>");
    let measures = [whole("C4"), whole("D4"), two, String::new()];
    let heard = score(&measures);
    assert_eq!((pitches(&heard), heard.end()), (vec![60, 62, 60, 62], q(16, 1)));
    assert!(heard.warnings.is_empty(), "{:?}", heard.warnings);
}

#[test]
fn an_empty_measure_that_is_not_counted_is_named() {
    let xml = one_part(&[&whole("C4"), "", &whole("D4")])
        .replace("<measure number=\"2\">", "<measure number=\"2\" implicit=\"yes\">");
    let heard = read(&xml);
    assert_eq!(heard.notes[1].onset, q(4, 1));
    assert!(warned(&heard, "is not counted and has neither notes nor rests"), "{:?}", heard.warnings);
}

#[test]
fn a_long_rest_that_lacks_measures_is_named() {
    let long = "<attributes><measure-style><multiple-rest>3</multiple-rest></measure-style></attributes>";
    let rest = "<note><rest measure=\"yes\"/><duration>16</duration></note>";
    let lacking = [whole("C4"), long.to_owned() + rest, whole("D4")];
    assert!(warned(&score(&lacking), "a rest of 3 measures is printed here, and the file has 1"));
    let complete = [whole("C4"), long.to_owned() + rest, rest.to_owned(), rest.to_owned(), whole("D4")];
    let complete = score(&complete);
    assert!(complete.warnings.is_empty(), "{:?}", complete.warnings);
}
