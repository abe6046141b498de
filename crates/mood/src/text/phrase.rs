//! What a text is made of: words that are known, others, and what is only grammar.

use super::forms;
use super::table::{Kind, Table};

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A word or term of the table.
    Known(usize),
    /// A label that stands for the opposite of a word: *not sad*.
    Opposite(usize),
    /// A word that the table does not have.
    Other(String),
    /// Grammar, figures and signs.
    Small(String),
}

/// Words that turn the next one round.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "without", "hardly", "neither", "nor", "non", "senza", "nicht", "kein", "keine",
    "ohne", "pas", "sans", "isn", "don", "less", "weniger", "moins", "meno",
];

/// Words that may stand between a negation and what it is about.
const BETWEEN: &[&str] = &[
    "a", "an", "the", "so", "too", "very", "that", "at", "all", "any", "really", "be", "troppo", "zu",
    "trop", "t", "'", "’", "of", "feel", "feeling", "feels", "sound", "sounds", "sounding",
];

/// Words without a feeling of their own.
const SMALL: &[&str] = &[
    "a",
    "an",
    "the",
    "and",
    "or",
    "but",
    "of",
    "in",
    "on",
    "at",
    "to",
    "from",
    "by",
    "with",
    "as",
    "for",
    "like",
    "into",
    "onto",
    "over",
    "under",
    "through",
    "between",
    "is",
    "are",
    "be",
    "was",
    "were",
    "it",
    "its",
    "this",
    "that",
    "these",
    "those",
    "i",
    "you",
    "he",
    "she",
    "we",
    "they",
    "me",
    "my",
    "your",
    "his",
    "her",
    "our",
    "their",
    "so",
    "too",
    "very",
    "quite",
    "rather",
    "really",
    "bit",
    "little",
    "more",
    "less",
    "most",
    "some",
    "any",
    "all",
    "than",
    "then",
    "there",
    "here",
    "if",
    "when",
    "while",
    "after",
    "before",
    "such",
    "just",
    "still",
    "also",
    "should",
    "would",
    "can",
    "could",
    "will",
    "do",
    "does",
    "don",
    "isn",
    "t",
    "s",
    "piano",
    "music",
    "piece",
    "performance",
    "playing",
    "play",
    "played",
    "mood",
    "style",
    "bars",
    "bar",
    "con",
    "e",
    "ed",
    "il",
    "la",
    "le",
    "un",
    "una",
    "und",
    "mit",
    "der",
    "die",
    "das",
    "ein",
    "eine",
    "et",
    "avec",
    "de",
    "du",
    "des",
    "al",
    "del",
    "della",
    "come",
    "quasi",
    "wie",
    "comme",
    "im",
    "am",
    "zu",
];

/// How many words after a negation what it is about may come.
const FARTHEST: usize = 4;

/// Feelings weaker than this have no opposite.
const WEAK: f64 = 0.2;

/// How far the opposite of a feeling goes: *not sad* is not the height of joy.
const OPPOSITE: f64 = -0.5;

/// Whether a word turns the next one round.
pub(super) fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word)
}

/// Whether a word has no feeling of its own.
pub(super) fn is_small(word: &str) -> bool {
    SMALL.contains(&word)
}

/// Takes the words of a text apart.
pub fn parse(words: &[String], table: &Table) -> Vec<Part> {
    // Even a small word means something if there is no other.
    if let [only] = words
        && let Some(place) = table.find(only)
    {
        return vec![Part::Known(place)];
    }
    let mut parts = Vec::new();
    let mut at = 0;
    while at < words.len() {
        at += take(&words[at..], table, &mut parts);
    }
    parts
}

/// Takes what the words begin with; how many words that were.
fn take(words: &[String], table: &Table, parts: &mut Vec<Part>) -> usize {
    if let Some((place, count)) = table.find_term(words) {
        parts.push(Part::Known(place));
        return count;
    }
    if let Some((label, count)) = opposite(words, table) {
        parts.push(Part::Opposite(label));
        return count;
    }
    let word = &words[0];
    let is_term = |place: &usize| matches!(table.entries()[*place].kind, Kind::Label | Kind::Term);
    if SMALL.contains(&word.as_str()) && table.find(word).filter(is_term).is_none()
        || NEGATIONS.contains(&word.as_str())
        || !word.chars().any(char::is_alphabetic)
    {
        parts.push(Part::Small(word.clone()));
    } else if let Some(place) = table.find(word) {
        parts.push(Part::Known(place));
    } else if let Some((a, b)) = compound(word, table) {
        parts.extend([Part::Known(a), Part::Known(b)]);
    } else {
        parts.push(Part::Other(word.clone()));
    }
    1
}

/// A negation and what it is about, as the label that is nearest to the opposite.
fn opposite(words: &[String], table: &Table) -> Option<(usize, usize)> {
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    words.first().filter(|word| is(NEGATIONS, word))?;
    let mut at = 1;
    while at < words.len() {
        let single = || table.find(&words[at]).map(|place| (place, 1));
        let found = table.find_term(&words[at..]).or_else(single);
        if let Some((place, count)) = found {
            let entry = &table.entries()[place];
            if entry.valence.hypot(entry.arousal) >= WEAK && !is(BETWEEN, &words[at]) {
                let label = table.label_near(entry.valence * OPPOSITE, entry.arousal * OPPOSITE)?;
                return (label != place).then_some((label, at + count));
            }
        }
        // A word that the table does not have must not be lost.
        if at == FARTHEST || (found.is_none() && !is(BETWEEN, &words[at])) {
            return None;
        }
        at += 1;
    }
    None
}

/// Two words of the table that a word is put together from.
fn compound(word: &str, table: &Table) -> Option<(usize, usize)> {
    forms::parts(word).find_map(|(a, b)| Some((table.find(a)?, table.find(b)?)))
}

/// The text in plain English: terms by their glosses, negations by their opposites.
pub fn plain(words: &[String], table: &Table) -> String {
    let mut plain = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut parts = Vec::new();
        let count = take(&words[at..], table, &mut parts);
        let gloss = |place: usize| {
            let entry = &table.entries()[place];
            entry.gloss.clone().unwrap_or_else(|| entry.word.clone())
        };
        plain.push(match parts[..] {
            [Part::Known(place)] if table.entries()[place].gloss.is_some() => gloss(place),
            [Part::Opposite(label)] => gloss(label),
            _ => words[at..at + count].join(" "),
        });
        at += count;
    }
    plain.join(" ")
}

/// Mean valence and arousal of known words, by [`Entry::weight`](super::table::Entry::weight). None
/// where nothing is known.
pub fn feeling(parts: &[Part], table: &Table) -> Option<[f64; 2]> {
    let known = parts.iter().filter_map(|part| match part {
        Part::Known(place) | Part::Opposite(place) => Some(&table.entries()[*place]),
        _ => None,
    });
    let known: Vec<_> = known.collect();
    // Alone it has its values to the bit.
    if let [only] = known[..] {
        return Some([only.valence, only.arousal]);
    }
    let mut sum = [0.0; 3];
    for entry in known {
        let weight = entry.weight();
        for (sum, value) in sum.iter_mut().zip([entry.valence, entry.arousal, 1.0]) {
            *sum += weight * value;
        }
    }
    (sum[2] > 0.0).then(|| [sum[0] / sum[2], sum[1] / sum[2]])
}
