//! Which mood a performance has, told bar by bar (SyMuPe, arXiv 2511.03425).
//!
//! A mood is how a performance differs from others of its score ([`super::labels`]); *slower* is hard
//! to tell from one performance alone. The network reads a performance beside what it is held
//! against: of a person, the mean of the others of the score; of a take with a mood, the take
//! without. Now and then it has to do without that, as a listener does who hears a piece for the
//! first time. It learns from labelled performances and is the judge of `espressivo evaluate mood`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use analysis::features;
use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use mood::labels::{LABELS, Labelling};
use notation::Score;
use performance::Performance;
use pianoflow::settings::{Scaling, Settings};
use pianoflow::values::{self, Values};
use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::Labeller;
use crate::classifier::{self, Classifier, ClassifierConfig, Example, Fit, Measured};
use crate::datasets::{self, Human, Split};

/// Notes of a window.
const WINDOW: usize = 128;

/// The labels' weights to this power are learned: most bars lean to many labels a little, and only the
/// differences between these are worth learning.
const SHARPNESS: f64 = 2.0;

/// Probability that a window for training is held against nothing.
const ALONE: f64 = 0.3;

/// Windows that validation looks at.
const VALIDATED: usize = 400;

/// What `espressivo train mood` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder: `pianoflow` says how values are scaled, `mood` is written.
    pub models: PathBuf,
    /// How it learns.
    pub fit: Fit,
}

/// The classifier, and how values are scaled for it.
pub struct MoodClassifier {
    classifier: Classifier,
    scaling: Scaling,
    fingerprint: String,
}

/// A labelled performance as rows, beside the mean of the others of its score.
struct Table {
    rows: Vec<f32>,
    bars: Vec<u32>,
    labels: Vec<Option<[f64; LABELS]>>,
}

