//! What a text says: a sentence embedding, valence and arousal.
//!
//! all-MiniLM-L6-v2 ([`bert`]) reads where the set-up could fetch it; elsewhere a [`table`] of words
//! does. Musical terms and rare words are put into plain English first ([`phrase`]): the network was
//! trained on English and sees only the spelling of others.

pub mod archive;
pub mod bert;
mod encoder;
mod forms;
pub mod phrase;
pub mod table;
pub mod words;

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use thiserror::Error;

pub use encoder::{Encoder, encoder_folder};
use phrase::Part;
use table::Table;

/// Values of a sentence embedding.
pub const WIDTH: usize = 384;

/// Number of mood labels.
pub const LABELS: usize = 33;

/// Characters of the longest text that is read.
pub const MOST_CHARACTERS: usize = 2000;

/// Known words that a reading names.
const NEAREST: usize = 5;

/// How much the network's judgement of a whole phrase counts beside the words that are known.
const WHOLE: f64 = 0.4;

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Sentence embedding, unit length, [`WIDTH`] values.
    pub vector: Vec<f32>,
    /// -1 unpleasant to 1 pleasant, 0 neutral; the lexicon's scale of 1 to 9.
    pub valence: f64,
    /// -1 still to 1 excited, 0 neutral.
    pub arousal: f64,
    /// 0 a guess to 1 certain: 1 if every word is known, and for words that the encoder alone knows
    /// the cosine of the nearest known one.
    pub sureness: f64,
    /// Up to five known words with their cosines, the nearest first; none if the text says nothing.
    pub nearest: Vec<(String, f64)>,
    /// Words that nobody knows: the table does not have them, and if the encoder reads, they are
    /// none of its common words either, so that it guesses from their spelling.
    pub unknown: Vec<String>,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// all-MiniLM-L6-v2.
    MiniLm,
    /// The table of known words.
    Table,
}

/// Why a text cannot be read.
#[derive(Debug, Error)]
pub enum TextError {
    /// There is nothing in it.
    #[error("the text is empty; write a mood, such as `calm`")]
    Empty,
    /// There is too much in it.
    #[error("the text has {found} words, pieces of words or characters, at most {most} are read; shorten it")]
    TooLong {
        /// How much there is.
        found: usize,
        /// How much is read.
        most: usize,
    },
    /// Numbers of tokens that are none.
    #[error("the tokens do not belong to this text encoder's vocabulary")]
    Tokens,
    /// The files are missing or broken.
    #[error(
        "{what} ({path}); reinstall the models folder, or delete the text encoder's and run the set-up again",
        path = path.display()
    )]
    Files {
        /// What is wrong.
        what: String,
        /// The file.
        path: PathBuf,
    },
}

impl TextError {
    pub(crate) fn files(path: &Path, what: impl Into<String>) -> Self {
        Self::Files { what: what.into(), path: path.to_owned() }
    }
}

/// Reads texts; the same text reads the same each time on the same device.
pub struct Reader {
    table: Table,
    encoder: Option<Encoder>,
    trouble: Option<TextError>,
}

impl Reader {
    /// Loads the text encoder from its folder if it is there, and the table of `models/text`.
    ///
    /// Where there is no encoder the table reads alone; so it does where the encoder is broken, and
    /// [`Self::trouble`] says what is wrong with it.
    pub fn load(models: &Path, encoder: Option<&Path>, device: Device) -> Result<Self, TextError> {
        let table = Table::load(&models.join(table::FOLDER))?;
        let there = encoder.filter(|folder| Encoder::is_in(folder));
        let (encoder, trouble) = match there.map(|folder| Encoder::load(folder, &device)) {
            Some(Ok(encoder)) => (Some(encoder), None),
            Some(Err(trouble)) => (None, Some(trouble)),
            None => (None, None),
        };
        Ok(Self { table, encoder, trouble })
    }

    /// Why the encoder that is there does not read.
    pub fn trouble(&self) -> Option<&TextError> {
        self.trouble.as_ref()
    }

    /// Who reads.
    pub fn source(&self) -> Source {
        if self.encoder.is_some() { Source::MiniLm } else { Source::Table }
    }

    /// The words that are known by themselves.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Reads one phrase. Without any known word it is neutral, with a sureness of 0, and `unknown`
    /// says why.
    pub fn read(&self, text: &str) -> Result<Reading, TextError> {
        let words = words_of(text)?;
        let parts = phrase::parse(&words, &self.table);
        let judged = Judged::of(&parts, self.encoder.as_ref());
        let vector = match &self.encoder {
            Some(encoder) if judged.says_something() => {
                let plain = phrase::plain(&words, &self.table);
                encoder.embed(&[plain.as_str()])?.swap_remove(0)
            }
            _ => self.mean(&parts),
        };
        let count = if judged.says_something() { NEAREST } else { 0 };
        let nearest = self.table.nearest(&vector, count);
        let nearness = nearest.first().map_or(0.0, |n| n.1);
        let [valence, arousal] = self.feeling(&vector, &judged, phrase::feeling(&parts, &self.table));
        let name = |(place, cosine): (usize, f64)| (self.table.entries()[place].word.clone(), cosine);
        Ok(Reading {
            valence,
            arousal,
            sureness: judged.sureness(nearness),
            nearest: nearest.into_iter().map(name).collect(),
            unknown: judged.unknown.iter().map(|word| as_written(text, word)).collect(),
            vector,
        })
    }

