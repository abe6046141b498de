//! Metronome marks and tempo words as one number each, which marks a person chose, and where they hold.

mod meant;
mod sections;

use notation::{DirectionKind, Score};

pub use sections::{Section, sections};

/// The tempo mark in force. A piece that states its tempo a little after its first note still has
/// it there.
pub(crate) fn mark_at(tempi: &[(f64, f64)], at: f64) -> Option<(f64, f64)> {
    let next = tempi.partition_point(|(q, _)| *q <= at);
    next.checked_sub(1).and_then(|k| tempi.get(k)).or(tempi.first()).copied()
}

/// Metronome marks and known tempo words as (quarters, log2 of quarters per minute over 120).
pub(crate) fn marked_tempi(score: &Score) -> Vec<(f64, f64)> {
    let marks = score.directions.iter().filter_map(|d| match d.kind {
        DirectionKind::Metronome(bpm) | DirectionKind::Tempo(Some(bpm)) if bpm > 0.0 => {
            Some((d.onset.to_f64(), (bpm / 120.0).log2()))
        }
        _ => None,
    });
    marks.collect()
}
