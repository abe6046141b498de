//! Distances of notes in a file from when they were played.

use serde::Serialize;

/// How far the notes of a file are from when they were played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Exactness {
    /// Tempo events.
    pub tempo_events: usize,
    /// Of them, those whose tempo had to be brought within bounds.
    pub clamped: usize,
    /// Mean distance of onsets, in seconds.
    pub mean_secs: f64,
    /// Largest distance of an onset, in seconds.
    pub worst_secs: f64,
    /// The same in ticks at the place.
    pub worst_ticks: f64,
}
