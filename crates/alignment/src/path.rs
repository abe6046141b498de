//! The most likely way of a recording through the chords of a score.

use performance::midi::MidiNote;

use crate::chords::{Chord, Chords};
use crate::table::{Costs, Op, Table};

/// Where a key that went down is in the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Index of the chord.
    pub chord: u32,
    /// Whether the key belongs to no chord; `chord` is then where the player was.
    pub is_extra: bool,
    /// Whether the player came here from somewhere else.
    pub is_jump: bool,
}

/// What a key of the chord is worth at least and at most: the rarer its pitch is, the more it tells.
const LEAST_GAIN: f32 = 1.5;
const MOST_GAIN: f32 = 4.5;
/// A neighbour of a note with an ornament.
const ORNAMENT_GAIN: f32 = 1.0;
/// A key beside one of the chord, or an octave from it.
const NEAR: f32 = -1.5;
/// Any other key in place of the chord.
const FAR: f32 = -5.0;
/// To begin elsewhere than at the beginning: at a bar, and within one.
const START_AT_BAR: f32 = 2.0;
const START_WITHIN: f32 = 7.0;
/// To jump to a bar, and into one.
const JUMP_TO_BAR: f32 = 24.0;
const JUMP_WITHIN: f32 = 34.0;
/// How much easier it is after a pause, and how long that is at least, in seconds.
const AFTER_PAUSE: f32 = 10.0;
const PAUSE_SECS: f64 = 0.7;
/// A key that was struck so shortly before tells less and is extra more easily: trills are seldom written.
const TRILL_SECS: f64 = 0.4;
const TRILL_GAIN: f32 = 0.4;
const TRILL_EXTRA: f32 = -0.5;
/// A key that belongs to no chord.
const EXTRA: f32 = -2.0;
/// Keys that follow one another sooner than this are struck together.
const TOGETHER_SECS: f64 = 0.06;
/// To strike a pitch of a chord again that is struck already.
const STAY_AGAIN: f32 = 1.5;
/// To go on to another chord so soon that the key is mostly one more of the same chord, at most.
const GO_ON_SOON: f32 = 2.0;
const SOON_SECS: f64 = 0.04;

/// The way with the least costs; one step for each key.
pub fn find(chords: &Chords, heard: &[MidiNote]) -> Vec<Step> {
    if chords.len() == 0 || heard.is_empty() {
        return Vec::new();
    }
    let emissions = emissions(chords, heard);
    let entry = |bar: f32, within: f32| move |chord: &Chord| if chord.opens_bar { -bar } else { -within };
    let mut start: Vec<f32> = chords.all.iter().map(entry(START_AT_BAR, START_WITHIN)).collect();
    start[0] = 0.0;
    let jump = chords.all.iter().map(entry(JUMP_TO_BAR, JUMP_WITHIN)).collect();
    let rows = (0..heard.len()).map(|k| costs(heard, k)).collect();
    let table = Table { start, jump, emissions, rows };
    table.solve().into_iter().map(|(chord, op)| step(chord, op)).collect()
}

fn step(chord: u32, op: Op) -> Step {
    Step { chord, is_extra: op == Op::Extra, is_jump: op == Op::Jump }
}

/// What each pitch is worth in each chord; empty for pitches that are not played.
fn emissions(chords: &Chords, heard: &[MidiNote]) -> Vec<Vec<f32>> {
    let mut counts = [0_usize; 128];
    heard.iter().for_each(|note| counts[usize::from(note.pitch.min(127))] += 1);
    let gain = |count: usize| -(count as f32 / heard.len() as f32).ln();
    let row = |(pitch, count): (u8, usize)| match count {
        0 => Vec::new(),
        _ => {
            let gain = gain(count).clamp(LEAST_GAIN, MOST_GAIN);
            chords.all.iter().map(|chord| worth(chord, pitch, gain)).collect()
        }
    };
    (0..128).zip(counts).map(row).collect()
}

fn worth(chord: &Chord, pitch: u8, gain: f32) -> f32 {
    if chord.pitches.binary_search(&pitch).is_ok() {
        return gain;
    }
    let near = |other: &u8| matches!(other.abs_diff(pitch), 1 | 2);
    if chord.ornamented.iter().any(near) {
        return ORNAMENT_GAIN;
    }
    if chord.pitches.iter().any(|other| near(other) || other.abs_diff(pitch) == 12) { NEAR } else { FAR }
}

/// What the moment of a key says: a key that comes long after another belongs to another chord.
fn costs(heard: &[MidiNote], k: usize) -> Costs {
    let secs = |j: usize| heard[k].onset_secs - heard[j].onset_secs;
    let wait = k.checked_sub(1).map_or(0.0, secs);
    let again = (k.saturating_sub(8)..k).rev().find(|j| heard[*j].pitch == heard[k].pitch);
    // Each key of a chord that is repeated was struck before, though not in this chord.
    let is_together = |j: usize| {
        heard[j..=k].windows(2).all(|pair| pair[1].onset_secs - pair[0].onset_secs < TOGETHER_SECS)
    };
    let is_again = again.is_some_and(is_together);
    let is_trill = again.is_some_and(|j| j + 1 < k && j + 4 >= k && secs(j) < TRILL_SECS);
    let late = ((wait - 0.03) / 0.1).clamp(0.0, 1.0) as f32;
    let pause = if wait > PAUSE_SECS { AFTER_PAUSE } else { 0.0 };
    Costs {
        pitch: heard[k].pitch.min(127),
        stay: -(1.5 * late + if is_again { STAY_AGAIN } else { 0.0 }),
        go_on: -GO_ON_SOON * (1.0 - wait / SOON_SECS).clamp(0.0, 1.0) as f32,
        back: -(2.0 + (10.0 * wait).min(3.0) as f32),
        jump: pause,
        gain: if is_trill { TRILL_GAIN } else { 1.0 },
        extra: if is_trill { TRILL_EXTRA } else { EXTRA },
    }
}
