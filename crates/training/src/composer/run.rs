//! The training loop.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use burn::module::Module;
use burn::tensor::Device;
use cadenza::composer::FILE_NAME;
use cadenza::composer::config::{self, NetworkConfig, Settings};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;

use super::draw::Segments;
use super::loss::{Weighing, parts};
use super::network::{Network, init};
use super::pack::{FILES, path};
use super::packed::{Packed, Tokens};
use crate::runs::plan::Plan;
use crate::runs::state::State;
use crate::runs::steps::{self, Training};
use crate::runs::workers::Workers;
use crate::runs::{Progress, append_to_curve, scalar, validation_seeds};

/// What `espressivo train composer` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that `espressivo data segments` wrote.
    pub segments: PathBuf,
    /// A model folder whose weights a new run starts from, instead of random ones.
    pub from: Option<PathBuf>,
    /// Sizes of the network of a new run that starts from random weights; the vocabulary is that of the
    /// segments.
    pub sizes: NetworkConfig,
    /// How the parts of the loss are weighed.
    pub weighing: Weighing,
    /// Mean share of the tokens that the decoder does not get to see, 0 to ½.
    pub hide: f64,
    /// What runs of all networks take.
    pub plan: Plan,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segments: PathBuf::from("runs/segments"),
            from: None,
            sizes: NetworkConfig {
                hidden: 128,
                feed_forward: 352,
                heads: 4,
                head: 32,
                latent: 96,
                encoder_layers: 3,
                decoder_layers: 4,
                ..NetworkConfig::PUBLISHED
            },
            weighing: Weighing { beta: 0.3, free: 0.25 },
            hide: 0.3,
            plan: Plan {
                out: PathBuf::from("runs/composer"),
                steps: 20_000,
                batch: 12,
                learning_rate: 3e-3,
                checkpoint_every: Duration::from_secs(300),
                validate_every: 100,
                ..Plan::default()
            },
        }
    }
}

const WARM_UP_STEPS: usize = 150;
const VALIDATION_BATCHES: u64 = 8;
/// Notes of a segment, about, for the speed on the terminal.
const NOTES_A_SEGMENT: usize = 50;
/// Seed of the segments of a validation.
const VALIDATION_SEED: u64 = 1_000_000;

/// A run between two steps.
type Checkpoint = State<Settings, Network>;

struct Run<'a> {
    options: &'a Options,
    device: Device,
    train: Segments,
    valid: Segments,
    state: Checkpoint,
    workers: Workers,
}

/// Trains until the steps are done, the time is up or `stop` says so; returns the folder of the trained
/// model. A run that finds its checkpoint goes on from there.
///
/// # Errors
/// When the segments, the model to start from or the checkpoint cannot be read or do not fit, when a worker
/// panics, when the loss is no number, or when a file cannot be written.
pub fn train(options: &Options, device: Device, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    ensure!((0.0..=0.5).contains(&options.hide), "the share that is hidden must be from 0 to 0.5");
    ensure!(options.weighing.beta >= 0.0 && options.weighing.free >= 0.0, "weights must be 0 or more");
    options.plan.begin()?;
    let schedule = options.plan.schedule(NOTES_A_SEGMENT);
    steps::train(&mut Run::start(options, device)?, &schedule, stop)
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, device: Device) -> Result<Self> {
        let (about, pertok) = Tokens::read(&options.segments)?;
        let segments = |name: &str| {
            let packed = Packed::read(&path(&options.segments, name), &pertok)?;
            Segments::new(packed, pertok.clone(), about.longest)
        };
        let (train, valid) = (segments(FILES[0])?, segments(FILES[1])?);
        let device = device.autodiff();
        let resumed = Checkpoint::resume(&options.plan.out, |settings| init(&settings.network, &device))?;
        let state = match resumed {
            Some(state) => state,
            None => new_run(options, &about, &device)?,
        };
        ensure!(
            state.settings.tokens == about.tokens,
            "the model has other tokens than the segments at {}: pack them anew",
            options.segments.display()
        );
        let parameters = state.network.num_params();
        eprintln!("{} bars to begin with; {parameters} parameters", train.bars());
        let workers = Workers::new(options.plan.workers)?;
        Ok(Self { options, device, train, valid, state, workers })
    }

    fn learning_rate(&self, step: usize) -> f64 {
        self.options.plan.learning_rate(step, WARM_UP_STEPS)
    }

    /// Nats a token and divergence a segment, in nats, of segments of the validation pack, always the same
    /// ones, with nothing hidden.
    fn validation(&self) -> [f64; 2] {
        let (plain, network): (Device, Network) = (self.device.clone().inner(), self.state.network.valid());
        let sizes = &self.state.settings.network;
        let (mut likelihood, mut divergence, mut tokens) = (0.0, 0.0, 0);
        for (step, seed) in validation_seeds(VALIDATION_BATCHES).enumerate() {
            let batch = self.valid.draw(VALIDATION_SEED, step, self.options.plan.batch, 0.0);
            let found = parts(&network, &batch, noise(seed, batch.batch * sizes.latent), sizes, &plain);
            likelihood += scalar(found.likelihood);
            divergence += scalar(found.divergence.sum()) / VALIDATION_BATCHES as f64;
            tokens += found.tokens;
        }
        [likelihood / tokens.max(1) as f64, divergence]
    }
}

