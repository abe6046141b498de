//! The model folder: `config.json` and `weights.safetensors` (f16), with `weights-2.safetensors` and so
//! on where several networks play together.

use std::path::Path;

use burn::tensor::Device;

use super::network::Network;
use super::settings::Settings;
use analysis::features;

use super::values;
use performers::PerformError;

/// More would be too slow to play.
const MOST_NETWORKS: usize = 8;

fn model_error(path: &Path, what: impl std::fmt::Display) -> PerformError {
    PerformError::Model { what: what.to_string(), path: path.to_owned() }
}

fn weights_error(error: neural::weights::WeightsError) -> PerformError {
    model_error(&error.path, &error.what)
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
        neural::weights::save(network, &folder.join(file_name(k))).map_err(weights_error)?;
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

/// Reads the first network of a model folder to train it on. A model that reads fewer features than this
/// version has is
/// widened: at first it pays no heed to those that it does not know.
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
    let json = std::fs::read(&path)
        .map_err(|e| model_error(&path, format!("the model's settings cannot be read: {e}")))?;
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
    neural::weights::load(&mut network, &path).map_err(weights_error)?;
    Ok(network)
}

/// Reads and checks `config.json`.
pub fn parse_settings(json: &[u8]) -> Result<Settings, String> {
    let settings = parse(json)?;
    if settings.network.features != features::WIDTH {
        return Err(other_width(&settings));
    }
    if settings.feature_schema != features::schema() {
        return Err(format!(
            "the model was trained on other features of scores (schema `{}`) than this version of the app \
             reads (`{}`); it has to be trained on, or the app's own models put back",
            settings.feature_schema,
            features::schema()
        ));
    }
    Ok(settings)
}

fn other_width(settings: &Settings) -> String {
    format!(
        "the model reads {} features and {} values, this version of the app has {} and {}",
        settings.network.features,
        settings.network.values,
        features::WIDTH,
        values::WIDTH
    )
}

/// Checks all but how many features the network reads.
fn parse(json: &[u8]) -> Result<Settings, String> {
    let settings: Settings =
        serde_json::from_slice(json).map_err(|e| format!("the model's settings are damaged: {e}"))?;
    let n = &settings.network;
    let sizes = [n.hidden, n.layers, n.heads, n.feed_forward, n.condition];
    let sane = sizes.iter().all(|s| (1..=8192).contains(s))
        && n.layers <= 64
        && n.memory <= 64
        && n.hidden.is_multiple_of(n.heads)
        && (n.hidden / n.heads).is_multiple_of(2)
        // Burn panics at a dropout outside this.
        && (0.0..1.0).contains(&n.dropout)
        && n.rotary_base >= 1.0;
    if !sane || !(1..=MOST_NETWORKS).contains(&settings.networks) {
        return Err("the model's settings give impossible sizes".into());
    }
    if n.features == 0 || n.values != values::WIDTH {
        return Err(other_width(&settings));
    }
    let s = &settings.sampling;
    let windows = s.window >= 16
        && s.window <= 4096
        && s.overlap.saturating_add(s.lookahead) < s.window
        && s.shrink > 0.0
        && s.shrink <= 1.0;
    if !windows
        || !(1..=1000).contains(&s.steps)
        || s.noise.iter().chain(&s.gain).chain([&s.drift]).any(|x| !x.is_finite())
    {
        return Err("the model's settings ask for an impossible way of sampling".into());
    }
    let numbers =
        settings.beat_period.iter().flat_map(|l| l.cue_means.iter().chain(&l.weights).chain([&l.mean]));
    if numbers.into_iter().any(|x| !x.is_finite()) {
        return Err("the model's settings have no number for how fast pieces are taken".into());
    }
    if settings.scaling.deviation.iter().any(|d| d.is_nan() || *d <= 0.0) {
        return Err("the model's settings have a deviation that is not positive".into());
    }
    Ok(settings)
}

#[cfg(test)]
#[path = "weights_tests.rs"]
mod tests;
