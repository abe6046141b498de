//! The Pianist Transformer's published outputs on the grids of their scores: with our tempo map, and with
//! the one that its authors make of them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use notation::smf::file::{Division, MidiFile};
use notation::smf::{self, SmfOptions};
use notation::{Quarters, Score};
use performance::midi::{ExportOptions, MidiNote, PlayedMidi, export, match_to_score, read_performance};
use performance::tempo_map::TempoMap;
use performance::{Performance, PlayedNote};
use serde::Serialize;

use super::exactness::Exactness;
use super::theirs;

/// A key that is struck again this soon after it came up may be cut by a tick.
const NEAR_SECS: f64 = 0.01;

/// Of a pitch of which notes are not in the file, those that are farther from any are the ones.
const LOST_SECS: f64 = 0.05;

/// How many pieces there are.
pub const PIECES: usize = 23;

/// One output under both maps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Published {
    /// Its number.
    pub piece: usize,
    /// Notes that its score and it have in common.
    pub notes: usize,
    /// Beats of the score.
    pub beats: usize,
    /// Our map, a change a beat.
    pub ours: Exactness,
    /// Largest distance of the end of a note that no other cuts, in ticks, with our map.
    pub worst_end_ticks: f64,
    /// Notes that are not in our file, or have another velocity there.
    pub changed: usize,
    /// The map of its authors.
    pub theirs: Exactness,
}

