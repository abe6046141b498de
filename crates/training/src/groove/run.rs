//! The training loop.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, ModuleOptimizer};
use burn::tensor::Device;
use cadenza::groove::{NetworkConfig, Settings};

use super::STYLES;
use super::checkpoint::Checkpoint;
use super::network::{self, Network, init, loss};
use super::pack::file;
use super::packed::Packed;
use super::windows::Windows;
use crate::runs::steps::{self, Schedule, Training};
use crate::runs::workers::Workers;
use crate::runs::{Progress, append_to_curve, checkpoint, scalar, settle, validation_seeds};

/// What `espressivo train groove` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that `espressivo data grooves` wrote.
    pub grooves: PathBuf,
    /// Where checkpoint, curve and the trained model go.
    pub out: PathBuf,
    /// Sizes of the network of a new run.
    pub sizes: NetworkConfig,
    /// Steps in all, counted from the start of the run.
    pub steps: usize,
    /// Windows in a step.
    pub batch: usize,
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
            grooves: PathBuf::from("runs/grooves"),
            out: PathBuf::from("runs/groove"),
            sizes: NetworkConfig::SMALL,
            steps: 6_000,
            batch: 8,
            learning_rate: 1e-3,
            seed: 1,
            workers: 2,
            at_most: None,
            checkpoint_every: Duration::from_secs(600),
            validate_every: 250,
        }
    }
}

const WARM_UP_STEPS: usize = 300;
/// Of AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2).
const WEIGHT_DECAY: f32 = 0.1;
/// Largest norm of the gradient of one tensor of weights; the program in PyTorch limits that of all
/// together.
const LARGEST_GRADIENT: f32 = 1.0;
const VALIDATION_BATCHES: u64 = 16;

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
/// When the played notes or the checkpoint cannot be read or do not fit, when a worker panics, when the loss is no
/// number, or when a file cannot be written.
pub fn train(options: &Options, device: Device, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    ensure!(options.batch > 0 && options.workers > 0, "batch and workers must be at least 1");
    std::fs::create_dir_all(&options.out)
        .with_context(|| format!("cannot create {}", options.out.display()))?;
    let mut run = Run::start(options, device)?;
    let schedule = Schedule {
        steps: options.steps,
        at_most: options.at_most,
        validate_every: options.validate_every,
        checkpoint_every: options.checkpoint_every,
        notes_a_step: options.batch * run.state.settings.network.window,
    };
    steps::train(&mut run, &schedule, stop)
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, device: Device) -> Result<Self> {
        let device = device.autodiff();
        let folder = checkpoint::folder_in(&options.out);
        let state = if checkpoint::recover(&folder)? {
            let state = Checkpoint::load(&folder, optimizer(), &device)?;
            eprintln!("going on from step {}", state.progress.step);
            state
        } else {
            new_run(options, &device)
        };
        let window = state.settings.network.window;
        let windows = |name| Windows::new(Packed::read(&file(&options.grooves, name))?, window);
        let (train, valid) = (windows("train")?, windows("valid")?);
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

    /// Mean loss, in nats a note, on windows of the validation pieces, always the same ones.
    fn validation_loss(&self) -> f64 {
        let (plain, network): (Device, Network) = (self.device.clone().inner(), self.state.network.valid());
        let sizes = &self.state.settings.network;
        let of = |seed| scalar(loss(&network, &self.valid.draw(seed, self.options.batch), sizes, &plain));
        validation_seeds(VALIDATION_BATCHES).map(of).sum::<f64>() / VALIDATION_BATCHES as f64
    }
}

impl Training for Run<'_> {
    fn progress(&mut self) -> &mut Progress {
        &mut self.state.progress
    }

    /// The batch is split over the workers.
    fn step(&mut self) -> Result<f64> {
        let (progress, workers) = (self.state.progress, self.workers.count());
        let part = self.options.batch.div_ceil(workers);
        let rate = self.learning_rate(progress.step);
        let (train, device, sizes) = (&self.train, &self.device, &self.state.settings.network);
        let share = |worker: usize, network: &Network| {
            let batch = train.draw(progress.seed_of(worker, workers), part);
            loss(network, &batch, sizes, device) / workers as f64
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

fn new_run(options: &Options, device: &Device) -> Checkpoint {
    device.seed(options.seed);
    let styles = STYLES.map(str::to_owned).to_vec();
    let settings = Settings { network: options.sizes.clone(), styles, coherence: Default::default() };
    let network = init(&settings, device);
    settle(&network);
    Checkpoint { settings, progress: Progress::new(options.seed), network, optimizer: optimizer() }
}
