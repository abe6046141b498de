//! Windows of notes and what is to be told of them, as tensors.

use burn::tensor::{Device, Tensor, TensorData};
use rand::Rng;

use super::network::{ClassifierConfig, Inputs};

/// A window of notes, and what is to be told of its segments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// One row a note, row by row `[notes, inputs]`; every number finite, best about -2..2.
    pub rows: Vec<f32>,
    /// Which segment each note belongs to, from 0, ascending: 0 for all if the window is one
    /// segment, or the number of the bar within the window `[notes]`. A number that no note has is a
    /// segment without notes, which does not count in training.
    pub segments: Vec<u32>,
    /// How likely each class is, segment by segment `[segments, classes]`; each segment's sum to 1.
    /// May be empty where only predictions are wanted.
    pub targets: Vec<f32>,
}

impl Example {
    /// Number of segments.
    pub fn segments(&self) -> usize {
        self.segments.iter().max().map_or(0, |last| *last as usize + 1)
    }
}

/// Rows from score features `[notes, n]` and values `[notes, m]`, of which those that are missing are
/// NaN: the features, the values (0 where missing), and for each value whether it is missing.
pub fn rows(features: &[f32], values: &[f32], notes: usize) -> Vec<f32> {
    let mut rows = Vec::with_capacity(features.len() + 2 * values.len());
    for n in 0..notes {
        let of = |table: &[f32]| {
            let width = table.len() / notes;
            n * width..(n + 1) * width
        };
        rows.extend_from_slice(&features[of(features)]);
        let values = &values[of(values)];
        rows.extend(values.iter().map(|v| if v.is_finite() { *v } else { 0.0 }));
        rows.extend(values.iter().map(|v| f32::from(u8::from(!v.is_finite()))));
    }
    rows
}

/// Windows as the network takes them.
pub struct Batch {
    /// What the network reads.
    pub inputs: Inputs,
    /// `[batch, segments, classes]`, zero for segments without notes.
    pub targets: Tensor<3>,
    /// Segments that count.
    pub counted: usize,
}

impl Batch {
    /// Pads to the longest window and the most segments.
    pub fn new(examples: &[Example], config: &ClassifierConfig, device: &Device) -> Self {
        let count = examples.len();
        let notes = examples.iter().map(|e| e.segments.len()).max().unwrap_or(0).max(1);
        let segments = examples.iter().map(Example::segments).max().unwrap_or(0).max(1);
        let mut rows = vec![0.0f32; count * notes * config.inputs];
        let mut pooling = vec![0.0f32; count * segments * notes];
        let mut targets = vec![0.0f32; count * segments * config.classes];
        let mut padding = vec![true; count * notes];
        let mut counted = 0;
        for (k, example) in examples.iter().enumerate() {
            let own = example.segments.len();
            rows[k * notes * config.inputs..][..example.rows.len()].copy_from_slice(&example.rows);
            // A window without notes attends to its first row, or attention would divide by nothing.
            padding[k * notes..][..own.max(1)].fill(false);
            let mut sizes = vec![0u32; example.segments()];
            example.segments.iter().for_each(|s| sizes[*s as usize] += 1);
            for (n, segment) in example.segments.iter().enumerate() {
                let segment = *segment as usize;
                pooling[(k * segments + segment) * notes + n] = 1.0 / sizes[segment] as f32;
            }
            for segment in (0..sizes.len()).filter(|s| sizes[*s] > 0) {
                let Some(target) = example.targets.chunks(config.classes).nth(segment) else { continue };
                targets[(k * segments + segment) * config.classes..][..target.len()].copy_from_slice(target);
                counted += 1;
            }
        }
        let table =
            |data: Vec<f32>, shape: [usize; 3]| Tensor::<3>::from_data(TensorData::new(data, shape), device);
        let padded = padding.iter().any(|p| *p);
        let inputs = Inputs {
            rows: table(rows, [count, notes, config.inputs]),
            pooling: table(pooling, [count, segments, notes]),
            padding: padded.then(|| Tensor::from_data(TensorData::new(padding, [count, notes]), device)),
            kept: None,
        };
        Self { inputs, targets: table(targets, [count, segments, config.classes]), counted }
    }

    /// The same with dropout drawn.
    pub fn with_dropout(mut self, config: &ClassifierConfig, rng: &mut impl Rng, device: &Device) -> Self {
        if config.dropout <= 0.0 {
            return self;
        }
        let kept = (1.0 / (1.0 - config.dropout)) as f32;
        // Sixteen random bits are enough for a share.
        let limit = (config.dropout * 65_536.0) as u32;
        let mut mask = |shape: [usize; 3]| {
            let draw = |_| if rng.next_u32() >> 16 < limit { 0.0 } else { kept };
            let cells: Vec<f32> = (0..shape.iter().product()).map(draw).collect();
            Tensor::from_data(TensorData::new(cells, shape), device)
        };
        let [count, segments, notes] = self.inputs.pooling.dims();
        self.inputs.kept =
            Some([mask([count, notes, config.hidden]), mask([count, segments, config.hidden])]);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_features_values_and_what_is_missing() {
        let rows = rows(&[1.0, 2.0], &[0.5, f32::NAN, 0.25, 4.0], 2);
        assert_eq!(rows, [1.0, 0.5, 0.0, 0.0, 1.0, 2.0, 0.25, 4.0, 0.0, 0.0]);
    }

    #[test]
    fn each_segment_is_the_mean_of_its_notes_and_an_empty_one_does_not_count() {
        let config = ClassifierConfig::new(1, 2);
        let window = Example {
            rows: vec![1.0, 2.0, 3.0],
            segments: vec![0, 0, 2],
            targets: vec![1.0, 0.0, 0.5, 0.5, 0.0, 1.0],
        };
        let short = Example { rows: vec![9.0], segments: vec![0], targets: vec![0.0, 1.0] };
        let batch = Batch::new(&[window, short], &config, &Device::flex());
        let pooled: Vec<f32> =
            batch.inputs.pooling.matmul(batch.inputs.rows).into_data().iter::<f32>().collect();
        assert_eq!(pooled, [1.5, 0.0, 3.0, 9.0, 0.0, 0.0]);
        assert_eq!(batch.counted, 3);
        let targets: Vec<f32> = batch.targets.into_data().iter::<f32>().collect();
        assert_eq!(targets, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    }
}
