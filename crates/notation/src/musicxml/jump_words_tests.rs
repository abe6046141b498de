//! Jumps in many spellings, and what only sounds like one.

use super::*;

fn jump(text: &str) -> Option<(bool, Until, bool)> {
    match signs(text).as_slice() {
        [Sign::Jump(jump)] => Some((jump.to_segno, jump.until, jump.with_repeats)),
        _ => None,
    }
}

#[test]
fn jumps_in_many_spellings() {
    let cases = [
        ("D.C. al Fine", (false, Until::Fine, true)),
        ("Menuetto D.C. al Fine", (false, Until::Fine, true)),
        ("MENUETTO DA CAPO", (false, Until::Any, true)),
        ("Minuet d. c.", (false, Until::Any, true)),
        ("(D.C.)", (false, Until::Any, true)),
        ("DC al fine", (false, Until::Fine, true)),
        ("dacapo", (false, Until::Any, true)),
        ("D.C. senza repetizione", (false, Until::Any, false)),
        ("D.C. senza repetizione al Fine", (false, Until::Fine, false)),
        ("Menuet da capo senza replica", (false, Until::Any, false)),
        ("Menuett da capo ohne Wiederholungen", (false, Until::Any, false)),
        ("Menuet D.C. sans répétitions", (false, Until::Any, false)),
        ("D.C. without repeats", (false, Until::Any, false)),
        ("Da Capo con repetizione", (false, Until::Any, true)),
        ("D.S. al Coda", (true, Until::Coda, true)),
        ("D.S. al \u{1d10c}", (true, Until::Coda, true)),
        ("Dal Segno al Fine", (true, Until::Fine, true)),
        ("D. % al Fine", (true, Until::Fine, true)),
        ("Dal \u{1d10b}", (true, Until::Any, true)),
        ("al Segno", (true, Until::Any, true)),
        ("Da Capo al Segno", (false, Until::Segno, true)),
        ("Scherzo da capo e poi la Coda", (false, Until::Coda, true)),
        ("From the beginning to the end", (false, Until::Fine, true)),
        ("Von Anfang bis Fine", (false, Until::Fine, true)),
        ("Depuis le début", (false, Until::Any, true)),
        ("Von vorn", (false, Until::Any, true)),
        ("Reprendre au début jusqu'à la fin", (false, Until::Fine, true)),
        ("do Início ao Fim", (false, Until::Fine, true)),
        ("Od początku do końca", (false, Until::Fine, true)),
        ("С начала до конца", (false, Until::Fine, true)),
        ("Vom Zeichen bis zum Ende", (true, Until::Fine, true)),
        ("Back to the sign", (true, Until::Any, true)),
        ("D. Capo", (false, Until::Any, true)),
        ("Dal Capo al Fine", (false, Until::Fine, true)),
        ("Dall'inizio alla Fine", (false, Until::Fine, true)),
        ("\u{1d10a}", (false, Until::Any, true)),
        ("\u{e046} al Fine", (false, Until::Fine, true)),
        ("\u{1d109} al Coda", (true, Until::Coda, true)),
        ("\u{e045}", (true, Until::Any, true)),
        ("D. \u{e04a}", (true, Until::Any, true)),
        ("D.C. al ﬁne", (false, Until::Fine, true)),
        ("Von vorne bis Fine", (false, Until::Fine, true)),
        ("Vom Anfang an bis zum Schluss", (false, Until::Fine, true)),
        ("Du début à la fin", (false, Until::Fine, true)),
        ("Au début jusqu'au mot Fin", (false, Until::Fine, true)),
        ("Från början till Fine", (false, Until::Fine, true)),
        ("Repeat from the start", (false, Until::Any, true)),
        ("Снова сначала до Fine", (false, Until::Fine, true)),
        ("Repetatur ab initio", (false, Until::Any, true)),
        ("Du signe à la coda", (true, Until::Coda, true)),
        ("Da segno al Coda", (true, Until::Coda, true)),
    ];
    for (text, expected) in cases {
        assert_eq!(jump(text), Some(expected), "{text}");
    }
}

