//! Jumps written in words: *D.C. al Fine*, *Menuetto da capo senza replica*, *Fine*, *To Coda*.
//!
//! Many files have the words alone, without the attributes of `<sound>` that a program would play
//! by. They are written in many ways: with other words before them, in capitals, with and without
//! dots, in several languages, with signs of music fonts in place of words.

use super::written::{Jump, Sign, Until};

/// Signs as characters, in Unicode and in music fonts.
const SEGNO_CHARACTERS: [char; 4] = ['\u{1d10b}', '\u{e047}', '%', '§'];
const CODA_CHARACTERS: [char; 5] = ['\u{1d10c}', '\u{e048}', '\u{2295}', '\u{1f728}', '⌖'];

/// What a segno and a coda sign are called here, so that they can be looked for like words.
const SEGNO: &str = "segno";
const CODA: &str = "coda";

const TO_BEGINNING: [&str; 5] = ["d c", "dc", "da capo", "dacapo", "da cap"];
const TO_SEGNO: [&str; 7] = ["d s", "ds", "d segno", "dal segno", "dalsegno", "del segno", "dal s"];

/// Phrases that ask for a jump only where they begin the words: *un peu plus lent qu'au début* does
/// not.
const STARTS_TO_BEGINNING: [&str; 24] = [
    "dal principio",
    "da principio",
    "al principio",
    "repeat from the beginning",
    "back to the beginning",
    "go back to the beginning",
    "return to the beginning",
    "from the beginning",
    "from beginning",
    "from the top",
    "vom anfang",
    "von anfang",
    "von vorn",
    "depuis le debut",
    "reprendre au debut",
    "reprendre du debut",
    "reprendre depuis le debut",
    "retour au debut",
    "desde el principio",
    "do inicio",
    "do principio",
    "vanaf het begin",
    "od początku",
    "с начала",
];
const STARTS_TO_SEGNO: [&str; 10] = [
    "from the sign",
    "from segno",
    "from the segno",
    "back to the sign",
    "vom zeichen",
    "vom segno",
    "retour au signe",
    "reprendre au signe",
    "desde la senal",
    "desde el signo",
];

const UNTIL_FINE: [&str; 30] = [
    "al fim",
    "ao fim",
    "ate o fim",
    "til fine",
    "till fine",
    "until fine",
    "tot fine",
    "tot het einde",
    "do końca",
    "до конца",
    "al fine",
    "alla fine",
    "al fin",
    "a fine",
    "sin al fine",
    "fino al fine",
    "fino alla fine",
    "e fine",
    "to fine",
    "to the fine",
    "to end",
    "to the end",
    "bis fine",
    "bis zum fine",
    "bis zum ende",
    "bis zum schluss",
    "jusqu a la fin",
    "jusqu au fin",
    "jusqu a fine",
    "hasta el fin",
];
const UNTIL_SEGNO: [&str; 6] =
    ["al segno", "sin al segno", "fino al segno", "to the sign", "bis zum zeichen", "jusqu au signe"];
const WITHOUT_REPEATS: [&str; 14] = [
    "senza rep",
    "senza rip",
    "senza le rep",
    "senza le rip",
    "senza la rep",
    "senza ritornell",
    "without rep",
    "no rep",
    "ohne wiederh",
    "ohne w",
    "sans rep",
    "sans les rep",
    "sans la rep",
    "sin rep",
];
const LEAVES_FOR_CODA: [&str; 9] = [
    "to coda",
    "to the coda",
    "al coda",
    "alla coda",
    "alla la coda",
    "a la coda",
    "da coda",
    "zur coda",
    "tocoda",
];
const ENDS: [&str; 12] =
    ["fine", "fin", "finis", "ende", "end", "the end", "fim", "schluss", "einde", "slut", "koniec", "конец"];

/// Whether words speak of a sign or of where to go on.
pub(crate) fn speaks_of_signs(text: &str) -> bool {
    !signs(text).is_empty()
}