impl Training for Run<'_> {
    fn progress(&mut self) -> &mut Progress {
        &mut self.state.progress
    }

    /// The batch is split over the workers, each of which draws its own part.
    fn step(&mut self) -> Result<f64> {
        let (progress, workers) = (self.state.progress, self.workers.count());
        let (part, hide) = (self.options.plan.batch.div_ceil(workers), self.options.hide);
        let rate = self.learning_rate(progress.step);
        let weighing = self.options.weighing.at(self.options.plan.along(progress.step));
        let (train, device, sizes) = (&self.train, &self.device, &self.state.settings.network);
        let share = |worker: usize, network: &Network| {
            // A worker keeps its seed, since steps beside each other share a pool of segments.
            let batch = train.draw(worker_seed(progress.seed, worker), progress.step, part, hide);
            let noise = noise(progress.seed_of(worker, workers), batch.batch * sizes.latent);
            parts(network, &batch, noise, sizes, device).loss(weighing) / workers as f64
        };
        self.workers.step(device, &mut self.state.network, &mut self.state.optimizer, rate, &share)
    }

    fn validate(&mut self, train_loss: f64) -> Result<()> {
        let Progress { step, seconds, .. } = self.state.progress;
        let ([likelihood, divergence], rate) = (self.validation(), self.learning_rate(step));
        let beta = self.options.weighing.at(self.options.plan.along(step)).beta;
        let row = format!(
            "{step},{seconds:.0},{train_loss:.5},{likelihood:.5},{divergence:.3},{beta:.4},{rate:.2e}"
        );
        let columns = "step,seconds,train_loss,valid_nll,valid_kl,beta,learning_rate";
        append_to_curve(&self.options.plan.out, columns, &row)?;
        eprintln!("step {step}  validation {likelihood:.4} a token, divergence {divergence:.1}");
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.state.save(&self.options.plan.out)
    }

    fn save_model(&self) -> Result<PathBuf> {
        self.state.save_model(&self.options.plan.out)
    }
}

/// The seed of all that a worker draws from the segments: neighbouring seeds of runs have none in common.
fn worker_seed(seed: u64, worker: usize) -> u64 {
    Progress::new(seed.wrapping_add(1)).seed_of(worker, 1) ^ ((worker as u64) << 32)
}

/// Normal numbers, the same for the same seed.
fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    (0..count).map(|_| StandardNormal.sample(&mut random)).collect()
}

fn new_run(options: &Options, about: &Tokens, device: &Device) -> Result<Checkpoint> {
    device.seed(options.plan.seed);
    let vocabulary = about.names.len();
    let settings = match &options.from {
        Some(folder) => Settings { longest: about.longest, ..settings(folder)? },
        None => Settings {
            network: NetworkConfig { vocabulary, ..options.sizes.clone() },
            tokens: about.tokens.clone(),
            longest: about.longest,
        },
    };
    let mut network = init(&settings.network, device);
    if let Some(folder) = &options.from {
        neural::weights::load(&mut network, &folder.join(FILE_NAME))?;
    }
    Ok(Checkpoint::new(settings, network, options.plan.seed))
}

/// The settings of a model folder.
fn settings(folder: &Path) -> Result<Settings> {
    let path = folder.join("config.json");
    let json = std::fs::read(&path).with_context(|| format!("there is no model at {}", path.display()))?;
    let (settings, _) = config::parse(&json).map_err(|what| anyhow::anyhow!("{what}: {}", path.display()))?;
    Ok(settings)
}
