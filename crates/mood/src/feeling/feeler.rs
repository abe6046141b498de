//! Understands moods: reads a text and weighs it against the labels.

use std::path::Path;

use burn::tensor::Device;
use performance::cues::Cues;

use super::embeddings::Embeddings;
use super::error::MoodError;
use super::meaning::Feeling;
use crate::labels::{self, LABELS, Labelling, Weights};
use crate::text::{Reader, Source, TextError, WIDTH};

/// Words of size before a mood, and what they make of it.
const SIZES: [(&str, f64); 12] = [
    ("extremely ", 1.5),
    ("deeply ", 1.4),
    ("wildly ", 1.4),
    ("very ", 1.3),
    ("really ", 1.2),
    ("quite ", 0.9),
    ("rather ", 0.8),
    ("somewhat ", 0.6),
    ("a little ", 0.5),
    ("a bit ", 0.5),
    ("slightly ", 0.5),
    ("un poco ", 0.5),
];

/// Understands texts.
pub struct Feeler {
    reader: Reader,
    embeddings: Embeddings,
    labelling: Option<Labelling>,
}

impl Feeler {
    /// Loads what it takes: the text encoder if it is there, else the table in `models/text`.
    pub fn load(models: &Path, encoder: Option<&Path>, device: Device) -> Result<Self, TextError> {
        let reader = Reader::load(models, encoder, device)?;
        let embeddings = Embeddings::new(&crate::text::label_embeddings(models)?);
        Ok(Self { reader, embeddings, labelling: Labelling::load(models)? })
    }

    /// What a person should know of how words are read here: nothing while the encoder reads.
    pub fn note(&self) -> Option<String> {
        let alone = "Words are looked up one by one";
        match (self.reader.source(), self.reader.trouble()) {
            (Source::MiniLm, _) => None,
            (Source::Table, Some(trouble)) => Some(format!("{alone}: {trouble}")),
            (Source::Table, None) => Some(format!("{alone}: what reads whole phrases is not installed")),
        }
    }

    /// Which encoder reads.
    pub fn source(&self) -> Source {
        self.reader.source()
    }

    /// What one mood means: moods between commas are mixed in equal parts.
    pub fn feel(&self, text: &str) -> Result<Feeling, MoodError> {
        let parts: Vec<&str> = text.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
        let mut felt = Felt::default();
        for part in &parts {
            self.add(&mut felt, part)?;
        }
        let count = parts.len().max(1) as f64;
        let weights = felt.weights.map(|w| w / count);
        let cues = felt.cues.map(|c| c / count);
        Ok(Feeling {
            text: text.to_owned(),
            weights: weights.to_vec(),
            vector: self.vector(&weights, &cues),
            cues,
            sureness: felt.sureness / count,
            unknown: felt.unknown,
        })
    }

    /// The condition of a performance that leans so.
    fn vector(&self, weights: &Weights, cues: &Cues) -> Vec<f32> {
        if cues.iter().all(|c| *c == 0.0) {
            return vec![0.0; WIDTH];
        }
        let as_labelled = self.labelling.as_ref().and_then(|labelling| labelling.weigh(cues));
        self.embeddings.mix(&as_labelled.unwrap_or(*weights))
    }

    fn add(&self, felt: &mut Felt, part: &str) -> Result<(), MoodError> {
        let (size, core) = without_size(part);
        let (weights, sureness) = match labels::named(core) {
            Some(label) => (std::array::from_fn(|k| f64::from(u8::from(k == label))), 1.0),
            None => {
                let reading = self.reader.read(core)?;
                felt.unknown.extend(reading.unknown.iter().cloned());
                if reading.sureness <= 0.0 {
                    // Nothing is known of it: that is no mood, not the mean of all.
                    return Ok(());
                }
                (self.embeddings.weigh(&reading), reading.sureness)
            }
        };
        let cues = labels::cues_of(&weights);
        felt.weights.iter_mut().zip(weights).for_each(|(sum, w)| *sum += w);
        felt.cues.iter_mut().zip(cues).for_each(|(sum, c)| *sum += size * c);
        felt.sureness += sureness;
        Ok(())
    }
}

struct Felt {
    weights: Weights,
    cues: Cues,
    sureness: f64,
    unknown: Vec<String>,
}

impl Default for Felt {
    fn default() -> Self {
        let (weights, cues) = ([0.0; LABELS], Cues::default());
        Self { weights, cues, sureness: 0.0, unknown: Vec::new() }
    }
}

/// `very sad` is `sad` and 1.3.
fn without_size(text: &str) -> (f64, &str) {
    let lower = text.to_ascii_lowercase();
    let found = SIZES.iter().find(|(word, _)| lower.starts_with(word));
    found.map_or((1.0, text), |(word, size)| (*size, text[word.len()..].trim()))
}
