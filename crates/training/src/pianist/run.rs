//! The training loop.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, ModuleOptimizer};
use burn::tensor::Device;
use pianist_transformer::config::{NetworkConfig, Playing, Settings};
use pianist_transformer::weights;

use super::CHORDS;
use super::checkpoint::Checkpoint;
use super::loss::loss;
use super::network::{self, Network, init};
use super::pack::files;
use super::packed::Packed;
use super::windows::{Hiding, Stage, Windows};
use crate::runs::steps::{self, Schedule, Training};
use crate::runs::workers::Workers;
use crate::runs::{Progress, append_to_curve, checkpoint, scalar, settle, validation_seeds};

/// What `espressivo train pianist` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that `espressivo data tokens` wrote.
    pub tokens: PathBuf,
    /// Where checkpoint, curve and the trained model go.
    pub out: PathBuf,
    /// What is learned.
    pub stage: Stage,
    /// A model folder whose weights a new run starts from, instead of random ones.
    pub from: Option<PathBuf>,
    /// Sizes of the network of a new run that starts from random weights.
    pub sizes: NetworkConfig,
    /// Steps in all, counted from the start of the run.
    pub steps: usize,
    /// Windows in a step.
    pub batch: usize,
    /// Notes in a window.
    pub window: usize,
    /// Share of tokens that pre-training hides, between 0 and 1.
    pub mask: f64,
    /// Share of windows of which pre-training hides all but pitches and times between onsets, between 0 and 1:
    /// nearly what a score says.
    pub blind: f64,
    /// Learning rate after the warm-up; it falls to nothing along a cosine.
    pub learning_rate: f64,
    /// The same seed, options and device give the same weights, stopped and resumed or not.
    pub seed: u64,
    /// Parts of a batch computed side by side; 1 on a graphics processor.
    pub workers: usize,
    /// Checkpoint and stop after this long.
    pub at_most: Option<Duration>,
    /// Time between checkpoints.
    pub checkpoint_every: Duration,
    /// Steps between validations.
    pub validate_every: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens: PathBuf::from("runs/tokens"),
            out: PathBuf::from("runs/pianist"),
            stage: Stage::Pretrain,
            from: None,
            sizes: NetworkConfig {
                hidden: 192,
                feed_forward: 512,
                heads: 4,
                key_value_heads: 2,
                head: 48,
                encoder_layers: 6,
                ..NetworkConfig::PUBLISHED
            },
            steps: 20_000,
            batch: 8,
            window: 128,
            mask: 0.3,
            blind: 0.0,
            learning_rate: 1e-3,
            seed: 1,
            workers: 2,
            at_most: None,
            checkpoint_every: Duration::from_secs(600),
            validate_every: 250,
        }
    }
}

const WARM_UP_STEPS: usize = 500;
/// Of AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2).
const WEIGHT_DECAY: f32 = 0.1;
/// Largest norm of the gradient of one tensor of weights; the program in PyTorch limits that of all
/// together.
const LARGEST_GRADIENT: f32 = 1.0;
const VALIDATION_BATCHES: u64 = 8;

struct Run<'a> {
    options: &'a Options,
    device: Device,
    train: Windows,
    valid: Windows,
    state: Checkpoint,
    workers: Workers,
}

