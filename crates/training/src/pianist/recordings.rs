//! Recordings without scores: containers of the folder `pretrain`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use pianist_transformer::tokens::{Press, Timeline};
use serde::Deserialize;
use std::collections::BTreeMap;

const SUSTAIN: u8 = 64;

#[derive(Deserialize)]
struct Index {
    format: String,
    columns: BTreeMap<String, Place>,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Place {
    #[serde(rename = "type")]
    kind: String,
    offset: usize,
    count: usize,
}

/// First row and number of rows of its notes and of its pedal movements.
#[derive(Deserialize)]
struct Item {
    note: [usize; 2],
    pedal: [usize; 2],
}

/// Reads all recordings of a set, such as `maestro`.
///
/// # Errors
/// When there is no such set, or it is damaged.
pub fn read(folder: &Path, name: &str) -> Result<Vec<Timeline>> {
    let (index_path, bin_path) = (folder.join(format!("{name}.json")), folder.join(format!("{name}.bin.gz")));
    let index =
        File::open(&index_path).with_context(|| format!("no recordings at {}", index_path.display()))?;
    let index: Index = serde_json::from_reader(BufReader::new(index))
        .with_context(|| format!("{} is not an index of recordings", index_path.display()))?;
    ensure!(index.format == "midi-soa", "{} has the format {}", index_path.display(), index.format);
    let mut bytes = Vec::new();
    let file = File::open(&bin_path).with_context(|| format!("no columns at {}", bin_path.display()))?;
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} is damaged", bin_path.display()))?;
    let column = |name: &str, kind: &str, width: usize| {
        let place = index.columns.get(name).filter(|place| place.kind == kind);
        let bytes = place.and_then(|place| bytes.get(place.offset..place.offset + place.count * width));
        bytes.with_context(|| format!("{} has no column {name}", bin_path.display()))
    };
    let seconds = |name: &str| {
        column(name, "f32", 4).map(|bytes| -> Vec<f64> {
            bytes.as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect()
        })
    };
    let (onset, duration, at) = (seconds("onset")?, seconds("dur")?, seconds("ped_t")?);
    let (pitch, velocity) = (column("pitch", "u8", 1)?, column("vel", "u8", 1)?);
    let (controller, value) = (column("ped_cc", "u8", 1)?, column("ped_v", "u8", 1)?);
    let ms = |secs: f64| (secs * 1000.0).round() as i64;
    let read = |item: &Item| {
        let [notes, pedals] = [item.note, item.pedal].map(|[first, count]| first..first + count);
        let fits = notes.end <= onset.len().min(pitch.len()) && pedals.end <= at.len().min(value.len());
        ensure!(fits, "{} has a recording beyond its columns", index_path.display());
        let presses = notes.map(|k| Press {
            onset_ms: ms(onset[k]),
            end_ms: ms(onset[k] + duration[k]),
            pitch: pitch[k],
            velocity: velocity[k],
        });
        let sustain = pedals.filter(|k| controller[*k] == SUSTAIN).map(|k| (ms(at[k]), value[k]));
        Ok(Timeline::new(presses, sustain.collect()))
    };
    index.items.iter().map(read).collect()
}