#[test]
fn other_signs_in_words() {
    let cases = [
        ("Fine", Sign::Fine),
        ("FINE.", Sign::Fine),
        ("(Fin)", Sign::Fine),
        ("Fim", Sign::Fine),
        ("Schluß", Sign::Fine),
        ("КОНЕЦ", Sign::Fine),
        ("Fine del Menuetto", Sign::Fine),
        ("Fine (2nd time)", Sign::Fine),
        ("Fine la seconda volta", Sign::Fine),
        ("Il Fine", Sign::Fine),
        ("Fin du Menuet", Sign::Fine),
        ("Ende des Menuetts", Sign::Fine),
        ("ﬁne", Sign::Fine),
        ("Fine dopo il D.C.", Sign::Fine),
        ("poco rit. Fine", Sign::Fine),
        ("To Coda", Sign::ToCoda { name: None }),
        ("Zum Coda", Sign::ToCoda { name: None }),
        ("To \u{e048}", Sign::ToCoda { name: None }),
        ("To \u{e049}", Sign::ToCoda { name: None }),
        ("al Coda", Sign::ToCoda { name: None }),
        ("CODA", Sign::Coda { is_word: true, name: None }),
        ("Coda 2", Sign::Coda { is_word: true, name: None }),
        ("\u{1d10c}", Sign::Coda { is_word: false, name: None }),
        ("\u{e049} Coda", Sign::Coda { is_word: false, name: None }),
        ("\u{1d10b}", Sign::Segno { name: None }),
        ("\u{e04b}", Sign::Segno { name: None }),
        ("\u{1d10b} Trio", Sign::Segno { name: None }),
    ];
    for (text, expected) in cases {
        assert_eq!(signs(text), [expected], "{text}");
    }
}

#[test]
fn words_that_only_sound_like_jumps_are_none() {
    let cases = [
        "accelerando sin al fine",
        "(Un peu plus lent qu'au début)",
        "le double plus lent que du début",
        "tempo as from the beginning",
        "(en retenant jusqu'à la fin)",
        "Tempo di Menuetto",
        "dolce",
        "sempre cresc.",
        "con fuoco",
        "il canto ben marcato",
        "poco rit. al Fine",
        "capriccioso",
        "D",
        "",
    ];
    for text in cases {
        assert_eq!(signs(text), [], "{text}");
    }
}

#[test]
fn several_texts_are_one_phrase_or_each_its_own() {
    let of = |texts: &[&str]| signs_of(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
    let (segno, jump) = (Sign::Segno { name: None }, |to_segno, until| {
        Sign::Jump(Jump { to_segno, until, with_repeats: true, segno: None })
    });
    assert_eq!(of(&["D.C. al", "Fine"]), [jump(false, Until::Fine)]);
    assert_eq!(of(&["D.", "\u{1d10b}", "al", "\u{1d10c}"]), [jump(true, Until::Coda)]);
    assert_eq!(of(&["\u{1d10b}", "D.C."]), [jump(false, Until::Any), segno.clone()]);
    assert_eq!(of(&["\u{1d10b}", "Trio"]), std::slice::from_ref(&segno));
    assert_eq!(of(&["\u{1d10b}", "Fine"]), [segno, Sign::Fine]);
    assert_eq!(of(&["rit.", "Fine"]), [Sign::Fine]);
    assert_eq!(of(&["rit. al", "Fine"]), []);
    assert_eq!(of(&["To Coda", "\u{1d10c}"]), [Sign::ToCoda { name: None }]);
}

#[test]
fn words_of_jumps_that_say_something_else_are_noticed() {
    for text in ["poi segue la Coda", "2x: segno", "Fine 3x"] {
        assert!(looks_like_one(text), "{text}");
    }
    for text in ["accelerando sin al fine", "D.C. al Fine", "Fine", "con fuoco", "Allegro"] {
        assert!(!looks_like_one(text), "{text}");
    }
}
