//! Checkpoints: everything that a run needs to go on: weights, their average, moments and the step.

use std::path::Path;

use anyhow::Result;
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use pianoflow::network::Network;
use pianoflow::settings::Settings;

use super::ema::Ema;
use crate::runs::Progress;
use crate::runs::checkpoint::{read_json, replace, write_json};

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

impl Checkpoint {
    /// Writes the checkpoint in the place of the last one.
    pub fn save(&self, folder: &Path) -> Result<()> {
        replace(folder, |folder| {
            write_json(folder, "settings.json", &self.settings)?;
            write_json(folder, "progress.json", &self.progress)?;
            self.network.clone().valid().save_file(folder.join("network"))?;
            self.ema.network.clone().save_file(folder.join("ema"))?;
            self.optimizer.save(folder.join("optimizer"))?;
            Ok(())
        })
    }

    /// Reads a checkpoint back; `device` decides where training goes on.
    pub fn load(folder: &Path, optimizer: ModuleOptimizer, device: &Device) -> Result<Self> {
        let settings: Settings = read_json(folder, "settings.json")?;
        let progress = read_json(folder, "progress.json")?;
        let plain = device.clone().inner();
        let network = settings.network.init(device).try_load_file(folder.join("network"))?;
        let ema = Ema { network: settings.network.init(&plain).valid().try_load_file(folder.join("ema"))? };
        let optimizer = optimizer.load(folder.join("optimizer"))?;
        Ok(Self { settings, progress, network, ema, optimizer })
    }
}
