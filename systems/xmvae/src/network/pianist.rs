//! The Pianist: reads a score, plays it in a manner, and reads the manner of a performance.

mod model;

use std::ops::Range;

use neural::archive::Archive;
use neural::chance::place_of;
use neural::product::Product;
use neural::rotary::Rotary;
use neural::weights::WeightsError;

use super::affine::{Affine, Table, Tables};
use super::line::Line;
use super::stack::Stack;
use super::steps::{ScoreTokens, beats, codes_of_steps, is_metric};
use super::sub_tokens::{Chain, SubTokens};
use crate::config::{PERFORMANCE_SIZES, Settings};
use crate::ecp::{FAMILY, NOTE, PERFORMANCE_COLUMNS, SCORE_COLUMNS, centres, token_of};

/// Logarithms of variances stay within this, so that none is nothing or infinite.
const LARGEST_LOG_VARIANCE: f32 = 12.0;

/// How many scales a value can be from what is expected.
const LARGEST_RESIDUAL: f32 = 4.0;

/// What is played at a step, in the units of [`crate::ecp::Steps::values`].
pub type Played = [f32; PERFORMANCE_COLUMNS];

/// Says what is played: given the step within the window, the column within [`Played`] and the logits of its bins.
pub type Value<'a> = dyn Fn(usize, usize, &[f32]) -> f32 + Sync + 'a;

/// Where in the space of manners a performance lies: a normal distribution, each number by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Mean `[latent]`.
    pub mean: Vec<f32>,
    /// Standard deviation `[latent]`.
    pub deviation: Vec<f32>,
}

/// A window of a score as the Pianist has read it.
pub struct Reading {
    steps: Vec<ScoreTokens>,
    /// For each step, which are of its beat.
    beats: Vec<Range<usize>>,
    /// `[steps, hidden]`
    rows: Vec<f32>,
    /// What the line says of each step; nothing without one.
    said: Vec<Played>,
}

impl Reading {
    /// Number of steps.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Rows of the score encoder `[steps, hidden]`.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }
}

/// The Pianist's weights.
pub(super) struct Pianist {
    hidden: usize,
    tables: Tables,
    features: Product,
    /// What is added to a row for each code `[codes, hidden]`.
    codes: Table,
    score: Stack,
    performance: Stack,
    manner: Stack,
    /// Makes a row of residuals and of which of them are known.
    values: Product,
    mean: Affine,
    log_variance: Affine,
    sub_tokens: SubTokens,
    line: Option<Line>,
    scales: Played,
    /// Middles of the bins of each column.
    centres: [Vec<f32>; PERFORMANCE_COLUMNS],
}

impl Pianist {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub(super) fn load(
        archive: &Archive,
        settings: &Settings,
        codebook: &Table,
    ) -> Result<Self, WeightsError> {
        let sizes = &settings.network;
        let (hidden, layers) = (sizes.hidden, sizes.layers);
        let affine = |name: &str| Affine::load(archive, name, hidden, sizes.latent);
        Ok(Self {
            hidden,
            tables: Tables::load(archive, "score", hidden)?,
            features: Product::load(archive, "score.features", sizes.features, hidden)?,
            codes: codebook.times(&Product::load(archive, "score.code", sizes.code_width, hidden)?),
            score: Stack::load(archive, "score", layers.score, sizes, false)?,
            performance: Stack::load(archive, "performance", layers.performance, sizes, true)?,
            manner: Stack::load(archive, "manner", layers.manner, sizes, false)?,
            values: Product::load(archive, "manner.values", 2 * PERFORMANCE_COLUMNS, hidden)?,
            mean: affine("manner.mean")?,
            log_variance: affine("manner.log_variance")?,
            sub_tokens: SubTokens::load(archive, "performance_sub", &PERFORMANCE_SIZES, sizes)?,
            line: sizes.line.then(|| Line::load(archive, sizes)).transpose()?,
            scales: settings.scales.all(),
            centres: std::array::from_fn(|column| centres(SCORE_COLUMNS + column)),
        })
    }

