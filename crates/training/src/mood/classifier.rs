//! Which mood a performance has, told bar by bar from the performance alone (SyMuPe, systems A.8).
//!
//! [`super::labels`] compares a performance with others of its score; this network has to do without
//! them, as a listener does. It learns from labelled performances and is the judge of
//! `espressivo evaluate mood`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use notation::Score;
use performance::Performance;
use performers::mood::labels::{LABELS, Labelling};
use performers::pianoflow::settings::{Scaling, Settings};
use performers::pianoflow::{features, values};
use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::Labeller;
use crate::asap::{self, Split};
use crate::classifier::{self, Classifier, ClassifierConfig, Example, Fit, Measured};

/// Notes of a window.
const WINDOW: usize = 128;

/// The labels' weights to this power are learned: most bars lean to many labels a little, and only the
/// differences between these are worth learning.
const SHARPNESS: f64 = 2.0;

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
}

/// A labelled performance as rows.
struct Table {
    rows: Vec<f32>,
    bars: Vec<u32>,
    labels: Vec<Option<[f64; LABELS]>>,
}

/// Trains and saves; says how well it does on bars of the validation split.
pub fn train(options: &Options, device: &Device) -> Result<Measured> {
    let scaling = scaling(&options.models)?;
    let train = [asap::load(&options.data, "train")?, asap::load(&options.data, "extra_train")?];
    let labeller = Labeller::fit(&train);
    let tables = tables(&train, &labeller, &scaling);
    let valid = self::tables(&[asap::load(&options.data, "valid")?], &labeller, &scaling);
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

/// Features, values, and for each value whether it is missing.
fn width() -> usize {
    features::WIDTH + 2 * values::WIDTH
}

fn scaling(models: &Path) -> Result<Scaling> {
    let path = models.join("pianoflow/config.json");
    let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let settings: Settings = serde_json::from_slice(&text)
        .with_context(|| format!("{} does not describe PianoFlow", path.display()))?;
    Ok(settings.scaling)
}

/// Rows of a performance; the tempo's level goes where PianoFlow reads it.
fn rows(score: &Score, mut raw: values::Values, scaling: &Scaling) -> Vec<f32> {
    let level = raw.level().unwrap_or_default();
    raw.shift_level(-level);
    let mut table = features::of(score);
    features::set_levels(&mut table, |_| level);
    classifier::rows(&table, &scaling.scale(&raw).0, score.notes.len())
}

fn tables(splits: &[Split], labeller: &Labeller, scaling: &Scaling) -> Vec<Table> {
    let mut tables = Vec::new();
    for piece in splits.iter().flat_map(|s| &s.pieces) {
        for (human, labels) in piece.humans.iter().zip(labeller.label(piece)) {
            let Some(labels) = labels else { continue };
            let raw = values::encode(&piece.score, &human.performance, Some(&human.flags));
            let bars = piece.score.notes.iter().map(|n| n.measure).collect();
            tables.push(Table { rows: rows(&piece.score, raw, scaling), bars, labels });
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
        Example {
            rows: self.rows[start * width()..(start + notes) * width()].to_vec(),
            segments,
            targets: labels.flat_map(|weights| weights.map(|w| w as f32)).collect(),
        }
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
        let classifier = classifier::load(&folder(models), device)?;
        Ok(Some(Self { classifier, scaling: scaling(models)? }))
    }

    /// The labels of some measures of a performance, the likeliest first: the mean over the bars.
    pub fn order(&self, score: &Score, played: &Performance, measures: Range<usize>) -> Vec<usize> {
        let all = rows(score, values::encode(score, played, None), &self.scaling);
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
