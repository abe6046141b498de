//! Checkpoints: weights, moments and the step.

use std::path::Path;

use anyhow::Result;
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use cadenza::groove::Settings;

use super::network::{self, Network};
use crate::runs::Progress;
use crate::runs::checkpoint::{read_json, replace, write_json};

/// A run between two steps.
pub struct Checkpoint {
    /// Sizes and styles.
    pub settings: Settings,
    /// Where the run is.
    pub progress: Progress,
    /// The weights.
    pub network: Network,
    /// Moments of the optimizer.
    pub optimizer: ModuleOptimizer,
}

impl Checkpoint {
    /// Writes the checkpoint in the place of the last one.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<()> {
        replace(folder, |folder| {
            write_json(folder, "settings.json", &self.settings)?;
            write_json(folder, "progress.json", &self.progress)?;
            self.network.clone().valid().save_file(folder.join("network"))?;
            self.optimizer.save(folder.join("optimizer"))?;
            Ok(())
        })
    }

    /// Reads a checkpoint back; `device` decides where training goes on.
    ///
    /// # Errors
    /// When a file is missing, damaged, or does not fit the sizes.
    pub fn load(folder: &Path, optimizer: ModuleOptimizer, device: &Device) -> Result<Self> {
        let settings: Settings = read_json(folder, "settings.json")?;
        let progress = read_json(folder, "progress.json")?;
        let network = network::init(&settings, device).try_load_file(folder.join("network"))?;
        let optimizer = optimizer.load(folder.join("optimizer"))?;
        Ok(Self { settings, progress, network, optimizer })
    }
}
