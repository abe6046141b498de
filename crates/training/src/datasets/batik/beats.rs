//! Beats told from the notes struck on them.

use notation::{Quarters, Score};

use crate::datasets::fit::onset_times;
use crate::datasets::performed::{BeatKind, Performed};

/// When each beat of the score was played: the median of the keys struck on it, grace notes included.
/// A beat without a note is interpolated, and unsure. Beats before the first and after the last that
/// has notes are left out.
pub fn derive(score: &Score, performed: &Performed) -> Vec<(f64, BeatKind)> {
    let mut struck: Vec<(Quarters, f64)> =
        performed.aligned.iter().map(|(row, key)| (score.notes[*row].onset, key.onset_secs)).collect();
    struck.sort_by_key(|(onset, _)| *onset);
    let as_decimals: Vec<_> = struck.iter().map(|(q, t)| (q.to_f64(), *t)).collect();
    let times = onset_times(&as_decimals);
    let beats = score_beats(score);
    let at = |beat: &(f64, bool)| {
        let k = times.partition_point(|(q, _)| *q < beat.0);
        let known = times.get(k).filter(|(q, _)| (q - beat.0).abs() < 1e-6);
        known.map(|(_, secs)| (beat.0, *secs, if beat.1 { BeatKind::Downbeat } else { BeatKind::Beat }))
    };
    let known: Vec<_> = beats.iter().filter_map(at).collect();
    let between = |beat: &(f64, bool)| {
        let k = known.partition_point(|(q, ..)| *q <= beat.0);
        let before = known.get(k.checked_sub(1)?)?;
        if before.0 == beat.0 {
            return Some((before.1, before.2));
        }
        let after = known.get(k)?;
        let share = (beat.0 - before.0) / (after.0 - before.0);
        Some((before.1 + share * (after.1 - before.1), BeatKind::Unsure))
    };
    beats.iter().filter_map(between).collect()
}

/// Place in quarters of each beat, and whether it is the first of its bar. The beats of a pick-up are
/// those before the first bar line.
fn score_beats(score: &Score) -> Vec<(f64, bool)> {
    let mut beats = Vec::new();
    for (k, measure) in score.measures.iter().enumerate() {
        let beat = measure.time.beat_length();
        let full = measure.time.measure_length();
        let mut at = measure.start;
        if k == 0 && measure.end - measure.start < full {
            at = measure.end - full;
        }
        let first = at;
        while at < measure.end {
            if at >= measure.start {
                beats.push((at.to_f64(), at == first));
            }
            at += beat;
        }
    }
    beats
}
