//! `espressivo evaluate mood`: whether words change what they should, as much as they should.
//!
//! Excerpts of pieces that were never trained on are performed without a mood and with each label
//! and phrase, the seed the same. What counts is the change of the cues from strength 0.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Result, bail};
use burn::tensor::Device;
use mood::labels::{ALL, LABELS, Labelling};
use mood::{Feeler, Feeling};
use notation::Score;
use performance::Performance;
use performance::cues::{CUES, Cue, Cues, Measured};
use performance::metrics::{self, Figure, Figures};
use performers::Mood;
use performers::{Controls, Job, Performer, Region, Request, Run};
use pianoflow::PianoFlow;
use serde::Serialize;

use super::phrases;
use crate::datasets::{self, Piece};
use crate::evaluate::side_by_side;

/// The cues that labels and phrases are judged by.
pub const JUDGED: [Cue; 3] = [Cue::Tempo, Cue::Level, Cue::Articulation];

/// Strengths whose order must be that of the change.
pub const STRENGTHS: [f64; 5] = [0.0, 0.5, 1.0, 1.5, 2.0];

/// A label that leans less than this, in deviations, has no expected sign.
pub(super) const LEANS: f64 = 0.25;

/// Pairs of words that mean the opposite.
const OPPOSITES: [(&str, &str); 3] = [("anger", "calm"), ("happy", "sad"), ("harsh", "gentle")];

/// What `espressivo evaluate mood` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Which split.
    pub split: String,
    /// The models folder.
    pub models: PathBuf,
    /// Excerpts, each of another score.
    pub excerpts: usize,
    /// Notes of an excerpt, about.
    pub notes: usize,
    /// Seed of all takes.
    pub seed: u64,
    /// Excerpts performed side by side.
    pub workers: usize,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Name of the split.
    pub split: String,
    /// Seed of all takes.
    pub seed: u64,
    /// Scores that the excerpts are of.
    pub excerpts: usize,
    /// Which text encoder read the words.
    pub encoder: String,
    /// Deviation of each cue between people on these excerpts.
    pub deviations: Cues,
    /// One line a label.
    pub labels: Vec<Line>,
    /// One line a phrase.
    pub phrases: Vec<Line>,
    /// Mean rank correlation of each judged cue with strength, in the expected direction.
    pub rank_correlation: [f64; 3],
    /// Differences between opposite words in tempo and level, in deviations between people.
    pub opposites: Vec<(String, f64, f64)>,
    /// r with people in velocity and tempo without a mood.
    pub agreement_without: [Option<f64>; 2],
    /// The same at strength 1, mean over the labels.
    pub agreement_with: [Option<f64>; 2],
    /// Share of the labels' takes whose label is among the first three of the classifier, which
    /// hears the take without a mood too.
    pub top_three: Option<f64>,
    /// The same where it hears the take alone.
    pub top_three_alone: Option<f64>,
    /// The same by the change from the take without a mood, read as human differences are read.
    pub top_three_of_change: Option<f64>,
}

/// What a text changed.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The text.
    pub text: String,
    /// Expected signs of [`JUDGED`]; 0 where there is none.
    pub expected: [f64; 3],
    /// Mean change from strength 0 to strength 1, in deviations between people, of all cues.
    pub change: Cues,
}

impl Line {
    /// Which of the judged cues changed as expected; none where nothing was expected.
    pub fn right(&self) -> [Option<bool>; 3] {
        std::array::from_fn(|k| {
            let change = self.change[JUDGED[k] as usize];
            (self.expected[k] != 0.0).then_some(change * self.expected[k] > 0.0)
        })
    }

    /// Whether all of them did.
    pub fn is_right(&self) -> bool {
        self.right().iter().all(|r| r.unwrap_or(true))
    }
}

/// A stretch of a score that is performed, and what people did with it.
struct Excerpt<'a> {
    piece: &'a Piece,
    measures: Range<usize>,
    humans: Vec<Figures>,
}

impl<'a> Excerpt<'a> {
    /// From the middle of the piece, whole measures of about so many notes.
    fn of(piece: &'a Piece, notes: usize) -> Self {
        let score = &piece.score;
        let measures = stretch(score, notes);
        let figures = |h: &datasets::Human| Figures::of(score, &h.performance, Some(&h.flags));
        Self { piece, measures, humans: piece.humans.iter().map(figures).collect() }
    }

