//! The aligned set of scores and human performances derived from (n)ASAP.
//!
//! A split is `NAME.json` (the index) and `NAME.bin.gz` (one flat little-endian buffer of
//! columns); the data folder's own README describes every column.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use notation::words;
use notation::{
    Direction, DirectionKind, Dynamic, Grace, KeySignature, Marks, Measure, Note, NoteId, Part, Quarters,
    Score, TimeSignature,
};
use performance::metrics::NoteFlags;
use performance::{Pedal, PedalEvent, Performance, PlayedNote};
use serde::Deserialize;

/// Steps of a quarter to which the data's decimal score times are rounded: fine enough for every
/// tuplet in the set, coarse enough to undo the rounding to f32.
const GRID: i64 = 10_080;

/// Scores and the performances of them.
pub struct Split {
    /// Every score of the split.
    pub pieces: Vec<Piece>,
}

/// A score and how people played it.
pub struct Piece {
    /// Composer.
    pub composer: String,
    /// Title, unique with the composer.
    pub title: String,
    /// Folder in the original data set.
    pub folder: String,
    /// The score, repeats unfolded.
    pub score: Score,
    /// Human performances.
    pub humans: Vec<Human>,
}

/// A human performance.
pub struct Human {
    /// File name of the recording in the original data set.
    pub midi: String,
    /// Notes and pedals.
    pub performance: Performance,
    /// Which values are doubtful, parallel to the notes of the performance.
    pub flags: Vec<NoteFlags>,
}

/// The data folder: `$ESPRESSIVO_DATA`, else `../shared/data` beside the project.
pub fn data_folder() -> Option<PathBuf> {
    let named = std::env::var_os("ESPRESSIVO_DATA").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let here = PathBuf::from("../shared/data");
    [named, Some(here), Some(beside)].into_iter().flatten().find(|p| p.join("asap").is_dir())
}

/// Reads a split (`train`, `valid`, `test`, `extra_train`) from `folder/asap`.
pub fn load(folder: &Path, split: &str) -> Result<Split> {
    let index_path = folder.join("asap").join(format!("{split}.json"));
    let bin_path = folder.join("asap").join(format!("{split}.bin.gz"));
    let index =
        File::open(&index_path).with_context(|| format!("no data split at {}", index_path.display()))?;
    let index: Index = serde_json::from_reader(BufReader::new(index))
        .with_context(|| format!("{} is not an index of this data set", index_path.display()))?;
    let mut bytes = Vec::new();
    let bin = File::open(&bin_path).with_context(|| format!("no columns at {}", bin_path.display()))?;
    flate2::read::GzDecoder::new(bin)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} is damaged", bin_path.display()))?;
    if bytes.len() != index.bin_bytes {
        bail!("{} holds {} bytes, its index says {}", bin_path.display(), bytes.len(), index.bin_bytes);
    }
    let columns = Columns { index: &index, bytes: &bytes };
    let mut pieces = Vec::with_capacity(index.scores.len());
    for row in &index.scores {
        pieces.push(Piece {
            composer: row.composer.clone(),
            title: row.title.clone(),
            folder: row.folder.clone(),
            score: read_score(row, &columns)?,
            humans: Vec::new(),
        });
    }
    for row in &index.performances {
        let piece = pieces.get_mut(row.score).context("a performance of a score that is not there")?;
        let human = read_human(row, piece.score.notes.len(), &columns)?;
        piece.humans.push(human);
    }
    Ok(Split { pieces })
}

#[derive(Deserialize)]
struct Index {
    bin_bytes: usize,
    columns: std::collections::HashMap<String, Column>,
    scores: Vec<ScoreRow>,
    performances: Vec<PerformanceRow>,
}

#[derive(Deserialize)]
struct Column {
    #[serde(rename = "type")]
    kind: String,
    offset: usize,
    count: usize,
}

#[derive(Deserialize)]
struct ScoreRow {
    composer: String,
    title: String,
    folder: String,
    first: usize,
    count: usize,
    bars: Vec<(f64, f64, serde_json::Value)>,
    directions: Vec<DirectionRow>,
    tempi: Vec<(f64, f64, Option<String>)>,
}

/// Start and end in quarters, partitura's class, text, staff.
type DirectionRow = (f64, Option<f64>, String, Option<String>, Option<u8>);

