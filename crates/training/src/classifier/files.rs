//! A classifier's folder: `weights.safetensors` (f16) and `config.json`.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;

use super::network::{Classifier, ClassifierConfig};

const WEIGHTS: &str = "weights.safetensors";

/// Writes weights and sizes into a folder, which is made if it is not there.
pub fn save(classifier: &Classifier, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let path = folder.join("config.json");
    std::fs::write(&path, serde_json::to_string_pretty(classifier.config())? + "\n")
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(neural::weights::save(classifier, &folder.join(WEIGHTS))?)
}

/// What tells the weights in a folder from others: FNV-1a of the file.
pub fn fingerprint(folder: &Path) -> Result<String> {
    let path = folder.join(WEIGHTS);
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    Ok(format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, hash)))
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
    neural::weights::load(&mut classifier, &folder.join(WEIGHTS))?;
    Ok(classifier)
}