    fn read(&self, steps: &[ScoreTokens], features: &[f32], codes: &[u16], rotary: &Rotary) -> Reading {
        let mut rows = self.tables.of(steps);
        rows.iter_mut().zip(self.features.of(features)).for_each(|(row, number)| *row += number);
        for (row, code) in rows.chunks_exact_mut(self.hidden).zip(codes_of_steps(steps, codes)) {
            if let Some(code) = code {
                self.codes.add(usize::from(code), row);
            }
        }
        let beats = beats(steps);
        let families: Vec<u8> = steps.iter().map(|step| step[FAMILY]).collect();
        let nothing = || vec![[0.0; PERFORMANCE_COLUMNS]; steps.len()];
        let said = self.line.as_ref().map_or_else(nothing, |line| line.says(features, &families));
        Reading { rows: self.score.of(rows, rotary, &beats, None), beats, steps: steps.to_vec(), said }
    }

    /// What is played at a step of which the row is known, and what the line says of it: values are chosen one after
    /// another, and each knows of those before it.
    fn play(
        &self,
        step: &ScoreTokens,
        state: &[f32],
        said: &Played,
        value: &dyn Fn(usize, &[f32]) -> f32,
    ) -> Played {
        let mut chain = self.sub_tokens.begin(state);
        let mut played = [0.0; PERFORMANCE_COLUMNS];
        if is_metric(step) {
            played[0] = value(0, &self.logits(&chain, 0, said));
        } else if step[FAMILY] == NOTE {
            // A note has no beat period.
            chain.put(0);
            for (column, played) in played.iter_mut().enumerate().skip(1) {
                *played = value(column, &self.logits(&chain, column, said));
                if column + 1 < PERFORMANCE_COLUMNS {
                    chain.put(usize::from(token_of(SCORE_COLUMNS + column, *played)));
                }
            }
        }
        played
    }

    /// Logits of the bins of the column that a chain has come to: nobody plays what is unknown.
    fn logits(&self, chain: &Chain<'_>, column: usize, said: &Played) -> Vec<f32> {
        let mut logits = chain.logits().split_off(1);
        if let Some(line) = &self.line {
            line.add(column, chain.row(), said[column], &mut logits);
        }
        logits
    }

    /// How the values of a step differ from what is expected, and which of them are known.
    fn residuals(
        &self,
        step: &ScoreTokens,
        values: &Played,
        expected: &Played,
    ) -> [f32; 2 * PERFORMANCE_COLUMNS] {
        let mut row = [0.0; 2 * PERFORMANCE_COLUMNS];
        let columns = match () {
            () if is_metric(step) => 0..1,
            () if step[FAMILY] == NOTE => 1..PERFORMANCE_COLUMNS,
            () => 0..0,
        };
        for column in columns.filter(|column| values[*column].is_finite()) {
            let residual = (values[column] - expected[column]) / self.scales[column];
            row[column] = residual.clamp(-LARGEST_RESIDUAL, LARGEST_RESIDUAL);
            row[PERFORMANCE_COLUMNS + column] = 1.0;
        }
        row
    }

    fn posterior(
        &self,
        mut rows: Vec<f32>,
        reading: &Reading,
        residuals: &[f32],
        rotary: &Rotary,
    ) -> Posterior {
        rows.iter_mut().zip(self.values.of(residuals)).for_each(|(row, number)| *row += number);
        let rows = self.manner.of(rows, rotary, &reading.beats, None);
        let share = 1.0 / reading.steps.len().max(1) as f32;
        let mut pooled = vec![0.0; self.hidden];
        for row in rows.chunks_exact(self.hidden) {
            pooled.iter_mut().zip(row).for_each(|(sum, value)| *sum += share * value);
        }
        let deviation = |log_variance: &f32| {
            (0.5 * log_variance.clamp(-LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)).exp()
        };
        let log_variance = self.log_variance.of(&pooled);
        Posterior { mean: self.mean.of(&pooled), deviation: log_variance.iter().map(deviation).collect() }
    }
}

/// The value below which so much of a distribution over the bins of a column lies; half of it below the median.
pub fn quantile(column: usize, logits: &[f32], below: f64) -> f32 {
    let [first, second] = [1, 2].map(|token| crate::ecp::centre(SCORE_COLUMNS + column, token));
    let bins = place_of(logits, below) - 0.5;
    first + (second - first) * bins as f32
}