/// The signs that the words at one place speak of.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let phrase = phrase(text);
    if !phrase.split(' ').any(begins_a_phrase) {
        return Vec::new();
    }
    let has = |list: &[&str]| list.iter().any(|words| holds(&phrase, words));
    let is = |list: &[&str]| list.iter().any(|words| phrase.trim() == *words);
    let starts = |list: &[&str]| list.iter().any(|words| phrase[1..].starts_with(words));
    let to_beginning = has(&TO_BEGINNING) || starts(&STARTS_TO_BEGINNING);
    let to_segno = has(&TO_SEGNO) || starts(&STARTS_TO_SEGNO) || is(&["al segno"]);
    if to_beginning || to_segno {
        let until = if holds(&phrase, CODA) {
            Until::Coda
        } else if has(&UNTIL_FINE) {
            Until::Fine
        } else if !to_segno && has(&UNTIL_SEGNO) {
            Until::Segno
        } else {
            Until::Any
        };
        let with_repeats = !WITHOUT_REPEATS.iter().any(|words| phrase.contains(&format!(" {words}")));
        return vec![Sign::Jump(Jump { to_segno, until, with_repeats })];
    }
    if has(&LEAVES_FOR_CODA) {
        return vec![Sign::ToCoda];
    }
    if is(&ENDS) || phrase.starts_with(" fine del") {
        return vec![Sign::Fine];
    }
    match phrase.trim() {
        CODA | "coda coda" => vec![Sign::Coda { is_word: true }],
        SEGNO | "segno segno" => vec![Sign::Segno],
        _ => Vec::new(),
    }
}

/// Whether any phrase of the lists begins with a word.
fn begins_a_phrase(word: &str) -> bool {
    let lists: [&[&str]; 6] =
        [&TO_BEGINNING, &TO_SEGNO, &STARTS_TO_BEGINNING, &STARTS_TO_SEGNO, &LEAVES_FOR_CODA, &ENDS];
    let phrases = lists.into_iter().flatten().copied().chain([SEGNO, CODA, "al segno"]);
    let is_first =
        |phrase: &str| phrase.strip_prefix(word).is_some_and(|r| r.is_empty() || r.starts_with(' '));
    !word.is_empty() && phrases.into_iter().any(is_first)
}

/// Lower-case words without accents and dots, a space before and after each.
fn phrase(text: &str) -> String {
    let mut phrase = String::from(" ");
    let space = |phrase: &mut String| {
        if !phrase.ends_with(' ') {
            phrase.push(' ');
        }
    };
    for c in text.chars() {
        if SEGNO_CHARACTERS.contains(&c) || CODA_CHARACTERS.contains(&c) {
            space(&mut phrase);
            phrase.push_str(if SEGNO_CHARACTERS.contains(&c) { SEGNO } else { CODA });
            phrase.push(' ');
        } else if c == 'ß' {
            phrase.push_str("ss");
        } else if c.is_alphanumeric() {
            phrase.extend(c.to_lowercase().map(without_accent));
        } else if !is_combining(c) {
            space(&mut phrase);
        }
    }
    space(&mut phrase);
    phrase
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn without_accent(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        other => other,
    }
}

/// Whether the phrase holds these whole words one after the other.
fn holds(phrase: &str, words: &str) -> bool {
    let is_whole = |at: usize| phrase[..at].ends_with(' ') && phrase[at + words.len()..].starts_with(' ');
    phrase.match_indices(words).any(|(at, _)| is_whole(at))
}

#[cfg(test)]
mod tests {
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
            ("To Coda", Sign::ToCoda),
            ("To \u{e048}", Sign::ToCoda),
            ("al Coda", Sign::ToCoda),
            ("CODA", Sign::Coda { is_word: true }),
            ("\u{1d10c}", Sign::Coda { is_word: true }),
            ("\u{1d10b}", Sign::Segno),
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
            "capriccioso",
            "D",
            "",
        ];
        for text in cases {
            assert_eq!(signs(text), [], "{text}");
        }
    }
}
