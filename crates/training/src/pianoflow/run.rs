//! The training loop.

use std::path::{Path, PathBuf};
use std::time::Duration;

use analysis::features;
use anyhow::{Context, Result, ensure};
use burn::grad_clipping::GradientClippingConfig;
use burn::module::{Module, ParamGroup};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamWConfig, AdjustLrFn, ModuleOptimizer, MuonConfig};
use burn::tensor::{Device, Tensor};
use mood::feeling::Embeddings;
use mood::text;
use pianoflow::network::{Inputs, Network, NetworkConfig};
use pianoflow::settings::{MoodScale, Sampling, Scaling, Settings};
use pianoflow::values::Values;
use pianoflow::{values, weights};

use super::batches::{Corpus, Moods, Purpose, encode};
use super::checkpoint::Checkpoint;
use super::ema::Ema;
use super::expected::{Expected, NAMES};
use super::pace;
use crate::datasets::{self, Split};
use crate::mood::Labeller;
use crate::runs::steps::{self, Schedule, Training};
use crate::runs::workers::Workers;
use crate::runs::{Progress, append_to_curve, checkpoint, scalar, settle, validation_seeds};

/// What `espressivo train pianoflow` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Where checkpoint, curves and the trained model go.
    pub out: PathBuf,
    /// Steps in all, counted from the start of the run and not from where it is resumed.
    pub steps: usize,
    /// Over how many of the last steps the learning rate falls to nothing.
    pub cooldown: usize,
    /// Windows in a step.
    pub batch: usize,
    /// Notes in a window.
    pub window: usize,
    /// Learning rate after the warm-up.
    pub learning_rate: f64,
    /// Seed: data, masks, dropout and first weights. The same seed, options and device give the same
    /// weights to the bit, stopped and resumed or not.
    pub seed: u64,
    /// A model folder whose weights a new run starts from, instead of random ones.
    pub from: Option<PathBuf>,
    /// The models folder whose `text` says what the labels of moods are to the network; without it
    /// moods are not learned.
    pub moods: Option<PathBuf>,
    /// Also learn from the performances with less certain alignment.
    pub extra: bool,
    /// Names of further sets of aligned performances to learn from, such as `batik`.
    pub also: Vec<String>,
    /// Share of the windows that is drawn from these, 0 to 1; as their length has it if none is given.
    pub also_share: Option<f64>,
    /// Parts of a batch computed side by side; 1 on a GPU.
    pub workers: usize,
    /// Width and depth of the network of a new run.
    pub hidden: usize,
    /// Blocks of the network of a new run.
    pub layers: usize,
    /// Share of activations that a new run drops.
    pub dropout: f64,
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
            data: PathBuf::from("../shared/data"),
            out: PathBuf::from("runs/pianoflow"),
            steps: 10_000,
            cooldown: 2_000,
            batch: 16,
            window: 256,
            learning_rate: 1e-3,
            seed: 1,
            from: None,
            moods: None,
            extra: true,
            also: Vec::new(),
            also_share: None,
            workers: 2,
            hidden: 192,
            layers: 6,
            dropout: 0.2,
            at_most: None,
            checkpoint_every: Duration::from_secs(600),
            validate_every: 250,
        }
    }
}

const WARM_UP_STEPS: usize = 300;
/// For both optimisers; the sets are small, and weights that nothing holds learn them by heart.
const WEIGHT_DECAY: f32 = 0.1;
const EMA_DECAY: f64 = 0.999;
const EMA_EVERY: usize = 4;
const VALIDATION_BATCHES: u64 = 8;
/// Windows in a batch of a validation.
const VALIDATION_WINDOWS: usize = 8;

/// The weight matrices that Muon trains, by their names in a block.
const MATRICES: [&str; 6] = [".query", ".key_value", ".attended", ".gate", ".up", ".down"];

/// A run in memory.
struct Run<'a> {
    options: &'a Options,
    device: Device,
    corpus: Corpus,
    valid: Corpus,
    state: Checkpoint,
    workers: Workers,
}

