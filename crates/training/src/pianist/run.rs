//! The training loop.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use burn::module::Module;
use burn::tensor::Device;
use pianist_transformer::config::{NetworkConfig, Playing, Settings};
use pianist_transformer::weights;

use super::CHORDS;
use super::loss::loss;
use super::network::{Network, init};
use super::pack::files;
use super::packed::Packed;
use super::windows::{Hiding, Stage, Windows};
use crate::runs::plan::Plan;
use crate::runs::state::State;
use crate::runs::steps::{self, Training};
use crate::runs::workers::Workers;
use crate::runs::{Progress, append_to_curve, scalar, validation_seeds};

/// What `espressivo train pianist` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that `espressivo data tokens` wrote.
    pub tokens: PathBuf,
    /// What is learned.
    pub stage: Stage,
    /// A model folder whose weights a new run starts from, instead of random ones.
    pub from: Option<PathBuf>,
    /// Sizes of the network of a new run that starts from random weights.
    pub sizes: NetworkConfig,
    /// Notes in a window.
    pub window: usize,
    /// Share of tokens that pre-training hides, between 0 and 1.
    pub mask: f64,
    /// Share of windows of which pre-training hides all but pitches and times between onsets, between 0 and 1:
    /// nearly what a score says.
    pub blind: f64,
    /// What runs of all networks take.
    pub plan: Plan,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens: PathBuf::from("runs/tokens"),
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
            window: 128,
            mask: 0.3,
            blind: 0.0,
            plan: Plan { out: PathBuf::from("runs/pianist"), ..Plan::default() },
        }
    }
}

const WARM_UP_STEPS: usize = 500;
const VALIDATION_BATCHES: u64 = 8;

/// A run between two steps.
type Checkpoint = State<Settings, Network>;

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
    for share in [options.mask, options.blind] {
        ensure!((0.0..=1.0).contains(&share), "the share that is hidden must be from 0 to 1");
    }
    options.plan.begin()?;
    let schedule = options.plan.schedule(options.window);
    steps::train(&mut Run::start(options, device)?, &schedule, stop)
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, device: Device) -> Result<Self> {
        let [train, valid] = files(&options.tokens, options.stage.name());
        let windows = |path: PathBuf| Windows::new(Packed::read(&path)?, options.stage, options.window);
        let (train, valid) = (windows(train)?, windows(valid)?);
        let device = device.autodiff();
        let resumed = Checkpoint::resume(&options.plan.out, |settings| init(&settings.network, &device))?;
        let mut state = match resumed {
            Some(state) => state,
            None => new_run(options, &device)?,
        };
        state.settings.playing = playing(options);
        let parameters = state.network.num_params();
        eprintln!("{} streams to learn from; {parameters} parameters", train.streams());
        let workers = Workers::new(options.plan.workers)?;
        Ok(Self { options, device, train, valid, state, workers })
    }

    fn learning_rate(&self, step: usize) -> f64 {
        self.options.plan.learning_rate(step, WARM_UP_STEPS)
    }

    fn hiding(&self) -> Hiding {
        Hiding { mask: self.options.mask, blind: self.options.blind }
    }

    /// Mean loss a token, in nats, on windows of the validation split, always the same ones.
    fn validation_loss(&self) -> f64 {
        let (plain, network): (Device, Network) = (self.device.clone().inner(), self.state.network.valid());
        let (mut total, mut tokens) = (0.0, 0);
        for seed in validation_seeds(VALIDATION_BATCHES) {
            let batch = self.valid.draw(seed, self.options.plan.batch, self.hiding());
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
        let (part, hiding) = (self.options.plan.batch.div_ceil(workers), self.hiding());
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
        append_to_curve(&self.options.plan.out, "step,seconds,train_loss,valid_loss,learning_rate", &row)?;
        eprintln!("step {step}  validation {valid:.4}");
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.state.save(&self.options.plan.out)
    }

    fn save_model(&self) -> Result<PathBuf> {
        self.state.save_model(&self.options.plan.out)
    }
}

/// The model plays as it is trained: in windows of as many notes and with the notes of a chord in the
/// same order, also if it starts from a model that was trained otherwise.
fn playing(options: &Options) -> Playing {
    Playing::in_windows(options.window, CHORDS)
}

fn new_run(options: &Options, device: &Device) -> Result<Checkpoint> {
    device.seed(options.plan.seed);
    let (network, sizes) = match &options.from {
        Some(folder) => {
            let sizes = weights::settings(folder)?.network;
            let mut network = init(&sizes, device);
            neural::weights::load(&mut network, &folder.join(weights::FILE_NAME))?;
            (network, sizes)
        }
        None => (init(&options.sizes, device), options.sizes.clone()),
    };
    let settings = Settings { network: sizes, playing: playing(options) };
    Ok(Checkpoint::new(settings, network, options.plan.seed))
}
