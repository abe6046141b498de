//! Finds and unpacks the reference data, which is not part of the repository.
#![allow(dead_code)]

pub mod generated;
pub mod midi;

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

/// `$ESPRESSIVO_DATA`, else `../shared/data` beside the repository; if there is none, prints so and returns none.
pub fn data_folder() -> Option<PathBuf> {
    let fallback = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("ESPRESSIVO_DATA").map_or_else(fallback, PathBuf::from);
    if folder.join("asap").is_dir() {
        return Some(folder);
    }
    println!("there is no data at {}; set ESPRESSIVO_DATA", folder.display());
    None
}

/// Unpacks a gzip file.
pub fn gunzip(path: &std::path::Path) -> Vec<u8> {
    use std::io::Read;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Name and bytes of every score of the corpus, by name.
pub fn corpus() -> Option<Vec<(String, Vec<u8>)>> {
    let mut files: Vec<_> = fs::read_dir(data_folder()?.join("musicxml-corpus"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "gz"))
        .collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().replace(".musicxml.gz", "");
    Some(files.iter().map(|path| (name(path), gunzip(path))).collect())
}

/// A row of the reference's `score` table.
#[derive(Clone, Debug)]
pub struct Row {
    pub onset: f64,
    pub duration: f64,
    pub pitch: u8,
    pub bar: u16,
    pub metre: (u8, u8),
    pub key: i8,
    pub voice: u8,
    pub staff: u8,
    pub grace: bool,
    pub marks: u16,
    pub dynamic: u8,
    pub hairpin: i8,
    pub number: u32,
    pub repetition: u8,
}

/// What the reference says of one score.
#[derive(Clone, Debug)]
pub struct Reference {
    pub rows: Vec<Row>,
    pub bars: Vec<(f64, f64)>,
}

/// The reference for each score of the corpus, by its name.
pub fn references() -> Option<HashMap<String, Reference>> {
    let folder = data_folder()?.join("asap");
    let mut references = HashMap::new();
    for split in ["train", "valid", "test", "extra_train"] {
        let index: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join(format!("{split}.json"))).unwrap()).unwrap();
        let bytes = gunzip(&folder.join(format!("{split}.bin.gz")));
        let columns = Columns { index: &index["columns"], bytes: &bytes };
        for score in index["scores"].as_array().unwrap() {
            let name = score["folder"].as_str().unwrap().replace('/', "__");
            references.insert(name, reference(score, &columns));
        }
    }
    Some(references)
}

struct Columns<'a> {
    index: &'a serde_json::Value,
    bytes: &'a [u8],
}

impl Columns<'_> {
    fn bytes(&self, name: &str, width: usize, row: usize) -> &[u8] {
        let at = self.index[name]["offset"].as_u64().unwrap() as usize + width * row;
        &self.bytes[at..at + width]
    }

    fn f32(&self, name: &str, row: usize) -> f64 {
        f64::from(f32::from_le_bytes(self.bytes(name, 4, row).try_into().unwrap()))
    }

    fn u32(&self, name: &str, row: usize) -> u32 {
        u32::from_le_bytes(self.bytes(name, 4, row).try_into().unwrap())
    }

    fn u16(&self, name: &str, row: usize) -> u16 {
        u16::from_le_bytes(self.bytes(name, 2, row).try_into().unwrap())
    }

    fn u8(&self, name: &str, row: usize) -> u8 {
        self.bytes(name, 1, row)[0]
    }
}

fn reference(score: &serde_json::Value, columns: &Columns<'_>) -> Reference {
    let first = score["first"].as_u64().unwrap() as usize;
    let count = score["count"].as_u64().unwrap() as usize;
    let row = |k| Row {
        onset: columns.f32("onset_q", k),
        duration: columns.f32("dur_q", k),
        pitch: columns.u8("pitch", k),
        bar: columns.u16("bar", k),
        metre: (columns.u8("ts_num", k), columns.u8("ts_den", k)),
        key: columns.u8("key", k) as i8,
        voice: columns.u8("voice", k),
        staff: columns.u8("staff", k),
        grace: columns.u8("flags", k) & 1 != 0,
        marks: columns.u16("marks", k),
        dynamic: columns.u8("dyn", k),
        hairpin: columns.u8("hairpin", k) as i8,
        number: columns.u32("xml_n", k),
        repetition: columns.u8("xml_rep", k),
    };
    let bars = score["bars"].as_array().unwrap().iter();
    Reference {
        rows: (first..first + count).map(row).collect(),
        bars: bars.map(|b| (b[0].as_f64().unwrap(), b[1].as_f64().unwrap())).collect(),
    }
}