/// Trains until the steps are done, the time is up or `stop` says so; returns the folder of the
/// trained model. A run that finds its checkpoint goes on from there.
pub fn train(options: &Options, device: Device, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    ensure!(options.batch > 0 && options.workers > 0, "batch and workers must be at least 1");
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
        eprintln!("reading {}", options.data.display());
        let mut train = vec![datasets::load(&options.data, "train")?];
        if options.extra {
            train.push(datasets::load(&options.data, "extra_train")?);
        }
        let own = train.len();
        for name in &options.also {
            train.push(datasets::load(&options.data, name)?);
        }
        let valid = datasets::load(&options.data, "valid")?;
        leave_out_known(&mut train, &valid);
        let device = device.autodiff();
        let folder = checkpoint::folder_in(&options.out);
        let mut state = if checkpoint::recover(&folder)? {
            let state = Checkpoint::load(&folder, optimizer(), &device)?;
            eprintln!("going on from step {}", state.progress.step);
            state
        } else {
            new_run(options, &train, &device)?
        };
        let moods = options.moods.as_deref().map(|models| moods(models, &train)).transpose()?;
        state.settings.mood =
            moods.as_ref().map(|m| MoodScale { tempo_deviation: m.labeller.tempo_deviation });
        let mut corpus = Corpus::new(&train, &state.settings.scaling, moods, Purpose::Training);
        if let Some(share) = options.also_share {
            let own = train[..own].iter().map(|split| split.pieces.len()).sum();
            corpus = corpus.with_share(own, share);
        }
        let valid = Corpus::new(&[valid], &state.settings.scaling, None, Purpose::Validation);
        eprintln!(
            "{} performances to learn from, {} to validate; {} parameters",
            corpus.len(),
            valid.len(),
            state.network.num_params()
        );
        let workers = Workers::new(options.workers)?;
        Ok(Self { options, device, corpus, valid, state, workers })
    }

    /// Warm-up, plateau, straight cool-down: the plateau lets a run be made longer at any time.
    fn learning_rate(&self, step: usize) -> f64 {
        let up = (step + 1) as f64 / WARM_UP_STEPS as f64;
        let left = self.options.steps.saturating_sub(step) as f64;
        let down = left / self.options.cooldown.max(1) as f64;
        self.options.learning_rate * up.min(down).min(1.0)
    }

    /// Loss of the averaged weights on windows of the validation split, always the same ones.
    fn validation_loss(&self) -> f64 {
        let plain = self.device.clone().inner();
        let total: f64 = validation_seeds(VALIDATION_BATCHES)
            .map(|seed| {
                let (window, purpose) = (self.options.window, Purpose::Validation);
                let sample = self.valid.draw(seed, VALIDATION_WINDOWS, window, purpose);
                let (inputs, target, weight) = sample.tensors(&plain);
                scalar(loss(&self.state.ema.network, inputs, target, weight))
            })
            .sum();
        total / VALIDATION_BATCHES as f64
    }

    /// How what the averaged weights expect agrees with single pianists, on twice as many windows.
    fn expected(&self) -> Expected {
        let plain = self.device.clone().inner();
        let mut expected = Expected::default();
        for seed in validation_seeds(2 * VALIDATION_BATCHES) {
            let (window, purpose) = (self.options.window, Purpose::Expectation);
            let sample = self.valid.draw(seed, VALIDATION_WINDOWS, window, purpose);
            let (inputs, target, weight) = sample.tensors(&plain);
            expected.add(self.state.ema.network.forward(inputs), target, weight);
        }
        expected
    }
}

