//! Two versions side by side.

use serde::{Deserialize, Serialize};

use crate::VersionId;

/// The version heard (first) against the one compared with (second).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompareView {
    /// Which versions.
    pub versions: [VersionId; 2],
    /// Their names.
    pub names: [String; 2],
    /// A row for each bar of the score that is heard.
    pub bars: Vec<BarRow>,
    /// What of the score that is heard the compared version plays too, in order. The same score is
    /// one stretch; places before the first and behind the last go on from it.
    pub shared: Vec<Shared>,
    /// Tempo against loudness, smoothed over a bar.
    pub trajectories: [Trajectory; 2],
    /// Integrated loudness in LUFS, where it is known.
    pub loudness_lufs: [Option<f64>; 2],
    /// How well the two agree.
    #[serde(default)]
    pub agreement: Agreement,
}

/// How well the version heard agrees with the one compared with, on the whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// How much the tempo of each of the two wanders where the other one keeps it: how much longer or shorter a beat is
    /// than the one before, in per cents, the median. None if there are too few such beats.
    pub wander_percent: [Option<f64>; 2],
    /// How far apart the hands of each of the two are where both are to strike at once, in milliseconds, the
    /// median. None if they hardly ever are.
    pub hands_apart_ms: [Option<f64>; 2],
    /// How much later the right hand strikes than the left one there, in milliseconds, the median; negative where it is
    /// earlier.
    pub right_later_ms: [Option<f64>; 2],
    /// How many other versions there are whose spread [`BarRow::spread`] is; none if there are too few.
    pub others: usize,
    /// The same in words, one sentence each.
    pub words: Vec<String>,
}

/// A stretch that two scores have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// Where it starts in the score that is heard.
    pub from_quarters: f64,
    /// Where it ends there.
    pub to_quarters: f64,
    /// Where it starts in the score of the compared version.
    pub there_quarters: f64,
}

/// One bar of both versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BarRow {
    /// The number printed in the score.
    pub number: String,
    /// Which time it is played, from 1.
    pub pass: u8,
    /// Where it starts.
    pub start_quarters: f64,
    /// Where it ends.
    pub end_quarters: f64,
    /// What each version does in it; none where it plays no note.
    pub values: [Option<BarValues>; 2],
    /// The beat that is furthest from where the other version has it in the same bar; none where no beat is noticeably
    /// off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_beat: Option<OffBeat>,
    /// The lowest and the highest value that the other takes and recordings have in it; none where too few of them
    /// play.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<[BarValues; 2]>,
    /// How the version heard differs from the one compared with, and what it does otherwise than it is
    /// written, in words, what matters most first. Differences that the whole piece has are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// A beat that two versions have at different places between the start of its bar and the next one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OffBeat {
    /// Which beat of the bar, from 1.
    pub beat: u32,
    /// How much later the version heard has it, in milliseconds; negative where it is earlier.
    pub late_ms: f64,
    /// The same in per cents of a beat.
    pub late_percent: f64,
}

/// How one bar is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BarValues {
    /// When it starts.
    pub start_secs: f64,
    /// Mean tempo.
    pub quarters_per_minute: f64,
    /// Mean velocity.
    pub velocity: f64,
    /// Mean of played over written duration (geometric); 1 for as written.
    pub articulation: f64,
    /// Share of the time with the sustain pedal down, 0 to 1.
    pub pedal: f64,
    /// How far apart the hands are where both are to strike at once, in milliseconds, the mean. None if they never are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hands_apart_ms: Option<f64>,
}

/// The path of a version through tempo and loudness.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trajectory {
    /// A point for each beat.
    pub points: Vec<TrajectoryPoint>,
}

/// A place on the path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrajectoryPoint {
    /// Place in the score that is heard.
    pub quarters: f64,
    /// Tempo there.
    pub quarters_per_minute: f64,
    /// Velocity there.
    pub velocity: f64,
}