    fn perform(&self, player: &PianoFlow, mood: Option<Mood>, seed: u64) -> Result<Performance> {
        let controls = Controls { seed, mood, ..Controls::default() };
        let region = Region::Measures(self.measures.clone());
        let request =
            Request { score: &self.piece.score, region: &region, context: None, controls: &controls };
        Ok(player.perform(&request, &Run::of(&Job::default()))?)
    }

    fn cues(&self, played: &Performance) -> Cues {
        Measured::of(&self.piece.score, played, None).cues(self.measures.clone())
    }

    /// r with people in velocity and onset tempo.
    fn agreement(&self, played: &Performance) -> [Option<f64>; 2] {
        let figures = Figures::of(&self.piece.score, played, None);
        let all = metrics::agreement_with_humans(&figures, &self.humans);
        [all[Figure::Velocity as usize], all[Figure::Tempo as usize]]
    }

    /// Squared differences of each person's cues from the mean of the others.
    fn differences(&self) -> Vec<Cues> {
        let of = |h: &datasets::Human| {
            Measured::of(&self.piece.score, &h.performance, Some(&h.flags)).cues(self.measures.clone())
        };
        let cues: Vec<Cues> = self.piece.humans.iter().map(of).collect();
        let count = cues.len() as f64;
        let mean: Cues = std::array::from_fn(|k| cues.iter().map(|c| c[k]).sum::<f64>() / count);
        let scale = (count / (count - 1.0).max(1.0)).sqrt();
        cues.iter().map(|c| std::array::from_fn(|k| (c[k] - mean[k]) * scale)).collect()
    }
}

/// So many pieces, from all over the list.
pub(super) fn chosen(pieces: &[Piece], count: usize) -> impl Iterator<Item = &Piece> {
    let step = (pieces.len() / count.max(1)).max(1);
    pieces.iter().step_by(step).take(count)
}

/// From the middle of a score, whole measures of about so many notes.
pub(super) fn stretch(score: &Score, notes: usize) -> Range<usize> {
    let middle = score.notes.len().saturating_sub(notes) / 2;
    let first = score.notes.get(middle).map_or(0, |n| n.measure as usize);
    let mut measures = first..first + 1;
    while measures.end < score.measures.len() && score.notes_in_measures(measures.clone()).len() < notes {
        measures.end += 1;
    }
    measures
}

/// What one excerpt says: for each text and strength, the cues and the agreement.
struct Heard {
    cues: BTreeMap<(usize, usize), Cues>,
    agreement: BTreeMap<(usize, usize), [Option<f64>; 2]>,
    takes: BTreeMap<(usize, usize), Performance>,
}

/// Says which of the labels a take has, most likely first; takes the score, the take, what it
/// is held against, and the measures.
pub type Classify<'a> = dyn Fn(&Score, &Performance, Option<&Performance>, Range<usize>) -> Vec<usize> + 'a;

