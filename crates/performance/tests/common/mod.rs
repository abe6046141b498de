//! Reads the aligned recordings of human pianists that several tests check against.
#![allow(dead_code, clippy::unwrap_used)]

pub mod invented;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use notation::{Grace, Marks, Measure, Note, NoteId, Part, Quarters, Score, TimeSignature};
use performance::metrics::NoteFlags;
use performance::{Pedal, PedalEvent, Performance, PlayedNote};

/// Of the decimal score times: fine enough for every tuplet that the scores use.
const GRID: i64 = 10_080;

/// A score and the humans who played it.
pub struct Piece {
    pub folder: String,
    pub score: Score,
    pub humans: Vec<(Performance, Vec<NoteFlags>)>,
    /// The file name of each recording.
    pub files: Vec<String>,
}

/// The folder of shared data; if there is none, prints so and returns none.
pub fn data() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let folder = std::env::var_os("ESPRESSIVO_DATA").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("there is no data at {}; set ESPRESSIVO_DATA", folder.display());
    None
}

/// The test split; none, with a message, where there is no data.
pub fn test_split() -> Option<Vec<Piece>> {
    let folder = data()?.join("asap");
    let index =
        serde_json::from_reader(BufReader::new(File::open(folder.join("test.json")).unwrap())).unwrap();
    let mut bytes = Vec::new();
    let packed = File::open(folder.join("test.bin.gz")).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    let table = Table { index, bytes };
    let mut pieces: Vec<Piece> =
        table.index["scores"].as_array().unwrap().iter().map(|s| table.piece(s)).collect();
    let onsets = table.floats("onset");
    let durations = table.floats("dur");
    for entry in table.index["performances"].as_array().unwrap() {
        let piece = &mut pieces[entry["score"].as_u64().unwrap() as usize];
        let file = entry["midi"].as_str().unwrap().rsplit('/').next().unwrap();
        piece.files.push(file.into());
        piece.humans.push(table.performance(entry, &onsets, &durations));
    }
    Some(pieces)
}

struct Table {
    index: serde_json::Value,
    bytes: Vec<u8>,
}

fn span(value: &serde_json::Value) -> std::ops::Range<usize> {
    let (first, count) = (value[0].as_u64().unwrap() as usize, value[1].as_u64().unwrap() as usize);
    first..first + count
}

impl Table {
    fn column(&self, name: &str, width: usize) -> &[u8] {
        let c = &self.index["columns"][name];
        let offset = c["offset"].as_u64().unwrap() as usize;
        &self.bytes[offset..offset + width * c["count"].as_u64().unwrap() as usize]
    }

    fn floats(&self, name: &str) -> Vec<f64> {
        let four = self.column(name, 4).chunks_exact(4);
        four.map(|b| f64::from(f32::from_le_bytes(b.try_into().unwrap()))).collect()
    }

    fn piece(&self, entry: &serde_json::Value) -> Piece {
        let first = entry["first"].as_u64().unwrap() as usize;
        let range = first..first + entry["count"].as_u64().unwrap() as usize;
        let (onsets, durations) = (self.floats("onset_q"), self.floats("dur_q"));
        let bars: Vec<u16> = self
            .column("bar", 2)
            .chunks_exact(2)
            .map(|b| u16::from_le_bytes(b.try_into().unwrap()))
            .collect();
        let bytes = |name| self.column(name, 1);
        let note = |n: usize| Note {
            id: NoteId { written: n as u32, pass: 1 },
            onset: Quarters::nearest(onsets[n], GRID),
            duration: Quarters::nearest(durations[n], GRID),
            pitch: bytes("pitch")[n],
            measure: u32::from(bars[n]),
            part: 0,
            staff: bytes("staff")[n].max(1),
            voice: bytes("voice")[n],
            grace: (bytes("flags")[n] & 1 != 0).then_some(Grace::Acciaccatura),
            marks: Marks::default(),
        };
        // A bar without a note keeps the metre of the one before.
        let mut times: BTreeMap<u16, TimeSignature> = BTreeMap::new();
        for n in range.clone() {
            let time = TimeSignature { beats: bytes("ts_num")[n], beat_type: bytes("ts_den")[n] };
            times.entry(bars[n]).or_insert(time);
        }
        let time_in = |bar: usize| {
            times
                .range(..=bar as u16)
                .next_back()
                .or(times.iter().next())
                .map_or(TimeSignature::default(), |t| *t.1)
        };
        let measure = |(k, bar): (usize, &serde_json::Value)| Measure {
            start: Quarters::nearest(bar[0].as_f64().unwrap(), GRID),
            end: Quarters::nearest(bar[1].as_f64().unwrap(), GRID),
            number: bar[2].to_string(),
            written: 0,
            pass: 1,
            time: time_in(k),
        };
        let measures: Vec<Measure> =
            entry["bars"].as_array().unwrap().iter().enumerate().map(measure).collect();
        let score = Score {
            parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
            time_signatures: vec![(Quarters::ZERO, measures[0].time)],
            measures,
            notes: range.map(note).collect(),
            ..Score::default()
        };
        Piece {
            folder: entry["folder"].as_str().unwrap().into(),
            score,
            humans: Vec::new(),
            files: Vec::new(),
        }
    }

    fn performance(
        &self,
        entry: &serde_json::Value,
        onsets: &[f64],
        durations: &[f64],
    ) -> (Performance, Vec<NoteFlags>) {
        let index = self.column("sidx", 4);
        let (velocity, flags) = (self.column("vel", 1), self.column("pflag", 1));
        let note = |k: usize| PlayedNote {
            note: u32::from_le_bytes(index[4 * k..4 * k + 4].try_into().unwrap()),
            onset_secs: onsets[k],
            duration_secs: durations[k],
            velocity: velocity[k],
        };
        let flag =
            |k: usize| NoteFlags { timing_outlier: flags[k] & 1 != 0, duration_unknown: flags[k] & 4 != 0 };
        let (times, values) = (self.floats("ped_t"), self.column("ped_v", 1));
        let pedal = |k: usize| {
            let pedal = Pedal::from_controller(self.column("ped_cc", 1)[k])?;
            Some(PedalEvent { time_secs: times[k], pedal, value: values[k] })
        };
        let range = span(&entry["perf"]);
        let performance = Performance {
            notes: range.clone().map(note).collect(),
            pedals: span(&entry["pedal"]).filter_map(pedal).collect(),
        };
        (performance, range.map(flag).collect())
    }
}
