//! From words to what the performers take: a text is weighed against the labels.
//!
//! A text is the labels that it is nearest to, by meaning (cosine of sentence embeddings) and by
//! feeling (valence and arousal); the name of a label is that label alone. Their cues say how a
//! performance should lean. The network was trained on bars that lean so, each labelled by its cues:
//! a text gets the mixture of label embeddings that a bar with its cues would have, and neither the
//! text's own embedding nor a label's, which the network has never seen pure.

use std::path::Path;

use burn::tensor::Device;
use notation::{Quarters, Score};
use performance::cues::{Cue, Cues};
use performers::Region;
use performers::mood::{Mood, Span};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::labels::{self, ALL, LABELS, Labelling, Weights};
use crate::text::{Reader, Reading, Source, TextError, WIDTH};
use crate::words::{self, Phrase, WordsError};

/// How much nearer in meaning counts: cosines, centred, differ by about so much.
const MEANING: f64 = 0.09;

/// How much nearer in valence and arousal counts.
const FEELING: f64 = 0.4;

/// Root mean square of the condition vector of a label alone.
const LOUDNESS: f32 = 2.0;

/// What a text means to a performer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feeling {
    /// The text.
    pub text: String,
    /// How much of each label is in it.
    pub weights: Vec<f64>,
    /// The condition vector, [`WIDTH`] values.
    pub vector: Vec<f32>,
    /// How a performance is expected to lean, in deviations between pianists.
    pub cues: Cues,
    /// 0 a guess to 1 certain: how near the text is to words that are known.
    pub sureness: f64,
    /// Words that nobody knows.
    pub unknown: Vec<String>,
}

/// A cue that changes less than this, in deviations between pianists, is not worth an arrow.
const NOTICED: f64 = 0.25;

impl Feeling {
    /// What is expected to change, and whether to more (true) or less: for tempo, dynamics,
    /// articulation, pedal and rubato, those that change enough to be noticed.
    pub fn arrows(&self) -> Vec<(Cue, bool)> {
        let shown = [Cue::Tempo, Cue::Level, Cue::Articulation, Cue::Pedal, Cue::Rubato];
        let of = |cue: Cue| (cue, self.cues[cue as usize]);
        shown.map(of).into_iter().filter(|(_, c)| c.abs() >= NOTICED).map(|(cue, c)| (cue, c > 0.0)).collect()
    }

    /// The labels that are most in it, with their share, the most first.
    pub fn nearest(&self, most: usize) -> Vec<(&'static str, f64)> {
        let mut all: Vec<_> = ALL.iter().map(|l| l.name).zip(self.weights.iter().copied()).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all.truncate(most);
        all
    }

    /// This mood from the first note to the last.
    pub fn throughout(&self, score: &Score, strength: f64) -> Mood {
        let from = score.notes.first().map(|n| n.onset).unwrap_or_default();
        let span = Span { from, to: score.end(), vector: self.vector.clone(), cues: self.cues };
        Mood { spans: vec![span], strength }
    }

    /// In words: what the performance will be.
    pub fn in_words(&self) -> String {
        let word = |(cue, more): (Cue, bool)| match (cue, more) {
            (Cue::Tempo, true) => "faster",
            (Cue::Tempo, false) => "slower",
            (Cue::Level, true) => "louder",
            (Cue::Level, false) => "softer",
            (Cue::Articulation, true) => "more legato",
            (Cue::Articulation, false) => "more detached",
            (Cue::Pedal, true) => "more pedal",
            (Cue::Pedal, false) => "less pedal",
            (_, true) => "freer",
            (_, false) => "steadier",
        };
        let words: Vec<&str> = self.arrows().into_iter().map(word).collect();
        if words.is_empty() { "nothing much changes".into() } else { words.join(", ") }
    }
}

