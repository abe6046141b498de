//! Reads texts: by the encoder and the table of words, or by the table alone.

use std::path::Path;

use burn::tensor::Device;

use super::encoder::Encoder;
use super::error::TextError;
use super::judged::Judged;
use super::phrase::{self, Part};
use super::reading::{Reading, Source};
use super::table::{self, Table};
use super::thing;
use super::vector::{WIDTH, unit};
use super::words;

/// Characters of the longest text that is read.
pub const MOST_CHARACTERS: usize = 2000;

/// Known words that a reading names.
const NEAREST: usize = 5;

/// How much the network's judgement of a whole phrase counts beside the words that are known.
const WHOLE: f64 = 0.4;

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
        let reader = Self::new(Table::load(&models.join(table::FOLDER))?, None);
        let there = encoder.filter(|folder| Encoder::is_in(folder));
        let (encoder, trouble) = match there.map(|folder| Encoder::load(folder, &device)) {
            Some(Ok(encoder)) => (Some(encoder), None),
            Some(Err(trouble)) => (None, Some(trouble)),
            None => (None, None),
        };
        Ok(Self { encoder, trouble, ..reader })
    }

    /// From a table of words, and an encoder if there is one.
    pub fn new(table: Table, encoder: Option<Encoder>) -> Self {
        Self { table, encoder, trouble: None }
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

    /// Reads one phrase. Without any known word it is neutral, `known` is 0, and `unknown` says why.
    pub fn read(&self, text: &str) -> Result<Reading, TextError> {
        let words = words_of(text)?;
        let parts = phrase::parse(&words, &self.table);
        let judged = Judged::of(&parts, self.encoder.as_ref());
        let thing = thing::thing(&words);
        let (vector, thing) = match &self.encoder {
            Some(encoder) if judged.says_something() => {
                let (plain, thing) = (phrase::plain(&words, &self.table), thing.join(" "));
                let mut rows = encoder.embed(&[plain.as_str(), thing.as_str()])?.into_iter();
                (rows.next().unwrap_or_default(), rows.next().unwrap_or_default())
            }
            _ => (self.mean(&parts), self.mean(&phrase::parse(thing, &self.table))),
        };
        let count = if judged.says_something() { NEAREST } else { 0 };
        let nearest = self.table.nearest(&vector, count);
        let [valence, arousal] = self.feeling(&vector, &judged, phrase::feeling(&parts, &self.table));
        let name = |(place, cosine): (usize, f64)| (self.table.entries()[place].word.clone(), cosine);
        Ok(Reading {
            valence,
            arousal,
            known: judged.share(),
            is_set: thing::is_set(&parts, &words, &self.table),
            thing,
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
