//! The grid of a take that was exported before, to write it again with some bars changed.
//!
//! A tempo map made anew from a file that was read differs from the one in the file by rounding,
//! and then each note may come to lie a tick further on. Where nothing has changed the old map is
//! kept instead, so that the notes keep their ticks.

use std::ops::Range;

use notation::smf::file::{Division, MidiFile};
use notation::{Quarters, Score};

use super::layout::{Layout, MOST_LEAD_IN_BARS};
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
    /// The grid of a take whose notes `changed` (ascending) will be performed anew; nothing if the
    /// bars of the file are not on its grid, with `ticks_per_quarter` ticks in a quarter.
    pub(super) fn read(
        score: &Score,
        file: &[u8],
        take: &Performance,
        changed: &[u32],
        ticks_per_quarter: u32,
    ) -> Option<Self> {
        let file = MidiFile::read(file).ok()?;
        if file.division != Division::PerQuarter(u16::try_from(ticks_per_quarter).ok()?) {
            return None;
        }
        let map = TempoMap::new(ticks_per_quarter, file.tempos.iter().copied());
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
        let near = far as f64 <= NEAR_QUARTERS * f64::from(ticks_per_quarter);
        if !near {
            return None;
        }
        let layout = Layout::new(score, None, ticks_per_quarter, lead_in_quarters);
        let bars = changed_bars(score, changed).into_iter();
        let mut ranges: Vec<_> = bars.map(|b| layout.tick(b.start)..layout.tick(b.end)).collect();
        for kept in take.notes.iter().filter(|n| changed.binary_search(&n.note).is_err()) {
            let tick = map.tick_at(kept.onset_secs);
            for range in ranges.iter_mut().filter(|r| tick > r.start && tick < r.end) {
                if tick - range.start < range.end - tick { range.start = tick } else { range.end = tick }
            }
        }
        Some(Self { map, lead_in_quarters, changed: ranges })
    }

    /// Quarters from tick 0 to the first bar, without those that fill up a pick-up.
    pub(super) fn lead_in_quarters(&self) -> f64 {
        self.lead_in_quarters
    }

    /// When a tick comes, in seconds of the file, unless the tempo changes there.
    pub(super) fn kept_secs(&self, tick: u64) -> Option<f64> {
        let changed = self.changed.iter().any(|range| tick > range.start && tick < range.end);
        (!changed).then(|| self.map.secs_at(tick))
    }

    /// Ticks and seconds of the ends of the changes.
    pub(super) fn edges(&self) -> impl Iterator<Item = (u64, f64)> + '_ {
        let ends = self.changed.iter().flat_map(|range| [range.start, range.end]);
        ends.map(|tick| (tick, self.map.secs_at(tick)))
    }
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
