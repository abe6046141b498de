//! When each note of a score should sound in a recording of which some notes are known.

use notation::Score;

/// A note further than this from its expected time is another note.
pub(super) const FARTHEST_SECS: f64 = 1.5;

/// When each score note should sound, by the rough pairs: the median time of each onset, then
/// the longest rising sequence of these, then straight lines.
pub(super) fn expected_times(score: &Score, pairs: &[(usize, f64)]) -> Vec<f64> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut k = 0;
    while k < pairs.len() {
        let onset = score.notes[pairs[k].0].onset;
        let end = k + pairs[k..].partition_point(|(n, _)| score.notes[*n].onset == onset);
        let mut times: Vec<f64> = pairs[k..end].iter().map(|(_, t)| *t).collect();
        times.sort_by(f64::total_cmp);
        points.push((onset.to_f64(), times[times.len() / 2]));
        k = end;
    }
    let points = without_strays(&longest_rise(&points));
    let at = |u: f64| match points.as_slice() {
        [] => f64::NAN,
        [(only_u, only_t)] => only_t + 0.5 * (u - only_u),
        _ => {
            let k = points.partition_point(|p| p.0 <= u).clamp(1, points.len() - 1);
            let ((u0, t0), (u1, t1)) = (points[k - 1], points[k]);
            t0 + (u - u0) * (t1 - t0) / (u1 - u0)
        }
    };
    score.notes.iter().map(|n| at(n.onset.to_f64())).collect()
}

/// The longest subsequence whose times rise.
fn longest_rise(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(points.len());
    for (k, point) in points.iter().enumerate() {
        let place = tails.partition_point(|t| points[*t].1 < point.1);
        before.push(place.checked_sub(1).map(|p| tails[p]));
        if place == tails.len() { tails.push(k) } else { tails[place] = k }
    }
    let mut rise = Vec::with_capacity(tails.len());
    let mut at = tails.last().copied();
    while let Some(k) = at {
        rise.push(points[k]);
        at = before[k];
    }
    rise.reverse();
    rise
}

/// Leaves out points that lie far from the line between the middles of their neighbours.
fn without_strays(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    const NEIGHBOURS: usize = 4;
    let middle = |range: &[(f64, f64)]| range[range.len() / 2];
    let keep = |k: &usize| {
        let k = *k;
        if k < NEIGHBOURS || k + NEIGHBOURS >= points.len() {
            return true;
        }
        let (a, b) = (middle(&points[k - NEIGHBOURS..k]), middle(&points[k + 1..=k + NEIGHBOURS]));
        let line = a.1 + (points[k].0 - a.0) * (b.1 - a.1) / (b.0 - a.0);
        (points[k].1 - line).abs() < FARTHEST_SECS.max(0.5 * (b.1 - a.1))
    };
    (0..points.len()).filter(keep).map(|k| points[k]).collect()
}