    /// Sentence embeddings of texts as they are written, unit length. From the table: the mean of
    /// the known words.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, TextError> {
        let words = texts.iter().map(|text| words_of(text)).collect::<Result<Vec<_>, _>>()?;
        match &self.encoder {
            Some(encoder) => encoder.embed(texts),
            None => Ok(words.iter().map(|w| self.mean(&phrase::parse(w, &self.table))).collect()),
        }
    }

    /// The mean vector of the known words by their weights, unit length; of the labels where there
    /// are none.
    fn mean(&self, parts: &[Part]) -> Vec<f32> {
        let mut sum = vec![0.0; WIDTH];
        for part in parts {
            if let Part::Known(place) | Part::Opposite(place) = part {
                let weight = self.table.entries()[*place].weight() as f32;
                sum.iter_mut().zip(self.table.vector(*place)).for_each(|(s, v)| *s += weight * v);
            }
        }
        if sum.iter().all(|s| *s == 0.0) { self.table.neutral() } else { unit(&sum) }
    }

    /// One word alone has its own values; in a phrase the encoder's judgement of the whole weighs in
    /// with the known words, the more the fewer of them there are.
    fn feeling(&self, vector: &[f32], judged: &Judged, known: Option<[f64; 2]>) -> [f64; 2] {
        let Some(known) = known else {
            return if judged.read > 0 { self.table.lines().apply(vector) } else { [0.0; 2] };
        };
        if self.encoder.is_none() || (judged.known == 1 && judged.words == 1) {
            return known;
        }
        let whole = self.table.lines().apply(vector);
        let share = 1.0 - (1.0 - WHOLE) * judged.known as f64 / judged.words.max(1) as f64;
        // Words that nobody knows say nothing, and neither does the encoder about them.
        let share = if judged.read == 0 { WHOLE } else { share };
        [0, 1].map(|k| known[k] + share * (whole[k] - known[k]))
    }
}

/// How well the words of a text are known.
#[derive(Default)]
struct Judged {
    unknown: Vec<String>,
    /// Words with a meaning of their own.
    words: usize,
    /// Of these in the table.
    known: usize,
    /// Of these known by the encoder alone.
    read: usize,
}

impl Judged {
    fn of(parts: &[Part], encoder: Option<&Encoder>) -> Self {
        let mut judged = Self::default();
        for part in parts {
            match part {
                Part::Small(_) => continue,
                Part::Known(_) | Part::Opposite(_) => judged.known += 1,
                Part::Other(word) if encoder.is_some_and(|e| e.knows(word)) => judged.read += 1,
                Part::Other(word) => judged.unknown.push(word.clone()),
            }
            judged.words += 1;
        }
        judged
    }

    fn says_something(&self) -> bool {
        self.known + self.read > 0
    }

    /// A word that the encoder alone knows counts by the cosine of the nearest known one.
    fn sureness(&self, nearness: f64) -> f64 {
        let sure = self.known as f64 + self.read as f64 * nearness.max(0.0);
        (sure / self.words.max(1) as f64).clamp(0.0, 1.0)
    }
}

/// The words of a text of a bounded length.
fn words_of(text: &str) -> Result<Vec<String>, TextError> {
    let found = text.chars().count();
    if found > MOST_CHARACTERS {
        return Err(TextError::TooLong { found, most: MOST_CHARACTERS });
    }
    let words = words::split(text);
    let says_something = words.iter().any(|word| word.chars().any(char::is_alphanumeric));
    if says_something { Ok(words) } else { Err(TextError::Empty) }
}

/// A word of a text with its capitals and accents.
fn as_written(text: &str, word: &str) -> String {
    let mut written = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    written.find(|part| words::split(part) == [word]).unwrap_or(word).to_owned()
}

/// The embeddings of the mood labels, each the mean of its sentences, unit length
/// `[LABELS][WIDTH]`, in the order of [`table`]'s labels.
pub fn label_embeddings(models: &Path) -> Result<Vec<Vec<f32>>, TextError> {
    let path = models.join(table::FOLDER).join(table::LABELS);
    let bytes = archive::read(&path)?;
    let means = archive::Archive::parse(&bytes, &path)?.values("mean", &[LABELS, WIDTH])?;
    Ok(means.chunks_exact(WIDTH).map(unit).collect())
}

/// A vector made unit length; a vector of zeros stays.
pub fn unit(vector: &[f32]) -> Vec<f32> {
    let norm = vector.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
    vector.iter().map(|v| (f64::from(*v) / norm.max(1e-12)) as f32).collect()
}
