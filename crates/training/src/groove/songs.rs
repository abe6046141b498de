//! POP909's recordings with their parts: melody, bridge, piano.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::datasets::container::{Columns, Kind, Place, Rows, Spec, unpack};

const COLUMNS: &[&[Spec]] = &[&[
    Spec("onset", "note", Kind::F32),
    Spec("dur", "note", Kind::F32),
    Spec("pitch", "note", Kind::U8),
    Spec("vel", "note", Kind::U8),
    Spec("part", "note", Kind::U8),
]];

#[derive(Deserialize)]
struct Index {
    bin_bytes: usize,
    columns: BTreeMap<String, Place>,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    note: Rows,
}

/// A key of a song.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// When it goes down.
    pub onset_secs: f64,
    /// How long it is held.
    pub duration_secs: f64,
    /// MIDI pitch.
    pub pitch: u8,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
    /// 1 melody, 2 bridge, 3 piano.
    pub part: u8,
}

/// Reads all songs of the folder of recordings without scores, in the order of the index.
///
/// # Errors
/// When there are none, or a column is missing, of another type, too short, or holds what cannot be.
pub fn read(folder: &Path) -> Result<Vec<Vec<Key>>> {
    let (index_path, bin_path) = (folder.join("pop909.json"), folder.join("pop909.bin.gz"));
    let index = File::open(&index_path).with_context(|| format!("no songs at {}", index_path.display()))?;
    let index: Index = serde_json::from_reader(BufReader::new(index))
        .with_context(|| format!("{} is not an index of recordings", index_path.display()))?;
    let columns = unpack(&bin_path, index.bin_bytes, &index.columns, COLUMNS)?;
    let song = |item: &Item| song(item, &columns).with_context(|| format!("in {}", index_path.display()));
    index.items.iter().map(song).collect()
}

fn song(item: &Item, columns: &Columns) -> Result<Vec<Key>> {
    let get = |name: &str| columns.get(name, item.note);
    let (onset, duration, pitch) = (get("onset")?, get("dur")?, get("pitch")?);
    let (velocity, part) = (get("vel")?, get("part")?);
    ensure!(pitch.iter().chain(&velocity).all(|value| *value < 128.0), "a pitch or velocity is above 127");
    let is_time = |secs: &f64| (0.0..=86_400.0).contains(secs);
    ensure!(onset.iter().chain(&duration).all(is_time), "a key is at no time of a day");
    let key = |k: usize| Key {
        onset_secs: onset[k],
        duration_secs: duration[k],
        pitch: pitch[k] as u8,
        velocity: (velocity[k] as u8).max(1),
        part: part[k] as u8,
    };
    Ok((0..onset.len()).map(key).collect())
}
