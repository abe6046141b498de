//! What is in the folder of a sampled piano: `piano.json`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::error::SamplerError;

/// The file in the folder of a sampled piano that says what is in it.
pub const DESCRIPTION: &str = "piano.json";

/// The largest `piano.json` that is read.
const LARGEST_BYTES: u64 = 1 << 20;

/// The highest MIDI pitch.
const HIGHEST_PITCH: u8 = 127;

/// The files of a sampled piano.
#[derive(Debug)]
pub(super) struct Description {
    pub(super) name: String,
    pub(super) credits: String,
    /// For each recorded key, by MIDI pitch, its samples from the softest to the loudest.
    pub(super) keys: Vec<(u8, Vec<PathBuf>)>,
    /// The sounds of keys that come up, by MIDI pitch.
    pub(super) releases: Vec<(u8, PathBuf)>,
}

/// The file as it is written. What else is in it is of no matter.
#[derive(Deserialize)]
struct Written {
    name: String,
    #[serde(default)]
    credits: String,
    layers: Vec<WrittenLayer>,
    #[serde(default)]
    release: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct WrittenLayer {
    folder: String,
    keys: BTreeMap<String, String>,
}

impl Description {
    /// Reads the description of the piano in a folder.
    pub(super) fn read(folder: &Path) -> Result<Self, SamplerError> {
        let path = folder.join(DESCRIPTION);
        let read_error = |source| SamplerError::Read { path: path.clone(), source };
        let flaw = |reason: String| SamplerError::Description { path: path.clone(), reason };
        let mut text = String::new();
        let file = File::open(&path).map_err(read_error)?;
        file.take(LARGEST_BYTES + 1).read_to_string(&mut text).map_err(read_error)?;
        if text.len() as u64 > LARGEST_BYTES {
            return Err(flaw("it is longer than a megabyte".to_owned()));
        }
        let written: Written = serde_json::from_str(&text).map_err(|error| flaw(error.to_string()))?;
        Self::of(folder, written).map_err(flaw)
    }

    fn of(folder: &Path, written: Written) -> Result<Self, String> {
        let mut keys: BTreeMap<u8, Vec<PathBuf>> = BTreeMap::new();
        for layer in &written.layers {
            let layer_folder = inside(folder, &layer.folder)?;
            for (pitch, file) in &layer.keys {
                keys.entry(pitch_of(pitch)?).or_default().push(inside(&layer_folder, file)?);
            }
        }
        if keys.is_empty() {
            return Err("it names no recorded key".to_owned());
        }
        let mut releases = Vec::new();
        for (pitch, file) in &written.release {
            releases.push((pitch_of(pitch)?, inside(folder, file)?));
        }
        releases.sort();
        Ok(Self { name: written.name, credits: written.credits, keys: keys.into_iter().collect(), releases })
    }
}

fn pitch_of(text: &str) -> Result<u8, String> {
    let pitch = text.parse::<u8>().ok().filter(|pitch| *pitch <= HIGHEST_PITCH);
    pitch.ok_or_else(|| format!("\"{text}\" is no key; keys are numbers from 0 to {HIGHEST_PITCH}"))
}

/// A path within a folder; one that would lead out of it is refused.
fn inside(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let path = Path::new(name);
    let stays = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if stays && !name.is_empty() {
        Ok(folder.join(path))
    } else {
        Err(format!("\"{name}\" is no file of its folder"))
    }
}

#[cfg(test)]
#[path = "description_tests.rs"]
mod tests;
