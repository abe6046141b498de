//! Text to words and word pieces, as BERT without capitals does it.
//!
//! After Devlin and others 2019 (arXiv 1810.04805) and the published `tokenizer.json`: controls are
//! dropped, accents and capitals taken away, Chinese characters and punctuation stand alone, and a
//! word is cut greedily into the longest pieces that the vocabulary has. Written here because the
//! `tokenizers` crate turns on features of crates that Burn shares with it: all of Burn would be
//! built once more for these hundred lines.

use std::collections::HashMap;
use std::path::Path;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory as Category, GeneralCategoryGroup as Group};
use serde_json::Value;

use super::error::TextError;
use super::files::read_json;

/// Name of the vocabulary in a published model folder.
pub const FILE: &str = "tokenizer.json";

/// Letters of a word from which on it is not looked into.
const LONGEST_WORD: usize = 100;

/// Words and signs of a text: lower case, without accents, punctuation apart.
pub fn split(text: &str) -> Vec<String> {
    let category = CodePointMapData::<Category>::new();
    let nfd = DecomposingNormalizerBorrowed::new_nfd();
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\t' | '\n' | '\r');
    let is_dropped = |c: char| {
        let control = matches!(category.get(c), Category::Control | Category::Format | Category::PrivateUse);
        c == '\u{fffd}' || (control && !is_space(c))
    };
    let kept = text.chars().filter(|c| !is_dropped(*c));
    let spaced = kept.flat_map(|c| {
        let around = is_chinese(c).then_some(' ');
        around.into_iter().chain([c]).chain(around)
    });
    let mut words = vec![String::new()];
    for c in nfd.normalize_iter(spaced).filter(|c| category.get(*c) != Category::NonspacingMark) {
        if is_space(c) {
            words.push(String::new());
        } else if c.is_ascii_punctuation() || Group::Punctuation.contains(category.get(c)) {
            words.extend([c.to_string(), String::new()]);
        } else if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The blocks that BERT takes for Chinese: one character a word.
fn is_chinese(c: char) -> bool {
    matches!(u32::from(c),
        0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x2_0000..=0x2_a6df | 0x2_a700..=0x2_b73f
        | 0x2_b740..=0x2_b81f | 0x2_b920..=0x2_ceaf | 0xf900..=0xfaff | 0x2_f800..=0x2_fa1f)
}

/// A vocabulary of word pieces.
pub struct WordPieces {
    pieces: HashMap<String, u32>,
    unknown: u32,
    first: u32,
    last: u32,
}

impl WordPieces {
    /// Reads a published `tokenizer.json`.
    pub fn load(path: &Path) -> Result<Self, TextError> {
        let file: Value = read_json(path)?;
        Self::parse(&file).map_err(|what| TextError::files(path, what))
    }

    fn parse(file: &Value) -> Result<Self, String> {
        let model = &file["model"];
        let normalizer = &file["normalizer"];
        let is_known = model["type"] == "WordPiece"
            && model["continuing_subword_prefix"] == "##"
            && normalizer["type"] == "BertNormalizer"
            && normalizer["lowercase"] == true;
        if !is_known {
            return Err("the text is cut in a way that this app does not know".into());
        }
        let pieces = model["vocab"].as_object().ok_or("there is no vocabulary in it")?;
        let number = |id: &Value| id.as_u64().and_then(|id| u32::try_from(id).ok());
        let pieces: HashMap<String, u32> = pieces
            .iter()
            .map(|(piece, id)| number(id).map(|id| (piece.clone(), id)))
            .collect::<Option<_>>()
            .ok_or("the vocabulary is damaged")?;
        let mark = |name: &str| pieces.get(name).copied().ok_or(format!("the vocabulary has no {name}"));
        Ok(Self { unknown: mark("[UNK]")?, first: mark("[CLS]")?, last: mark("[SEP]")?, pieces })
    }

    /// The greatest number of a piece.
    pub fn largest(&self) -> u32 {
        self.pieces.values().copied().max().unwrap_or(0)
    }

    /// Whether a word is one piece: the vocabulary was made of the commonest words.
    pub fn is_whole(&self, word: &str) -> bool {
        self.pieces.contains_key(word)
    }

    /// Numbers of the pieces of a text, with both marks.
    pub fn ids(&self, text: &str) -> Vec<u32> {
        let mut ids = vec![self.first];
        split(text).iter().for_each(|word| self.cut(word, &mut ids));
        ids.push(self.last);
        ids
    }

    /// Adds the pieces of a word, or the mark of an unknown one.
    fn cut(&self, word: &str, ids: &mut Vec<u32>) {
        let start = ids.len();
        let mut rest = word;
        let mut is_first = true;
        if word.chars().count() > LONGEST_WORD {
            return ids.push(self.unknown);
        }
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
            let piece = |end: usize| {
                let part = &rest[..end];
                let id = if is_first { self.pieces.get(part) } else { self.pieces.get(&format!("##{part}")) };
                id.map(|id| (end, *id))
            };
            let Some((end, id)) = ends.into_iter().find_map(piece) else {
                ids.truncate(start);
                return ids.push(self.unknown);
            };
            ids.push(id);
            rest = &rest[end..];
            is_first = false;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pieces() -> WordPieces {
        let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "thunder", "##storm", "##s", "cafe", ",", "a", "日"];
        let vocab: serde_json::Map<String, Value> =
            names.iter().enumerate().map(|(k, n)| (n.to_string(), k.into())).collect();
        let model = serde_json::json!({
            "type": "WordPiece", "continuing_subword_prefix": "##", "vocab": vocab });
        let normalizer = serde_json::json!({ "type": "BertNormalizer", "lowercase": true });
        WordPieces::parse(&serde_json::json!({ "model": model, "normalizer": normalizer })).unwrap()
    }

    #[test]
    fn words_lose_capitals_and_accents() {
        assert_eq!(split("  Très DOUX,\tl\u{200b}ento\n"), ["tres", "doux", ",", "lento"]);
        assert_eq!(split("日本a"), ["日", "本", "a"]);
        assert_eq!(split("“più” — mosso!"), ["“", "piu", "”", "—", "mosso", "!"]);
        assert!(split(" \u{0} \u{7} ").is_empty());
    }

    #[test]
    fn the_longest_pieces_are_taken() {
        assert_eq!(pieces().ids("Thunderstorms, a café"), [2, 4, 5, 6, 8, 9, 7, 3]);
        assert_eq!(pieces().ids("thunderx 日"), [2, 1, 10, 3]);
        assert_eq!(pieces().ids(""), [2, 3]);
        assert_eq!(pieces().ids(&"a".repeat(101)), [2, 1, 3]);
    }

    #[test]
    fn other_ways_of_cutting_are_refused() {
        let refused = WordPieces::parse(&serde_json::json!({ "model": { "type": "BPE" } })).err();
        assert!(refused.unwrap().contains("does not know"));
    }
}
