//! The lexicon: English words and how people feel about them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// A word and its mean ratings, from -1 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// In lower case.
    pub word: String,
    /// -1 unpleasant to 1 pleasant.
    pub valence: f64,
    /// -1 still to 1 excited.
    pub arousal: f64,
}

/// Reads `lexicon/glasgow_vad.tsv` of the data folder; the words are in alphabetical order.
pub fn read(data: &Path) -> Result<Vec<Word>> {
    let path = data.join("lexicon").join("glasgow_vad.tsv");
    let text = std::fs::read_to_string(&path).with_context(|| format!("no lexicon at {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is not the lexicon", path.display()))
}

/// Lines of word, valence, arousal, dominance on a scale of 1 to 9. A word is rated once more for
/// each of its senses, in brackets; a word without a plain rating has the mean of its senses'.
fn parse(text: &str) -> Result<Vec<Word>> {
    let mut ratings: BTreeMap<String, Vec<(bool, [f64; 2])>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        ensure!(cells.len() == 4, "a line has {} cells and not 4: {line}", cells.len());
        let scaled = |cell: &str| -> Result<f64> {
            let rating: f64 = cell.parse().with_context(|| format!("no number: {line}"))?;
            ensure!((1.0..=9.0).contains(&rating), "not between 1 and 9: {line}");
            Ok((rating - 5.0) / 4.0)
        };
        let word = cells[0].split(" (").next().unwrap_or_default();
        let is_plain = word == cells[0];
        let rating = (is_plain, [scaled(cells[1])?, scaled(cells[2])?]);
        ratings.entry(word.to_lowercase()).or_default().push(rating);
    }
    let word = |(word, mut ratings): (String, Vec<(bool, [f64; 2])>)| {
        if ratings.iter().any(|r| r.0) {
            ratings.retain(|r| r.0);
        }
        let mean = |k: usize| ratings.iter().map(|r| r.1[k]).sum::<f64>() / ratings.len() as f64;
        Word { valence: mean(0), arousal: mean(1), word }
    };
    Ok(ratings.into_iter().map(word).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn plain_ratings_go_before_senses() {
        let text =
            "head\nbright (light)\t9\t5\t5\nbright (mind)\t7\t5\t5\nSad\t1\t3\t4\nsad (poor)\t2\t4\t4\n";
        let words = parse(text).unwrap();
        let word = |k: usize| (words[k].word.as_str(), words[k].valence, words[k].arousal);
        assert_eq!((words.len(), word(0), word(1)), (2, ("bright", 0.75, 0.0), ("sad", -1.0, -0.5)));
    }

    #[test]
    fn damaged_lines_are_named() {
        for line in ["sad\t1\t3", "sad\t1\tx\t4", "sad\t0\t3\t4"] {
            let error = format!("{:#}", parse(&format!("head\n{line}\n")).unwrap_err());
            assert!(error.contains("sad"), "{error}");
        }
    }
}
