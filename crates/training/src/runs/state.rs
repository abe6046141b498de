//! A run between two steps: weights, moments and the step; its checkpoint, and the model that it ends with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, ModuleOptimizer};
use burn::store::ModuleSnapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::checkpoint::{folder_in, read_json, recover, replace, write_json};
use super::{Progress, settle};

/// Of AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2).
const WEIGHT_DECAY: f32 = 0.1;

/// Largest norm of the gradient of one tensor of weights; the programs in PyTorch limit that of all together.
const LARGEST_GRADIENT: f32 = 1.0;

/// Files of a model folder.
const WEIGHTS: &str = "weights.safetensors";
const SETTINGS: &str = "config.json";

/// A run between two steps. `S` are the settings of the model, `M` is its network.
pub struct State<S, M> {
    /// Sizes, and what else the model's settings say.
    pub settings: S,
    /// Where the run is.
    pub progress: Progress,
    /// The weights.
    pub network: M,
    /// Moments of the optimizer.
    pub optimizer: ModuleOptimizer,
}

impl<S: Serialize + DeserializeOwned, M: Module + ModuleSnapshot> State<S, M> {
    /// A run before its first step.
    pub fn new(settings: S, network: M, seed: u64) -> Self {
        settle(&network);
        Self { settings, progress: Progress::new(seed), network, optimizer: optimizer() }
    }

    /// Where the run in a folder was stopped; nothing if none was. `init` makes a network of the settings on the
    /// device on which training goes on.
    ///
    /// # Errors
    /// When a file of the checkpoint is missing, damaged, or does not fit the settings.
    pub fn resume(run: &Path, init: impl FnOnce(&S) -> M) -> Result<Option<Self>> {
        let folder = folder_in(run);
        if !recover(&folder)? {
            return Ok(None);
        }
        let settings: S = read_json(&folder, "settings.json")?;
        let progress: Progress = read_json(&folder, "progress.json")?;
        let network = init(&settings).try_load_file(folder.join("network"))?;
        let optimizer = optimizer().load(folder.join("optimizer"))?;
        eprintln!("going on from step {}", progress.step);
        Ok(Some(Self { settings, progress, network, optimizer }))
    }

    /// Writes the checkpoint of the run in a folder in the place of the last one.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&self, run: &Path) -> Result<()> {
        self.save_with(run, |_| Ok(()))
    }

    /// The same, with what else the run has to keep: `also` writes it into the folder of the checkpoint.
    ///
    /// # Errors
    /// When a file cannot be written, or what `also` says.
    pub fn save_with(&self, run: &Path, also: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        replace(&folder_in(run), |folder| {
            write_json(folder, "settings.json", &self.settings)?;
            write_json(folder, "progress.json", &self.progress)?;
            self.network.clone().valid().save_file(folder.join("network"))?;
            self.optimizer.save(folder.join("optimizer"))?;
            also(folder)
        })
    }

    /// Writes the model of the run in a folder; returns the folder of the model.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save_model(&self, run: &Path) -> Result<PathBuf> {
        let model = run.join("model");
        save_model(&self.network.valid(), &self.settings, &model)?;
        Ok(model)
    }
}

/// Writes a model folder.
///
/// # Errors
/// When a file cannot be written.
pub fn save_model<S: Serialize, M: Module + ModuleSnapshot>(
    network: &M,
    settings: &S,
    folder: &Path,
) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let path = folder.join(SETTINGS);
    let json = serde_json::to_string_pretty(settings)? + "\n";
    std::fs::write(&path, json).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(neural::weights::save(network, &folder.join(WEIGHTS))?)
}

fn optimizer() -> ModuleOptimizer {
    AdamWConfig::new()
        .with_weight_decay(WEIGHT_DECAY)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(LARGEST_GRADIENT)))
        .init()
}
