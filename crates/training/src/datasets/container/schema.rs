//! Which columns a container has.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Type of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Kind {
    F32,
    U32,
    U16,
    U8,
    I8,
}

/// The name that indices have for it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::U32 => "u32",
            Self::U16 => "u16",
            Self::U8 => "u8",
            Self::I8 => "i8",
        })
    }
}

impl Kind {
    /// Bytes of a value.
    pub fn width(self) -> usize {
        match self {
            Self::F32 | Self::U32 => 4,
            Self::U16 => 2,
            Self::U8 | Self::I8 => 1,
        }
    }

    /// The value of [`Self::width`] bytes.
    pub(super) fn decode(self, bytes: &[u8]) -> f64 {
        match (self, bytes) {
            (Self::F32, &[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
            (Self::U32, &[a, b, c, d]) => f64::from(u32::from_le_bytes([a, b, c, d])),
            (Self::U16, &[a, b]) => f64::from(u16::from_le_bytes([a, b])),
            (Self::I8, &[a]) => f64::from(a as i8),
            (Self::U8, &[a]) => f64::from(a),
            _ => f64::NAN,
        }
    }

    /// Appends a value. Those that do not fit become the nearest that does.
    pub(super) fn encode(self, value: f64, bytes: &mut Vec<u8>) {
        match self {
            Self::F32 => bytes.extend((value as f32).to_le_bytes()),
            Self::U32 => bytes.extend((value as u32).to_le_bytes()),
            Self::U16 => bytes.extend((value as u16).to_le_bytes()),
            Self::U8 => bytes.push(value as u8),
            Self::I8 => bytes.extend((value as i8).to_le_bytes()),
        }
    }
}

/// Name, table and type of a column.
#[derive(Clone, Copy, Debug)]
pub struct Spec(pub &'static str, pub &'static str, pub Kind);

/// Table `score`: one row for each sounding score note, repeats written out, ties merged, by onset,
/// then pitch.
pub const SCORE: &[Spec] = &[
    Spec("onset_q", "score", Kind::F32),
    Spec("dur_q", "score", Kind::F32),
    Spec("pos_q", "score", Kind::F32),
    Spec("bar", "score", Kind::U16),
    Spec("ts_num", "score", Kind::U8),
    Spec("ts_den", "score", Kind::U8),
    Spec("key", "score", Kind::I8),
    Spec("pitch", "score", Kind::U8),
    Spec("voice", "score", Kind::U8),
    Spec("staff", "score", Kind::U8),
    Spec("flags", "score", Kind::U8),
    Spec("marks", "score", Kind::U16),
    Spec("dyn", "score", Kind::U8),
    Spec("hairpin", "score", Kind::I8),
    Spec("xml_n", "score", Kind::U32),
    Spec("xml_rep", "score", Kind::U8),
];

/// Tables of note-aligned performances: `perf` (aligned notes, by score row), `pedal`, `extra`
/// (played notes that are not in the score), `beat` (annotated beats) and `fit` (fitted times of
/// whole quarters).
pub const PERFORMED: &[Spec] = &[
    Spec("sidx", "perf", Kind::U32),
    Spec("onset", "perf", Kind::F32),
    Spec("dur", "perf", Kind::F32),
    Spec("vel", "perf", Kind::U8),
    Spec("pflag", "perf", Kind::U8),
    Spec("ped_t", "pedal", Kind::F32),
    Spec("ped_cc", "pedal", Kind::U8),
    Spec("ped_v", "pedal", Kind::U8),
    Spec("ins_t", "extra", Kind::F32),
    Spec("ins_dur", "extra", Kind::F32),
    Spec("ins_pitch", "extra", Kind::U8),
    Spec("ins_vel", "extra", Kind::U8),
    Spec("beat_t", "beat", Kind::F32),
    Spec("beat_kind", "beat", Kind::U8),
    Spec("fit_t", "fit", Kind::F32),
];

/// Table `beats`: one row a beat of a recording, its place in quarters, time in seconds, loudness.
pub const BEATS: &[Spec] = &[
    Spec("beat_q", "beats", Kind::F32),
    Spec("beat_t", "beats", Kind::F32),
    Spec("beat_loud", "beats", Kind::F32),
];

/// Tables of recordings without scores: `note` (keys: onset and time until the release in seconds,
/// pitch, velocity) and `pedal` (movements: seconds, number of the controller, value).
pub const RECORDED: &[Spec] = &[
    Spec("onset", "note", Kind::F32),
    Spec("dur", "note", Kind::F32),
    Spec("pitch", "note", Kind::U8),
    Spec("vel", "note", Kind::U8),
    Spec("ped_t", "pedal", Kind::F32),
    Spec("ped_cc", "pedal", Kind::U8),
    Spec("ped_v", "pedal", Kind::U8),
];
