//! The training loop.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer, MultiGradientsParams};
use burn::tensor::{Device, Tensor};
use pianist_transformer::config::{NetworkConfig, Playing, Settings};
use pianist_transformer::weights;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::CHORDS;
use super::checkpoint::{Checkpoint, Progress};
use super::network::{self, Network, init, loss};
use super::pack::files;
use super::packed::Packed;
use super::windows::{Stage, Windows};
use crate::pianoflow::settle;

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
    /// Share of tokens that pre-training hides.
    pub mask: f64,
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
const WEIGHT_DECAY: f32 = 0.1;
const VALIDATION_BATCHES: u64 = 8;
const VALIDATION_SEED: u64 = 1_000_000;

struct Run<'a> {
    options: &'a Options,
    device: Device,
    train: Windows,
    valid: Windows,
    state: Checkpoint,
    pools: Vec<ThreadPool>,
}

/// Trains until the steps are done, the time is up or `stop` says so; returns the folder of the trained
/// model. A run that finds its checkpoint goes on from there.
pub fn train(options: &Options, device: Device, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    ensure!(options.batch > 0 && options.workers > 0, "batch and workers must be at least 1");
    std::fs::create_dir_all(&options.out)
        .with_context(|| format!("cannot create {}", options.out.display()))?;
    let mut run = Run::start(options, device)?;
    let finished = run.until_done(stop)?;
    run.state.save(&options.out.join("checkpoint"))?;
    let model = options.out.join("model");
    network::save(&run.state.network.valid(), &run.state.settings, &model)?;
    let step = run.state.progress.step;
    let word = if finished { "finished" } else { "stopped; the same command goes on from here" };
    eprintln!("step {step}: {word}; model in {}", model.display());
    Ok(model)
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, device: Device) -> Result<Self> {
        let [train, valid] = files(&options.tokens, options.stage.name());
        let windows = |path: PathBuf| Windows::new(Packed::read(&path)?, options.stage, options.window);
        let (train, valid) = (windows(train)?, windows(valid)?);
        let device = device.autodiff();
        let folder = options.out.join("checkpoint");
        let state = if folder.is_dir() {
            let state = Checkpoint::load(&folder, optimizer(), &device)?;
            eprintln!("going on from step {}", state.progress.step);
            state
        } else {
            new_run(options, &device)?
        };
        let parameters = state.network.num_params();
        eprintln!("{} streams to learn from; {parameters} parameters", train.streams());
        let pool = |_| ThreadPoolBuilder::new().num_threads(1).build();
        let pools = (0..options.workers).map(pool).collect::<Result<_, _>>()?;
        Ok(Self { options, device, train, valid, state, pools })
    }

    /// Returns whether all steps were taken.
    fn until_done(&mut self, stop: &dyn Fn() -> bool) -> Result<bool> {
        let begun = Instant::now();
        let before = self.state.progress.seconds;
        let mut saved = Instant::now();
        let (mut sum, mut count) = (0.0, 0);
        while self.state.progress.step < self.options.steps {
            if stop() || self.options.at_most.is_some_and(|t| begun.elapsed() > t) {
                return Ok(false);
            }
            let loss = self.step();
            ensure!(loss.is_finite(), "the loss is no number at step {}", self.state.progress.step);
            (sum, count) = (sum + loss, count + 1);
            self.state.progress.seconds = before + begun.elapsed().as_secs_f64();
            let step = self.state.progress.step;
            if step.is_multiple_of(self.options.validate_every) || step == self.options.steps {
                self.record(sum / f64::from(count))?;
                (sum, count) = (0.0, 0);
            }
            if saved.elapsed() > self.options.checkpoint_every {
                self.state.save(&self.options.out.join("checkpoint"))?;
                saved = Instant::now();
            }
        }
        Ok(true)
    }

    /// One step; the batch is split over the workers. Returns the loss.
    fn step(&mut self) -> f64 {
        let step = self.state.progress.step;
        let workers = self.pools.len();
        let part = self.options.batch.div_ceil(workers);
        let sizes = &self.state.settings.network;
        let job = |worker: usize| {
            let steps = (step * workers + worker) as u64;
            let seed = self.state.progress.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(steps);
            let batch = self.train.draw(seed, part, self.options.mask);
            let network = self.state.network.clone().fork(&self.device);
            let (sum, count) = loss(&network, &batch, sizes, &self.device);
            let loss = sum / (count.max(1) * workers) as f64;
            let value = scalar(loss.clone());
            (GradientsParams::from_grads(loss.backward(), &network), value)
        };
        let results: Vec<(GradientsParams, f64)> = if workers == 1 {
            vec![job(0)]
        } else {
            let job = &job;
            std::thread::scope(|scope| {
                let pools = self.pools.iter().enumerate();
                let started: Vec<_> =
                    pools.map(|(worker, pool)| scope.spawn(move || pool.install(|| job(worker)))).collect();
                started.into_iter().filter_map(|handle| handle.join().ok()).collect()
            })
        };
        let value = results.iter().map(|(_, loss)| loss).sum();
        let plain = self.device.clone().inner();
        let grads = results.into_iter().map(|(grads, _)| (grads, plain.clone())).collect();
        let network = self.state.network.clone();
        let rate = self.learning_rate(step);
        self.state.network = self.state.optimizer.step_multi(rate, network, MultiGradientsParams { grads });
        self.state.progress.step += 1;
        value
    }

    fn learning_rate(&self, step: usize) -> f64 {
        let up = ((step + 1) as f64 / WARM_UP_STEPS as f64).min(1.0);
        let along = step as f64 / self.options.steps.max(1) as f64;
        self.options.learning_rate * up * 0.5 * (1.0 + (std::f64::consts::PI * along).cos())
    }

    /// Mean loss on windows of the validation split, always the same ones.
    fn validate(&self) -> f64 {
        let (plain, network): (Device, Network) = (self.device.clone().inner(), self.state.network.valid());
        let (mut total, mut tokens) = (0.0, 0);
        for k in 0..VALIDATION_BATCHES {
            let batch = self.valid.draw(VALIDATION_SEED + k, self.options.batch, self.options.mask);
            let (sum, count) = loss(&network, &batch, &self.state.settings.network, &plain);
            (total, tokens) = (total + scalar(sum), tokens + count);
        }
        total / tokens.max(1) as f64
    }

    fn record(&self, train: f64) -> Result<()> {
        let path = self.options.out.join("curve.csv");
        let fresh = !path.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if fresh {
            writeln!(file, "step,seconds,train_loss,valid_loss,learning_rate")?;
        }
        let Progress { step, seconds, .. } = self.state.progress;
        let (valid, rate) = (self.validate(), self.learning_rate(step));
        writeln!(file, "{step},{seconds:.0},{train:.5},{valid:.5},{rate:.2e}")?;
        let minutes = seconds / 60.0;
        eprintln!(
            "step {step}/{}  loss {train:.4}  validation {valid:.4}  {minutes:.0} min",
            self.options.steps
        );
        Ok(())
    }
}

fn optimizer() -> ModuleOptimizer {
    AdamWConfig::new()
        .with_weight_decay(WEIGHT_DECAY)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .init()
}

fn new_run(options: &Options, device: &Device) -> Result<Checkpoint> {
    device.seed(options.seed);
    let (network, settings) = match &options.from {
        Some(folder) => {
            let settings = weights::settings(folder)?;
            let mut network = init(&settings.network, device);
            neural::weights::load(&mut network, &folder.join(weights::FILE_NAME))?;
            (network, settings)
        }
        None => {
            let playing = Playing {
                window: options.window,
                prefix: options.window * 2 / 5,
                lookahead: options.window / 10,
                chords: CHORDS,
            };
            (init(&options.sizes, device), Settings { network: options.sizes.clone(), playing })
        }
    };
    settle(&network);
    let progress = Progress { step: 0, seed: options.seed, seconds: 0.0 };
    Ok(Checkpoint { settings, progress, network, optimizer: optimizer() })
}

fn scalar(loss: Tensor<1>) -> f64 {
    f64::from(loss.into_scalar::<f32>())
}
