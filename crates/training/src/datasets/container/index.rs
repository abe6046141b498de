//! The index of a container, as in its JSON file.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::schema::{BEATS, Kind, PERFORMED, SCORE, Spec};

/// First row and number of rows of a table.
pub type Rows = (usize, usize);

/// Start and end of a measure in quarters, and its number as the file has it.
pub type BarRow = (f64, f64, serde_json::Value);

/// Start and end in quarters, class, text, staff.
pub type DirectionRow = (f64, Option<f64>, String, Option<String>, Option<u8>);

/// Start in quarters, beats per minute, and the beat's unit (`q`, `e`, `h`, `q.`).
pub type TempoRow = (f64, f64, Option<String>);

/// A score.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ScoreEntry {
    /// Its index.
    #[serde(default)]
    pub id: usize,
    /// Composer.
    pub composer: String,
    /// Title, unique with the composer; two versions of a piece share it.
    pub title: String,
    /// Folder in the original data set.
    pub folder: String,
    /// Number in Köchel's catalogue, for sets of Mozart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv: Option<String>,
    /// Its first row in table `score`.
    pub first: usize,
    /// Number of rows.
    pub count: usize,
    /// Words and signs between the notes.
    pub directions: Vec<DirectionRow>,
    /// Metronome marks.
    pub tempi: Vec<TempoRow>,
    /// Measures in playing order.
    pub bars: Vec<BarRow>,
    /// `written` or `unfolded`, for sets that have both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Where directions and dynamics come from, if not from the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks_from: Option<String>,
}

/// A note-aligned performance.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Recording {
    /// Index of its score.
    pub score: usize,
    /// File in the original data set.
    pub midi: String,
    /// File in MAESTRO, if it is there too.
    #[serde(default)]
    pub maestro: Option<String>,
    /// Whether the original set calls its alignment robust.
    #[serde(default)]
    pub robust: bool,
    /// Who plays, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performer: Option<String>,
    /// Aligned notes.
    pub perf: Rows,
    /// Pedal movements.
    pub pedal: Rows,
    /// Played notes that are not in the score.
    pub extra: Rows,
    /// Annotated beats.
    pub beat: Rows,
    /// Fitted times of whole quarters.
    pub fit: Rows,
    /// What was checked.
    #[serde(default)]
    pub checks: BTreeMap<String, f64>,
}

/// A recording of which only the beats are known.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BeatRecording {
    /// Index of its score.
    pub score: usize,
    /// Identifier in the discography.
    pub pid: String,
    /// Who plays.
    #[serde(default)]
    pub performer: Option<String>,
    /// Year of the recording.
    #[serde(default)]
    pub year: Option<String>,
    /// Record label and number.
    #[serde(default)]
    pub label: Option<String>,
    /// Its beats.
    pub beats: Rows,
    /// What was checked.
    #[serde(default)]
    pub checks: BTreeMap<String, f64>,
}

/// Kinds of performances that a container can hold.
pub trait Performances: Serialize + DeserializeOwned {
    /// Name of the format.
    const FORMAT: &'static str;
    /// Columns of the container.
    const COLUMNS: &'static [&'static [Spec]];
}

impl Performances for Recording {
    const FORMAT: &'static str = "asap-soa";
    const COLUMNS: &'static [&'static [Spec]] = &[SCORE, PERFORMED];
}

impl Performances for BeatRecording {
    const FORMAT: &'static str = "mazurkabl-soa";
    const COLUMNS: &'static [&'static [Spec]] = &[SCORE, BEATS];
}

/// Where a column lies in the unpacked buffer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    /// Its table.
    pub table: String,
    /// Type of its values.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// First byte.
    pub offset: usize,
    /// Number of values.
    pub count: usize,
}

/// The JSON file.
#[derive(Serialize, Deserialize)]
pub(super) struct Index<P> {
    pub format: String,
    pub version: u32,
    pub split: String,
    pub byte_order: String,
    pub bin_bytes: usize,
    pub columns: BTreeMap<String, Place>,
    pub tables: BTreeMap<String, usize>,
    pub scores: Vec<ScoreEntry>,
    pub performances: Vec<P>,
}
