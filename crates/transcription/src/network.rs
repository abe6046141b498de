//! The network: from a segment of sound to what it knows of every key at every frame.

use neural::archive::Archive;
use neural::matmul::Matrix;
use neural::weights::WeightsError;
use rayon::prelude::*;

use crate::intervals::Paths;
use crate::layer::Block;
use crate::linear::Linear;
use crate::lines::{Attended, Lines};
use crate::map::{Convolution, Map, Norm};
use crate::positions::Positions;
use crate::pulse::Pulse;
use crate::settings::{Settings, targets};
use crate::spectrogram::Spectrogram;

/// Frames of a step in time of the transformer.
const FRAMES: usize = 8;

/// Zeros around the map before its convolutions: before and after it in time and in frequency.
const PADDING: [[usize; 2]; 2] = [[4, 3], [2, 1]];

/// Places in the checkpoint of the convolutions, each followed by its norm.
const CONVOLUTIONS: [usize; 4] = [1, 5, 9, 13];

/// Steps over time and frequency of those convolutions.
const STRIDES: [[usize; 2]; 4] = [[2, 1], [2, 2], [2, 2], [1, 1]];

/// The network with its weights.
pub struct Network {
    settings: Settings,
    spectrogram: Spectrogram,
    entry: Convolution,
    /// Added after the first convolution, `[band][channel]`.
    band_positions: Vec<f32>,
    convolutions: Vec<(Convolution, Norm)>,
    grid: Grid,
    /// Where each token stands, `[frequency][time][number]`.
    positions: Vec<f32>,
    /// Blocks over frequency and over time.
    layers: Vec<[Block; 2]>,
    /// From a step in time to each of its frames.
    frames: [Matrix; FRAMES],
    frame_bias: Vec<f32>,
    /// From a frame to its query, its key and its own score.
    scorer: Linear,
}

/// Sizes of what the transformer works on.
#[derive(Clone, Copy)]
struct Grid {
    /// Steps in time, after one that stands for all.
    times: usize,
    /// Steps in frequency, after one that stands for all.
    bands: usize,
    /// Pedals and keys.
    targets: usize,
}

impl Grid {
    fn new(settings: &Settings) -> Self {
        let [mut times, mut bands] = [
            settings.frames() + PADDING[0].iter().sum::<usize>(),
            settings.bands + PADDING[1].iter().sum::<usize>(),
        ];
        for [time, band] in STRIDES {
            (times, bands) = ((times - 1) / time + 1, (bands - 1) / band + 1);
        }
        Self { times: times + 1, bands: bands + 1, targets: targets().count() }
    }

    fn lines(&self) -> usize {
        self.bands + self.targets
    }
}

/// What the network has heard in a segment.
pub struct Heard {
    /// For each pedal and key: steps in time, `[time][number]`.
    known: Vec<Vec<f32>>,
    /// For each pedal and key: where it sounds.
    pub paths: Vec<Paths>,
}

impl Network {
    /// Reads the weights.
    pub fn load(archive: &Archive, settings: Settings) -> Result<Self, WeightsError> {
        let (base, width, grid) = (settings.base, settings.width(), Grid::new(&settings));
        let backbone = |what: &str| format!("backbone.{what}");
        let bands: Vec<f32> = (0..settings.bands).map(|k| k as f32).collect();
        let channels = [base, 2 * base, width, width, width];
        let convolution = |k: usize| {
            let name = |at: usize| backbone(&format!("downConv.{at}"));
            let at = CONVOLUTIONS[k];
            let convolution =
                Convolution::load(archive, &name(at), [channels[k], channels[k + 1]], STRIDES[k])?;
            Ok((convolution, Norm::load(archive, &name(at + 1), channels[k + 1])?))
        };
        let layer = |k: usize| {
            let name = backbone(&format!("encoderLayers.{k}"));
            let sizes = [width, settings.heads, settings.growth];
            Ok([Block::load(archive, &name, "F", sizes)?, Block::load(archive, &name, "T", sizes)?])
        };
        Ok(Self {
            settings,
            spectrogram: Spectrogram::load(archive, &settings)?,
            entry: Convolution::load(archive, &backbone("inputConv"), [settings.channels(), base], [1, 1])?,
            band_positions: Positions::load(archive, &backbone("posEmbedBuilder"), base, 1)?.of(&bands),
            convolutions: (0..CONVOLUTIONS.len()).map(convolution).collect::<Result<_, _>>()?,
            grid,
            positions: positions(archive, width, grid)?,
            layers: (0..settings.layers).map(layer).collect::<Result<_, _>>()?,
            frames: frames(archive, width)?,
            frame_bias: archive.numbers(&backbone("upConv1dSkip.bias"), &[width])?,
            scorer: Linear::load(archive, "scorer.map.0", width, 2 * width + 1)?,
        })
    }

    /// Sizes of the network.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Steps that [`Self::hear`] takes.
    pub fn steps(&self) -> usize {
        CONVOLUTIONS.len() + 2 * self.layers.len() + 2
    }

    /// Hears a segment; `None` if the work is no longer wanted.
    pub fn hear(&self, segment: &[f32], pulse: &Pulse) -> Option<Heard> {
        let map = self.convolve(segment, pulse)?;
        let tokens = self.transform(&map, pulse)?;
        let (width, times) = (self.settings.width(), self.grid.times);
        let of_targets = tokens.chunks_exact(times * width).skip(self.grid.bands);
        // Without the step that stands for all.
        let known: Vec<Vec<f32>> = of_targets.map(|line| line[width..].to_vec()).collect();
        let path = |known: &Vec<f32>| (!pulse.is_stopped()).then(|| self.path(known));
        let paths = known.par_iter().map(path).collect::<Option<Vec<Paths>>>()?;
        pulse.step()?;
        Some(Heard { known, paths })
    }

