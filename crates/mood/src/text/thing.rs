//! What a text wants to be played like: *a music box* of *like a music box*.

use std::collections::BTreeSet;

use super::forms;
use super::phrase::{self, Part};
use super::table::{Kind, Table};
use super::words::split;

/// Words before a thing that say only that it is one.
const LEADING: &[&str] = &[
    "a", "an", "the", "like", "as", "of", "if", "in", "on", "at", "it", "is", "were", "was", "to", "be",
    "sounds", "sound", "sounding",
];

/// The words from the first that says something; the last word if none does.
pub(super) fn thing(words: &[String]) -> &[String] {
    let says = words.iter().position(|word| !LEADING.contains(&word.as_str()));
    &words[says.unwrap_or(words.len().saturating_sub(1))..]
}

/// Whether a text means what its words say by themselves and nothing else: it is made of labels and
/// musical terms, or turns something round (*not like a drum*).
pub(super) fn is_set(parts: &[Part], words: &[String], table: &Table) -> bool {
    let is_term = |part: &Part| match part {
        Part::Known(place) => matches!(table.entries()[*place].kind, Kind::Label | Kind::Term),
        Part::Opposite(_) | Part::Small(_) => true,
        Part::Other(_) => false,
    };
    words.iter().any(|word| phrase::is_negation(word)) || parts.iter().all(is_term)
}

/// The words of a text that say something, and the words that each may be a form of.
pub fn content(text: &str) -> BTreeSet<String> {
    let words = split(text)
        .into_iter()
        .filter(|word| word != "s" && !phrase::is_small(word) && !phrase::is_negation(word));
    words.flat_map(|word| forms::of(&word).into_iter().chain([word])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_a_thing_is_left_out() {
        let of = |text: &str| thing(&split(text)).join(" ");
        assert_eq!(of("Like a music box"), "music box");
        assert_eq!(of("as if it were the sea"), "sea");
        assert_eq!(of("a voice in the night"), "voice in the night");
        assert_eq!(of("like"), "like");
    }

    #[test]
    fn texts_share_a_word_in_any_form() {
        let share = |a: &str, b: &str| !content(a).is_disjoint(&content(b));
        assert!(share("church bells", "a bell") && share("running water", "water"));
        assert!(!share("like a harp", "like a drum"));
    }
}
