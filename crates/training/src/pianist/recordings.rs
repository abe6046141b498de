//! Recordings without scores: containers of the folder `pretrain`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use performance::Pedal;
use pianist_transformer::tokens::{PedalMove, Press, Timeline};
use serde::Deserialize;

use crate::datasets::container::{Columns, Place, RECORDED, Rows, Spec, unpack};

const FORMAT: &str = "midi-soa";
const COLUMNS: &[&[Spec]] = &[RECORDED];

#[derive(Deserialize)]
struct Index {
    format: String,
    bin_bytes: usize,
    columns: BTreeMap<String, Place>,
    items: Vec<Item>,
}

/// A recording.
#[derive(Deserialize)]
struct Item {
    /// Its rows in table `note`.
    note: Rows,
    /// Its rows in table `pedal`.
    pedal: Rows,
}

/// Reads all recordings of a set, such as `maestro`: `NAME.json` and `NAME.bin.gz` of a folder.
///
/// # Errors
/// When there is no such set, it is of another format, or a column is missing, of another type or too
/// short for what the index says.
pub fn read(folder: &Path, name: &str) -> Result<Vec<Timeline>> {
    let (index_path, bin_path) = (folder.join(format!("{name}.json")), folder.join(format!("{name}.bin.gz")));
    let index =
        File::open(&index_path).with_context(|| format!("no recordings at {}", index_path.display()))?;
    let index: Index = serde_json::from_reader(BufReader::new(index))
        .with_context(|| format!("{} is not an index of recordings", index_path.display()))?;
    let format = &index.format;
    ensure!(format == FORMAT, "{} has the format {format}, expected {FORMAT}", index_path.display());
    let columns = unpack(&bin_path, index.bin_bytes, &index.columns, COLUMNS)?;
    let read = |item: &Item| {
        timeline(item, &columns).with_context(|| format!("in a recording of {}", index_path.display()))
    };
    index.items.iter().map(read).collect()
}

fn timeline(item: &Item, columns: &Columns) -> Result<Timeline> {
    let get = |name: &str| columns.get(name, item.note);
    let (onset, duration, pitch, velocity) = (get("onset")?, get("dur")?, get("pitch")?, get("vel")?);
    ensure!(pitch.iter().chain(&velocity).all(|value| *value < 128.0), "a pitch or velocity is above 127");
    let presses = (0..onset.len())
        .map(|k| Press::from_secs(onset[k], onset[k] + duration[k], pitch[k] as u8, velocity[k] as u8));
    let get = |name: &str| columns.get(name, item.pedal);
    let (time, controller, value) = (get("ped_t")?, get("ped_cc")?, get("ped_v")?);
    let of_sustain = (0..time.len()).filter(|k| controller[*k] == f64::from(Pedal::Sustain.controller()));
    let sustain = of_sustain.map(|k| PedalMove::from_secs(time[k], value[k] as u8));
    Ok(Timeline::new(presses, sustain.collect()))
}

#[cfg(test)]
#[path = "recordings_tests.rs"]
mod tests;
