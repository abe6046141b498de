//! Which played note is which note of the score.
//!
//! Three steps: the longest common sequence of pitches finds where in the score the playing is;
//! the matched notes give a rough tempo curve; with it each pitch is matched on its own, in order
//! and near its time. That is enough for files of our own and for clean recordings of the whole
//! text; it does not follow a player who jumps back.

use std::collections::HashMap;

use notation::{Hand, Quarters, Score};

use super::import::{MidiNote, PlayedMidi};
use crate::{Performance, PlayedNote, ornaments};

/// Notes that start closer together than this are sorted by pitch, as the score's chords are.
const CHORD_SECS: f64 = 0.035;

/// A note further than this from its expected time is another note.
const FARTHEST_SECS: f64 = 1.5;

/// How often the tempo curve is drawn and the pitches matched by it.
const ROUNDS: usize = 2;

/// Cells of the table of the longest common sequence.
const MOST_CELLS: usize = 150_000_000;

/// Longest run of one pitch that is matched at once.
const LONGEST_RUN: usize = 2000;

/// Gives the notes of a recording to the notes of the score. Score notes without a recorded one
/// are left out, and so are recorded notes that the score does not have; the strokes of an ornament
/// are taken together ([`ornaments::fold`]).
pub fn match_to_score(score: &Score, played: &PlayedMidi) -> Performance {
    for shares_keys in [false, true] {
        if let Some(notes) = match_complete(score, &played.notes, shares_keys) {
            return Performance { notes, pedals: played.pedals.clone() };
        }
    }
    let mut pairs = common_sequence(score, &by_chord(&played.notes));
    let mut notes = Vec::new();
    for _ in 0..ROUNDS {
        notes = match_pitches(score, &played.notes, &expected_times(score, &pairs));
        pairs = notes.iter().map(|n| (n.note as usize, n.onset_secs)).collect();
    }
    ornaments::fold(score, &played.notes, &mut notes);
    share_strokes(score, &mut notes);
    Performance { notes, pedals: played.pedals.clone() }
}

/// Gives a note that was not found the stroke of another voice on the same key.
fn share_strokes(score: &Score, notes: &mut Vec<PlayedNote>) {
    let key = |n: usize| (score.notes[n].onset, score.notes[n].pitch);
    let is_main = |n: &usize| score.notes[*n].grace.is_none();
    let strokes: HashMap<_, PlayedNote> =
        notes.iter().filter(|p| is_main(&(p.note as usize))).map(|p| (key(p.note as usize), *p)).collect();
    let is_missing = |n: &usize| notes.binary_search_by_key(n, |p| p.note as usize).is_err();
    let missing = (0..score.notes.len()).filter(is_main).filter(is_missing);
    let shared: Vec<PlayedNote> =
        missing.filter_map(|n| Some(PlayedNote { note: n as u32, ..*strokes.get(&key(n))? })).collect();
    notes.extend(shared);
    notes.sort_by_key(|p| p.note);
}

/// A recording with exactly the notes of the score, as takes of ours are: the k-th of a pitch is the
/// k-th. However freely it is played, nothing is left out. Voices of a hand that share a key have one
/// stroke if `shares_keys`, else one each.
fn match_complete(score: &Score, played: &[MidiNote], shares_keys: bool) -> Option<Vec<PlayedNote>> {
    let mut heard: Vec<Vec<&MidiNote>> = vec![Vec::new(); 256];
    for note in played {
        heard[usize::from(note.pitch)].push(note);
    }
    let mut next = [0usize; 256];
    let mut last: HashMap<(u8, u16, bool), (Quarters, &MidiNote)> = HashMap::new();
    let mut notes = Vec::with_capacity(score.notes.len());
    let mut found = 0;
    for (n, written) in score.notes.iter().enumerate() {
        let key = (written.pitch, written.part, written.hand() == Hand::Left);
        let shared = last
            .get(&key)
            .filter(|(onset, _)| shares_keys && written.grace.is_none() && *onset == written.onset);
        if let Some((_, stroke)) = shared {
            notes.push(play(n, stroke));
            continue;
        }
        let pitch = usize::from(written.pitch);
        let stroke = *heard[pitch].get(next[pitch])?;
        next[pitch] += 1;
        found += 1;
        if written.grace.is_none() {
            last.insert(key, (written.onset, stroke));
        }
        notes.push(play(n, stroke));
    }
    (found == played.len()).then_some(notes)
}

/// Matches each pitch on its own, given when each score note should sound.
fn match_pitches(score: &Score, played: &[MidiNote], expected: &[f64]) -> Vec<PlayedNote> {
    let mut written: Vec<Vec<usize>> = vec![Vec::new(); 256];
    for (n, note) in score.notes.iter().enumerate() {
        written[usize::from(note.pitch)].push(n);
    }
    let mut heard: Vec<Vec<&MidiNote>> = vec![Vec::new(); 256];
    for note in played {
        heard[usize::from(note.pitch)].push(note);
    }
    let mut notes: Vec<PlayedNote> = Vec::with_capacity(score.notes.len());
    for (written, heard) in written.iter().zip(&heard) {
        match_pitch(written, heard, expected, &mut notes);
    }
    notes.sort_by_key(|n| n.note);
    notes
}

/// The notes by onset, those of a chord by pitch.
fn by_chord(notes: &[MidiNote]) -> Vec<MidiNote> {
    let mut sorted = notes.to_vec();
    let mut start = 0;
    for k in 1..=sorted.len() {
        if k == sorted.len() || sorted[k].onset_secs - sorted[k - 1].onset_secs > CHORD_SECS {
            sorted[start..k].sort_by_key(|n| n.pitch);
            start = k;
        }
    }
    sorted
}

