//! Words over time: what a text says of which bars.
//!
//! `dreamy` is the whole region. `hesitant, then anger` is one mood after another, each as long as
//! the other. `bars 1-8 gentle; 9-16 fierce` names the bars by their printed numbers.

use thiserror::Error;

/// A mood and where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The words.
    pub text: String,
    /// Printed numbers of the first and the last bar; without them the moods share the region.
    pub bars: Option<(String, String)>,
}

/// Why a text is not understood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WordsError {
    /// Bars without a mood.
    #[error("`{0}` names bars but no mood; write for example `bars 1-8 gentle`")]
    NoMood(String),
    /// A mood without bars among moods with bars.
    #[error("`{0}` says nothing of its bars, other moods do; write for example `bars 9-16 {0}`")]
    NoBars(String),
    /// More moods than can be told apart.
    #[error("the text has {0} moods one after another; the most is {MOST}")]
    TooMany(usize),
}

/// Most moods one after another.
pub const MOST: usize = 64;

/// What parts one mood from the next.
const THEN: [&str; 10] = [
    ", and then ",
    ", then ",
    " and then ",
    " then ",
    ", finally ",
    " finally ",
    " followed by ",
    " turning ",
    "->",
    "→",
];

/// Takes a text apart. An empty text has no phrases.
pub fn parse(text: &str) -> Result<Vec<Phrase>, WordsError> {
    let parts: Vec<&str> = text.split([';', '\n']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let ranged: Vec<Option<(String, String, String)>> = parts.iter().map(|p| bars_and_mood(p)).collect();
    let phrases = if ranged.iter().any(Option::is_some) {
        parts
            .iter()
            .zip(ranged)
            .map(|(part, ranged)| with_bars(part, ranged))
            .collect::<Result<Vec<_>, _>>()?
    } else {
        let in_turn = parts.iter().flat_map(|part| in_turn(part));
        in_turn.map(|text| Phrase { text, bars: None }).collect()
    };
    if phrases.len() > MOST { Err(WordsError::TooMany(phrases.len())) } else { Ok(phrases) }
}

fn with_bars(part: &str, ranged: Option<(String, String, String)>) -> Result<Phrase, WordsError> {
    let (first, last, text) = ranged.ok_or_else(|| WordsError::NoBars(part.to_owned()))?;
    if text.is_empty() {
        return Err(WordsError::NoMood(part.to_owned()));
    }
    Ok(Phrase { text, bars: Some((first, last)) })
}

fn in_turn(part: &str) -> Vec<String> {
    let mut rest = part.to_owned();
    for word in THEN {
        rest = replace_ignoring_case(&rest, word, "\u{1f}");
    }
    let clean = |p: &str| p.trim().trim_matches(',').trim().to_owned();
    rest.split('\u{1f}').map(clean).filter(|p| !p.is_empty()).collect()
}

fn replace_ignoring_case(text: &str, what: &str, with: &str) -> String {
    // Lower case of other alphabets may be longer than upper case: only ASCII is compared.
    let lower = text.to_ascii_lowercase();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(k) = lower[at..].find(what) {
        out.push_str(&text[at..at + k]);
        out.push_str(with);
        at += k + what.len();
    }
    out.push_str(&text[at..]);
    out
}

/// `bars 1-8 gentle`, `9-16: fierce`, `bar 4 sad`, `m. 3-4 sad`: numbers and the words after them.
fn bars_and_mood(part: &str) -> Option<(String, String, String)> {
    let mut words = part.split_whitespace().peekable();
    let heads = ["bars", "bar", "measures", "measure", "mm.", "m.", "b."];
    let lower = words.peek()?.to_lowercase();
    let named = heads.contains(&lower.as_str());
    if named {
        words.next();
    }
    let numbers = words.next()?.trim_end_matches([':', ',']).replace('–', "-");
    let (first, last) = match numbers.split_once('-') {
        Some((first, last)) => (first, last),
        None if named => (numbers.as_str(), numbers.as_str()),
        None => return None,
    };
    let is_number = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    (is_number(first) && is_number(last)).then(|| {
        let text = words.collect::<Vec<_>>().join(" ");
        (first.to_owned(), last.to_owned(), text)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn phrase(text: &str, bars: Option<(&str, &str)>) -> Phrase {
        Phrase { text: text.into(), bars: bars.map(|(a, b)| (a.into(), b.into())) }
    }

    #[test]
    fn one_mood_is_one_phrase_whatever_it_says() {
        assert_eq!(
            parse("thunderstorms and lightning").unwrap(),
            [phrase("thunderstorms and lightning", None)]
        );
        assert_eq!(parse("  ").unwrap(), []);
        assert_eq!(parse("athenian").unwrap(), [phrase("athenian", None)]);
    }

    #[test]
    fn moods_follow_each_other() {
        let expected = [phrase("hesitant", None), phrase("triumphant", None), phrase("calm", None)];
        for text in [
            "hesitant, then triumphant, finally calm",
            "hesitant -> triumphant → calm",
            "hesitant Then triumphant and then calm",
            "hesitant; triumphant; calm",
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn bars_are_read_in_the_ways_they_are_written() {
        let expected = [phrase("gentle", Some(("1", "8"))), phrase("very fierce", Some(("9", "16")))];
        for text in [
            "bars 1-8 gentle; 9-16 very fierce",
            "1–8: gentle\nmeasures 9-16 very fierce",
            "m. 1-8 gentle; bars 9-16, very fierce",
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
        assert_eq!(parse("bar 4 sad").unwrap(), [phrase("sad", Some(("4", "4")))]);
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(parse("bars 1-8; 9-16 sad"), Err(WordsError::NoMood("bars 1-8".into())));
        assert_eq!(parse("bars 1-8 calm; sad"), Err(WordsError::NoBars("sad".into())));
        assert!(parse(&"sad;".repeat(65)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            if let Ok(phrases) = parse(&text) {
                proptest::prop_assert!(phrases.iter().all(|p| !p.text.is_empty()));
            }
        }
    }
}
