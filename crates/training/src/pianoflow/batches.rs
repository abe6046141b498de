//! Windows of notes, cut from performances, augmented and masked.

use std::ops::Range;

use analysis::features;
use burn::tensor::{Device, Tensor, TensorData};
use mood::feeling::Embeddings;
use mood::labels::Weights;
use pianoflow::network::{Inputs, NetworkConfig};
use pianoflow::settings::Scaling;
use pianoflow::values::{self, Values, WIDTH};
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;

use super::draws::Draws;
use super::masks::{self, Structure};
use crate::datasets::{Human, Piece, Split};
use crate::mood::Labeller;

/// How much each value counts in the loss: pedal has four columns, chord spread mostly noise.
const LOSS_WEIGHTS: [f32; WIDTH] = [1.5, 1.4, 1.0, 0.8, 1.0, 0.3, 0.3, 0.3, 0.3];

/// How much less the errors of a performance count that varies a value more than others do: 0 not at
/// all, 1 in proportion to its variance. Agreement is judged piece by piece, in each one's own
/// deviations; without this pieces that vary little would hardly count.
const EVENNESS: f32 = 0.75;

/// Variances (of scaled values) beyond which nothing counts more or less. Pedals are on or off, and
/// a piece without them has nothing to say about them.
const VARIANCES: std::ops::RangeInclusive<f32> = 0.1..=4.0;

/// What windows are drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Masks, noise, and pitch, velocity and tempo moved a little.
    Training,
    /// Masks and noise.
    Validation,
    /// As a performance begins: nothing known and no noise. What the network predicts is then what
    /// it expects of a pianist, and the target what one pianist did.
    Expectation,
}

/// A split, ready for training.
pub struct Corpus {
    pieces: Vec<PieceTable>,
    draws: Draws,
    /// Scaled velocity for one velocity step.
    velocity_unit: f32,
    embeddings: Option<Embeddings>,
    /// Columns that belong together, which training hides from the network now and then.
    hideable: Vec<Range<usize>>,
}

struct PieceTable {
    features: Vec<f32>,
    onsets: Vec<u32>,
    bars: Vec<u32>,
    performances: Vec<PerformanceTable>,
}

/// A performance: scaled values, its level (log2 of seconds per quarter), and the labels of each
/// note's bar.
struct PerformanceTable {
    values: Vec<f32>,
    level: f64,
    moods: Option<Vec<Option<Weights>>>,
    /// How much each value counts in the loss.
    counts: [f32; WIDTH],
}

/// What a corpus needs to give its windows their moods.
pub struct Moods {
    /// Reads the labels off performances.
    pub labeller: Labeller,
    /// What the labels are to the network.
    pub embeddings: Embeddings,
}

/// Probability that a window for training has no mood, so that the network also learns to play without.
const NO_MOOD: f64 = 0.3;

/// Probability of each group of score features to be hidden in a window for training. Few scores are alike
/// in all of them, so a network that always sees all knows which piece it has before it, and learns it
/// by heart.
const HIDDEN: f64 = 0.15;

/// Groups that are always shown: without pitches and durations there is no score.
const SHOWN: [&str; 2] = ["pitch", "durations"];

/// The values of a performance as the network learns them, less their level; and the level.
pub fn encode(piece: &Piece, human: &Human) -> (Values, f64) {
    let mut raw = values::encode(&piece.score, &human.performance, Some(&human.flags));
    let level = raw.log_beat_period().unwrap_or_default();
    raw.shift_log_beat_period(-level);
    (raw, level)
}

