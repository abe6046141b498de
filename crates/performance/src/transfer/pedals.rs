//! Pedals go with the bars that both scores have.

use crate::{Pedal, PedalEvent};

use super::clock::Clock;

/// Bars that follow each other in both scores.
struct Run {
    /// When they begin and end in the old performance; from ever and for ever at its ends.
    from_secs: f64,
    to_secs: f64,
    shift_secs: f64,
}

/// The pedal movements of all runs of bars. Where the music is put together anew the pedals begin as
/// they were there and come up at the end.
pub(super) fn carried_over(pedals: &[PedalEvent], clock: &Clock<'_>) -> Vec<PedalEvent> {
    let mut carried = Vec::with_capacity(pedals.len());
    for run in runs(clock) {
        for pedal in [Pedal::Sustain, Pedal::Sostenuto, Pedal::Soft] {
            let moves = || pedals.iter().filter(|p| p.pedal == pedal);
            let later = |time_secs: f64, value| PedalEvent {
                time_secs: (time_secs + run.shift_secs).max(0.0),
                pedal,
                value,
            };
            let before = moves().take_while(|p| p.time_secs < run.from_secs).last().map_or(0, |p| p.value);
            if before > 0 {
                carried.push(later(run.from_secs, before));
            }
            let inside = moves().filter(|p| p.time_secs >= run.from_secs && p.time_secs < run.to_secs);
            carried.extend(inside.map(|p| later(p.time_secs, p.value)));
            let after = moves().take_while(|p| p.time_secs < run.to_secs).last().map_or(0, |p| p.value);
            if after > 0 && run.to_secs.is_finite() {
                carried.push(later(run.to_secs, 0));
            }
        }
    }
    carried.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    carried
}

fn runs(clock: &Clock<'_>) -> Vec<Run> {
    if clock.bars.is_empty() {
        return vec![Run { from_secs: f64::NEG_INFINITY, to_secs: f64::INFINITY, shift_secs: 0.0 }];
    }
    let mut runs: Vec<Run> = Vec::new();
    for old in clock.bars.iter().filter_map(|bar| bar.old.as_ref()) {
        let is_last = old.index + 1 == clock.old_bars;
        let to_secs = if is_last { f64::INFINITY } else { clock.curve.secs_at(old.end.to_f64()) };
        match runs.last_mut() {
            Some(run) if old.goes_on => run.to_secs = to_secs,
            _ => {
                let start = clock.curve.secs_at(old.start.to_f64());
                let from_secs = if old.index == 0 { f64::NEG_INFINITY } else { start };
                runs.push(Run { from_secs, to_secs, shift_secs: old.shift_secs });
            }
        }
    }
    runs
}
