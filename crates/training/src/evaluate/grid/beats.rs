//! Beats estimated without a score, against those that people annotated.

use anyhow::{Context, Result};
use performance::beats::{self, Agreement, BeatOptions, Sureness, agreement};
use performance::midi::{MidiNote, PlayedMidi};
use serde::Serialize;

use crate::datasets::container::{Container, Recording};
use crate::evaluate::side_by_side;

/// In the table of beats, the first of a bar.
const DOWNBEAT: f64 = 1.0;

/// Means over recordings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Found {
    /// How many recordings.
    pub recordings: usize,
    /// F-measure of the beats within 70 ms.
    pub beats: f64,
    /// The best of that and those of half and double the tempo.
    pub beats_at_half_or_double: f64,
    /// F-measure of the first beats of bars.
    pub bars: f64,
    /// The best of that and those of bars of half and double the length.
    pub bars_at_half_or_double: f64,
}

/// What is found in a split: in all recordings, and apart by how sure the estimate says it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Beats {
    /// All.
    pub all: Found,
    /// Sure, fairly sure, unsure.
    pub by_sureness: [Found; 3],
}

/// One recording.
struct One {
    sureness: usize,
    beats: Agreement,
    bars: Agreement,
}

/// Estimates the beats of every recording of a split of (n)ASAP that has annotated ones.
pub fn compare(split: &Container<Recording>, workers: usize) -> Result<Beats> {
    let one = |k: usize| compare_one(split, &split.performances[k]);
    let all: Vec<One> =
        side_by_side(split.performances.len(), workers, &one)?.into_iter().flatten().collect();
    let of =
        |sureness: Option<usize>| mean(all.iter().filter(|one| sureness.is_none_or(|s| one.sureness == s)));
    Ok(Beats { all: of(None), by_sureness: [of(Some(0)), of(Some(1)), of(Some(2))] })
}

fn compare_one(split: &Container<Recording>, recording: &Recording) -> Result<Option<One>> {
    let (secs, kinds) =
        (split.columns.get("beat_t", recording.beat)?, split.columns.get("beat_kind", recording.beat)?);
    let firsts: Vec<f64> =
        secs.iter().zip(&kinds).filter(|(_, kind)| **kind == DOWNBEAT).map(|(secs, _)| *secs).collect();
    let played = played(split, recording)?;
    if secs.len() < 2 {
        return Ok(None);
    }
    let Ok(estimate) = beats::estimate(&played, &BeatOptions::default()) else { return Ok(None) };
    let grid = estimate.grid;
    let first_beats: Vec<f64> = grid.first_beats.iter().map(|beat| grid.beats_secs[*beat]).collect();
    let sureness = match estimate.sureness {
        Sureness::Sure => 0,
        Sureness::Fairly => 1,
        Sureness::Unsure => 2,
    };
    let (beats, bars) = (agreement(&grid.beats_secs, &secs), agreement(&first_beats, &firsts));
    Ok(Some(One { sureness, beats, bars }))
}

/// All that a recording plays, aligned or not.
fn played(split: &Container<Recording>, recording: &Recording) -> Result<PlayedMidi> {
    let score = split.scores.get(recording.score).context("a performance of a score that is not there")?;
    let columns = &split.columns;
    let pitches = columns.get("pitch", (score.first, score.count))?;
    let get = |names: [&str; 4], rows: (usize, usize)| -> Result<[Vec<f64>; 4]> {
        let [a, b, c, d] = names.map(|name| columns.get(name, rows));
        Ok([a?, b?, c?, d?])
    };
    let [onset, dur, vel, row] = get(["onset", "dur", "vel", "sidx"], recording.perf)?;
    let mut notes = Vec::with_capacity(onset.len());
    let mut push = |onset_secs: f64, duration_secs: f64, velocity: f64, pitch: f64| {
        let (pitch, velocity) = (pitch as u8, velocity as u8);
        notes.push(MidiNote { onset_secs, duration_secs, pitch, velocity, track: 0 });
    };
    for k in 0..onset.len() {
        let pitch = pitches.get(row[k] as usize).context("a performed note that its score does not have")?;
        push(onset[k], dur[k], vel[k], *pitch);
    }
    let [onset, dur, vel, pitch] = get(["ins_t", "ins_dur", "ins_vel", "ins_pitch"], recording.extra)?;
    for k in 0..onset.len() {
        push(onset[k], dur[k], vel[k], pitch[k]);
    }
    notes.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs).then(a.pitch.cmp(&b.pitch)));
    Ok(PlayedMidi { notes, pedals: Vec::new() })
}

fn mean<'a>(all: impl Iterator<Item = &'a One>) -> Found {
    let mut sum = Found::default();
    for one in all {
        sum.recordings += 1;
        sum.beats += one.beats.as_they_are;
        sum.beats_at_half_or_double += one.beats.at_half_or_double;
        sum.bars += one.bars.as_they_are;
        sum.bars_at_half_or_double += one.bars.at_half_or_double;
    }
    let count = sum.recordings.max(1) as f64;
    Found {
        recordings: sum.recordings,
        beats: sum.beats / count,
        beats_at_half_or_double: sum.beats_at_half_or_double / count,
        bars: sum.bars / count,
        bars_at_half_or_double: sum.bars_at_half_or_double / count,
    }
}