/// Why a text cannot steer a performance.
#[derive(Debug, Error)]
pub enum MoodError {
    /// The text cannot be taken apart.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// The text cannot be read.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Bars that the score does not have.
    #[error("the mood `{text}` is for bars {bars}, but the score has no such bars")]
    Bars {
        /// The mood.
        text: String,
        /// The bars asked for.
        bars: String,
    },
}

/// Understands texts.
pub struct Feeler {
    reader: Reader,
    embeddings: Embeddings,
    labelling: Option<Labelling>,
}

/// The condition vectors of the labels.
pub struct Embeddings {
    /// `[LABELS][WIDTH]`, centred and scaled.
    rows: Vec<Vec<f32>>,
    /// What all labels have in common, taken out of `rows`.
    common: Vec<f32>,
}

impl Embeddings {
    /// From sentence embeddings of the labels `[LABELS][WIDTH]`.
    pub fn new(sentences: &[Vec<f32>]) -> Self {
        let count = sentences.len().max(1) as f32;
        let common: Vec<f32> =
            (0..WIDTH).map(|k| sentences.iter().map(|s| s[k]).sum::<f32>() / count).collect();
        let centred = |s: &Vec<f32>| s.iter().zip(&common).map(|(v, c)| v - c).collect::<Vec<f32>>();
        let mut rows: Vec<Vec<f32>> = sentences.iter().map(centred).collect();
        for row in &mut rows {
            let rms = (row.iter().map(|v| v * v).sum::<f32>() / WIDTH as f32).sqrt().max(1e-9);
            row.iter_mut().for_each(|v| *v *= LOUDNESS / rms);
        }
        Self { rows, common }
    }

    /// The condition vector of weighted labels (A.8: the sum of weights times embeddings).
    pub fn mix(&self, weights: &Weights) -> Vec<f32> {
        let mut mix = vec![0.0; WIDTH];
        for (row, weight) in self.rows.iter().zip(weights) {
            mix.iter_mut().zip(row).for_each(|(sum, v)| *sum += *weight as f32 * v);
        }
        mix
    }

    /// Cosines of a text's embedding with the labels, what they have in common left out.
    fn cosines(&self, vector: &[f32]) -> Vec<f64> {
        let centred: Vec<f32> = vector.iter().zip(&self.common).map(|(v, c)| v - c).collect();
        let norm = |v: &[f32]| f64::from(v.iter().map(|x| x * x).sum::<f32>()).sqrt().max(1e-9);
        let dot = |row: &[f32]| f64::from(row.iter().zip(&centred).map(|(a, b)| a * b).sum::<f32>());
        self.rows.iter().map(|row| dot(row) / (norm(row) * norm(&centred))).collect()
    }

    /// How much of each label is in what a reader read.
    fn weigh(&self, reading: &Reading) -> Weights {
        let cosines = self.cosines(&reading.vector);
        let far = |k: usize| {
            let label = &ALL[k];
            let (v, a) = (reading.valence - label.valence, reading.arousal - label.arousal);
            cosines[k] / MEANING - (v * v + a * a) / (2.0 * FEELING * FEELING)
        };
        let scores: [f64; LABELS] = std::array::from_fn(far);
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        normalised(scores.map(|s| (s - most).exp()))
    }
}