impl Corpus {
    /// Tables of features and of scaled values, and moods if there is something to tell them by.
    /// For training, short pieces are drawn more often than their length would have it, and
    /// performances count by their own deviations; for validation, all notes are alike.
    pub fn new(splits: &[Split], scaling: &Scaling, moods: Option<Moods>, purpose: Purpose) -> Self {
        let (evenness, length) = match purpose {
            Purpose::Training => (EVENNESS, 0.5),
            Purpose::Validation | Purpose::Expectation => (0.0, 1.0),
        };
        let mut pieces = Vec::new();
        for piece in splits.iter().flat_map(|s| &s.pieces) {
            let mut labels = moods.as_ref().map(|m| m.labeller.label(piece)).unwrap_or_default();
            labels.resize(piece.humans.len(), None);
            let take = |(human, moods): (&Human, Option<Vec<Option<Weights>>>)| {
                let (raw, level) = encode(piece, human);
                let values = scaling.scale(&raw).0;
                PerformanceTable { counts: counts(&values, evenness), values, level, moods }
            };
            let mut onsets = Vec::with_capacity(piece.score.notes.len());
            for (k, group) in piece.score.onset_groups().into_iter().enumerate() {
                onsets.extend(group.map(|_| k as u32));
            }
            pieces.push(PieceTable {
                features: features::of(&piece.score),
                onsets,
                bars: piece.score.notes.iter().map(|n| n.measure).collect(),
                performances: piece.humans.iter().zip(labels).map(take).collect(),
            });
        }
        let mut draws = Vec::new();
        let mut total = 0.0;
        for (p, piece) in pieces.iter().enumerate() {
            // A piece that forty people played should not be forty times as well known.
            let weight = (piece.onsets.len() as f64).powf(length) / (piece.performances.len() as f64).sqrt();
            for k in 0..piece.performances.len() {
                total += weight;
                draws.push((p, k, total));
            }
        }
        let draws = Draws(draws);
        let velocity_unit = (1.0 / scaling.deviation[values::VELOCITY]) as f32;
        let named = features::groups().into_iter().zip(features::columns());
        let hideable = named.filter(|(name, _)| !SHOWN.contains(name)).map(|(_, columns)| columns).collect();
        Self { pieces, draws, velocity_unit, embeddings: moods.map(|m| m.embeddings), hideable }
    }

    /// Number of performances.
    pub fn len(&self) -> usize {
        self.draws.0.len()
    }

    /// Whether there is nothing to learn from.
    pub fn is_empty(&self) -> bool {
        self.draws.0.is_empty()
    }

    /// Draws this share of the windows, 0 to 1, from the pieces from `first` on.
    #[must_use]
    pub fn with_share(self, first: usize, share: f64) -> Self {
        Self { draws: self.draws.with_share(first, share), ..self }
    }

    /// A batch of windows of at most `window` notes, the same for the same seed.
    pub fn draw(&self, seed: u64, batch: usize, window: usize, purpose: Purpose) -> Sample {
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        let mut sample = Sample::empty(batch, window, self.velocity_unit);
        for _ in 0..batch {
            let (piece, performance) = self.draws.draw(&mut rng);
            self.push_window(&mut sample, &mut rng, piece, performance, purpose);
        }
        sample
    }

    fn push_window(
        &self,
        sample: &mut Sample,
        rng: &mut Pcg64Mcg,
        piece: usize,
        performance: usize,
        purpose: Purpose,
    ) {
        let piece = &self.pieces[piece];
        let take = &piece.performances[performance];
        let notes = piece.onsets.len().min(sample.window);
        let latest = piece.onsets.len() - notes;
        // Beginnings and endings are played differently; make sure that they are seen.
        let start = match rng.random_range(0..20) {
            0 => 0,
            1 => latest,
            _ => rng.random_range(0..=latest),
        };
        let range = start..start + notes;
        let structure = Structure { onsets: &piece.onsets[range.clone()], bars: &piece.bars[range.clone()] };
        let (mask, time, noise) = if purpose == Purpose::Expectation {
            (vec![true; notes * WIDTH], 0.0, vec![0.0; notes * WIDTH])
        } else {
            let mask = masks::draw(rng, &structure);
            // Early times count most: there is decided what is played, later only how exactly.
            let time = 1.0 - rng.random::<f32>().sqrt();
            (mask, time, noise_for(rng, structure.onsets))
        };
        let shift = Shift::draw(rng, purpose == Purpose::Training);
        let mut features =
            piece.features[start * features::WIDTH..(start + notes) * features::WIDTH].to_vec();
        if purpose == Purpose::Training {
            self.hide(rng, &mut features);
        }
        sample.push(
            &features,
            features::log_beat_period_feature(take.level + shift.log2_tempo),
            &take.values[start * WIDTH..(start + notes) * WIDTH],
            &mask,
            &noise,
            time,
            &shift,
            &take.counts,
        );
        sample.push_condition(self.condition(rng, take, &piece.bars[range], purpose));
    }

    /// Sets random groups of columns to constants.
    fn hide(&self, rng: &mut Pcg64Mcg, table: &mut [f32]) {
        for columns in self.hideable.iter().filter(|_| rng.random_bool(HIDDEN)) {
            features::flatten(table, columns.clone());
        }
    }