/// Trains and saves; says how well it does on bars of the validation split.
pub fn train(options: &Options, device: &Device) -> Result<Measured> {
    let scaling = scaling(&options.models)?;
    let train = [datasets::load(&options.data, "train")?, datasets::load(&options.data, "extra_train")?];
    let labeller = Labeller::fit(&train);
    let tables = tables(&train, &labeller, &scaling);
    let valid = self::tables(&[datasets::load(&options.data, "valid")?], &labeller, &scaling);
    ensure!(!tables.is_empty() && !valid.is_empty(), "no score was played by three people or more");
    let config = ClassifierConfig::new(width(), LABELS);
    let draw = |rng: &mut Pcg64Mcg, count: usize| {
        (0..count).map(|_| tables[rng.random_range(0..tables.len())].window(rng)).collect::<Vec<_>>()
    };
    let classifier = classifier::fit(&config, &options.fit, device, &draw);
    classifier::save(&classifier, &folder(&options.models))?;
    let path = Labelling::path(&options.models);
    std::fs::write(&path, serde_json::to_vec_pretty(&labeller.labelling)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    let mut rng = <Pcg64Mcg as rand::SeedableRng>::seed_from_u64(options.fit.seed);
    let windows: Vec<Example> =
        (0..VALIDATED).map(|_| valid[rng.random_range(0..valid.len())].window(&mut rng)).collect();
    Ok(classifier.measure(&windows))
}

fn folder(models: &Path) -> PathBuf {
    models.join("mood")
}

/// Features, values, for each value whether it is missing, and how it differs from the reference.
fn width() -> usize {
    features::WIDTH + 3 * values::WIDTH
}

fn scaling(models: &Path) -> Result<Scaling> {
    let path = models.join("pianoflow/config.json");
    let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let settings: Settings = serde_json::from_slice(&text)
        .with_context(|| format!("{} does not describe PianoFlow", path.display()))?;
    Ok(settings.scaling)
}

/// Rows of a performance; the tempo's level goes where PianoFlow reads it. `reference` holds what
/// each value is held against, NaN where there is nothing.
fn rows(score: &Score, mut raw: Values, reference: Option<&Values>, scaling: &Scaling) -> Vec<f32> {
    let whole = scaling.scale(&raw).0;
    let reference = reference.map_or_else(|| vec![f32::NAN; whole.len()], |r| scaling.scale(r).0);
    let level = raw.log_beat_period().unwrap_or_default();
    raw.shift_log_beat_period(-level);
    let mut table = features::of(score);
    features::set_log_beat_periods(&mut table, |_| level);
    let alone = classifier::rows(&table, &scaling.scale(&raw).0, score.notes.len());
    let mut rows = Vec::with_capacity(score.notes.len() * width());
    for (n, row) in alone.chunks_exact(width() - values::WIDTH).enumerate() {
        rows.extend_from_slice(row);
        let cells = n * values::WIDTH..(n + 1) * values::WIDTH;
        let differences = whole[cells.clone()].iter().zip(&reference[cells]).map(|(v, r)| v - r);
        rows.extend(differences.map(|d| if d.is_finite() { d } else { 0.0 }));
    }
    rows
}

/// The mean of all performances but one, of the values that each has; of all if there is no such one.
pub(super) fn mean_of_others(all: &[Values], one: usize) -> Values {
    let others = || all.iter().enumerate().filter(|(k, _)| *k != one).map(|(_, values)| values);
    let cell = |cell: usize| {
        let known = others().map(|v| v.0[cell]).filter(|v| v.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(s, c), v| (s + v, c + 1.0));
        sum / count
    };
    Values((0..all.first().map_or(0, |v| v.0.len())).map(cell).collect())
}

fn tables(splits: &[Split], labeller: &Labeller, scaling: &Scaling) -> Vec<Table> {
    let mut tables = Vec::new();
    for piece in splits.iter().flat_map(|s| &s.pieces) {
        let encoded = |h: &Human| values::encode(&piece.score, &h.performance, Some(&h.flags));
        let played: Vec<Values> = piece.humans.iter().map(encoded).collect();
        for (k, labels) in labeller.label(piece).into_iter().enumerate() {
            let Some(labels) = labels else { continue };
            let rows = rows(&piece.score, played[k].clone(), Some(&mean_of_others(&played, k)), scaling);
            let bars = piece.score.notes.iter().map(|n| n.measure).collect();
            tables.push(Table { rows, bars, labels });
        }
    }
    tables
}

impl Table {
    /// A window of notes and the labels of its bars. Bars without a label count as every label.
    fn window(&self, rng: &mut Pcg64Mcg) -> Example {
        let notes = self.bars.len().min(WINDOW);
        let start = rng.random_range(0..=self.bars.len() - notes);
        let bars = &self.bars[start..start + notes];
        let (segments, numbers) = segments(bars);
        let any = [1.0 / LABELS as f64; LABELS];
        let labels = numbers.iter().map(|bar| {
            let weights = self.labels.get(*bar as usize).copied().flatten().unwrap_or(any);
            let sharp = weights.map(|w| w.powf(SHARPNESS));
            let sum: f64 = sharp.iter().sum();
            sharp.map(|w| w / sum)
        });
        let mut rows = self.rows[start * width()..(start + notes) * width()].to_vec();
        if rng.random_bool(ALONE) {
            rows.chunks_exact_mut(width()).for_each(|row| row[width() - values::WIDTH..].fill(0.0));
        }
        Example { rows, segments, targets: labels.flat_map(|weights| weights.map(|w| w as f32)).collect() }
    }
}

/// Bars counted from 0, and which bar each is.
fn segments(bars: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut numbers: Vec<u32> = Vec::new();
    let number = |bar: &u32| {
        if numbers.last() != Some(bar) {
            numbers.push(*bar);
        }
        numbers.len() as u32 - 1
    };
    (bars.iter().map(number).collect(), numbers)
}

impl MoodClassifier {
    /// Reads the models `mood` and `pianoflow`; none if there is no classifier.
    pub fn load(models: &Path, device: &Device) -> Result<Option<Self>> {
        if !folder(models).join("config.json").is_file() {
            return Ok(None);
        }
        let folder = folder(models);
        let classifier = classifier::load(&folder, device)?;
        ensure!(
            classifier.config().inputs == width() && classifier.config().classes == LABELS,
            "{}: this classifier reads other features than there are; `espressivo train mood` makes a new one",
            folder.display()
        );
        let fingerprint = classifier::fingerprint(&folder)?;
        Ok(Some(Self { classifier, scaling: scaling(models)?, fingerprint }))
    }

    /// What tells its weights from others.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// How many values a [state](Self::state) has.
    pub fn width(&self) -> usize {
        self.classifier.config().hidden
    }

    /// What the labels of some measures are told from, the mean over their notes: the performance as it is
    /// played, held against `reference` if there is one.
    pub fn state(
        &self,
        score: &Score,
        played: Values,
        reference: Option<&Values>,
        measures: Range<usize>,
    ) -> Vec<f64> {
        let all = rows(score, played, reference, &self.scaling);
        let notes = score.notes_in_measures(measures);
        let window = |start: usize| {
            let end = (start + WINDOW).min(notes.end);
            let rows = all[start * width()..end * width()].to_vec();
            Example { rows, segments: vec![0; end - start], targets: Vec::new() }
        };
        let windows: Vec<Example> = notes.clone().step_by(WINDOW).map(window).collect();
        let mut mean = vec![0.0; self.width()];
        for (window, state) in windows.iter().zip(self.classifier.states(&windows)) {
            let share = window.segments.len() as f64 / notes.len() as f64;
            mean.iter_mut().zip(state).for_each(|(sum, value)| *sum += share * f64::from(value));
        }
        mean
    }

    /// The labels of some measures of a performance, held against another if there is one, the
    /// likeliest first: the mean over the bars.
    pub fn order(
        &self,
        score: &Score,
        played: &Performance,
        reference: Option<&Performance>,
        measures: Range<usize>,
    ) -> Vec<usize> {
        let values = |played: &Performance| values::encode(score, played, None);
        let all = rows(score, values(played), reference.map(values).as_ref(), &self.scaling);
        let notes = score.notes_in_measures(measures);
        let mut sum = [0.0f32; LABELS];
        for start in notes.clone().step_by(WINDOW) {
            let end = (start + WINDOW).min(notes.end);
            let bars: Vec<u32> = score.notes[start..end].iter().map(|n| n.measure).collect();
            let window = Example {
                rows: all[start * width()..end * width()].to_vec(),
                segments: segments(&bars).0,
                targets: Vec::new(),
            };
            for bar in self.classifier.predict(&[window]).concat().chunks_exact(LABELS) {
                sum.iter_mut().zip(bar).for_each(|(s, p)| *s += p.max(1e-6).ln());
            }
        }
        let mut order: Vec<usize> = (0..LABELS).collect();
        order.sort_by(|a, b| sum[*b].total_cmp(&sum[*a]));
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_others_leaves_out_one_and_what_is_missing() {
        let all = [vec![1.0, 2.0], vec![3.0, f32::NAN], vec![5.0, 6.0]].map(Values);
        assert_eq!(mean_of_others(&all, 0).0, [4.0, 6.0]);
        assert_eq!(mean_of_others(&all, 2).0, [2.0, 2.0]);
        assert!(mean_of_others(&all[1..2], 0).0.iter().all(|v| v.is_nan()));
    }

    #[test]
    fn a_performance_does_not_differ_from_itself_and_a_louder_one_does() {
        let note = notation::Note::default();
        let score = Score { notes: vec![note.clone(), note], ..Score::default() };
        let played = Values(vec![64.0; 2 * values::WIDTH]);
        let mut louder = played.clone();
        louder.0[values::VELOCITY] = 84.0;
        let scaling = Scaling { mean: [64.0; values::WIDTH], deviation: [10.0; values::WIDTH] };
        let differences = |reference: Option<&Values>| -> Vec<f32> {
            let rows = rows(&score, louder.clone(), reference, &scaling);
            rows.chunks_exact(width()).flat_map(|row| row[width() - values::WIDTH..].to_vec()).collect()
        };
        let apart = differences(Some(&played));
        assert!((apart[values::VELOCITY] - 2.0).abs() < 1e-6);
        assert_eq!(apart.iter().filter(|d| **d != 0.0).count(), 1);
        assert!(differences(Some(&louder)).iter().chain(&differences(None)).all(|d| *d == 0.0));
    }
}