/// Reads an output and its score, writes it, and compares what was written with what was played.
pub fn compare(folder: &Path, piece: usize) -> Result<Published> {
    let read = |kind: &str| {
        let path = folder.join(kind).join(format!("{piece}.mid"));
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let score = smf::read(&read("score")?, &SmfOptions { snap: false })?;
    let played = paired(&score, &read_performance(&read("performance")?)?);
    let exported = export(&score, &played, &ExportOptions::default())?;
    let written = Written::read(&exported.bytes)?;
    let (ours, worst_end_ticks, changed) = written.compare(&score, &played, exported.offset_secs);
    let beats = score.measures.iter().map(|m| (m.end - m.start).to_f64() / m.time.beat_length().to_f64());
    let onsets: Vec<(Quarters, f64)> =
        played.notes.iter().map(|n| (score.notes[n.note as usize].onset, n.onset_secs)).collect();
    Ok(Published {
        piece,
        notes: played.notes.len(),
        beats: beats.sum::<f64>().round() as usize,
        ours,
        worst_end_ticks,
        changed,
        theirs: theirs::exactness(&onsets),
    })
}

/// The output as a performance of its score: of each pitch the first note is the first, and so on, since
/// every note of the score is played once. Of two notes of a pitch that start together one is played. Where
/// a note of a pitch was dropped those of the pitch are matched as those of a recording are.
fn paired(score: &Score, output: &PlayedMidi) -> Performance {
    let mut played: BTreeMap<u8, Vec<&MidiNote>> = BTreeMap::new();
    for note in &output.notes {
        played.entry(note.pitch).or_default().push(note);
    }
    let mut written: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
    let mut last = None;
    for (index, note) in score.notes.iter().enumerate() {
        let here = (note.onset, note.pitch);
        if last.replace(here) != Some(here) {
            written.entry(note.pitch).or_default().push(index as u32);
        }
    }
    let matched = match_to_score(score, output);
    let mut notes = Vec::with_capacity(score.notes.len());
    for (pitch, written) in written {
        let played = played.remove(&pitch).unwrap_or_default();
        if written.len() == played.len() {
            notes.extend(written.iter().zip(played).map(|(note, played)| PlayedNote {
                note: *note,
                onset_secs: played.onset_secs,
                duration_secs: played.duration_secs,
                velocity: played.velocity,
            }));
        } else {
            let is_one = |n: &&PlayedNote| written.binary_search(&n.note).is_ok();
            notes.extend(matched.notes.iter().filter(is_one).copied());
        }
    }
    notes.sort_by_key(|n| n.note);
    Performance { notes, pedals: output.pedals.clone() }
}

/// What was written, read back.
struct Written {
    map: TempoMap,
    notes: Vec<MidiNote>,
}

impl Written {
    fn read(bytes: &[u8]) -> Result<Self> {
        let file = MidiFile::read(bytes)?;
        let Division::PerQuarter(ticks) = file.division else { bail!("the file counts in seconds") };
        let map = TempoMap::new(u32::from(ticks), file.tempos.iter().copied());
        Ok(Self { map, notes: read_performance(bytes)?.notes })
    }

    /// Onsets, the worst end in ticks, and notes that are not there or not as loud: of each pitch the first
    /// that was played is the first in the file, if it has as many.
    fn compare(&self, score: &Score, played: &Performance, offset_secs: f64) -> (Exactness, f64, usize) {
        let mut by_pitch: BTreeMap<u8, Vec<&MidiNote>> = BTreeMap::new();
        for note in &self.notes {
            by_pitch.entry(note.pitch).or_default().push(note);
        }
        let mut wanted: BTreeMap<u8, Vec<&PlayedNote>> = BTreeMap::new();
        for note in &played.notes {
            wanted.entry(score.notes[note.note as usize].pitch).or_default().push(note);
        }
        let mut found = Exactness { tempo_events: self.map.changes().count(), ..Exactness::default() };
        let (mut worst_end_ticks, mut changed, mut sum_secs, mut count) = (0.0f64, 0, 0.0, 0usize);
        for (pitch, mut wanted) in wanted {
            wanted.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
            let there = by_pitch.remove(&pitch).unwrap_or_default();
            let mut down_until_secs = f64::NEG_INFINITY;
            changed += wanted.len().abs_diff(there.len());
            // A key that is struck twice at one moment is written once: then the nearest is meant.
            let is_whole = wanted.len() == there.len();
            let mut place = 0;
            for (k, want) in wanted.iter().enumerate() {
                let onset_secs = want.onset_secs + offset_secs;
                let off = |place: usize| there.get(place).map(|is| (is.onset_secs - onset_secs).abs());
                while !is_whole && off(place + 1).zip(off(place)).is_some_and(|(next, this)| next < this) {
                    place += 1;
                }
                let at = if is_whole { k } else { place };
                let Some(is) = there.get(at).filter(|_| is_whole || off(at) < Some(LOST_SECS)) else {
                    continue;
                };
                let off_secs = (is.onset_secs - onset_secs).abs();
                changed += usize::from(want.velocity != is.velocity);
                (sum_secs, count) = (sum_secs + off_secs, count + 1);
                found.worst_secs = found.worst_secs.max(off_secs);
                found.worst_ticks = found.worst_ticks.max(off_secs / self.tick_secs(onset_secs));
                let end_secs = onset_secs + want.duration_secs;
                let next = wanted.get(k + 1).map_or(f64::INFINITY, |next| next.onset_secs + offset_secs);
                let is_cut = next < end_secs + NEAR_SECS || down_until_secs > onset_secs - NEAR_SECS;
                down_until_secs = down_until_secs.max(end_secs);
                if !is_cut {
                    let off_secs = (is.onset_secs + is.duration_secs - end_secs).abs();
                    worst_end_ticks = worst_end_ticks.max(off_secs / self.tick_secs(end_secs));
                }
            }
        }
        found.mean_secs = sum_secs / count.max(1) as f64;
        (found, worst_end_ticks, changed)
    }

    /// How long a tick lasts around a time; between two tempi, the slower counts.
    fn tick_secs(&self, secs: f64) -> f64 {
        let tick = self.map.tick_at(secs);
        let lasts = |tick: u64| self.map.secs_at(tick + 1) - self.map.secs_at(tick);
        lasts(tick).max(lasts(tick.saturating_sub(1)))
    }
}
