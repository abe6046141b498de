//! The words that are ends of the scales that musicians rated on.

use crate::text::words::split;

/// Which end of which scale a word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// The scale's name.
    pub scale: &'static str,
    /// 1 for its upper end, -1 for its lower.
    pub sign: f64,
}

/// The scales that words are ends of, as they are published.
pub const ENERGY: &str = "Emotion and mood: low energy - high energy";
/// Bright at the lower end.
pub const DARK: &str = "Timbre: bright - dark";
/// Pure at the lower end.
pub const DRAMATIC: &str = "Music making: pure - dramatic, expressive";
/// Flat at the lower end.
pub const SPACIOUS: &str = "Music making: flat - spacious";
/// Disproportioned at the lower end.
pub const BALANCED: &str = "Music making: disproportioned - balanced";

/// Words and what they are the end of. The names of labels are not among them: a label is what the network
/// learned under its name.
const WORDS: [(&str, &str, f64); 21] = [
    ("energetic", ENERGY, 1.0),
    ("energetically", ENERGY, 1.0),
    ("energy", ENERGY, 1.0),
    ("high energy", ENERGY, 1.0),
    ("full of energy", ENERGY, 1.0),
    ("vigorous", ENERGY, 1.0),
    ("con energia", ENERGY, 1.0),
    ("energico", ENERGY, 1.0),
    ("low energy", ENERGY, -1.0),
    ("dark", DARK, 1.0),
    ("darkly", DARK, 1.0),
    ("sombre", DARK, 1.0),
    ("gloomy", DARK, 1.0),
    ("dramatic", DRAMATIC, 1.0),
    ("dramatically", DRAMATIC, 1.0),
    ("drammatico", DRAMATIC, 1.0),
    ("spacious", SPACIOUS, 1.0),
    ("spaciously", SPACIOUS, 1.0),
    ("with space", SPACIOUS, 1.0),
    ("balanced", BALANCED, 1.0),
    ("well balanced", BALANCED, 1.0),
];

/// Which end a text is, if it is one; capitals, accents and hyphens aside.
pub fn of(text: &str) -> Option<End> {
    let words: Vec<String> = split(text).into_iter().filter(|word| word != "-").collect();
    let text = words.join(" ");
    let found = WORDS.iter().find(|(word, _, _)| *word == text);
    found.map(|(_, scale, sign)| End { scale, sign: *sign })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::named;

    #[test]
    fn ends_are_found_as_people_write_them() {
        assert_eq!(of("Dark"), Some(End { scale: DARK, sign: 1.0 }));
        assert_eq!(of("  high-energy "), Some(End { scale: ENERGY, sign: 1.0 }));
        assert_eq!(of("low energy").map(|end| end.sign), Some(-1.0));
        assert_eq!((of("a dark forest"), of("")), (None, None));
    }

    #[test]
    fn no_word_is_a_label_or_stands_there_twice() {
        for (k, (word, _, _)) in WORDS.iter().enumerate() {
            assert_eq!(named(word), None, "{word}");
            assert!(WORDS[..k].iter().all(|(other, _, _)| other != word), "{word}");
        }
    }
}