/// Trains until the steps are done, the time is up or `stop` says so; returns the folder of the trained
/// model. A run that finds its checkpoint goes on from there.
///
/// # Errors
/// When the tokens, the model to start from or the checkpoint cannot be read or do not fit, when
/// a worker panics, when the loss is no number, or when a file cannot be written.
pub fn train(options: &Options, device: Device, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    ensure!(options.batch > 0 && options.workers > 0, "batch and workers must be at least 1");
    for share in [options.mask, options.blind] {
        ensure!((0.0..=1.0).contains(&share), "the share that is hidden must be from 0 to 1");
    }
    std::fs::create_dir_all(&options.out)
        .with_context(|| format!("cannot create {}", options.out.display()))?;
    let schedule = Schedule {
        steps: options.steps,
        at_most: options.at_most,
        validate_every: options.validate_every,
        checkpoint_every: options.checkpoint_every,
        notes_a_step: options.batch * options.window,
    };
    steps::train(&mut Run::start(options, device)?, &schedule, stop)
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, device: Device) -> Result<Self> {
        let [train, valid] = files(&options.tokens, options.stage.name());
        let windows = |path: PathBuf| Windows::new(Packed::read(&path)?, options.stage, options.window);
        let (train, valid) = (windows(train)?, windows(valid)?);
        let device = device.autodiff();
        let folder = checkpoint::folder_in(&options.out);
        let state = if checkpoint::recover(&folder)? {
            let mut state = Checkpoint::load(&folder, optimizer(), &device)?;
            state.settings.playing = playing(options);
            eprintln!("going on from step {}", state.progress.step);
            state
        } else {
            new_run(options, &device)?
        };
        let parameters = state.network.num_params();
        eprintln!("{} streams to learn from; {parameters} parameters", train.streams());
        let workers = Workers::new(options.workers)?;
        Ok(Self { options, device, train, valid, state, workers })
    }

    /// A straight warm-up, and a cosine that falls to nothing at the last step (Loshchilov and Hutter,
    /// *SGDR*, ICLR 2017, section 3, without restarts).
    fn learning_rate(&self, step: usize) -> f64 {
        let up = ((step + 1) as f64 / WARM_UP_STEPS as f64).min(1.0);
        let along = step as f64 / self.options.steps.max(1) as f64;
        self.options.learning_rate * up * 0.5 * (1.0 + (std::f64::consts::PI * along).cos())
    }

    fn hiding(&self) -> Hiding {
        Hiding { mask: self.options.mask, blind: self.options.blind }
    }

    /// Mean loss a token, in nats, on windows of the validation split, always the same ones.
    fn validation_loss(&self) -> f64 {
        let (plain, network): (Device, Network) = (self.device.clone().inner(), self.state.network.valid());
        let (mut total, mut tokens) = (0.0, 0);
        for seed in validation_seeds(VALIDATION_BATCHES) {
            let batch = self.valid.draw(seed, self.options.batch, self.hiding());
            let (sum, count) = loss(&network, &batch, &self.state.settings.network, &plain);
            (total, tokens) = (total + scalar(sum), tokens + count);
        }
        total / tokens.max(1) as f64
    }
}

impl Training for Run<'_> {
    fn progress(&mut self) -> &mut Progress {
        &mut self.state.progress
    }

    /// The batch is split over the workers.
    fn step(&mut self) -> Result<f64> {
        let (progress, workers) = (self.state.progress, self.workers.count());
        let (part, hiding) = (self.options.batch.div_ceil(workers), self.hiding());
        let rate = self.learning_rate(progress.step);
        let (train, device, sizes) = (&self.train, &self.device, &self.state.settings.network);
        let share = |worker: usize, network: &Network| {
            let batch = train.draw(progress.seed_of(worker, workers), part, hiding);
            let (sum, count) = loss(network, &batch, sizes, device);
            sum / (count.max(1) * workers) as f64
        };
        self.workers.step(device, &mut self.state.network, &mut self.state.optimizer, rate, &share)
    }

    fn validate(&mut self, train_loss: f64) -> Result<()> {
        let Progress { step, seconds, .. } = self.state.progress;
        let (valid, rate) = (self.validation_loss(), self.learning_rate(step));
        let row = format!("{step},{seconds:.0},{train_loss:.5},{valid:.5},{rate:.2e}");
        append_to_curve(&self.options.out, "step,seconds,train_loss,valid_loss,learning_rate", &row)?;
        eprintln!("step {step}  validation {valid:.4}");
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.state.save(&checkpoint::folder_in(&self.options.out))
    }

    fn save_model(&self) -> Result<PathBuf> {
        let model = self.options.out.join("model");
        network::save(&self.state.network.valid(), &self.state.settings, &model)?;
        Ok(model)
    }
}

fn optimizer() -> ModuleOptimizer {
    AdamWConfig::new()
        .with_weight_decay(WEIGHT_DECAY)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(LARGEST_GRADIENT)))
        .init()
}

/// The model plays as it is trained: in windows of as many notes and with the notes of a chord in the
/// same order, also if it starts from a model that was trained otherwise.
fn playing(options: &Options) -> Playing {
    Playing::in_windows(options.window, CHORDS)
}

fn new_run(options: &Options, device: &Device) -> Result<Checkpoint> {
    device.seed(options.seed);
    let (network, sizes) = match &options.from {
        Some(folder) => {
            let sizes = weights::settings(folder)?.network;
            let mut network = init(&sizes, device);
            neural::weights::load(&mut network, &folder.join(weights::FILE_NAME))?;
            (network, sizes)
        }
        None => (init(&options.sizes, device), options.sizes.clone()),
    };
    settle(&network);
    let settings = Settings { network: sizes, playing: playing(options) };
    Ok(Checkpoint { settings, progress: Progress::new(options.seed), network, optimizer: optimizer() })
}
