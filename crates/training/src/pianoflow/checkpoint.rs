//! Checkpoints: everything that a run needs to go on: weights, their average, moments and the step.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use pianoflow::network::Network;
use pianoflow::settings::Settings;
use serde::{Deserialize, Serialize};

use super::ema::Ema;

/// A run between two steps.
pub struct Checkpoint {
    /// Sizes and scaling.
    pub settings: Settings,
    /// Where the run is.
    pub progress: Progress,
    /// The weights in training.
    pub network: Network,
    /// Their moving average.
    pub ema: Ema,
    /// Moments of the optimizers.
    pub optimizer: ModuleOptimizer,
}

/// Where a run is.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
        let fresh = folder.with_extension("new");
        let old = folder.with_extension("old");
        remove(&fresh)?;
        fs::create_dir_all(&fresh).with_context(|| format!("cannot create {}", fresh.display()))?;
        fs::write(fresh.join("settings.json"), serde_json::to_vec_pretty(&self.settings)?)?;
        fs::write(fresh.join("progress.json"), serde_json::to_vec_pretty(&self.progress)?)?;
        self.network.clone().valid().save_file(fresh.join("network"))?;
        self.ema.network.clone().save_file(fresh.join("ema"))?;
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
        let place = |what: &str| -> PathBuf { folder.join(what) };
        let read = |what: &str| {
            let path = place(what);
            fs::read(&path).with_context(|| format!("the checkpoint has no {}", path.display()))
        };
        let settings: Settings = serde_json::from_slice(&read("settings.json")?)?;
        let progress: Progress = serde_json::from_slice(&read("progress.json")?)?;
        let plain = device.clone().inner();
        let network = settings.network.init(device).try_load_file(place("network"))?;
        let ema = Ema { network: settings.network.init(&plain).valid().try_load_file(place("ema"))? };
        let optimizer = optimizer.load(place("optimizer"))?;
        Ok(Self { settings, progress, network, ema, optimizer })
    }
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
