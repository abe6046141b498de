//! Beats of recordings, read from a container.

use std::path::Path;

use anyhow::{Context, Result};
use notation::Score;

use crate::datasets::container::{BeatRecording, Container};
use crate::datasets::score_in;

/// Scores and the beats of recordings of them.
pub struct Beats {
    /// Every mazurka.
    pub mazurkas: Vec<Mazurka>,
}

/// A score and how its beats were played.
pub struct Mazurka {
    /// Title, such as `Mazurkas_op_6_1`.
    pub title: String,
    /// The score.
    pub score: Score,
    /// Recordings of it.
    pub recordings: Vec<Recorded>,
}

/// A recording.
pub struct Recorded {
    /// Identifier in the discography.
    pub pid: String,
    /// Who plays; empty if that is not known.
    pub performer: String,
    /// Its beats, in order.
    pub beats: Vec<Beat>,
}

/// A beat of a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beat {
    /// Place in the score in quarters, on the axis of the score's onsets.
    pub at_quarters: f64,
    /// Time in the recording in seconds.
    pub at_secs: f64,
    /// Loudness of the whole texture, in sones normalised to about 0 to 1.
    pub loudness: f64,
}

/// Reads the beats from the data folder.
///
/// # Errors
/// When they are not there, or damaged.
pub fn load(folder: &Path) -> Result<Beats> {
    from_container(&Container::read(&folder.join("mazurkabl"), "mazurkabl")?)
}

/// Scores and beats of a container.
///
/// # Errors
/// When a row points outside its table.
pub fn from_container(container: &Container<BeatRecording>) -> Result<Beats> {
    let mut mazurkas = Vec::with_capacity(container.scores.len());
    for entry in &container.scores {
        let score = score_in::read(entry, &container.columns)?;
        mazurkas.push(Mazurka { title: entry.title.clone(), score, recordings: Vec::new() });
    }
    for recording in &container.performances {
        let get = |name: &str| container.columns.get(name, recording.beats);
        let (at, secs, loudness) = (get("beat_q")?, get("beat_t")?, get("beat_loud")?);
        let beat = |k: usize| Beat { at_quarters: at[k], at_secs: secs[k], loudness: loudness[k] };
        let mazurka =
            mazurkas.get_mut(recording.score).context("a recording of a score that is not there")?;
        mazurka.recordings.push(Recorded {
            pid: recording.pid.clone(),
            performer: recording.performer.clone().unwrap_or_default(),
            beats: (0..at.len()).map(beat).collect(),
        });
    }
    Ok(Beats { mazurkas })
}
