//! Checkpoints: weights, moments and the step.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use pianist_transformer::config::Settings;
use serde::{Deserialize, Serialize};

use super::network::{self, Network};

/// A run between two steps.
pub struct Checkpoint {
    /// Sizes and way of playing.
    pub settings: Settings,
    /// Where the run is.
    pub progress: Progress,
    /// The weights.
    pub network: Network,
    /// Moments.
    pub optimizer: ModuleOptimizer,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// Steps taken.
    pub step: usize,
    /// Seed of the run.
    pub seed: u64,
    /// Seconds spent in training.
    pub seconds: f64,
}

impl Checkpoint {
    /// Writes the checkpoint to a folder beside the last one, then takes its place.
    pub fn save(&self, folder: &Path) -> Result<()> {
        let (fresh, old) = (folder.with_extension("new"), folder.with_extension("old"));
        remove(&fresh)?;
        fs::create_dir_all(&fresh).with_context(|| format!("cannot create {}", fresh.display()))?;
        fs::write(fresh.join("settings.json"), serde_json::to_vec_pretty(&self.settings)?)?;
        fs::write(fresh.join("progress.json"), serde_json::to_vec_pretty(&self.progress)?)?;
        self.network.clone().valid().save_file(fresh.join("network"))?;
        self.optimizer.save(fresh.join("optimizer"))?;
        remove(&old)?;
        if folder.exists() {
            fs::rename(folder, &old)?;
        }
        fs::rename(&fresh, folder)?;
        remove(&old)
    }

    /// Reads a checkpoint back; `device` decides where training goes on.
    pub fn load(folder: &Path, optimizer: ModuleOptimizer, device: &Device) -> Result<Self> {
        let read = |what: &str| {
            let path = folder.join(what);
            fs::read(&path).with_context(|| format!("the checkpoint has no {}", path.display()))
        };
        let settings: Settings = serde_json::from_slice(&read("settings.json")?)?;
        let progress: Progress = serde_json::from_slice(&read("progress.json")?)?;
        let network = network::init(&settings.network, device).try_load_file(folder.join("network"))?;
        let optimizer = optimizer.load(folder.join("optimizer"))?;
        Ok(Self { settings, progress, network, optimizer })
    }
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
