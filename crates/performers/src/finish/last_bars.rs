//! What a last bar does stays within what people do.
//!
//! In people's 643 performances of the train and valid splits of (n)ASAP and of batik (161 pieces) the
//! slowest beat of the last two bars is 1.7 times as long as the piece's median in the median and 5.1
//! times at the 99th percentile. The last keys are held for 1.3 times their written value, a beat at
//! least, at the median tempo, 9.3 times at the 99th percentile, and 6.4 s longer than it at the 99th.
//! A performer that goes beyond is taken back to where people end.

use performance::Performance;

use super::final_ritard::{BARS, LEAST_BARS};
use super::scene::Scene;
use crate::clock::Clock;

/// How much longer than the piece's median a beat of the last bars is at most.
const SLOWEST_BEAT: f64 = 5.1;

/// How long the last keys are held at most: so many times their written value at the median tempo, and
/// so many seconds more than it.
const LONGEST_SHARE: f64 = 9.3;
const LONGEST_BEYOND_SECS: f64 = 6.4;

/// The onsets of some notes: quarters and seconds.
type Onsets = Vec<(f64, f64)>;

/// Takes the slowest beats of the last bars back.
pub(super) fn slow_beats(scene: &Scene<'_>, played: &mut Performance) {
    let score = scene.score;
    let (Some(last), Some(median)) = (score.notes.last(), median_secs(scene, played)) else { return };
    let bar = (last.measure as usize + 1).saturating_sub(BARS);
    let first = score.notes.partition_point(|n| (n.measure as usize) < bar);
    if !(first..score.notes.len()).all(|n| scene.may_move(played, n)) {
        return;
    }
    let mut onsets = onsets(scene, played);
    let before = onsets.partition_point(|(at, _)| *at < score.measures[bar].start.to_f64());
    onsets.drain(..before.saturating_sub(1));
    let beat = score.time_signature_at(last.onset).beat_length().to_f64();
    let new = within(&onsets, beat, SLOWEST_BEAT * median);
    let (Some((_, start)), Some(new)) = (onsets.first().copied(), new) else { return };
    let points = onsets.iter().map(|(_, secs)| *secs).zip(new).collect();
    let clock = Clock { points, last: 1.0 };
    for note in played.notes.iter_mut().filter(|n| n.onset_secs + n.duration_secs > start) {
        let end_secs = clock.at(note.onset_secs + note.duration_secs);
        note.onset_secs = clock.at(note.onset_secs);
        note.duration_secs = end_secs - note.onset_secs;
    }
    played.pedals.iter_mut().for_each(|pedal| pedal.time_secs = clock.at(pedal.time_secs));
}

/// New times of onsets between which no beat is slower than so many seconds per quarter; none if none is.
fn within(onsets: &Onsets, beat: f64, slowest: f64) -> Option<Vec<f64>> {
    let mut new: Vec<f64> = onsets.iter().map(|(_, secs)| *secs).collect();
    let mut is_changed = false;
    let mut from = 0;
    for k in 1..onsets.len() {
        new[k] = new[k - 1] + (onsets[k].1 - onsets[k - 1].1);
        while from + 1 < k && onsets[k].0 - onsets[from + 1].0 >= beat {
            from += 1;
        }
        let quarters = onsets[k].0 - onsets[from].0;
        let share = slowest * quarters / (new[k] - new[from]);
        if quarters >= beat && share < 1.0 {
            let start = new[from];
            new[from + 1..=k].iter_mut().for_each(|secs| *secs = start + share * (*secs - start));
            is_changed = true;
        }
    }
    is_changed.then_some(new)
}

/// Takes the end of the last keys, and of the pedal with them, back.
pub(super) fn holds(scene: &Scene<'_>, played: &mut Performance) {
    let score = scene.score;
    let (Some(last), Some(median)) = (score.notes.last(), median_secs(scene, played)) else { return };
    let first = score.notes.partition_point(|n| n.onset < last.onset);
    let Some((start, _)) = scene.extent(played, first..score.notes.len()) else { return };
    let beat = score.time_signature_at(last.onset).beat_length();
    let written = score.notes.iter().map(|n| n.offset() - last.onset).fold(beat, |a, b| a.max(b));
    let written_secs = written.to_f64() * median;
    let most = (LONGEST_SHARE * written_secs).min(written_secs + LONGEST_BEYOND_SECS);
    let ends = played.notes.iter().map(|n| n.onset_secs + n.duration_secs);
    let share = most / (ends.fold(start, f64::max) - start);
    if share >= 1.0 || !share.is_finite() {
        return;
    }
    let clock = Clock { points: vec![(start, start)], last: share };
    for note in &mut played.notes {
        let end_secs = clock.at(note.onset_secs + note.duration_secs);
        if end_secs < note.onset_secs + note.duration_secs && end_secs > note.onset_secs {
            note.duration_secs = end_secs - note.onset_secs;
        }
    }
    played.pedals.iter_mut().for_each(|pedal| pedal.time_secs = clock.at(pedal.time_secs));
}

/// Seconds per quarter in the middle of the piece's quarters, in order of how long they last; nothing
/// of what is no whole piece. For bars that are performed anew the performance around them is measured.
fn median_secs(scene: &Scene<'_>, played: &Performance) -> Option<f64> {
    let onsets = onsets(scene, scene.context.unwrap_or(played));
    let last = scene.score.notes.last()?;
    if (last.measure as usize + 1) < LEAST_BARS || scene.score.measures.len() <= last.measure as usize {
        return None;
    }
    let periods = onsets.windows(2).map(|w| (w[1].0 - w[0].0, (w[1].1 - w[0].1) / (w[1].0 - w[0].0)));
    let mut periods: Vec<(f64, f64)> = periods.collect();
    periods.sort_by(|a, b| a.1.total_cmp(&b.1));
    let half = periods.iter().map(|(quarters, _)| quarters).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    periods.iter().find_map(|(quarters, secs)| {
        sum += quarters;
        (sum >= half).then_some(*secs)
    })
}

/// When the onsets of a performance are played; those that do not come after the one before are left
/// out.
fn onsets(scene: &Scene<'_>, played: &Performance) -> Onsets {
    let groups = scene.score.onset_groups().into_iter();
    let mut onsets = Onsets::new();
    for group in groups {
        let at = scene.score.notes[group.start].onset.to_f64();
        let Some((first, last)) = scene.extent(played, group) else { continue };
        let secs = (first + last) / 2.0;
        if onsets.last().is_none_or(|(_, before)| *before < secs) {
            onsets.push((at, secs));
        }
    }
    onsets
}
