//! Jumps written in words: *D.C. al Fine*, *Menuetto da capo senza replica*, *Fine*, *To Coda*.
//!
//! Many files have the words alone, without the attributes of `<sound>` that a program would play
//! by. They are written in many ways: with other words before them, in capitals, with and without
//! dots, in several languages, with signs of music fonts in place of words.

use super::jump_phrases::{
    BEGINNINGS, BESIDE_END, END_OF, END_WHEN, ENDS, LEAVES_FOR_CODA, MOVEMENTS, STARTS_TO_BEGINNING,
    STARTS_TO_SEGNO, TO_BEGINNING, TO_SEGNO, UNTIL_FINE, UNTIL_SEGNO, WHEN_TO_CODA, WHICH, WITHOUT_REPEATS,
};
use super::written::{Jump, Sign, Until};

/// Signs as characters, in Unicode and in music fonts.
const SEGNO_CHARACTERS: [char; 4] = ['\u{1d10b}', '\u{e047}', '\u{e04a}', '\u{e04b}'];
const CODA_CHARACTERS: [char; 3] = ['\u{1d10c}', '\u{e048}', '\u{e049}'];
const DAL_SEGNO_CHARACTERS: [char; 2] = ['\u{1d109}', '\u{e045}'];
const DA_CAPO_CHARACTERS: [char; 2] = ['\u{1d10a}', '\u{e046}'];

/// Characters that stand for a sign only beside words that ask for one.
const LIKE_SEGNO: [char; 2] = ['%', '§'];
const LIKE_CODA: [char; 3] = ['\u{2295}', '\u{1f728}', '⌖'];

/// What a segno and a coda sign are called here, so that they can be looked for like words.
const SEGNO: &str = "segno";
const CODA: &str = "coda";

/// Longest phrase that ends with *Fine* and says something else before it, in words.
const MOST_BESIDE_END: usize = 4;

/// The signs that several texts at one place speak of. Together they may be one phrase, such as *D.C.
/// al* and *Fine*; else each is one of its own, such as a segno and *Trio*.
pub(super) fn signs_of(texts: &[String]) -> Vec<Sign> {
    let joined = texts.join(" ");
    let mut signs = of_phrase(&joined);
    let is_one_phrase = !signs.is_empty();
    let speaks_of = |signs: &[Sign], sign: &Sign| signs.iter().any(|known| covers(known, sign));
    // Where a phrase goes on up to the Fine, the word is not the sign.
    let goes_on = any(&phrase(&joined), &UNTIL_FINE);
    for sign in texts.iter().flat_map(|text| self::signs(text)) {
        let is_apart = !is_one_phrase || matches!(sign, Sign::Segno { .. } | Sign::Coda { .. });
        if is_apart && !(goes_on && sign == Sign::Fine) && !speaks_of(&signs, &sign) {
            signs.push(sign);
        }
    }
    signs
}

/// Whether a sign is already spoken of by another: a jump to the segno may be drawn with one, and a To
/// Coda with a coda.
pub(super) fn covers(known: &Sign, sign: &Sign) -> bool {
    match (known, sign) {
        (Sign::Jump(jump), Sign::Segno { .. }) => jump.to_segno || jump.until == Until::Segno,
        (Sign::Jump(jump), Sign::Coda { .. }) => jump.until == Until::Coda,
        (Sign::ToCoda { .. }, Sign::Coda { .. }) | (Sign::Jump(_), Sign::Fine) => true,
        _ => std::mem::discriminant(known) == std::mem::discriminant(sign),
    }
}

/// Whether words speak of a sign or of where to go on.
pub(crate) fn speaks_of_signs(text: &str) -> bool {
    !signs(text).is_empty()
}

/// The signs that a text speaks of, or has as characters.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let signs = of_phrase(text);
    if !signs.is_empty() {
        return signs;
    }
    let has = |characters: &[char]| text.contains(characters);
    let segno = has(&SEGNO_CHARACTERS).then_some(Sign::Segno { name: None });
    let coda = has(&CODA_CHARACTERS).then_some(Sign::Coda { is_word: false, name: None });
    segno.into_iter().chain(coda).collect()
}

/// The character of a sign by its name in the list of symbols of music fonts.
pub(super) fn of_symbol(name: &str) -> Option<&'static str> {
    match name.trim() {
        "segno" | "segnoSerpent1" | "segnoSerpent2" => Some("\u{e047}"),
        "coda" | "codaSquare" => Some("\u{e048}"),
        "dalSegno" => Some("\u{e045}"),
        "daCapo" => Some("\u{e046}"),
        _ => None,
    }
}