#[derive(Deserialize)]
struct PerformanceRow {
    score: usize,
    midi: String,
    perf: (usize, usize),
    pedal: (usize, usize),
}

struct Columns<'a> {
    index: &'a Index,
    bytes: &'a [u8],
}

impl Columns<'_> {
    /// Rows `first .. first + count` of a column, as f64.
    fn get(&self, name: &str, first: usize, count: usize) -> Result<Vec<f64>> {
        let column =
            self.index.columns.get(name).with_context(|| format!("the data has no column {name}"))?;
        let width = match column.kind.as_str() {
            "f32" | "u32" => 4,
            "u16" => 2,
            "u8" | "i8" => 1,
            other => bail!("column {name} has the unknown type {other}"),
        };
        if first + count > column.count {
            bail!("column {name} has {} rows, {} were asked for", column.count, first + count);
        }
        let start = column.offset + first * width;
        let bytes = self.bytes.get(start..start + count * width).context("a column ends after the file")?;
        Ok(bytes.chunks_exact(width).map(|b| decode(&column.kind, b)).collect())
    }
}

fn decode(kind: &str, b: &[u8]) -> f64 {
    match (kind, b) {
        ("f32", &[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
        ("u32", &[a, b, c, d]) => f64::from(u32::from_le_bytes([a, b, c, d])),
        ("u16", &[a, b]) => f64::from(u16::from_le_bytes([a, b])),
        ("i8", &[a]) => f64::from(a as i8),
        (_, &[a, ..]) => f64::from(a),
        _ => f64::NAN,
    }
}

fn quarters(q: f64) -> Quarters {
    Quarters::nearest(q, GRID)
}

fn read_score(row: &ScoreRow, columns: &Columns<'_>) -> Result<Score> {
    let get = |name: &str| columns.get(name, row.first, row.count);
    let (onset, dur, pitch, bar) = (get("onset_q")?, get("dur_q")?, get("pitch")?, get("bar")?);
    let (ts_num, ts_den, key) = (get("ts_num")?, get("ts_den")?, get("key")?);
    let (voice, staff, flags, marks) = (get("voice")?, get("staff")?, get("flags")?, get("marks")?);
    let (xml_n, xml_rep, dyns, hairpins) = (get("xml_n")?, get("xml_rep")?, get("dyn")?, get("hairpin")?);
    let mut score = Score {
        title: Some(row.title.clone()),
        composer: Some(row.composer.clone()),
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        ..Score::default()
    };
    for k in 0..row.count {
        let flags = flags[k] as u8;
        let grace = match flags {
            f if f & 2 != 0 => Some(Grace::Acciaccatura),
            f if f & 1 != 0 => Some(Grace::Appoggiatura),
            _ => None,
        };
        score.notes.push(Note {
            id: NoteId { written: xml_n[k] as u32, pass: (xml_rep[k] as u8).max(1) },
            onset: quarters(onset[k]),
            duration: quarters(dur[k]),
            pitch: pitch[k] as u8,
            measure: bar[k] as u32,
            part: 0,
            staff: (staff[k] as u8).max(1),
            voice: voice[k] as u8,
            grace,
            marks: Marks::from_bits_truncate(u32::from(marks[k] as u16)),
        });
        let at = quarters(onset[k]);
        let time = TimeSignature { beats: ts_num[k] as u8, beat_type: ts_den[k] as u8 };
        if score.time_signatures.last().is_none_or(|(_, t)| *t != time) {
            score.time_signatures.push((at, time));
        }
        let key = KeySignature { fifths: key[k] as i8, minor: false };
        if score.key_signatures.last().is_none_or(|(_, t)| *t != key) {
            score.key_signatures.push((at, key));
        }
    }
    for (start, end, number) in &row.bars {
        let start = quarters(*start);
        let number = number.as_str().map_or_else(|| number.to_string(), str::to_owned);
        let time = score.time_signature_at(start);
        score.measures.push(Measure { start, end: quarters(*end), number, written: 0, pass: 1, time });
    }
    score.directions = read_directions(row, &score, &dyns, &hairpins);
    Ok(score)
}

/// Dynamics and hairpins from the columns that hold what partitura made of them, everything else
/// from the list of directions.
fn read_directions(row: &ScoreRow, score: &Score, dyns: &[f64], hairpins: &[f64]) -> Vec<Direction> {
    let mut directions = Vec::new();
    let mut push =
        |onset: Quarters, end: Option<Quarters>, kind: DirectionKind, text: &str, staff: Option<u8>| {
            directions.push(Direction { onset, end, part: 0, staff, kind, text: text.to_owned() });
        };
    let mut level = 0;
    for (note, dynamic) in score.notes.iter().zip(dyns) {
        if *dynamic as u8 != level {
            level = *dynamic as u8;
            if let Some(dynamic) = Dynamic::from_level(level) {
                push(note.onset, None, DirectionKind::Dynamic(dynamic), "", None);
            }
        }
    }
    for (sign, kind) in [(1.0, DirectionKind::Crescendo), (-1.0, DirectionKind::Diminuendo)] {
        let mut start = None;
        for (note, hairpin) in score.notes.iter().zip(hairpins) {
            match (start, *hairpin == sign) {
                (None, true) => start = Some(note.onset),
                (Some(from), false) => {
                    push(from, Some(note.onset), kind, "", None);
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(from) = start {
            push(from, Some(score.end()), kind, "", None);
        }
    }
    for (onset, end, class, text, staff) in &row.directions {
        let text = text.as_deref().unwrap_or_default();
        let kind = match class.as_str() {
            "ImpulsiveLoudnessDirection" => DirectionKind::Sforzando,
            "SustainPedalDirection" => DirectionKind::SustainPedal,
            "DecreasingTempoDirection" => DirectionKind::Ritardando,
            "IncreasingTempoDirection" => DirectionKind::Accelerando,
            "ResetTempoDirection" => DirectionKind::ATempo,
            "ConstantTempoDirection" => match words::meaning(text) {
                kind @ DirectionKind::Tempo(_) => kind,
                _ => DirectionKind::Words,
            },
            _ => continue,
        };
        push(quarters(*onset), end.map(quarters), kind, text, *staff);
    }
    for (onset, bpm, unit) in &row.tempi {
        let per_minute = bpm * unit_quarters(unit.as_deref().unwrap_or("q"));
        push(quarters(*onset), None, DirectionKind::Metronome(per_minute), "", None);
    }
    directions.sort_by_key(|d| d.onset);
    directions
}

/// Length in quarters of a metronome unit as partitura writes it: `q`, `e`, `h`, `q.`.
fn unit_quarters(unit: &str) -> f64 {
    let base = match unit.trim_end_matches('.') {
        "w" => 4.0,
        "h" => 2.0,
        "e" => 0.5,
        "s" => 0.25,
        _ => 1.0,
    };
    if unit.ends_with('.') { base * 1.5 } else { base }
}

fn read_human(row: &PerformanceRow, notes: usize, columns: &Columns<'_>) -> Result<Human> {
    let get = |name: &str| columns.get(name, row.perf.0, row.perf.1);
    let (sidx, onset, dur, vel, pflag) =
        (get("sidx")?, get("onset")?, get("dur")?, get("vel")?, get("pflag")?);
    let mut flags = Vec::with_capacity(sidx.len());
    let mut performance = Performance::default();
    for k in 0..sidx.len() {
        let note = sidx[k] as u32;
        if note as usize >= notes {
            bail!("{} performs a note that its score does not have", row.midi);
        }
        let bits = pflag[k] as u8;
        flags.push(NoteFlags { timing_outlier: bits & 1 != 0, duration_unknown: bits & 4 != 0 });
        performance.notes.push(PlayedNote {
            note,
            onset_secs: onset[k],
            duration_secs: dur[k],
            velocity: vel[k] as u8,
        });
    }
    let get = |name: &str| columns.get(name, row.pedal.0, row.pedal.1);
    let (time, controller, value) = (get("ped_t")?, get("ped_cc")?, get("ped_v")?);
    for k in 0..time.len() {
        if let Some(pedal) = Pedal::from_controller(controller[k] as u8) {
            performance.pedals.push(PedalEvent { time_secs: time[k], pedal, value: value[k] as u8 });
        }
    }
    Ok(Human { midi: row.midi.clone(), performance, flags })
}
