//! The model folder: `config.json` and `weights.safetensors` (f16), with `weights-2.safetensors` and so
//! on where several networks play together.

mod config;

use std::path::Path;

use analysis::features;
use burn::tensor::Device;
use neural::files::LARGEST_SETTINGS_BYTES;
use performers::PerformError;

use super::network::Network;
use super::settings::Settings;
pub use config::parse_settings;
use config::{other_width, parse};

fn model_error(path: &Path, what: impl std::fmt::Display) -> PerformError {
    PerformError::Model { what: what.to_string(), path: path.to_owned() }
}

/// Name of the weights of one of the networks.
fn file_name(network: usize) -> String {
    if network == 0 { "weights.safetensors".into() } else { format!("weights-{}.safetensors", network + 1) }
}

/// Writes the weights of all networks, and settings, into a folder.
pub fn save(networks: &[Network], settings: &Settings, folder: &Path) -> Result<(), PerformError> {
    let error = |what: &dyn std::fmt::Display| model_error(folder, what);
    std::fs::create_dir_all(folder).map_err(|e| error(&format!("cannot create the model folder: {e}")))?;
    let settings =
        Settings { networks: networks.len(), feature_schema: features::schema(), ..settings.clone() };
    let json = serde_json::to_string_pretty(&settings).map_err(|e| error(&e))?;
    std::fs::write(folder.join("config.json"), json + "\n").map_err(|e| error(&e))?;
    for (k, network) in networks.iter().enumerate() {
        neural::weights::save(network, &folder.join(file_name(k)))?;
    }
    Ok(())
}

/// Reads a model folder: all its networks.
pub fn load(folder: &Path, device: &Device) -> Result<(Vec<Network>, Settings), PerformError> {
    let settings = settings(folder)?;
    let networks = (0..settings.networks).map(|k| read_weights(folder, k, &settings, device));
    Ok((networks.collect::<Result<_, _>>()?, settings))
}

/// Reads what lies beside the weights.
pub fn settings(folder: &Path) -> Result<Settings, PerformError> {
    read_settings(folder, parse_settings)
}

/// Reads the first network of a model folder to train it on. A model that reads fewer features than
/// this version has is widened: at first it pays no heed to those that it does not know.
pub fn load_to_train(folder: &Path, device: &Device) -> Result<(Network, Settings), PerformError> {
    let mut settings = read_settings(folder, |json| {
        let settings = parse(json)?;
        if settings.network.features > features::WIDTH {
            return Err(other_width(&settings));
        }
        Ok(settings)
    })?;
    settings.networks = 1;
    let mut network = read_weights(folder, 0, &settings, device)?;
    network.widen(features::WIDTH - settings.network.features, settings.network.features - 1);
    settings.network.features = features::WIDTH;
    Ok((network, settings))
}

fn read_settings(
    folder: &Path,
    parse: impl Fn(&[u8]) -> Result<Settings, String>,
) -> Result<Settings, PerformError> {
    let path = folder.join("config.json");
    let json = neural::files::read(&path, "the model's settings", LARGEST_SETTINGS_BYTES)?;
    parse(&json).map_err(|what| model_error(&path, what))
}

fn read_weights(
    folder: &Path,
    network: usize,
    settings: &Settings,
    device: &Device,
) -> Result<Network, PerformError> {
    let path = folder.join(file_name(network));
    let mut network = settings.network.init(device);
    neural::weights::load(&mut network, &path)?;
    Ok(network)
}

#[cfg(test)]
mod tests;
