//! Convolutions over time and frequency, and their norms.

use neural::archive::Archive;
use neural::matmul::Matrix;
use neural::weights::WeightsError;
use rayon::prelude::*;

use crate::rows::{group_sums, scale};

/// Groups of channels that are normalized together.
const GROUPS: usize = 4;

/// What a norm adds to the variance.
const NORM_EPSILON: f64 = 1e-5;

/// Rows and columns of a kernel.
const KERNEL: usize = 3;

/// Channels over time and frequency, `[time][frequency][channel]`.
#[derive(Clone, Debug)]
pub struct Map {
    /// Steps in time.
    pub times: usize,
    /// Steps in frequency.
    pub bands: usize,
    /// Numbers at each place.
    pub channels: usize,
    /// The numbers.
    pub values: Vec<f32>,
}

impl Map {
    /// With zeros around: `before` and `after` in time, then in frequency.
    pub fn padded(&self, [above, below]: [usize; 2], [left, right]: [usize; 2]) -> Self {
        let (times, bands) = (self.times + above + below, self.bands + left + right);
        let mut values = vec![0.0; times * bands * self.channels];
        let (from, to) = (self.bands * self.channels, bands * self.channels);
        for (row, padded) in self.values.chunks_exact(from).zip(values.chunks_exact_mut(to).skip(above)) {
            padded[left * self.channels..][..from].copy_from_slice(row);
        }
        Self { times, bands, channels: self.channels, values }
    }

    /// Group normalization over the whole map (Wu and He, ECCV 2018), with a factor and a shift for each
    /// channel, then perhaps the Gaussian error linear unit.
    pub fn normalize(&mut self, norm: &Norm, with_gelu: bool) {
        let (channels, row) = (self.channels, self.bands * self.channels);
        let sums_of = |row: &[f32]| {
            let mut sums = [[0.0; 2]; GROUPS];
            group_sums(row, channels, &mut sums);
            sums
        };
        let by_row: Vec<[[f64; 2]; GROUPS]> = self.values.par_chunks_exact(row).map(sums_of).collect();
        let count = (self.values.len() / GROUPS) as f64;
        let (mut factors, mut shifts) = (norm.factors.clone(), norm.shifts.clone());
        for (group, channels) in (0..channels).collect::<Vec<_>>().chunks(channels / GROUPS).enumerate() {
            let [mean, square] = [0, 1].map(|k| by_row.iter().map(|row| row[group][k]).sum::<f64>() / count);
            let by = 1.0 / (square - mean * mean + NORM_EPSILON).sqrt();
            for &channel in channels {
                factors[channel] = (f64::from(factors[channel]) * by) as f32;
                shifts[channel] -= (mean * f64::from(factors[channel])) as f32;
            }
        }
        let rows = self.values.par_chunks_exact_mut(row);
        rows.for_each(|row| scale(row, &factors, &shifts, with_gelu));
    }
}

/// A factor and a shift for each channel of a normalized map.
pub struct Norm {
    factors: Vec<f32>,
    shifts: Vec<f32>,
}

impl Norm {
    /// Reads them.
    pub fn load(archive: &Archive, name: &str, channels: usize) -> Result<Self, WeightsError> {
        let numbers = |what: &str| archive.numbers(&format!("{name}.{what}"), &[channels]);
        Ok(Self { factors: numbers("weight")?, shifts: numbers("bias")? })
    }
}

/// A convolution of three by three, with zeros around the map.
pub struct Convolution {
    channels: [usize; 2],
    /// Steps over time and frequency.
    strides: [usize; 2],
    /// Rows are `[time][frequency][channel]` of what is under the kernel.
    matrix: Matrix,
    bias: Vec<f32>,
}

impl Convolution {
    /// Reads one.
    pub fn load(
        archive: &Archive,
        name: &str,
        channels: [usize; 2],
        strides: [usize; 2],
    ) -> Result<Self, WeightsError> {
        let [inputs, outputs] = channels;
        let area = KERNEL * KERNEL;
        let kernels = archive.numbers(&format!("{name}.weight"), &[outputs, inputs, KERNEL, KERNEL])?;
        let mut matrix = Matrix::zeros(area * inputs, outputs);
        for (output, kernel) in kernels.chunks_exact(area * inputs).enumerate() {
            let column: Vec<f32> =
                (0..area).flat_map(|place| kernel.iter().skip(place).step_by(area).copied()).collect();
            matrix.set_column(output, &column);
        }
        Ok(Self { channels, strides, matrix, bias: archive.numbers(&format!("{name}.bias"), &[outputs])? })
    }

    /// The map's convolution; `shift` is added at every frequency, `[frequency][channel]`, if it is not
    /// empty.
    pub fn of(&self, map: &Map, shift: &[f32]) -> Map {
        let [inputs, outputs] = self.channels;
        let [times, bands] = [(map.times, 0), (map.bands, 1)].map(|(n, k)| (n - 1) / self.strides[k] + 1);
        let mut start = self.bias.repeat(bands);
        start.iter_mut().zip(shift).for_each(|(v, shift)| *v += shift);
        let mut values = vec![0.0; times * bands * outputs];
        values.par_chunks_exact_mut(bands * outputs).enumerate().for_each_init(
            || vec![0.0; bands * KERNEL * KERNEL * inputs],
            |patches, (time, out)| {
                self.gather(map, time, patches);
                out.copy_from_slice(&start);
                self.matrix.add_product(patches, out);
            },
        );
        Map { times, bands, channels: outputs, values }
    }

    /// What is under the kernel at all places of one time, a row each.
    fn gather(&self, map: &Map, time: usize, patches: &mut [f32]) {
        let inputs = self.channels[0];
        let under = KERNEL * inputs;
        for (band, patch) in patches.chunks_exact_mut(KERNEL * under).enumerate() {
            // The kernel's middle is at this place.
            let centre = band * self.strides[1];
            for (row, part) in patch.chunks_exact_mut(under).enumerate() {
                let time = (time * self.strides[0] + row).checked_sub(1).filter(|t| *t < map.times);
                let Some(time) = time else {
                    part.fill(0.0);
                    continue;
                };
                let line = &map.values[time * map.bands * inputs..][..map.bands * inputs];
                let (from, to) = (centre.saturating_sub(1), (centre + 2).min(map.bands));
                let skipped = if centre == 0 { inputs } else { 0 };
                let (before, rest) = part.split_at_mut(skipped);
                let (here, after) = rest.split_at_mut((to - from) * inputs);
                before.fill(0.0);
                here.copy_from_slice(&line[from * inputs..to * inputs]);
                after.fill(0.0);
            }
        }
    }
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
