//! The grid of a take that was exported before, to write it again with some bars changed.
//!
//! A tempo map made anew from a file that was read differs from the one in the file by rounding,
//! and then each note may come to lie a tick further on. Where nothing has changed the old map is
//! kept instead, so that the notes keep their ticks.

use std::ops::Range;

use notation::smf::file::{Division, MidiFile};
use notation::{Quarters, Score};

use super::chosen::first_bar_name;
use super::layout::{Layout, MOST_LEAD_IN_BARS};
use super::options::ExportOptions;
use crate::Performance;
use crate::tempo_map::TempoMap;

/// In a take on the grid, half of the onsets are nearer to their place than this, in quarters.
const NEAR_QUARTERS: f64 = 0.2;

/// Where the bars of a take lie in its file, and which of them are changed.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeGrid {
    map: TempoMap,
    lead_in_quarters: f64,
    /// Ticks between which the tempo changes: the changed bars, less the notes of their neighbours
    /// that are played a little late or early into them.
    changed: Vec<Range<u64>>,
}

impl TakeGrid {
    /// The grid of a take whose notes `changed` (ascending) will be performed anew, while those that
    /// start at the ticks `kept` stay; nothing if the bars of the file are not on its grid, with
    /// `ticks_per_quarter` ticks in a quarter.
    pub(super) fn read(
        score: &Score,
        file: &MidiFile,
        take: &Performance,
        changed: &[u32],
        kept: &[u64],
        ticks_per_quarter: u32,
    ) -> Option<Self> {
        if file.division != Division::PerQuarter(u16::try_from(ticks_per_quarter).ok()?) {
            return None;
        }
        let map = TempoMap::new(ticks_per_quarter, file.tempos.iter().copied());
        let lead_in_quarters =
            marked_lead_in(score, file, &map).or_else(|| lead_in_quarters(score, &map, take))?;
        let layout = Layout::new(score, None, ticks_per_quarter, lead_in_quarters);
        let bars = changed_bars(score, changed).into_iter();
        let mut ranges: Vec<_> = bars.map(|b| layout.tick(b.start)..layout.tick(b.end)).collect();
        for range in &mut ranges {
            let from = kept.partition_point(|tick| *tick <= range.start);
            for tick in kept[from..].iter().copied() {
                if tick >= range.end {
                    break;
                }
                if tick - range.start < range.end - tick { range.start = tick } else { range.end = tick }
            }
        }
        Some(Self { map, lead_in_quarters, changed: ranges })
    }

    /// The tempo map of the file.
    pub(super) fn map(&self) -> &TempoMap {
        &self.map
    }

    /// Whether the tempo changes at a tick.
    pub(super) fn changes_at(&self, tick: u64) -> bool {
        self.changed.iter().any(|range| tick > range.start && tick < range.end)
    }

    /// The map of the file with the tempo of another where it changes.
    pub(super) fn with_changes(&self, new: &TempoMap) -> TempoMap {
        let is_old = |tick: u64| !self.changed.iter().any(|range| range.contains(&tick));
        let mut changes: Vec<(u64, u32)> = self.map.changes().filter(|(tick, _)| is_old(*tick)).collect();
        for range in self.changed.iter().filter(|range| range.start < range.end) {
            changes.push((range.start, new.micros_at(range.start)));
            changes.extend(new.changes().filter(|(tick, _)| *tick > range.start && *tick < range.end));
            if is_old(range.end) {
                changes.push((range.end, self.map.micros_at(range.end)));
            }
        }
        changes.sort_by_key(|(tick, _)| *tick);
        TempoMap::new(self.map.ticks_per_quarter(), changes)
    }

    /// Quarters from tick 0 to the first bar, without those that fill up a pick-up.
    pub(super) fn lead_in_quarters(&self) -> f64 {
        self.lead_in_quarters
    }

    /// When a tick comes, in seconds of the file, unless the tempo changes there.
    pub(super) fn kept_secs(&self, tick: u64) -> Option<f64> {
        (!self.changes_at(tick)).then(|| self.map.secs_at(tick))
    }

    /// Ticks and seconds of the ends of the changes.
    pub(super) fn edges(&self) -> impl Iterator<Item = (u64, f64)> + '_ {
        let ends = self.changed.iter().flat_map(|range| [range.start, range.end]);
        ends.map(|tick| (tick, self.map.secs_at(tick)))
    }
}

/// Where the first bar starts in a file of ours, which has it as a marker, with metres that are those of
/// the score. A file with one tempo throughout may be one of exact timing and has no marker.
fn marked_lead_in(score: &Score, file: &MidiFile, map: &TempoMap) -> Option<f64> {
    let full = score.measures.first()?.time.measure_length().to_f64();
    let (marked, name) = file.markers.first()?;
    if *name != first_bar_name(score, &ExportOptions::default()) || map.changes().count() < 2 {
        return None;
    }
    let candidates = (0..=MOST_LEAD_IN_BARS).map(|bars| f64::from(bars) * full);
    candidates.into_iter().find(|lead_in| {
        let layout = Layout::new(score, None, map.ticks_per_quarter(), *lead_in);
        let metres = layout.metres().into_iter().map(|(tick, time)| (tick, (time.beats, time.beat_type)));
        layout.tick(layout.start()) == *marked && metres.eq(file.metres.iter().copied())
    })
}

/// Where the first bar of a take starts in its file, in quarters without those that fill up a pick-up;
/// nothing if it is not on the grid.
fn lead_in_quarters(score: &Score, map: &TempoMap, take: &Performance) -> Option<f64> {
    let ticks_per_quarter = map.ticks_per_quarter();
    let full = score.measures.first()?.time.measure_length().to_f64();
    let candidates = (0..=MOST_LEAD_IN_BARS).map(|bars| {
        let lead_in_quarters = f64::from(bars) * full;
        let layout = Layout::new(score, None, ticks_per_quarter, lead_in_quarters);
        let far = |n: &crate::PlayedNote| {
            let onset = score.notes[n.note as usize].onset;
            map.tick_at(n.onset_secs).abs_diff(layout.tick(onset))
        };
        let mut far: Vec<u64> = take.notes.iter().map(far).collect();
        far.sort_unstable();
        (far.get(far.len() / 2).copied().unwrap_or(u64::MAX), lead_in_quarters)
    });
    let (far, lead_in_quarters) = candidates.min_by_key(|(far, _)| *far)?;
    (far as f64 <= NEAR_QUARTERS * f64::from(ticks_per_quarter)).then_some(lead_in_quarters)
}

/// The bars that hold the notes; those that follow each other as one.
fn changed_bars(score: &Score, notes: &[u32]) -> Vec<Range<Quarters>> {
    let mut changed: Vec<Range<Quarters>> = Vec::new();
    let mut last = None;
    for note in notes {
        let bar = score.notes.get(*note as usize).map(|n| n.measure as usize);
        let (Some(bar), true) = (bar, bar != last) else { continue };
        last = Some(bar);
        let Some(measure) = score.measures.get(bar) else { continue };
        match changed.last_mut() {
            Some(range) if range.end >= measure.start => range.end = range.end.max(measure.end),
            _ => changed.push(measure.start..measure.end),
        }
    }
    changed
}
