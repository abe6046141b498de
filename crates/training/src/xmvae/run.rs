//! The training loop.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use analysis::features;
use anyhow::{Context, Result, ensure};
use burn::module::Module;
use burn::tensor::Device;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;
use xmvae::config::{self, Coherences, FILE_NAME, NetworkConfig, Scales, Settings};

use super::codebook::{Averages, Chosen, kept};
use super::draw::Windows;
use super::fit::fit;
use super::loss::{Weighing, loss};
use super::network::{Network, init};
use super::packed::Packed;
use super::validation::{self, Validation};
use crate::runs::checkpoint::folder_in;
use crate::runs::plan::Plan;
use crate::runs::state::State;
use crate::runs::steps::{self, Training};
use crate::runs::workers::Workers;
use crate::runs::{Progress, append_to_curve, scalar};

/// What `espressivo train xmvae` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that `espressivo data ecp` wrote.
    pub ecp: PathBuf,
    /// A model folder whose weights a new run starts from, instead of random ones.
    pub from: Option<PathBuf>,
    /// Sizes of the network of a new run that starts from random weights.
    pub sizes: NetworkConfig,
    /// How the divergence of manners is weighed.
    pub weighing: Weighing,
    /// Windows of scores in a step, for the Composer.
    pub scores: usize,
    /// What runs of all networks take; a batch is of windows of performances.
    pub plan: Plan,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ecp: PathBuf::from("runs/ecp"),
            from: None,
            sizes: NetworkConfig::SMALL,
            weighing: Weighing { beta: 0.2, free: 0.05 },
            scores: 6,
            plan: Plan {
                out: PathBuf::from("runs/xmvae"),
                batch: 6,
                learning_rate: 2e-3,
                checkpoint_every: Duration::from_secs(300),
                validate_every: 100,
                ..Plan::default()
            },
        }
    }
}

const WARM_UP_STEPS: usize = 100;

/// Files of a pack: performances to learn from, those of validation pieces, and scores that nobody plays.
pub const FILES: [&str; 3] = ["performances", "performances_valid", "scores"];

/// A run between two steps.
type Checkpoint = State<Settings, Network>;

struct Run<'a> {
    options: &'a Options,
    device: Device,
    train: Windows,
    valid: Windows,
    state: Checkpoint,
    averages: Averages,
    workers: Workers,
    /// Sums over the steps since the last row of the curve of what is played and what is written, and how many.
    since: [f64; 3],
}

/// What a worker leaves besides its loss.
struct Left {
    chosen: Chosen,
    played: f64,
    written: f64,
}

/// Trains until the steps are done, the time is up or `stop` says so; returns the folder of the trained
/// model. A run that finds its checkpoint goes on from there.
///
/// # Errors
/// When the pack, the model to start from or the checkpoint cannot be read or do not fit, when a worker
/// panics, when the loss is no number, or when a file cannot be written.
pub fn train(options: &Options, device: Device, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    ensure!(options.scores > 0, "there must be at least one window of a score in a step");
    ensure!(options.weighing.beta >= 0.0 && options.weighing.free >= 0.0, "weights must be 0 or more");
    options.plan.begin()?;
    let mut run = Run::start(options, device)?;
    let schedule = options.plan.schedule(run.state.settings.network.window);
    steps::train(&mut run, &schedule, stop)
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, device: Device) -> Result<Self> {
        let device = device.autodiff();
        let out = &options.plan.out;
        let read = |name: &str| Packed::read(&options.ecp.join(format!("{name}.safetensors")));
        let [performances, valid, scores] = FILES;
        let performances = read(performances)?;
        let resumed = Checkpoint::resume(out, |settings| init(&settings.network, &device))?;
        let (state, averages) = match resumed {
            Some(state) => {
                let NetworkConfig { codes, code_width, .. } = state.settings.network;
                let averages = Averages::read(&folder_in(out), codes, code_width)?;
                (state, averages)
            }
            None => new_run(options, &performances, &device)?,
        };
        let schema = &state.settings.feature_schema;
        ensure!(
            *schema == features::schema(),
            "the run in {} reads other features of scores (schema {schema}) than this version of the app ({}); \
             start another",
            out.display(),
            features::schema()
        );
        let sizes = &state.settings.network;
        let train = Windows::new(performances, Some(read(scores)?), sizes)?;
        let valid = Windows::new(read(valid)?, None, sizes)?;
        let (played, written) = (train.performances(), train.scores());
        eprintln!("{played} performances, {written} scores; {} parameters", state.network.num_params());
        let workers = Workers::new(options.plan.workers)?;
        Ok(Self { options, device, train, valid, state, averages, workers, since: [0.0; 3] })
    }

    fn learning_rate(&self, step: usize) -> f64 {
        self.options.plan.learning_rate(step, WARM_UP_STEPS)
    }

    /// Moves the codebook, by what all workers chose in their order.
    fn learn_codes(&mut self, left: Vec<Left>, step: usize, seed: u64) {
        let mut chosen = Chosen::default();
        let workers = left.len().max(1) as f64;
        for left in left {
            chosen.codes.extend(left.chosen.codes);
            chosen.rows.extend(left.chosen.rows);
            self.since[0] += left.played / workers;
            self.since[1] += left.written / workers;
        }
        self.since[2] += 1.0;
        self.state.network.set_codebook(self.averages.step(&chosen, kept(step), seed));
    }
}

