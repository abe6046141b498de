//! Things that a pianist imitates: `imitations.tsv`, and what is learned from them.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use mood::Feeler;
use mood::feeling::imitations::kernel;
use mood::feeling::{Alone, Imitations};
use mood::text::words::split;
use mood::text::{WIDTH, content};
use performance::cues::{CUES, Cue, Cues};

use super::kernel::Fitted;

/// One step of the list in deviations between pianists.
const STEP: f64 = 0.6;

/// Added to the diagonal of the kernels: the best of .03, .1 and .3 on things that were held out with
/// all that share a word with them.
const PULL: f64 = 0.1;

/// Columns of the list after kind and thing.
const COLUMNS: [Cue; 7] =
    [Cue::Tempo, Cue::Rubato, Cue::Level, Cue::Range, Cue::Articulation, Cue::Pedal, Cue::Spread];

/// A thing and how people expect the playing to lean.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// As people write it.
    pub text: &'static str,
    /// In steps of the list: 2 much, 1 a little.
    pub steps: Cues,
}

/// All things.
pub fn all() -> Result<Vec<Thing>> {
    let lines = include_str!("imitations.tsv").lines().filter(|l| !l.starts_with('#')).skip(1);
    lines.map(|line| read(line).with_context(|| format!("imitations.tsv: {line:?}"))).collect()
}

/// The words of all things that say something, in the order of the list.
pub fn words() -> Result<Vec<String>> {
    let says = |word: &String| word.chars().all(char::is_alphabetic) && !content(word).is_empty();
    Ok(all()?.iter().flat_map(|thing| split(thing.text)).filter(says).collect())
}

fn read(line: &'static str) -> Result<Thing> {
    let cells: Vec<&str> = line.split('\t').collect();
    ensure!(cells.len() == 2 + COLUMNS.len(), "it has {} cells", cells.len());
    let mut steps = [0.0; CUES];
    for (cue, cell) in COLUMNS.into_iter().zip(&cells[2..]) {
        let step: i8 = cell.parse().with_context(|| format!("{cell:?} is no number"))?;
        ensure!(step.abs() <= 2, "{step} is more than two steps");
        steps[cue as usize] = f64::from(step);
    }
    Ok(Thing { text: cells[1], steps })
}

/// Things as they are read, and what corrects the labels.
pub struct Learned {
    /// The things.
    pub things: Vec<Thing>,
    /// Their embeddings, unit length.
    pub vectors: Vec<Vec<f32>>,
    /// What the labels alone make of them.
    pub alone: Vec<Alone>,
    /// Their words in all forms.
    words: Vec<BTreeSet<String>>,
    fitted: Fitted,
}

impl Learned {
    /// Learns what the labels of `feeler` get wrong.
    pub fn new(feeler: &Feeler) -> Result<Self> {
        let things = all()?;
        let (mut vectors, mut alone, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        for thing in &things {
            let Some((vector, of_labels)) = thing_of(feeler, thing.text)? else {
                unknown.push(thing.text);
                continue;
            };
            vectors.push(vector);
            alone.push(of_labels);
        }
        ensure!(unknown.is_empty(), "words.txt has no word of {}", unknown.join(", "));
        let wrong = |(thing, alone): (&Thing, &Alone)| -> Cues {
            std::array::from_fn(|cue| STEP * thing.steps[cue] - alone.cues[cue])
        };
        let targets: Vec<Cues> = things.iter().zip(&alone).map(wrong).collect();
        let row = |a: &Vec<f32>| vectors.iter().map(|b| kernel(dot(a, b))).collect();
        let fitted = Fitted::new(vectors.iter().map(row).collect(), &targets, PULL);
        let words = things.iter().map(|thing| content(thing.text)).collect();
        Ok(Self { things, vectors, alone, words, fitted })
    }

    /// Weights of the kernels, in the order of the things.
    pub fn weights(&self) -> &[Cues] {
        self.fitted.weights()
    }

    /// What the things teach that share no word with a text.
    pub fn without_words_of(&self, text: &str) -> Imitations {
        let words = content(text);
        let shares = |k: &usize| !self.words[*k].is_disjoint(&words);
        let (left_out, kept): (Vec<usize>, Vec<usize>) = (0..self.things.len()).partition(shares);
        let weights = self.fitted.without(&left_out);
        let vectors = kept.iter().flat_map(|k| self.vectors[*k].iter().copied()).collect();
        Imitations::new(vectors, kept.iter().map(|k| weights[*k]).collect())
    }

    /// Whether a text shares a word with any of the things.
    pub fn shares_a_word(&self, text: &str) -> bool {
        let words = content(text);
        self.words.iter().any(|of_thing| !of_thing.is_disjoint(&words))
    }
}

/// The embedding of a thing, and what the labels alone make of it; none if no word of it is known.
fn thing_of(feeler: &Feeler, text: &str) -> Result<Option<(Vec<f32>, Alone)>> {
    let Some(alone) = feeler.alone(text)? else { return Ok(None) };
    let vector = match &alone.reading {
        Some(reading) => reading.thing.clone(),
        None => feeler.reader().read(text)?.thing,
    };
    ensure!(vector.len() == WIDTH, "{text:?} has an embedding of {} values", vector.len());
    Ok(Some((vector, alone)))
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    f64::from(a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_list_is_read_and_names_nothing_twice() {
        let things = all().unwrap();
        assert!(things.len() > 600, "{}", things.len());
        assert_eq!(things.iter().map(|t| t.text).collect::<HashSet<_>>().len(), things.len());
        let of = |text: &str| things.iter().find(|t| t.text == text).unwrap().steps;
        let harp = of("a harp");
        assert_eq!(
            (harp[Cue::Pedal as usize], harp[Cue::Spread as usize], harp[Cue::Swell as usize]),
            (2.0, 2.0, 0.0)
        );
        assert_eq!(of("a snail")[Cue::Tempo as usize], -2.0);
        assert!(things.iter().all(|t| t.steps.iter().any(|s| *s != 0.0)), "something is expected of each");
    }

    #[test]
    fn the_words_are_those_that_say_something() {
        let words = words().unwrap();
        assert!(["lyre", "bourree", "box"].iter().all(|w| words.iter().any(|word| word == w)));
        assert!(!words.iter().any(|word| ["a", "of", "the", "s"].contains(&word.as_str())));
    }

    #[test]
    fn damaged_lines_are_refused() {
        for line in
            ["brass\ta horn\t1", "brass\ta horn\t1\t0\tx\t0\t0\t0\t0", "brass\ta horn\t3\t0\t0\t0\t0\t0\t0"]
        {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
