//! The beats that explain the onsets of a performance best.
//!
//! Time is cut into frames. For each frame and each length of the beat that ends there the best row of
//! beats up to it is known, so that the best row of all is found by dynamic programming, as Ellis (2007)
//! does with one tempo and bar-pointer models (Whiteley, Cemgil and Godsill 2006; Krebs, Böck and Widmer
//! 2015) with many. What a row is worth: how much the onsets on its beats stand out, where within beats the
//! other onsets fall, and how steady and how usual its tempo is.

use std::ops::RangeInclusive;

use super::onsets::{Onset, PROPERTIES};

/// Length of a frame. Beats are moved to their onsets afterwards.
const FRAME_SECS: f64 = 0.02;

/// A beat is moved to an onset that is this near.
const NEAR_SECS: f64 = 0.05;

/// Places within a beat that are told apart.
const PLACES: usize = 24;

/// Log odds that an onset is on a beat, for each of its properties and without any: logistic regression
/// on one performance of each piece of the training split of (n)ASAP.
const ON_BEAT: [f64; PROPERTIES] = [0.458, -0.257, 0.213, 0.544, -0.011, -0.268, 0.653, 0.374];
const ON_ANY_BEAT: f64 = -1.245;

/// Onsets a beat at each place within it, from one beat to its middle and the same backwards: in pieces of
/// the same split whose beats have two parts, and in those whose beats have three.
const IN_HALVES: [f64; PLACES / 2 + 1] =
    [0.867, 0.062, 0.031, 0.039, 0.051, 0.082, 0.194, 0.110, 0.072, 0.064, 0.073, 0.148, 0.336];
const IN_THIRDS: [f64; PLACES / 2 + 1] =
    [0.971, 0.097, 0.065, 0.088, 0.185, 0.123, 0.108, 0.194, 0.416, 0.229, 0.146, 0.143, 0.206];

/// Weights, chosen on the same split by the F-measure of the beats.
mod weights {
    /// Of the log odds of onsets on beats.
    pub const ON_BEAT: f32 = 1.2;
    /// What a beat with an onset is worth besides.
    pub const BEAT: f32 = 1.4;
    /// What a beat without one costs.
    pub const MISSING: f32 = 0.8;
    /// Of the places of onsets within beats.
    pub const PLACES: f32 = 0.5;
    /// What a change of tempo costs, for each unit of its natural logarithm.
    pub const CHANGE: f32 = 6.0;
    /// Usual length of a beat in seconds, how far it varies (natural logarithm), and the weight of this.
    pub const USUAL_SECS: f64 = 0.6;
    pub const USUAL_SPREAD: f64 = 0.5;
    pub const USUAL: f64 = 0.5;
}

/// No row of beats.
const NEVER: f32 = -1e9;

/// A row of beats.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// When each beat is, rising, and the onset on it if there is one.
    pub beats: Vec<(f64, Option<usize>)>,
    /// What it is worth.
    pub worth: f32,
}

/// The best row of beats for onsets (at least one), with beats in two or in three parts.
pub(super) fn best_row(onsets: &[Onset], beat_secs: &RangeInclusive<f64>) -> Row {
    let frames = Frames::of(onsets, beat_secs);
    let (halves, thirds) = (frames.best_row(&IN_HALVES), frames.best_row(&IN_THIRDS));
    let row = if thirds.worth > halves.worth { thirds } else { halves };
    Row { beats: on_onsets(row.beats.iter().map(|b| b.0), onsets), worth: row.worth }
}

/// The onsets by frame, and the lengths that a beat may have.
struct Frames {
    /// Time of frame 0.
    start_secs: f64,
    /// Frames with onsets, rising, each with what a beat there is worth.
    struck: Vec<(usize, f32)>,
    /// Lengths of a beat, in frames, rising by one.
    lengths: Vec<usize>,
    /// What each length is worth.
    usual: Vec<f32>,
    /// What it is worth to come to the length of the row from that of the column: nothing, or less.
    changes: Vec<f32>,
}

impl Frames {
    fn of(onsets: &[Onset], beat_secs: &RangeInclusive<f64>) -> Self {
        let frames = |secs: f64| (secs / FRAME_SECS).round().max(1.0) as usize;
        let lengths: Vec<usize> = (frames(*beat_secs.start())..=frames(*beat_secs.end())).collect();
        let log = |length: usize| (length as f64 * FRAME_SECS).ln();
        let usual = |length: &usize| {
            let off = (log(*length) - weights::USUAL_SECS.ln()) / weights::USUAL_SPREAD;
            (-0.5 * weights::USUAL * off * off) as f32
        };
        let change = |to: usize, from: usize| -weights::CHANGE * (log(to) - log(from)).abs() as f32;
        let to_all = lengths.iter().flat_map(|to| lengths.iter().map(move |from| (*to, *from)));
        let changes = to_all.map(|(to, from)| change(to, from)).collect();
        let start_secs = onsets.first().map_or(0.0, |o| o.secs) - beat_secs.end();
        let mut struck: Vec<(usize, f32)> = Vec::with_capacity(onsets.len());
        for onset in onsets {
            let frame = ((onset.secs - start_secs) / FRAME_SECS).round() as usize;
            let worth = (weights::ON_BEAT * log_odds(onset) + weights::BEAT).max(-weights::MISSING);
            match struck.last_mut() {
                Some(last) if last.0 == frame => last.1 = last.1.max(worth),
                _ => struck.push((frame, worth)),
            }
        }
        Self { start_secs, struck, usual: lengths.iter().map(usual).collect(), changes, lengths }
    }