/// Performs everything and measures it. `said` hears of progress.
pub fn run(
    options: &Options,
    device: &Device,
    classify: Option<&Classify<'_>>,
    said: &(dyn Fn(&str) + Sync),
) -> Result<Report> {
    let mut split = datasets::load(&options.data, &options.split)?;
    split.pieces.retain(|p| p.humans.len() > 1 && p.score.notes.len() > options.notes);
    if split.pieces.is_empty() {
        bail!("the split {} has no pieces that two people played", options.split);
    }
    let chosen = chosen(&split.pieces, options.excerpts);
    let excerpts: Vec<Excerpt> = chosen.map(|p| Excerpt::of(p, options.notes)).collect();
    let player = PianoFlow::load(&options.models.join("pianoflow"), device.clone())?;
    let feeler =
        Feeler::load(&options.models, Some(&application::Folders::find().text_encoder), device.clone())?;
    let phrases = phrases::all()?;
    let texts: Vec<&str> = ALL.iter().map(|l| l.name).chain(phrases.iter().map(|p| p.text)).collect();
    let feelings: Vec<Feeling> = texts.iter().map(|t| feeler.feel(t)).collect::<Result<_, _>>()?;
    let hear = |k: usize| {
        said(&format!("{} of {}: {}", k + 1, excerpts.len(), excerpts[k].piece.title));
        hear(&excerpts[k], &player, &feelings, options.seed)
    };
    let heard = side_by_side(excerpts.len(), options.workers, &hear)?;

    let deviations = deviations(&excerpts);
    let change = |text: usize, strength: usize| change(&heard, &deviations, text, strength);
    let label_line = |k: usize| {
        let lean = |cue: Cue| ALL[k].cues[cue as usize];
        let expected = JUDGED.map(|cue| if lean(cue).abs() < LEANS { 0.0 } else { lean(cue).signum() });
        Line { text: texts[k].to_owned(), expected, change: change(k, 2) }
    };
    let phrase_line = |(k, phrase): (usize, &phrases::Phrase)| Line {
        text: phrase.text.to_owned(),
        expected: phrase.expected,
        change: change(LABELS + k, 2),
    };
    let labels: Vec<Line> = (0..LABELS).map(label_line).collect();
    let told = |classify: &Classify<'_>, k: usize, take: &Performance, plain: Option<&Performance>| {
        classify(&excerpts[k].piece.score, take, plain, excerpts[k].measures.clone())
    };
    Ok(Report {
        split: options.split.clone(),
        seed: options.seed,
        excerpts: excerpts.len(),
        encoder: format!("{:?}", feeler.source()),
        deviations,
        rank_correlation: rank_correlation(&labels, &change),
        opposites: opposites(&labels),
        agreement_without: mean_agreement(&heard, |(_, strength)| strength == 0),
        agreement_with: mean_agreement(&heard, |(text, strength)| text < LABELS && strength == 2),
        top_three: classify.map(|c| top_three(&heard, |k, take, plain, _| told(c, k, take, plain))),
        top_three_alone: classify.map(|c| top_three(&heard, |k, take, _, _| told(c, k, take, None))),
        top_three_of_change: Labelling::load(&options.models)?
            .map(|labelling| top_three(&heard, |_, _, _, change| order(&labelling, change))),
        phrases: phrases.iter().enumerate().map(phrase_line).collect(),
        labels,
    })
}

/// Labels at all strengths, phrases at strength 1, and once without a mood (text 0, strength 0).
fn hear(excerpt: &Excerpt<'_>, player: &PianoFlow, feelings: &[Feeling], seed: u64) -> Result<Heard> {
    let mut heard = Heard { cues: BTreeMap::new(), agreement: BTreeMap::new(), takes: BTreeMap::new() };
    let mut add = |key: (usize, usize), played: Performance| {
        heard.cues.insert(key, excerpt.cues(&played));
        heard.agreement.insert(key, excerpt.agreement(&played));
        heard.takes.insert(key, played);
    };
    add((0, 0), excerpt.perform(player, None, seed)?);
    for (text, feeling) in feelings.iter().enumerate() {
        let strengths = if text < LABELS { 1..STRENGTHS.len() } else { 2..3 };
        for strength in strengths {
            let mood = feeling.throughout(&excerpt.piece.score, STRENGTHS[strength]);
            add((text, strength), excerpt.perform(player, Some(mood), seed)?);
        }
    }
    Ok(heard)
}

/// Mean change over the excerpts, in deviations between people.
fn change(heard: &[Heard], deviations: &Cues, text: usize, strength: usize) -> Cues {
    if strength == 0 {
        return [0.0; CUES];
    }
    std::array::from_fn(|cue| {
        let of = |h: &Heard| Some(h.cues.get(&(text, strength))?[cue] - h.cues.get(&(0, 0))?[cue]);
        let known: Vec<f64> = heard.iter().filter_map(of).filter(|v| v.is_finite()).collect();
        known.iter().sum::<f64>() / known.len().max(1) as f64 / deviations[cue]
    })
}

