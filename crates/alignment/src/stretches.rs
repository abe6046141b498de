//! A path, cut where the player went somewhere else.

use std::ops::Range;

use performance::midi::MidiNote;

use crate::chords::Chords;
use crate::path::Step;

/// What is played in one go.
#[derive(Clone, Debug)]
pub struct Found {
    /// The keys, as indices into the recording.
    pub keys: Range<usize>,
    /// The chords between the first and the last one that was found.
    pub chords: Range<usize>,
    /// The keys that belong to their chords: key and chord.
    pub pairs: Vec<(usize, usize)>,
}

/// A stretch with fewer keys in their chords is no stretch.
const LEAST_KEYS: usize = 4;
/// Keys before and after a leap that tell the tempo.
const AROUND: usize = 12;
/// A leap covers its quarters in less than this share of the time that they take, and saves so many seconds.
const LEAP_SHARE: f64 = 0.4;
const LEAP_SECS: f64 = 1.0;
/// A leap is at least so long.
const LEAP_QUARTERS: f64 = 2.0;

/// Cuts a path.
pub fn cut(chords: &Chords, heard: &[MidiNote], path: &[Step]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut from = 0;
    for to in 1..=path.len() {
        if to == path.len() || path[to].is_jump {
            let keys = from..to;
            from = to;
            let pairs = pairs(chords, heard, path, keys.clone());
            let mut begin = keys.start;
            let mut rest = pairs.as_slice();
            while let Some(leap) = first_leap(chords, heard, rest) {
                let (before, after) = rest.split_at(leap);
                found.extend(stretch(begin..after[0].0, before));
                begin = after[0].0;
                rest = after;
            }
            found.extend(stretch(begin..keys.end, rest));
        }
    }
    joined(chords, heard, found)
}

/// The keys that belong to their chords.
fn pairs(chords: &Chords, heard: &[MidiNote], path: &[Step], keys: Range<usize>) -> Vec<(usize, usize)> {
    let is_matched = |k: &usize| {
        let pitches = &chords.all[path[*k].chord as usize].pitches;
        !path[*k].is_extra && pitches.binary_search(&heard[*k].pitch).is_ok()
    };
    keys.filter(is_matched).map(|k| (k, path[k].chord as usize)).collect()
}

fn stretch(keys: Range<usize>, pairs: &[(usize, usize)]) -> Option<Found> {
    let first = pairs.iter().map(|(_, chord)| *chord).min()?;
    let last = pairs.iter().map(|(_, chord)| *chord).max()?;
    (pairs.len() >= LEAST_KEYS).then(|| Found { keys, chords: first..last + 1, pairs: pairs.to_vec() })
}

/// A pair of key and chord as quarters and seconds.
fn point(chords: &Chords, heard: &[MidiNote], pair: (usize, usize)) -> (f64, f64) {
    (chords.all[pair.1].quarters, heard[pair.0].onset_secs)
}

/// The first pair that comes much sooner after the one before than the tempo allows.
fn first_leap(chords: &Chords, heard: &[MidiNote], pairs: &[(usize, usize)]) -> Option<usize> {
    let at = |k: usize| point(chords, heard, pairs[k]);
    (1..pairs.len()).find(|k| {
        let ((q0, t0), (q1, t1)) = (at(k - 1), at(*k));
        if q1 - q0 < LEAP_QUARTERS || pairs[*k].1 < pairs[k - 1].1 + 2 {
            return false;
        }
        let before = period(at(k.saturating_sub(AROUND)), (q0, t0));
        let after = period((q1, t1), at((k + AROUND).min(pairs.len() - 1)));
        let Some(period) = [before, after].into_iter().flatten().min_by(f64::total_cmp) else { return false };
        let usual = period * (q1 - q0);
        t1 - t0 < LEAP_SHARE * usual && usual - (t1 - t0) > LEAP_SECS
    })
}

/// Seconds a quarter between two points that are at least a quarter apart.
fn period(a: (f64, f64), b: (f64, f64)) -> Option<f64> {
    (b.0 - a.0 >= 1.0 && b.1 > a.1).then(|| (b.1 - a.1) / (b.0 - a.0))
}

/// Joins what goes on where the stretch before it ended, as it is where something in between was
/// too short for a stretch. Keys between two stretches belong to the first one.
fn joined(chords: &Chords, heard: &[MidiNote], found: Vec<Found>) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for next in found {
        let Some(last) = all.last_mut() else {
            all.push(Found { keys: 0..next.keys.end, ..next });
            continue;
        };
        last.keys.end = next.keys.start;
        if goes_on(chords, heard, last, &next) {
            last.keys.end = next.keys.end;
            last.chords = last.chords.start.min(next.chords.start)..last.chords.end.max(next.chords.end);
            last.pairs.extend(next.pairs);
        } else {
            all.push(next);
        }
    }
    if let Some(last) = all.last_mut() {
        last.keys.end = heard.len();
    }
    all
}

fn goes_on(chords: &Chords, heard: &[MidiNote], last: &Found, next: &Found) -> bool {
    let (Some(a), Some(b)) = (last.pairs.last(), next.pairs.first()) else { return false };
    let (a, b) = (point(chords, heard, *a), point(chords, heard, *b));
    let at = |found: &Found, k: usize| point(chords, heard, found.pairs[k]);
    let before = period(at(last, last.pairs.len().saturating_sub(AROUND)), a);
    let after = period(b, at(next, AROUND.min(next.pairs.len() - 1)));
    let Some(period) = before.or(after) else { return false };
    let (usual, wait) = (period * (b.0 - a.0), b.1 - a.1);
    next.chords.start + 2 >= last.chords.end && (wait - usual).abs() < LEAP_SECS.max(0.6 * wait)
}