/// The signs that a text as a whole speaks of.
pub(super) fn of_phrase(text: &str) -> Vec<Sign> {
    let phrase = phrase(text);
    if !phrase.split(' ').any(begins_a_phrase) {
        return Vec::new();
    }
    let starts = |list: &[&str]| list.iter().any(|words| phrase[1..].starts_with(words));
    if is_end(&phrase) {
        return vec![Sign::Fine];
    }
    let goes_on = any(&phrase, &UNTIL_FINE);
    let to_beginning =
        any(&phrase, &TO_BEGINNING) || starts(&STARTS_TO_BEGINNING) || (goes_on && any(&phrase, &BEGINNINGS));
    let to_segno = any(&phrase, &TO_SEGNO) || starts(&STARTS_TO_SEGNO) || phrase.trim() == "al segno";
    if to_beginning || to_segno {
        let until = if holds(&phrase, CODA) {
            Until::Coda
        } else if goes_on {
            Until::Fine
        } else if !to_segno && any(&phrase, &UNTIL_SEGNO) {
            Until::Segno
        } else {
            Until::Any
        };
        let with_repeats = !WITHOUT_REPEATS.iter().any(|words| phrase.contains(&format!(" {words}")));
        return vec![Sign::Jump(Jump { to_segno, until, with_repeats, segno: None })];
    }
    let is_later = phrase[1..].starts_with(CODA) && any(&phrase, &WHEN_TO_CODA);
    if is_later || any(&phrase, &LEAVES_FOR_CODA) {
        return vec![Sign::ToCoda { name: None }];
    }
    let mut words = phrase.trim().split(' ');
    let (first, is_plain) =
        (words.next(), words.all(|word| word == CODA || word == SEGNO || WHICH.contains(&word)));
    match first {
        Some(CODA) if is_plain => {
            vec![Sign::Coda { is_word: !text.contains(CODA_CHARACTERS), name: None }]
        }
        Some(SEGNO) if is_plain => vec![Sign::Segno { name: None }],
        _ => Vec::new(),
    }
}

/// Whether a text has words of jumps and is none that is understood, nor a phrase that goes on up to
/// the end.
pub(super) fn looks_like_one(text: &str) -> bool {
    let phrase = phrase(text);
    let has = any(&phrase, &[SEGNO, CODA, "fine", "capo al", "to the sign"]);
    has && !any(&phrase, &UNTIL_FINE) && signs(text).is_empty()
}

/// Whether a phrase is *Fine*, alone, with what it ends, when it holds, or how the music comes to it.
fn is_end(phrase: &str) -> bool {
    let trimmed = phrase.trim();
    let follows = |words: &str, list: &[&str]| {
        let rest = trimmed.strip_prefix(words).and_then(|rest| rest.strip_prefix(' '));
        rest.and_then(|rest| rest.split(' ').next()).is_some_and(|next| list.contains(&next))
    };
    let is_beside = || {
        let before = trimmed.strip_suffix(" fine");
        let words = || before.into_iter().flat_map(|before| before.split(' '));
        before.is_some()
            && words().count() < MOST_BESIDE_END
            && words().all(|word| BESIDE_END.contains(&word))
            && !any(phrase, &UNTIL_FINE)
    };
    ENDS.contains(&trimmed)
        || END_OF.iter().any(|words| phrase[1..].starts_with(&format!("{words} ")))
        || follows("fine", &END_WHEN)
        || follows("fine", &MOVEMENTS)
        || is_beside()
}

/// Whether any phrase of the lists begins with a word.
fn begins_a_phrase(word: &str) -> bool {
    let lists: [&[&str]; 8] = [
        &TO_BEGINNING,
        &TO_SEGNO,
        &STARTS_TO_BEGINNING,
        &STARTS_TO_SEGNO,
        &LEAVES_FOR_CODA,
        &ENDS,
        &END_OF,
        &BEGINNINGS,
    ];
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
        if let Some(name) = sign_name(c) {
            space(&mut phrase);
            phrase.push_str(name);
            phrase.push(' ');
        } else if let Some(letters) = ligature(c) {
            phrase.push_str(letters);
        } else if c.is_alphanumeric() {
            phrase.extend(c.to_lowercase().map(without_accent));
        } else if !is_combining(c) {
            space(&mut phrase);
        }
    }
    space(&mut phrase);
    phrase
}

/// The words that a sign stands for.
fn sign_name(c: char) -> Option<&'static str> {
    match c {
        _ if SEGNO_CHARACTERS.contains(&c) || LIKE_SEGNO.contains(&c) => Some(SEGNO),
        _ if CODA_CHARACTERS.contains(&c) || LIKE_CODA.contains(&c) => Some(CODA),
        _ if DAL_SEGNO_CHARACTERS.contains(&c) => Some("dal segno"),
        _ if DA_CAPO_CHARACTERS.contains(&c) => Some("da capo"),
        _ => None,
    }
}

fn ligature(c: char) -> Option<&'static str> {
    match c {
        'ß' => Some("ss"),
        'ﬁ' => Some("fi"),
        'ﬂ' => Some("fl"),
        _ => None,
    }
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

/// Whether the phrase holds the whole words of any of these one after the other.
fn any(phrase: &str, list: &[&str]) -> bool {
    list.iter().any(|words| holds(phrase, words))
}

/// Whether the phrase holds these whole words one after the other.
fn holds(phrase: &str, words: &str) -> bool {
    let is_whole = |at: usize| phrase[..at].ends_with(' ') && phrase[at + words.len()..].starts_with(' ');
    phrase.match_indices(words).any(|(at, _)| is_whole(at))
}

#[cfg(test)]
#[path = "jump_words_tests.rs"]
mod tests;
