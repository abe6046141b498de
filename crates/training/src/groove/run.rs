//! The training loop.

use std::path::PathBuf;

use anyhow::Result;
use burn::module::Module;
use burn::tensor::Device;
use cadenza::groove::{NetworkConfig, Settings, UNLEARNED_SIGNS};

use super::STYLES;
use super::network::{Network, init, loss};
use super::pack::file;
use super::packed::Packed;
use super::windows::Windows;
use crate::runs::plan::Plan;
use crate::runs::state::State;
use crate::runs::steps::{self, Training};
use crate::runs::workers::Workers;
use crate::runs::{Progress, append_to_curve, scalar, validation_seeds};

/// What `espressivo train groove` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that `espressivo data grooves` wrote.
    pub grooves: PathBuf,
    /// Sizes of the network of a new run.
    pub sizes: NetworkConfig,
    /// What runs of all networks take.
    pub plan: Plan,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            grooves: PathBuf::from("runs/grooves"),
            sizes: NetworkConfig::SMALL,
            plan: Plan { out: PathBuf::from("runs/groove"), steps: 6_000, ..Plan::default() },
        }
    }
}

const WARM_UP_STEPS: usize = 300;
const VALIDATION_BATCHES: u64 = 16;

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
/// When the played notes or the checkpoint cannot be read or do not fit, when a worker panics, when the loss is no
/// number, or when a file cannot be written.
pub fn train(options: &Options, device: Device, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    options.plan.begin()?;
    let mut run = Run::start(options, device)?;
    let schedule = options.plan.schedule(run.state.settings.network.window);
    steps::train(&mut run, &schedule, stop)
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, device: Device) -> Result<Self> {
        let device = device.autodiff();
        let read = |name| Packed::read(&file(&options.grooves, name));
        let (train, valid) = (read("train")?, read("valid")?);
        let resumed = Checkpoint::resume(&options.plan.out, |settings| init(settings, &device))?;
        let state = resumed.unwrap_or_else(|| new_run(options, &train, &device));
        let window = state.settings.network.window;
        let (train, valid) = (Windows::new(train, window)?, Windows::new(valid, window)?);
        let parameters = state.network.num_params();
        eprintln!("{} streams to learn from; {parameters} parameters", train.streams());
        let workers = Workers::new(options.plan.workers)?;
        Ok(Self { options, device, train, valid, state, workers })
    }

    fn learning_rate(&self, step: usize) -> f64 {
        self.options.plan.learning_rate(step, WARM_UP_STEPS)
    }

    /// Mean loss, in nats a note, on windows of the validation pieces, always the same ones.
    fn validation_loss(&self) -> f64 {
        let (plain, network): (Device, Network) = (self.device.clone().inner(), self.state.network.valid());
        let sizes = &self.state.settings.network;
        let of =
            |seed| scalar(loss(&network, &self.valid.draw(seed, self.options.plan.batch), sizes, &plain));
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
        let part = self.options.plan.batch.div_ceil(workers);
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

fn new_run(options: &Options, train: &Packed, device: &Device) -> Checkpoint {
    device.seed(options.plan.seed);
    let styles = STYLES.map(str::to_owned).to_vec();
    let without = STYLES.iter().enumerate().filter(|(style, _)| !train.has_signs(*style));
    let signs = without.map(|(_, name)| ((*name).to_owned(), UNLEARNED_SIGNS)).collect();
    let settings = Settings { network: options.sizes.clone(), styles, coherence: Default::default(), signs };
    let network = init(&settings, device);
    Checkpoint::new(settings, network, options.plan.seed)
}
