//! A classifier's folder: `weights.safetensors` (f16) and `config.json`.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use burn::store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use burn::tensor::Device;

use super::network::{Classifier, ClassifierConfig};

/// Writes weights and sizes into a folder, which is made if it is not there.
pub fn save(classifier: &Classifier, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let path = folder.join("config.json");
    std::fs::write(&path, serde_json::to_string_pretty(classifier.config())? + "\n")
        .with_context(|| format!("cannot write {}", path.display()))?;
    let path = folder.join("weights.safetensors");
    let mut store = SafetensorsStore::from_file(&path)
        .overwrite(true)
        // Burn's own entries are written in a random order; one entry makes equal weights equal files.
        .clear_metadata()
        .metadata("format", "safetensors")
        .with_to_adapter(HalfPrecisionAdapter::new());
    classifier.save_into(&mut store).map_err(|e| anyhow!("cannot write {}: {e}", path.display()))
}

/// Reads a folder that [`save`] wrote.
pub fn load(folder: &Path, device: &Device) -> Result<Classifier> {
    let path = folder.join("config.json");
    let json = std::fs::read(&path).with_context(|| format!("no classifier at {}", path.display()))?;
    let config: ClassifierConfig = serde_json::from_slice(&json)
        .with_context(|| format!("{} does not describe a classifier", path.display()))?;
    let sizes = [config.inputs, config.classes, config.hidden, config.heads, config.feed_forward];
    ensure!(
        sizes.iter().all(|s| (1..=8192).contains(s))
            && config.layers <= 64
            && config.hidden.is_multiple_of(2 * config.heads),
        "{} gives impossible sizes; train the classifier anew",
        path.display()
    );
    let mut classifier = config.init(device);
    let path = folder.join("weights.safetensors");
    let mut store = SafetensorsStore::from_file(&path).with_from_adapter(HalfPrecisionAdapter::new());
    classifier
        .load_from(&mut store)
        .map_err(|e| anyhow!("{} does not fit the classifier's sizes: {e}", path.display()))?;
    Ok(classifier)
}