    /// The best row of beats if onsets within beats are where `places` has them.
    fn best_row(&self, places: &[f64; PLACES / 2 + 1]) -> Row {
        let (Some(longest), Some(last)) = (self.lengths.last(), self.struck.last()) else {
            return Row { beats: Vec::new(), worth: NEVER };
        };
        let (count, first) = (self.lengths.len(), self.struck[0].0);
        let inside = self.inside(places);
        let end = last.0 + longest / 2;
        // Whether the best row with a beat of a length that ends at a frame starts there, and after which
        // length a row goes on with another.
        let mut is_start: Vec<bool> = Vec::with_capacity(count * (end + 1));
        let mut before: Vec<u16> = Vec::with_capacity(count * (end + 1));
        // What the best row is worth that has a beat at a frame and goes on with a length; of the last
        // frames, as far as a beat reaches back.
        let mut going_on = vec![NEVER; count * (longest + 1)];
        let (mut next, mut here) = (0, vec![NEVER; count]);
        let mut best = (NEVER, 0, 0);
        for frame in 0..=end {
            next += self.struck[next..].partition_point(|(at, _)| *at < frame);
            let struck = self.struck.get(next).filter(|(at, _)| *at == frame);
            let beat = struck.map_or(-weights::MISSING, |(_, worth)| *worth);
            for (k, length) in self.lengths.iter().enumerate() {
                let begun = frame.checked_sub(*length).map(|from| going_on[from % (longest + 1) * count + k]);
                let notes = self.struck[..next].iter().rev().take_while(|(at, _)| *at + length > frame);
                let within: f32 = notes.map(|(at, _)| inside[k][at + length - frame]).sum();
                let (own, goes_on) = (beat + self.usual[k], begun.unwrap_or(NEVER) + within);
                let starts = frame <= first + longest && goes_on <= 0.0;
                here[k] = own + if starts { 0.0 } else { goes_on };
                is_start.push(starts);
                if frame + longest / 2 >= last.0 && here[k] > best.0 {
                    best = (here[k], frame, k);
                }
            }
            let row = &mut going_on[frame % (longest + 1) * count..][..count];
            for (worth, changes) in row.iter_mut().zip(self.changes.chunks_exact(count)) {
                let all = here.iter().zip(changes).map(|(a, b)| a + b).enumerate();
                let (from, value) = all.fold((0, NEVER), |a, b| if b.1 > a.1 { b } else { a });
                *worth = value;
                before.push(from as u16);
            }
        }
        self.row(&is_start, &before, best)
    }

    /// For each length, what an onset is worth so many frames after a beat.
    fn inside(&self, places: &[f64; PLACES / 2 + 1]) -> Vec<Vec<f32>> {
        let at = |place: usize| places[place.min(PLACES - place)];
        let mean = (1..PLACES).map(at).sum::<f64>() / (PLACES - 1) as f64;
        let worth = |place: usize| weights::PLACES * (at(place) / mean).ln() as f32;
        let place =
            |frame: usize, length: usize| ((frame * PLACES) as f64 / length as f64).round() as usize % PLACES;
        let of_length =
            |length: &usize| -> Vec<f32> { (0..*length).map(|frame| worth(place(frame, *length))).collect() };
        self.lengths.iter().map(of_length).collect()
    }

    /// The row that ends as `best` says (worth, frame, length), followed back.
    fn row(&self, is_start: &[bool], before: &[u16], best: (f32, usize, usize)) -> Row {
        let count = self.lengths.len();
        let (worth, mut frame, mut k) = best;
        let mut beats = Vec::new();
        loop {
            beats.push((self.start_secs + frame as f64 * FRAME_SECS, None));
            let from = frame.checked_sub(self.lengths[k]);
            let (Some(from), false) = (from, is_start[frame * count + k]) else { break };
            (frame, k) = (from, usize::from(before[from * count + k]));
        }
        beats.reverse();
        Row { beats, worth }
    }
}

/// Log odds that an onset is on a beat.
fn log_odds(onset: &Onset) -> f32 {
    let sum: f64 = onset.properties.iter().zip(ON_BEAT).map(|(property, weight)| property * weight).sum();
    (sum + ON_ANY_BEAT) as f32
}

/// Beats at the onsets that they are near to, else where they are.
fn on_onsets(beats: impl Iterator<Item = f64>, onsets: &[Onset]) -> Vec<(f64, Option<usize>)> {
    let nearest = |secs: f64| {
        let next = onsets.partition_point(|o| o.secs < secs);
        let near = [next.checked_sub(1), Some(next).filter(|n| *n < onsets.len())].into_iter().flatten();
        let off = |k: &usize| (onsets[*k].secs - secs).abs();
        near.min_by(|a, b| off(a).total_cmp(&off(b))).filter(|k| off(k) <= NEAR_SECS)
    };
    beats.map(|secs| nearest(secs).map_or((secs, None), |k| (onsets[k].secs, Some(k)))).collect()
}