    /// Condition vectors of a window's notes; none where it has no mood, or plays without.
    fn condition(
        &self,
        rng: &mut Pcg64Mcg,
        take: &PerformanceTable,
        bars: &[u32],
        purpose: Purpose,
    ) -> Option<Vec<f32>> {
        let embeddings = self.embeddings.as_ref()?;
        if purpose != Purpose::Training || rng.random_bool(NO_MOOD) {
            return None;
        }
        let moods = take.moods.as_ref()?;
        let mut rows = Vec::with_capacity(bars.len() * mood::WIDTH);
        for notes in bars.chunk_by(|a, b| a == b) {
            let weights = moods.get(notes[0] as usize).copied().flatten();
            let row = weights.map_or_else(|| vec![0.0; mood::WIDTH], |w| embeddings.mix(&w));
            notes.iter().for_each(|_| rows.extend_from_slice(&row));
        }
        Some(rows)
    }
}

/// How much each value of a performance (scaled, `[notes, WIDTH]`) counts in the loss.
fn counts(values: &[f32], evenness: f32) -> [f32; WIDTH] {
    std::array::from_fn(|column| {
        if values::PEDAL.contains(&column) {
            return LOSS_WEIGHTS[column];
        }
        let there = || values.iter().skip(column).step_by(WIDTH).filter(|v| v.is_finite());
        let count = there().count().max(1) as f32;
        let mean = there().sum::<f32>() / count;
        let variance = there().map(|v| (v - mean).powi(2)).sum::<f32>() / count;
        LOSS_WEIGHTS[column] * variance.clamp(*VARIANCES.start(), *VARIANCES.end()).powf(-evenness)
    })
}

/// Gaussian noise `[notes, WIDTH]`; values that belong to an onset share theirs, since averaging
/// over a chord's notes would make them quieter than they should be.
fn noise_for(rng: &mut Pcg64Mcg, onsets: &[u32]) -> Vec<f32> {
    let mut noise: Vec<f32> = (0..onsets.len() * WIDTH).map(|_| StandardNormal.sample(rng)).collect();
    for n in 1..onsets.len() {
        if onsets[n] == onsets[n - 1] {
            for column in values::shared_columns() {
                noise[n * WIDTH + column] = noise[(n - 1) * WIDTH + column];
            }
        }
    }
    noise
}

/// Augmentation of one window (as in SyMuPe's program: three semitones, four velocity steps, a tenth of tempo).
struct Shift {
    pitch: f32,
    velocity: f32,
    log2_tempo: f64,
}

impl Shift {
    fn draw(rng: &mut Pcg64Mcg, augment: bool) -> Self {
        if !augment {
            return Self { pitch: 0.0, velocity: 0.0, log2_tempo: 0.0 };
        }
        Self {
            pitch: rng.random_range(-3i32..=3) as f32,
            velocity: rng.random_range(-4.0..=4.0),
            log2_tempo: rng.random_range(-0.14..=0.14),
        }
    }
}

/// A batch on the host.
pub struct Sample {
    batch: usize,
    window: usize,
    features: Vec<f32>,
    known: Vec<f32>,
    unknown: Vec<f32>,
    noisy: Vec<f32>,
    target: Vec<f32>,
    weight: Vec<f32>,
    time: Vec<f32>,
    padding: Vec<bool>,
    /// Empty as long as no window has a mood.
    condition: Vec<f32>,
    velocity_unit: f32,
}