impl Training for Run<'_> {
    fn progress(&mut self) -> &mut Progress {
        &mut self.state.progress
    }

    /// The batch is split over the workers.
    fn step(&mut self) -> Result<f64> {
        let (progress, workers) = (self.state.progress, self.workers.count());
        let (part, window) = (self.options.batch.div_ceil(workers), self.options.window);
        let rate = self.learning_rate(progress.step);
        let (corpus, device, sizes) = (&self.corpus, &self.device, &self.state.settings.network);
        let share = |worker: usize, network: &Network| {
            let seed = progress.seed_of(worker, workers);
            let sample = corpus.draw(seed, part, window, Purpose::Training);
            let kept = sample.kept(seed, sizes, device);
            let (inputs, target, weight) = sample.tensors(device);
            loss(network, Inputs { kept, ..inputs }, target, weight) / workers as f64
        };
        let (network, optimizer) = (&mut self.state.network, &mut self.state.optimizer);
        let loss = self.workers.step(device, network, optimizer, rate, &share)?;
        if (progress.step + 1).is_multiple_of(EMA_EVERY) {
            let seen = (progress.step / EMA_EVERY) as f64;
            let decay = EMA_DECAY.powi(EMA_EVERY as i32).min((1.0 + seen) / (10.0 + seen));
            self.state.ema.update(&self.state.network, decay);
        }
        Ok(loss)
    }

    fn validate(&mut self, train_loss: f64) -> Result<()> {
        let Progress { step, seconds, .. } = self.state.progress;
        let (valid, expected) = (self.validation_loss(), self.expected());
        let columns = format!("step,seconds,train_loss,valid_loss,learning_rate,{}", NAMES.join(","));
        let (rate, agreement) = (self.learning_rate(step), expected.joined(","));
        let row = format!("{step},{seconds:.0},{train_loss:.5},{valid:.5},{rate:.2e},{agreement}");
        append_to_curve(&self.options.out, &columns, &row)?;
        eprintln!("step {step}  validation {valid:.4}  expected r {}", expected.joined(" "));
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.state.save(&checkpoint::folder_in(&self.options.out))
    }

    fn save_model(&self) -> Result<PathBuf> {
        let model = self.options.out.join("model");
        weights::save(std::slice::from_ref(&self.state.ema.network), &self.state.settings, &model)?;
        Ok(model)
    }
}

/// AdamW for everything but the blocks' weight matrices, which Muon turns by orthogonal steps
/// (Jordan and others 2024; the scale that suits AdamW's learning rates is that of Liu and others
/// 2025, arXiv 2502.16982, section 2.2). Neither clips Muon's gradients: their size does not count.
fn optimizer() -> ModuleOptimizer {
    let muon = MuonConfig::new()
        .with_adjust_lr_fn(AdjustLrFn::MatchRmsAdamW)
        .with_weight_decay(Some(WeightDecayConfig { penalty: WEIGHT_DECAY }));
    let matrices = MATRICES.map(|name| format!("{name}.weight"));
    AdamWConfig::new()
        .with_weight_decay(WEIGHT_DECAY)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .init()
        .with_group(ParamGroup::from_any_predicates(matrices.to_vec()), muon.build(), None)
}

fn new_run(options: &Options, train: &[Split], device: &Device) -> Result<Checkpoint> {
    device.seed(options.seed);
    let pieces = train.iter().flat_map(|s| &s.pieces);
    let tables: Vec<Values> =
        pieces.flat_map(|piece| piece.humans.iter().map(move |h| encode(piece, h).0)).collect();
    let scaling = Scaling::fit(tables.iter());
    let level = pace::fit(train);
    let network = NetworkConfig::new(features::WIDTH, values::WIDTH)
        .with_hidden(options.hidden)
        .with_layers(options.layers)
        .with_dropout(options.dropout);
    let (network, config) = match &options.from {
        Some(folder) => {
            let (network, settings) = weights::load_to_train(folder, device)?;
            (network, settings.network.with_dropout(options.dropout))
        }
        None => (network.init(device), network),
    };
    settle(&network);
    let sampling = Sampling::default();
    let settings = Settings {
        network: config,
        feature_schema: features::schema(),
        networks: 1,
        scaling,
        beat_period: Some(level),
        mood: None,
        spread: None,
        variety: None,
        sampling,
    };
    Ok(Checkpoint {
        ema: Ema::new(&network),
        network,
        optimizer: optimizer(),
        progress: Progress::new(options.seed),
        settings,
    })
}

/// Labels the performances that have others to be compared with.
fn moods(models: &Path, train: &[Split]) -> Result<Moods> {
    let embeddings = Embeddings::new(&text::label_embeddings(models)?);
    let labeller = Labeller::fit(train);
    eprintln!("moods: pianists differ by {:.3} in log2 of tempo", labeller.tempo_deviation);
    Ok(Moods { labeller, embeddings })
}

/// The sets are split by piece already; this makes sure of it.
fn leave_out_known(train: &mut [Split], valid: &Split) {
    for split in train {
        split.pieces.retain(|p| !valid.pieces.iter().any(|v| v.composer == p.composer && v.title == p.title));
    }
}

/// Weighted squared error of the velocity field.
fn loss(network: &Network, inputs: Inputs, target: Tensor<3>, weight: Tensor<3>) -> Tensor<1> {
    let error = network.forward(inputs) - target;
    (error.clone() * error * weight).sum()
}
