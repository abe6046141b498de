//! The sustain pedal: how deep it is between onsets, and movements from that.

use std::ops::Range;

use notation::Score;
use performance::{Pedal, PedalEvent, Performance};

use super::usable::Usable;

/// Depths nearer than this to the ends of the pedal's way are its ends.
const END: f64 = 0.15;

/// The pedal moves where the depth changes by more than this.
const NOTICEABLE: f64 = 0.1;

/// Dampers do nothing in less time, in seconds.
const SHORTEST_LIFT_SECS: f64 = 0.04;

/// After the last onset the pedal counts for so long, in seconds.
const LAST_SECS: f64 = 1.0;

/// The mean depth of the pedal from the onset of each note to the next onset, 0 to 1, the same for all notes of
/// an onset; NaN where nothing was played. A performance without pedal has 0.
pub(super) fn depths(score: &Score, played: &Performance, usable: &[Usable<'_>]) -> Vec<f64> {
    let way = Way::of(played);
    let groups = score.onset_groups();
    let mean = |group: &Range<usize>| {
        let heard = |with_grace: bool| {
            let counts = |n: &usize| with_grace || score.notes[*n].grace.is_none();
            let notes = group.clone().filter(counts).filter_map(|n| usable[n]);
            notes.fold((0.0, 0.0), |(sum, count), (note, _)| (sum + note.onset_secs, count + 1.0))
        };
        let (sum, count) =
            Some(heard(false)).filter(|(_, count)| *count > 0.0).unwrap_or_else(|| heard(true));
        sum / count
    };
    let mut depths = vec![f64::NAN; score.notes.len()];
    let mut next = f64::NAN;
    for group in groups.iter().rev() {
        let secs = mean(group);
        if secs.is_nan() {
            continue;
        }
        // An onset that is not later than the one before it in time says nothing about how long that lasts.
        let end = if next > secs { next } else { secs + if next.is_nan() { LAST_SECS } else { 0.0 } };
        depths[group.clone()].fill(way.mean(secs, end));
        next = secs;
    }
    depths
}

/// What the pedal did: depth over time.
struct Way {
    /// When it moved in seconds, to what depth, and the integral of depth up to there.
    moves: Vec<(f64, f64, f64)>,
}

impl Way {
    fn of(played: &Performance) -> Self {
        let sustain = played.pedals.iter().filter(|p| p.pedal == Pedal::Sustain && p.time_secs.is_finite());
        let mut moves: Vec<(f64, f64, f64)> =
            sustain.map(|p| (p.time_secs, f64::from(p.value.min(127)) / 127.0, 0.0)).collect();
        moves.sort_by(|a, b| a.0.total_cmp(&b.0));
        for k in 1..moves.len() {
            moves[k].2 = moves[k - 1].2 + moves[k - 1].1 * (moves[k].0 - moves[k - 1].0);
        }
        Self { moves }
    }

    /// Depth at a time, and its integral up to there.
    fn at(&self, secs: f64) -> (f64, f64) {
        let next = self.moves.partition_point(|(at, ..)| *at <= secs);
        let before = next.checked_sub(1).map(|k| self.moves[k]);
        before.map_or((0.0, 0.0), |(at, depth, sum)| (depth, sum + depth * (secs - at)))
    }

    /// Mean depth between two times; that at the first if they are one.
    fn mean(&self, from_secs: f64, to_secs: f64) -> f64 {
        let ((depth, from), (_, to)) = (self.at(from_secs), self.at(to_secs));
        let mean = if to_secs > from_secs { (to - from) / (to_secs - from_secs) } else { depth };
        mean.clamp(0.0, 1.0)
    }
}

/// Movements of the pedal from depths at times, in order; NaN is as before. Where the pedal is less deep for one onset
/// than before and after it, it comes up there and goes down again when that makes the depth, as pianists change it
/// with the harmony. The last movement lifts it at the end.
pub(super) fn movements(depths: &[(f64, f64)], end_secs: f64) -> Vec<PedalEvent> {
    let known = depths.iter().filter(|(_, depth)| !depth.is_nan());
    let known: Vec<(f64, f64)> = known.map(|(secs, depth)| (*secs, settled(*depth))).collect();
    let mut movements = Vec::new();
    let mut push = |time_secs: f64, depth: f64| {
        let value = (127.0 * depth).round() as u8;
        movements.push(PedalEvent { time_secs, pedal: Pedal::Sustain, value });
    };
    let mut last = 0.0_f64;
    for (k, (secs, depth)) in known.iter().copied().enumerate() {
        let next =
            known.get(k + 1).filter(|(_, after)| last - depth > NOTICEABLE && after - depth > NOTICEABLE);
        let change = next.map(|(until, after)| ((until - secs) * (1.0 - depth / after), *after));
        let is_at_end = depth <= 0.0 || depth >= 1.0;
        if let Some((up_secs, after)) = change.filter(|(up_secs, _)| *up_secs >= SHORTEST_LIFT_SECS) {
            push(secs, 0.0);
            push(secs + up_secs, after);
            last = after;
        } else if (depth - last).abs() > NOTICEABLE || (is_at_end && depth != last) {
            push(secs, depth);
            last = depth;
        }
    }
    if last > 0.0 {
        push(end_secs, 0.0);
    }
    movements
}

/// A depth, or the end of the pedal's way that it is near.
fn settled(depth: f64) -> f64 {
    match depth {
        up if up < END => 0.0,
        down if down > 1.0 - END => 1.0,
        between => between,
    }
}

#[cfg(test)]
#[path = "pedals_tests.rs"]
mod tests;