/// The longest common sequence of pitches, near the diagonal: pairs of score note and onset.
fn common_sequence(score: &Score, played: &[MidiNote]) -> Vec<(usize, f64)> {
    let (n, m) = (score.notes.len(), played.len());
    if n == 0 || m == 0 {
        return Vec::new();
    }
    let half = (n.abs_diff(m) + n / 8).max(400).min(MOST_CELLS / (2 * n)).max(16);
    let first = |row: usize| (row * m / n).saturating_sub(half);
    let width = 2 * half + 2;
    // Steps back from each cell: 0 past a score note, 1 past a played note, 2 past a pair.
    let mut steps = vec![0u8; (n + 1) * width];
    let mut above = vec![0u32; width];
    for row in 1..=n {
        let (start, before) = (first(row), first(row - 1));
        let mut current = vec![0u32; width];
        for k in 0..width.min(m + 1 - start) {
            let column = start + k;
            let up = |c: usize| c.checked_sub(before).and_then(|k| above.get(k)).copied();
            let (mut best, mut step) = (up(column).unwrap_or(0), 0);
            if k > 0 && current[k - 1] > best {
                (best, step) = (current[k - 1], 1);
            }
            if column > 0 && score.notes[row - 1].pitch == played[column - 1].pitch {
                let pair = up(column - 1).unwrap_or(0) + 1;
                if pair > best {
                    (best, step) = (pair, 2);
                }
            }
            current[k] = best;
            steps[row * width + k] = step;
        }
        above = current;
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (n, m);
    while row > 0 && column > 0 {
        let k = column.checked_sub(first(row)).filter(|k| *k < width);
        match k.map(|k| steps[row * width + k]) {
            Some(2) => {
                (row, column) = (row - 1, column - 1);
                pairs.push((row, played[column].onset_secs));
            }
            Some(1) => column -= 1,
            Some(_) => row -= 1,
            // Outside the band: back into it.
            None if column < first(row) => row -= 1,
            None => column -= 1,
        }
    }
    pairs.reverse();
    pairs
}

/// When each score note should sound, by the rough pairs: the median time of each onset, then
/// the longest rising sequence of these, then straight lines.
fn expected_times(score: &Score, pairs: &[(usize, f64)]) -> Vec<f64> {
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

/// Matches the notes of one pitch, both in order, run by run: a gap longer than the farthest that
/// a note may be from its time parts two runs.
fn match_pitch(written: &[usize], heard: &[&MidiNote], expected: &[f64], notes: &mut Vec<PlayedNote>) {
    if let Some(all) = match_each(written, heard, expected) {
        notes.extend(all);
        return;
    }
    let (mut i, mut j) = (0, 0);
    while i < written.len() && j < heard.len() {
        let (first_i, first_j) = (i, j);
        let mut last = f64::NEG_INFINITY;
        loop {
            let a = written.get(i).map_or(f64::INFINITY, |n| expected[*n]);
            let b = heard.get(j).map_or(f64::INFINITY, |n| n.onset_secs);
            let next = a.min(b);
            let fresh = i == first_i && j == first_j;
            let long = i - first_i > LONGEST_RUN || j - first_j > LONGEST_RUN;
            if !next.is_finite() || (!fresh && (next - last > FARTHEST_SECS || long)) {
                break;
            }
            last = next;
            if a <= b { i += 1 } else { j += 1 }
        }
        if (i, j) == (first_i, first_j) {
            return;
        }
        match_run(&written[first_i..i], &heard[first_j..j], expected, notes);
    }
}

/// The first with the first, the second with the second … where there are as many written as
/// heard and none comes at a quite different time.
fn match_each(written: &[usize], heard: &[&MidiNote], expected: &[f64]) -> Option<Vec<PlayedNote>> {
    let near = |(n, heard): (&usize, &&MidiNote)| (heard.onset_secs - expected[*n]).abs() < FARTHEST_SECS;
    let all = written.len() == heard.len() && written.iter().zip(heard).all(near);
    all.then(|| written.iter().zip(heard).map(|(n, heard)| play(*n, heard)).collect())
}

fn play(note: usize, heard: &MidiNote) -> PlayedNote {
    PlayedNote {
        note: note as u32,
        onset_secs: heard.onset_secs,
        duration_secs: heard.duration_secs,
        velocity: heard.velocity,
    }
}

/// The pairing in order with the least sum of distances; leaving a note out costs half of
/// [`FARTHEST_SECS`].
fn match_run(written: &[usize], heard: &[&MidiNote], expected: &[f64], notes: &mut Vec<PlayedNote>) {
    let (n, m) = (written.len(), heard.len());
    let skip = FARTHEST_SECS / 2.0;
    let width = m + 1;
    let mut steps = vec![1u8; (n + 1) * width];
    let mut above: Vec<f64> = (0..=m).map(|j| j as f64 * skip).collect();
    for i in 1..=n {
        let mut current = vec![i as f64 * skip; width];
        steps[i * width] = 0;
        for j in 1..=m {
            let pair = above[j - 1] + (heard[j - 1].onset_secs - expected[written[i - 1]]).abs();
            let choices = [above[j] + skip, current[j - 1] + skip, pair];
            let best = (0..3).min_by(|a, b| choices[*a].total_cmp(&choices[*b])).unwrap_or(2);
            current[j] = choices[best];
            steps[i * width + j] = best as u8;
        }
        above = current;
    }
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        match steps[i * width + j] {
            0 => i -= 1,
            1 => j -= 1,
            _ => {
                (i, j) = (i - 1, j - 1);
                notes.push(play(written[i], heard[j]));
            }
        }
    }
}
