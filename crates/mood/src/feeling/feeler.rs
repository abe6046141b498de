//! Understands moods: reads a text and weighs it against the labels.

use std::path::Path;

use burn::tensor::Device;
use performance::cues::Cues;

use super::alone::{Alone, Corrected};
use super::embeddings::Embeddings;
use super::error::MoodError;
use super::imitations::{Imitations, SAME};
use super::meaning::Feeling;
use crate::labels::{self, LABELS, Labelling, Weights};
use crate::listeners::{Listeners, ends};
use crate::text::words::split;
use crate::text::{Reader, Source, TextError, WIDTH, comparison};

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

/// A text is no surer than this where a word of it is not known, or where it compares with something that may be
/// no thing: then another word may have been meant, which the words that are known do not tell.
const SURE_IN_DOUBT: f64 = 0.7;

/// Understands texts.
pub struct Feeler {
    reader: Reader,
    embeddings: Embeddings,
    labelling: Option<Labelling>,
    imitations: Option<Imitations>,
    listeners: Option<Listeners>,
}

impl Feeler {
    /// Loads what it takes: the text encoder if it is there, else the table in `models/text`.
    pub fn load(models: &Path, encoder: Option<&Path>, device: Device) -> Result<Self, TextError> {
        let reader = Reader::load(models, encoder, device)?;
        let plain = Self::plain(reader, &crate::text::label_embeddings(models)?);
        let (labelling, imitations) = (Labelling::load(models)?, Imitations::load(models)?);
        Ok(Self { labelling, imitations, listeners: Listeners::load(models)?, ..plain })
    }

    /// Understands by the labels alone, with embeddings of their sentences `[LABELS][WIDTH]`.
    pub fn plain(reader: Reader, labels: &[Vec<f32>]) -> Self {
        let embeddings = Embeddings::new(labels);
        Self { reader, embeddings, labelling: None, imitations: None, listeners: None }
    }

    /// What reads the words.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The things that a pianist is known to imitate, if the models have any.
    pub fn imitations(&self) -> Option<&Imitations> {
        self.imitations.as_ref()
    }

    /// What listeners make of playing, if the models say it.
    pub fn listeners(&self) -> Option<&Listeners> {
        self.listeners.as_ref()
    }

    /// What a person should know of how words are read here: nothing while the encoder reads.
    pub fn note(&self) -> Option<String> {
        let alone = "Words are looked up one by one";
        match (self.reader.source(), self.reader.trouble()) {
            (Source::MiniLm, _) => None,
            (Source::Table, Some(trouble)) => Some(format!("{alone}: {trouble}")),
            (Source::Table, None) => {
                Some(format!("{alone}: what reads whole phrases, the text encoder, is not on this computer"))
            }
        }
    }

    /// Whether there is no encoder, whole or broken.
    pub fn lacks_encoder(&self) -> bool {
        matches!(self.reader.source(), Source::Table) && self.reader.trouble().is_none()
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
        let is_doubtful = felt.is_doubtful || !felt.unknown.is_empty();
        let surest = if is_doubtful { SURE_IN_DOUBT } else { 1.0 };
        Ok(Feeling {
            text: text.to_owned(),
            weights: weights.to_vec(),
            vector: self.vector(&weights, &cues),
            cues,
            sureness: (felt.sureness / count).min(surest),
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

    /// What the labels alone make of a text. `None` where nobody knows a word: that is no mood, not
    /// the mean of all.
    pub fn alone(&self, text: &str) -> Result<Option<Alone>, TextError> {
        if let Some(label) = labels::named(text) {
            let weights = std::array::from_fn(|k| f64::from(u8::from(k == label)));
            let cues = labels::cues_of(&weights);
            return Ok(Some(Alone { weights, cues, reading: None }));
        }
        let reading = self.reader.read(text)?;
        if reading.known <= 0.0 {
            return Ok(None);
        }
        let weights = self.embeddings.weigh(&reading);
        let cues = labels::cues_of(&weights);
        Ok(Some(Alone { weights, cues, reading: Some(reading) }))
    }

    /// How a performance leans so that listeners hear the word, for words that they were asked about.
    fn heard(&self, core: &str, cues: &Cues) -> Option<Cues> {
        let (listeners, labelling) = (self.listeners.as_ref()?, self.labelling.as_ref()?);
        listeners.heard(core, cues, &labelling.deviations)
    }

    fn add(&self, felt: &mut Felt, part: &str) -> Result<(), MoodError> {
        let (size, core) = without_size(part);
        let Some(alone) = self.alone(core)? else {
            felt.unknown.extend(self.reader.read(core)?.unknown);
            return Ok(());
        };
        let unknown = alone.reading.iter().flat_map(|reading| &reading.unknown);
        felt.unknown.extend(unknown.cloned());
        let corrected = alone.corrected(self.imitations.as_ref());
        let Corrected { mut cues, mut share, evidence, sureness } = corrected;
        let is_quality = |word: &str| labels::named(word).is_some() || ends::of(word).is_some();
        // What means itself is near to itself alone.
        let is_set = alone.reading.as_ref().is_some_and(|reading| reading.is_set);
        let is_known = evidence.nearness >= SAME && !is_set;
        let words = split(core);
        // A thing that is known by some of the words only may not be what was meant.
        felt.is_doubtful |= comparison::lacks_thing(&words, is_quality)
            || (!is_known && comparison::is_doubtful(&words, is_quality));
        if let Some(heard) = self.heard(core, &cues) {
            (cues, share) = (heard, 1.0);
        }
        let mut weights = alone.weights;
        if let Some(leaning) = self.labelling.as_ref().and_then(|labelling| labelling.weigh(&cues)) {
            weights.iter_mut().zip(leaning).for_each(|(w, of_cues)| *w += share * (of_cues - *w));
        }
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
    /// Whether something else may have been meant.
    is_doubtful: bool,
    unknown: Vec<String>,
}

impl Default for Felt {
    fn default() -> Self {
        let (weights, cues) = ([0.0; LABELS], Cues::default());
        Self { weights, cues, sureness: 0.0, is_doubtful: false, unknown: Vec::new() }
    }
}

/// `very sad` is `sad` and 1.3.
fn without_size(text: &str) -> (f64, &str) {
    let lower = text.to_ascii_lowercase();
    let found = SIZES.iter().find(|(word, _)| lower.starts_with(word));
    found.map_or((1.0, text), |(word, size)| (*size, text[word.len()..].trim()))
}