fn deviations(excerpts: &[Excerpt<'_>]) -> Cues {
    let all: Vec<Cues> = excerpts.iter().flat_map(Excerpt::differences).collect();
    std::array::from_fn(|cue| {
        let known: Vec<f64> = all.iter().map(|c| c[cue]).filter(|v| v.is_finite()).collect();
        (known.iter().map(|v| v * v).sum::<f64>() / known.len().max(1) as f64).sqrt().max(1e-9)
    })
}

/// Spearman's rank correlation of change with strength, times the expected sign, over labels.
fn rank_correlation(labels: &[Line], change: &dyn Fn(usize, usize) -> Cues) -> [f64; 3] {
    std::array::from_fn(|k| {
        let judged = labels.iter().enumerate().filter(|(_, line)| line.expected[k] != 0.0);
        let of = |(text, line): (usize, &Line)| {
            let values: [f64; 5] = std::array::from_fn(|s| change(text, s)[JUDGED[k] as usize]);
            line.expected[k] * spearman(&values)
        };
        let all: Vec<f64> = judged.map(of).collect();
        all.iter().sum::<f64>() / all.len().max(1) as f64
    })
}

/// 0 where nothing changes.
fn spearman(values: &[f64; 5]) -> f64 {
    let pairs: Vec<(f64, f64)> = ranks(&STRENGTHS).into_iter().zip(ranks(values)).collect();
    metrics::correlation(&pairs).unwrap_or_default()
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |v: f64| values.iter().filter(|w| **w < v).count() as f64;
    let same = |v: f64| values.iter().filter(|w| **w == v).count() as f64;
    values.iter().map(|v| below(*v) + (same(*v) - 1.0) / 2.0).collect()
}

fn opposites(labels: &[Line]) -> Vec<(String, f64, f64)> {
    let change = |name: &str, cue: Cue| {
        labels.iter().find(|l| l.text == name).map_or(f64::NAN, |l| l.change[cue as usize])
    };
    let apart = |a: &str, b: &str, cue: Cue| change(a, cue) - change(b, cue);
    let row = |(a, b): (&str, &str)| (format!("{a}/{b}"), apart(a, b, Cue::Tempo), apart(a, b, Cue::Level));
    OPPOSITES.into_iter().map(row).collect()
}

fn mean_agreement(heard: &[Heard], wanted: impl Fn((usize, usize)) -> bool) -> [Option<f64>; 2] {
    std::array::from_fn(|k| {
        let rows = heard.iter().flat_map(|h| h.agreement.iter().filter(|(key, _)| wanted(**key)));
        let known: Vec<f64> = rows.filter_map(|(_, row)| row[k]).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    })
}

/// Share of takes at strength 1 whose label is among the first three of an order of labels, which is
/// made of the excerpt's number, the take, the take without a mood, and what changed.
fn top_three(
    heard: &[Heard],
    order: impl Fn(usize, &Performance, Option<&Performance>, Cues) -> Vec<usize>,
) -> f64 {
    let (mut hits, mut count) = (0usize, 0usize);
    for (k, heard) in heard.iter().enumerate() {
        let (plain, take_without) =
            (heard.cues.get(&(0, 0)).copied().unwrap_or_default(), heard.takes.get(&(0, 0)));
        for ((text, strength), take) in heard.takes.iter().filter(|((text, _), _)| *text < LABELS) {
            if *strength == 2 {
                let cues = heard.cues.get(&(*text, *strength)).copied().unwrap_or_default();
                let change = std::array::from_fn(|cue| cues[cue] - plain[cue]);
                hits += usize::from(
                    order(k, take, take_without, change).iter().take(3).any(|label| label == text),
                );
                count += 1;
            }
        }
    }
    hits as f64 / count.max(1) as f64
}

/// Labels by how much of each is in a change, the most first.
fn order(labelling: &Labelling, change: Cues) -> Vec<usize> {
    let lean = std::array::from_fn(|k| change[k] / labelling.deviations[k]);
    let weights = labelling.weigh(&lean).unwrap_or([0.0; LABELS]);
    let mut order: Vec<usize> = (0..LABELS).collect();
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_agree_with_strength_only_if_the_change_does() {
        assert!((spearman(&[0.0, 0.1, 0.5, 0.6, 9.0]) - 1.0).abs() < 1e-12);
        assert!((spearman(&[0.0, -1.0, -2.0, -3.0, -4.0]) + 1.0).abs() < 1e-12);
        assert!((spearman(&[0.0, 1.0, 2.0, 1.0, 0.0])).abs() < 1e-12);
        assert_eq!(spearman(&[1.0; 5]), 0.0);
    }

    #[test]
    fn a_line_is_right_only_if_every_expected_cue_is() {
        let mut change = [0.0; CUES];
        (change[Cue::Tempo as usize], change[Cue::Level as usize]) = (-0.5, 0.5);
        let line = |expected| Line { text: String::new(), expected, change };
        assert!(line([-1.0, 1.0, 0.0]).is_right());
        assert!(!line([-1.0, -1.0, 0.0]).is_right());
        assert_eq!(line([-1.0, -1.0, 0.0]).right(), [Some(true), Some(false), None]);
    }
}