impl Sample {
    fn empty(batch: usize, window: usize, velocity_unit: f32) -> Self {
        Self {
            batch,
            window,
            features: Vec::with_capacity(batch * window * features::WIDTH),
            known: Vec::new(),
            unknown: Vec::new(),
            noisy: Vec::new(),
            target: Vec::new(),
            weight: Vec::new(),
            time: Vec::new(),
            padding: Vec::new(),
            condition: Vec::new(),
            velocity_unit,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn push(
        &mut self,
        features: &[f32],
        level: f32,
        values: &[f32],
        mask: &[bool],
        noise: &[f32],
        time: f32,
        shift: &Shift,
        counts: &[f32; WIDTH],
    ) {
        let notes = values.len() / WIDTH;
        for row in features.chunks_exact(features::WIDTH) {
            self.features.push(row[features::PITCH] + shift.pitch / features::PITCH_SCALE);
            self.features.extend_from_slice(&row[1..features::LOG_BEAT_PERIOD]);
            self.features.push(level);
        }
        let mut weights = Vec::with_capacity(values.len());
        let mut sum = 0.0;
        for k in 0..values.len() {
            let column = k % WIDTH;
            let move_by = match column {
                values::VELOCITY => shift.velocity * self.velocity_unit,
                _ => 0.0,
            };
            let there = values[k].is_finite();
            let clean = if there { values[k] + move_by } else { 0.0 };
            let unknown = mask[k] || !there;
            self.known.push(if unknown { 0.0 } else { clean });
            self.unknown.push(f32::from(u8::from(unknown)));
            self.noisy.push(if there { (1.0 - time) * noise[k] + time * clean } else { noise[k] });
            self.target.push(clean - noise[k]);
            let counted = mask[k] && there;
            weights.push(if counted { counts[column] } else { 0.0 });
            sum += if counted { LOSS_WEIGHTS[column] } else { 0.0 };
        }
        // The loss is a mean over the masked values of each window, then over windows, as in SyMuPe.
        let sum = f32::max(sum, 1.0);
        self.weight.extend(weights.iter().map(|w| w / (sum * self.batch as f32)));
        self.time.push(time);
        self.padding.extend((0..self.window).map(|n| n >= notes));
        self.features.resize(self.time.len() * self.window * features::WIDTH, 0.0);
        let full = self.time.len() * self.window * WIDTH;
        for column in
            [&mut self.known, &mut self.unknown, &mut self.noisy, &mut self.target, &mut self.weight]
        {
            column.resize(full, 0.0);
        }
    }

    /// The condition of the window that was pushed last.
    fn push_condition(&mut self, rows: Option<Vec<f32>>) {
        let row = self.window * mood::WIDTH;
        if let Some(rows) = rows {
            self.condition.resize((self.time.len() - 1) * row, 0.0);
            self.condition.extend(rows);
        }
        if !self.condition.is_empty() {
            self.condition.resize(self.time.len() * row, 0.0);
        }
    }

    /// Dropout masks for every block of a network, the same for the same seed.
    pub fn kept(&self, seed: u64, network: &NetworkConfig, device: &Device) -> Vec<Tensor<3>> {
        if network.dropout <= 0.0 {
            return Vec::new();
        }
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        let shape = [self.batch, network.memory + self.window, network.hidden];
        let kept = (1.0 / (1.0 - network.dropout)) as f32;
        // Sixteen random bits are enough for a tenth.
        let limit = (network.dropout * 65_536.0) as u32;
        let mut mask = || {
            let cells = shape.iter().product();
            let draw = |_| if rng.next_u32() >> 16 < limit { 0.0 } else { kept };
            Tensor::from_data(TensorData::new((0..cells).map(draw).collect::<Vec<f32>>(), shape), device)
        };
        (0..network.layers).map(|_| mask()).collect()
    }

    /// The network's inputs, the velocity field it should predict and the weight of each entry;
    /// the weights of a batch sum to about one.
    pub fn tensors(self, device: &Device) -> (Inputs, Tensor<3>, Tensor<3>) {
        let (batch, window) = (self.batch, self.window);
        let table = |data: Vec<f32>, width: usize| {
            Tensor::<3>::from_data(TensorData::new(data, [batch, window, width]), device)
        };
        let padded = self.padding.iter().any(|p| *p);
        let inputs = Inputs {
            features: table(self.features, features::WIDTH),
            known: table(self.known, WIDTH),
            unknown: table(self.unknown, WIDTH),
            noisy: table(self.noisy, WIDTH),
            time: Tensor::from_floats(self.time.as_slice(), device),
            condition: (!self.condition.is_empty()).then(|| table(self.condition, mood::WIDTH)),
            padding: padded
                .then(|| Tensor::from_data(TensorData::new(self.padding, [batch, window]), device)),
            kept: Vec::new(),
        };
        (inputs, table(self.target, WIDTH), table(self.weight, WIDTH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_varies_little_counts_more_and_the_pedal_counts_as_ever() {
        let column = |deviation: f32| (0..100).map(move |n| if n % 2 == 0 { deviation } else { -deviation });
        let table = |deviation: f32| -> Vec<f32> {
            let row = |v: f32| std::iter::repeat_n(v, WIDTH);
            column(deviation).flat_map(row).chain(std::iter::repeat_n(f32::NAN, WIDTH)).collect()
        };
        let (calm, common, wild) =
            (counts(&table(0.5), EVENNESS), counts(&table(1.0), EVENNESS), counts(&table(10.0), EVENNESS));
        assert!((common[values::VELOCITY] - LOSS_WEIGHTS[values::VELOCITY]).abs() < 1e-4);
        assert!((calm[values::VELOCITY] / common[values::VELOCITY] - 4f32.powf(EVENNESS)).abs() < 1e-3);
        assert!((common[values::CHORD] / wild[values::CHORD] - 4f32.powf(EVENNESS)).abs() < 1e-3);
        assert_eq!(counts(&table(0.5), 0.0), LOSS_WEIGHTS);
        assert!(values::PEDAL.into_iter().all(|column| calm[column] == LOSS_WEIGHTS[column]));
        let unheard = [f32::NAN; WIDTH];
        assert!(counts(&unheard, EVENNESS).iter().all(|w| w.is_finite()));
    }
}
