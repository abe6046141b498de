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

/// Soft and cushioned at the lower end.
pub const HARD: &str = "Articulation: soft, cushioned - hard, solid";
/// Sparse and dry at the lower end.
pub const WET: &str = "Pedal: sparse, dry - saturated, wet";
/// Clean at the lower end.
pub const BLURRED: &str = "Pedal: clean - blurred";
/// Even at the lower end.
pub const COLOURFUL: &str = "Timbre: even - colourful";
/// Shallow at the lower end.
pub const RICH: &str = "Timbre: shallow - rich";
/// Sophisticated and mellow at the lower end.
pub const RAW: &str = "Dynamic: sophisticated, mellow - raw, crude";
/// Fast paced at the lower end.
pub const SLOW_PACED: &str = "Music making: fast paced - slow paced";
/// Honest at the lower end.
pub const IMAGINATIVE: &str = "Emotion and mood: honest - imaginative";

/// Words and what they are the end of. The names of labels are not among them: a label is what the network
/// learned under its name. Nor are ends that cues do not tell (*optimistic*, *convincing*), and ends that are
/// plain words of playing (*fast*, *loud*).
const WORDS: [(&str, &str, f64); 58] = [
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
    ("bright", DARK, -1.0),
    ("brightly", DARK, -1.0),
    ("dramatic", DRAMATIC, 1.0),
    ("dramatically", DRAMATIC, 1.0),
    ("drammatico", DRAMATIC, 1.0),
    ("expressive", DRAMATIC, 1.0),
    ("expressively", DRAMATIC, 1.0),
    ("with expression", DRAMATIC, 1.0),
    ("pure", DRAMATIC, -1.0),
    ("purely", DRAMATIC, -1.0),
    ("spacious", SPACIOUS, 1.0),
    ("spaciously", SPACIOUS, 1.0),
    ("with space", SPACIOUS, 1.0),
    ("flat", SPACIOUS, -1.0),
    ("balanced", BALANCED, 1.0),
    ("well balanced", BALANCED, 1.0),
    ("unbalanced", BALANCED, -1.0),
    ("hard", HARD, 1.0),
    ("solid", HARD, 1.0),
    ("cushioned", HARD, -1.0),
    ("saturated", WET, 1.0),
    ("wet", WET, 1.0),
    ("sparse", WET, -1.0),
    ("dry", WET, -1.0),
    ("blurred", BLURRED, 1.0),
    ("blurry", BLURRED, 1.0),
    ("clean", BLURRED, -1.0),
    ("cleanly", BLURRED, -1.0),
    ("colourful", COLOURFUL, 1.0),
    ("colorful", COLOURFUL, 1.0),
    ("rich", RICH, 1.0),
    ("richly", RICH, 1.0),
    ("full bodied", RICH, 1.0),
    ("shallow", RICH, -1.0),
    ("raw", RAW, 1.0),
    ("crude", RAW, 1.0),
    ("mellow", RAW, -1.0),
    ("sophisticated", RAW, -1.0),
    ("slow paced", SLOW_PACED, 1.0),
    ("fast paced", SLOW_PACED, -1.0),
    ("imaginative", IMAGINATIVE, 1.0),
    ("imaginatively", IMAGINATIVE, 1.0),
    ("full of imagination", IMAGINATIVE, 1.0),
    ("honest", IMAGINATIVE, -1.0),
    ("honestly", IMAGINATIVE, -1.0),
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
        assert_eq!(of("slow-paced"), Some(End { scale: SLOW_PACED, sign: 1.0 }));
        assert_eq!(of("Bright"), Some(End { scale: DARK, sign: -1.0 }));
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