fn normalised(weights: Weights) -> Weights {
    let sum: f64 = weights.iter().sum();
    weights.map(|w| w / sum.max(1e-12))
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
        let alone = "Words are looked up one by one, without the text encoder";
        match (self.reader.source(), self.reader.trouble()) {
            (Source::MiniLm, _) => None,
            (Source::Table, Some(trouble)) => Some(format!("{alone}: {trouble}")),
            (Source::Table, None) => Some(format!("{alone}, which `cargo xtask run` fetches")),
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

    /// The moods of a text over a region of a score; none for a text that says nothing. The second
    /// half of the answer tells what was understood, in the order of the text.
    pub fn lay(
        &self,
        score: &Score,
        region: &Region,
        text: &str,
        strength: f64,
    ) -> Result<Option<(Mood, Vec<Laid>)>, MoodError> {
        let phrases = words::parse(text)?;
        if phrases.is_empty() {
            return Ok(None);
        }
        let shares = shares(score, region, &phrases);
        let mut laid = Vec::with_capacity(phrases.len());
        for (phrase, share) in phrases.iter().zip(shares) {
            let places = match &phrase.bars {
                None => vec![share],
                Some(bars) => places(score, bars),
            };
            if places.is_empty() {
                return Err(no_bars(phrase));
            }
            let feeling = self.feel(&phrase.text)?;
            laid.extend(places.into_iter().map(|(from, to)| Laid { from, to, feeling: feeling.clone() }));
        }
        let mut spans: Vec<Span> = laid
            .iter()
            .map(|l| Span { from: l.from, to: l.to, vector: l.feeling.vector.clone(), cues: l.feeling.cues })
            .collect();
        spans.sort_by_key(|span| span.from);
        // Where bars are named twice, the later mood begins when it says and the earlier ends there.
        for k in 1..spans.len() {
            spans[k - 1].to = spans[k - 1].to.min(spans[k].from);
        }
        Ok(Some((Mood { spans, strength }, laid)))
    }
}

/// A mood in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid {
    /// Where it starts.
    pub from: Quarters,
    /// Where it ends.
    pub to: Quarters,
    /// What it means.
    pub feeling: Feeling,
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

/// `very sad` is `sad` and 1.3.
fn without_size(text: &str) -> (f64, &str) {
    let lower = text.to_ascii_lowercase();
    let found = SIZES.iter().find(|(word, _)| lower.starts_with(word));
    found.map_or((1.0, text), |(word, size)| (*size, text[word.len()..].trim()))
}

/// Moods without bars share the region's measures, each as many as the other.
fn shares(score: &Score, region: &Region, phrases: &[Phrase]) -> Vec<(Quarters, Quarters)> {
    let notes = region.notes(score);
    let measure =
        |note: Option<&u32>| note.and_then(|n| score.notes.get(*n as usize)).map(|n| n.measure as usize);
    let first = measure(notes.first()).unwrap_or(0);
    let last = measure(notes.last()).unwrap_or(0);
    let count = (last + 1).saturating_sub(first);
    let border = |k: usize| {
        let at = first + (count * k + phrases.len() / 2) / phrases.len().max(1);
        score.measures.get(at).map_or_else(|| score.end(), |m| m.start)
    };
    let end = score.measures.get(last).map_or_else(|| score.end(), |m| m.end);
    (0..phrases.len())
        .map(|k| (border(k), if k + 1 == phrases.len() { end } else { border(k + 1) }))
        .collect()
}

/// Where printed bars are played: once for every pass through them.
fn places(score: &Score, (first, last): &(String, String)) -> Vec<(Quarters, Quarters)> {
    let named = |number: &str, m: &&notation::Measure| m.pass == 1 && m.number == number;
    let from = score.measures.iter().find(|m| named(first, m)).map(|m| m.written);
    let to = score.measures.iter().rfind(|m| named(last, m)).map(|m| m.written);
    let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
    let mut places: Vec<(Quarters, Quarters)> = Vec::new();
    let mut before = None;
    for (k, measure) in score.measures.iter().enumerate() {
        if !(from..=to).contains(&measure.written) {
            continue;
        }
        match places.last_mut() {
            Some(place) if before == Some(k - 1) => place.1 = measure.end,
            _ => places.push((measure.start, measure.end)),
        }
        before = Some(k);
    }
    places
}

fn no_bars(phrase: &Phrase) -> MoodError {
    let bars = phrase.bars.as_ref().map(|(first, last)| format!("{first}-{last}")).unwrap_or_default();
    MoodError::Bars { text: phrase.text.clone(), bars }
}