impl Training for Run<'_> {
    fn progress(&mut self) -> &mut Progress {
        &mut self.state.progress
    }

    /// The batch is split over the workers, whole pairs of windows each.
    fn step(&mut self) -> Result<f64> {
        let (progress, workers, options) = (self.state.progress, self.workers.count(), self.options);
        let part = options.plan.batch.div_ceil(workers).next_multiple_of(2);
        let scores = options.scores.div_ceil(workers);
        let rate = self.learning_rate(progress.step);
        let weighing = options.weighing.at(options.plan.along(progress.step));
        let (train, device, settings) = (&self.train, &self.device, &self.state.settings);
        let slots: Vec<Mutex<Option<Left>>> = (0..workers).map(|_| Mutex::new(None)).collect();
        let share = |worker: usize, network: &Network| {
            let seed = progress.seed_of(worker, workers);
            let (played, written) = (train.played(seed, part), train.written(seed, scores, true));
            let noise = noise(seed, part * settings.network.latent);
            let found = loss(network, &played, &written, noise, weighing, settings, device);
            let (played, written) = (scalar(found.played), scalar(found.written));
            let left = Left { chosen: found.chosen, played, written };
            if let Some(slot) = slots.get(worker) {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
            }
            found.total / workers as f64
        };
        let loss =
            self.workers.step(device, &mut self.state.network, &mut self.state.optimizer, rate, &share)?;
        let left =
            slots.into_iter().filter_map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
        let left = left.collect();
        self.learn_codes(left, progress.step, progress.seed_of(0, workers));
        Ok(loss)
    }

    fn validate(&mut self, train_loss: f64) -> Result<()> {
        let Progress { step, seconds, .. } = self.state.progress;
        let (plain, network) = (self.device.clone().inner(), self.state.network.valid());
        let batch = [self.options.plan.batch, self.options.scores];
        let found = Validation::of(&network, &self.valid, batch, &self.state.settings, &plain);
        let [played, written, count] = std::mem::take(&mut self.since);
        let [played, written] = [played, written].map(|sum| sum / count.max(1.0));
        let (cells, rate) = (found.cells(), self.learning_rate(step));
        let row = format!("{step},{seconds:.0},{train_loss:.4},{played:.4},{written:.4},{cells},{rate:.2e}");
        let columns = validation::COLUMNS;
        let columns = format!("step,seconds,train_loss,train_played,train_written,{columns},learning_rate");
        append_to_curve(&self.options.plan.out, &columns, &row)?;
        let [played, written] = found.sums();
        eprintln!("step {step}  validation {played:.4} a note played, {written:.4} a step written");
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.state.save_with(&self.options.plan.out, |folder| self.averages.write(folder))
    }

    fn save_model(&self) -> Result<PathBuf> {
        self.state.save_model(&self.options.plan.out)
    }
}

/// Normal numbers, the same for the same seed.
fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut random = Pcg64Mcg::seed_from_u64(seed.rotate_left(32));
    (0..count).map(|_| StandardNormal.sample(&mut random)).collect()
}

/// A run before its first step; a line is fitted to the performances.
fn new_run(options: &Options, performances: &Packed, device: &Device) -> Result<(Checkpoint, Averages)> {
    device.seed(options.plan.seed);
    let (settings, network) = match &options.from {
        Some(folder) => start_from(folder, device)?,
        None => {
            let settings = Settings {
                network: options.sizes.clone(),
                feature_schema: features::schema(),
                scales: Scales::default(),
                coherence: Coherences::default(),
            };
            let mut network = init(&settings.network, device);
            if let Some(line) = &mut network.line {
                line.set(&fit(performances));
            }
            (settings, network)
        }
    };
    let width = settings.network.code_width;
    let state = Checkpoint::new(settings, network, options.plan.seed);
    let codes = state.network.codebook();
    let averages =
        if options.from.is_some() { Averages::of(codes, width) } else { Averages::new(codes, width) };
    Ok((state, averages))
}

fn start_from(folder: &Path, device: &Device) -> Result<(Settings, Network)> {
    let settings = config::settings(folder)?;
    let mut network = init(&settings.network, device);
    neural::weights::load(&mut network, &folder.join(FILE_NAME))
        .with_context(|| format!("cannot start from {}", folder.display()))?;
    Ok((settings, network))
}