    /// Spectrogram and convolutions.
    fn convolve(&self, segment: &[f32], pulse: &Pulse) -> Option<Map> {
        let &Settings { bands, .. } = &self.settings;
        let values = self.spectrogram.of(segment);
        let map = Map { times: self.settings.frames(), bands, channels: self.settings.channels(), values };
        let mut map = self.entry.of(&map, &self.band_positions).padded(PADDING[0], PADDING[1]);
        pulse.step()?;
        for (k, (convolution, norm)) in self.convolutions.iter().enumerate() {
            map = convolution.of(&map, &[]);
            map.normalize(norm, k + 1 < self.convolutions.len());
            pulse.step()?;
        }
        Some(map)
    }

    /// The transformer: tokens of time and frequency, and tokens of time and pedal or key. Returns all,
    /// `[frequency, then pedal or key][time][number]`, of which those of pedals and keys count.
    fn transform(&self, map: &Map, pulse: &Pulse) -> Option<Vec<f32>> {
        let (width, Grid { times, bands, .. }) = (self.settings.width(), self.grid);
        let mut over_time = self.entering(map);
        let mut over_bands = vec![0.0; over_time.len()];
        for (k, [across, along]) in self.layers.iter().enumerate() {
            // Of the last layer only pedals and keys are needed, and not the time that stands for all.
            let is_last = k + 1 == self.layers.len();
            let first = if is_last { bands } else { 0 };
            let lines = Lines { width, count: times, skipped: 0, first, attends_to: Attended::New };
            lines.apply(across, &over_time, &mut over_bands, pulse)?;
            let lines = Lines {
                count: self.grid.lines(),
                skipped: first,
                first: usize::from(is_last),
                attends_to: Attended::Old,
                ..lines
            };
            lines.apply(along, &over_bands, &mut over_time, pulse)?;
        }
        Some(over_time)
    }

    /// The tokens that enter the transformer.
    fn entering(&self, map: &Map) -> Vec<f32> {
        let (width, times) = (self.settings.width(), self.grid.times);
        let mut tokens = self.positions.clone();
        for (time, row) in map.values.chunks_exact(map.bands * width).enumerate() {
            for (band, values) in row.chunks_exact(width).enumerate() {
                let token = &mut tokens[((band + 1) * times + time + 1) * width..][..width];
                token.iter_mut().zip(values).for_each(|(v, value)| *v += value);
            }
        }
        tokens
    }

    /// Where a pedal or key sounds.
    fn path(&self, known: &[f32]) -> Paths {
        let width = self.settings.width();
        let mut scores = Vec::new();
        self.scorer.of(&self.rows(known)[..self.settings.frames() * width], &mut scores);
        let column = |from: usize, factor: f32| -> Vec<f32> {
            let rows = scores.chunks_exact(2 * width + 1);
            rows.flat_map(|row| row[from..from + width].iter().map(|v| v * factor)).collect()
        };
        let queries = column(0, 1.0 / (width as f32).sqrt());
        let singles: Vec<f32> = scores.iter().skip(2 * width).step_by(2 * width + 1).copied().collect();
        Paths::best(&queries, &column(width, 1.0), width, &singles)
    }

    /// What the network knows of a pedal or key at all frames.
    fn rows(&self, known: &[f32]) -> Vec<f32> {
        let width = self.settings.width();
        let mut rows = vec![0.0; known.len() * FRAMES];
        let mut part = vec![0.0; known.len()];
        for (k, matrix) in self.frames.iter().enumerate() {
            matrix.product(known, &mut part);
            let slots = rows.chunks_exact_mut(width).skip(k).step_by(FRAMES);
            slots.zip(part.chunks_exact(width)).for_each(|(slot, row)| {
                slot.iter_mut()
                    .zip(row.iter().zip(&self.frame_bias))
                    .for_each(|(slot, (v, b))| *slot = v + b);
            });
        }
        rows
    }

    /// What the network knows of a pedal or key at one frame.
    pub fn at(&self, heard: &Heard, target: usize, frame: usize) -> Vec<f32> {
        let width = self.settings.width();
        let mut row = vec![0.0; width];
        let known = &heard.known[target][frame / FRAMES * width..][..width];
        self.frames[frame % FRAMES].product(known, &mut row);
        row.iter_mut().zip(&self.frame_bias).for_each(|(v, bias)| *v += bias);
        row
    }
}

/// Where each token stands: `[frequency, then pedal or key][time][number]`.
fn positions(archive: &Archive, width: usize, grid: Grid) -> Result<Vec<f32>, WeightsError> {
    let load =
        |name: &str| Positions::load(archive, &format!("backbone.posEmbedBuilderAttn{name}"), width, 2);
    let places = |lines: &[f32]| -> Vec<f32> {
        lines.iter().flat_map(|line| (0..grid.times).flat_map(|time| [time as f32, *line])).collect()
    };
    let bands: Vec<f32> = (0..grid.bands).map(|k| k as f32).collect();
    let targets: Vec<f32> = targets().map(f32::from).collect();
    Ok([load("TF")?.of(&places(&bands)), load("TE")?.of(&places(&targets))].concat())
}

/// The matrices from a step in time to its frames; the file has `[input][output][frame]`.
fn frames(archive: &Archive, width: usize) -> Result<[Matrix; FRAMES], WeightsError> {
    let all = archive.numbers("backbone.upConv1dSkip.weight", &[width, width, FRAMES])?;
    let of = |k: usize| all.iter().skip(k).step_by(FRAMES).copied().collect::<Vec<f32>>();
    Ok(std::array::from_fn(|k| Matrix::from_rows(&of(k), width)))
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
