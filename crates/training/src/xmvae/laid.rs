//! Windows of steps as tensors: what their rows are, which beat each belongs to, and what they see of each other.

use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use xmvae::config::NetworkConfig;
use xmvae::ecp::{BEGIN, FAMILY, METRIC, SCORE_COLUMNS};

use super::layers::{Seen, Sight};
use super::windows::Steps;
use crate::rotary::Turns;

/// The beat of the beginning that stands before a window's first step when it is written.
const OF_BEGINNING: i32 = -1;

/// Windows of steps on a device.
pub struct Laid {
    /// Windows.
    pub(super) batch: usize,
    /// Steps of the longest, to which the others are filled up.
    pub(super) width: usize,
    /// What rows see of each other where all of a window is read.
    pub(super) sight: Sight,
    /// What is written `[batch * width, 4]`.
    written: Vec<i32>,
    /// The beat of each step, counted over all windows `[batch * width]`; of padding the number of all beats.
    beats: Vec<i32>,
    /// Places of the beats among the steps of all windows.
    metric: Vec<i32>,
    lengths: Vec<usize>,
    device: Device,
}

/// Windows from the beginning to their last step but one: what stands before each step, and after the last.
pub(super) struct Before {
    /// What is written of each row `[batch, width + 1]`, column by column.
    pub(super) columns: [Tensor<2, Int>; SCORE_COLUMNS],
    /// The beat of each row `[batch * (width + 1)]`, counted over all windows.
    pub(super) beats: Tensor<1, Int>,
    /// Rows see themselves and those before.
    pub(super) sight: Sight,
}

impl Laid {
    /// Lays windows out.
    pub fn of(steps: &Steps, sizes: &NetworkConfig, device: &Device) -> Self {
        let (batch, width) = (steps.batch, steps.width);
        let is_metric = |k: usize| steps.written[k * SCORE_COLUMNS + FAMILY] == METRIC;
        let metric: Vec<i32> = (0..batch * width).filter(|k| is_metric(*k)).map(|k| k as i32).collect();
        let mut so_far = -1;
        let beats = (0..batch * width).map(|k| {
            so_far += i32::from(is_metric(k));
            if k % width < steps.lengths[k / width] { so_far } else { metric.len() as i32 }
        });
        let beats: Vec<i32> = beats.collect();
        let padded = steps.lengths.iter().any(|length| *length < width);
        let all = match padded {
            true => hide([batch, width], |window, _, other| other >= steps.lengths[window], device),
            false => Seen::All,
        };
        let beat = match sizes.beat_attention {
            true => hide(
                [batch, width],
                |k, row, other| beats[k * width + row] != beats[k * width + other],
                device,
            ),
            false => Seen::All,
        };
        let turns = Turns::new(width, sizes.head, sizes.rotary_base, device);
        let written = steps.written.iter().map(|value| i32::from(*value)).collect();
        let (lengths, device) = (steps.lengths.clone(), device.clone());
        Self { batch, width, sight: Sight { turns, all, beat }, written, beats, metric, lengths, device }
    }

    /// What is written `[batch, width]`, column by column.
    pub(super) fn columns(&self) -> [Tensor<2, Int>; SCORE_COLUMNS] {
        columns(&self.written, [self.batch, self.width], &self.device)
    }

    /// The places of the beats among the steps of all windows `[beats]`.
    pub(super) fn metric(&self) -> Tensor<1, Int> {
        list(&self.metric, &self.device)
    }

    /// The beat of each step `[batch * width]`, counted over all windows.
    pub(super) fn beats(&self) -> Tensor<1, Int> {
        list(&self.beats, &self.device)
    }

    /// What stands before each step, and after the last of each window.
    pub(super) fn before(&self, sizes: &NetworkConfig) -> Before {
        let (batch, width) = (self.batch, self.width + 1);
        let (mut written, mut beats, mut within) = (Vec::new(), Vec::new(), Vec::new());
        for window in 0..batch {
            let steps = window * self.width..(window + 1) * self.width;
            written.extend([i32::from(BEGIN), 0, 0, 0]);
            written.extend(&self.written[steps.start * SCORE_COLUMNS..steps.end * SCORE_COLUMNS]);
            // The beginning has no code, like padding.
            beats.push(self.metric.len() as i32);
            beats.extend(&self.beats[steps.clone()]);
            within.push(OF_BEGINNING);
            within.extend(&self.beats[steps]);
        }
        let is_hidden = |window: usize, row: usize, other: usize| {
            other > row || within[window * width + row] != within[window * width + other]
        };
        let beat = match sizes.beat_attention {
            true => hide([batch, width], is_hidden, &self.device),
            false => Seen::Before,
        };
        let turns = Turns::new(width, sizes.head, sizes.rotary_base, &self.device);
        Before {
            columns: columns(&written, [batch, width], &self.device),
            beats: list(&beats, &self.device),
            sight: Sight { turns, all: Seen::Before, beat },
        }
    }

    /// Rows of beats `[beats, width]` at steps of these beats `[batch * steps]`: `[batch, steps, width]`, with zeros
    /// where there is no beat.
    pub(super) fn spread(&self, rows: Tensor<2>, beats: Tensor<1, Int>) -> Tensor<3> {
        let ([_, width], [steps]) = (rows.dims(), beats.dims());
        let none = Tensor::zeros([1, width], &rows.device());
        Tensor::cat(vec![rows, none], 0).select(0, beats).reshape([self.batch, steps / self.batch, width])
    }

    /// The share of every step in the mean of its window's `[batch, 1, width]`.
    pub(super) fn shares(&self) -> Tensor<3> {
        let share = |length: usize, k: usize| if k < length { 1.0 / length as f32 } else { 0.0 };
        let shares: Vec<f32> = (self.lengths.iter())
            .flat_map(|length| (0..self.width).map(move |k| share(*length, k)))
            .collect();
        Tensor::from_data(TensorData::new(shares, [self.batch, 1, self.width]), &self.device)
    }
}

/// A list of numbers on a device.
pub(super) fn list(numbers: &[i32], device: &Device) -> Tensor<1, Int> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), [numbers.len()]), device)
}

fn columns(written: &[i32], shape: [usize; 2], device: &Device) -> [Tensor<2, Int>; SCORE_COLUMNS] {
    std::array::from_fn(|column| {
        let values: Vec<i32> = written.iter().skip(column).step_by(SCORE_COLUMNS).copied().collect();
        Tensor::from_data(TensorData::new(values, shape), device)
    })
}

/// Rows see each other but where `is_hidden` says so of a window, a row and another row.
fn hide(
    [batch, width]: [usize; 2],
    is_hidden: impl Fn(usize, usize, usize) -> bool,
    device: &Device,
) -> Seen {
    let mut hidden = Vec::with_capacity(batch * width * width);
    for window in 0..batch {
        for row in 0..width {
            hidden.extend((0..width).map(|other| is_hidden(window, row, other)));
        }
    }
    let hidden = TensorData::new(hidden, [batch, 1, width, width]);
    Seen::AllBut(Box::new(Tensor::<4, Bool>::from_data(hidden, device)))
}
