//! Where the sustain pedal blurs: a key is struck a semitone from a string that nothing but the
//! pedal still holds.

use std::collections::VecDeque;

use notation::Score;

use crate::Performance;
use crate::pedal::sounding_secs;

/// Who lifts the pedal this soon after the new key still keeps the two apart: that is how legato is
/// pedalled.
const LATE_SECS: f64 = 0.2;

/// A key that comes up this little before the new one goes down is legato playing, not pedal.
const LEGATO_SECS: f64 = 0.03;

/// How long a string is heard once its key is up: some seconds, high ones less.
fn rings_secs(pitch: u8) -> f64 {
    6.0 - (f64::from(pitch) - 60.0).max(0.0) * 0.075
}

/// Strokes of one key that are remembered; each damps the one before.
const MOST_OF_A_KEY: usize = 8;

/// A stroke whose string rings.
struct Ringing {
    released_secs: f64,
    until_secs: f64,
}

/// The score's onsets, as indices of its onset groups, at which a key is struck a semitone from what
/// the pedal alone holds. `lifts` is called for each with the moment in seconds and returns whether it
/// lifts the pedal there; what was ringing has ended then.
pub fn clashes(score: &Score, played: &Performance, mut lifts: impl FnMut(usize, f64) -> bool) -> Vec<usize> {
    let sounding = sounding_secs(score, played);
    let mut found = Vec::new();
    let mut strings = Strings::default();
    let mut next = 0;
    for (k, group) in score.onset_groups().into_iter().enumerate() {
        let first = next + played.notes[next..].partition_point(|n| (n.note as usize) < group.start);
        next = first + played.notes[first..].partition_point(|n| (n.note as usize) < group.end);
        let struck = &played.notes[first..next];
        let Some(secs) = struck.iter().map(|n| n.onset_secs).reduce(f64::max) else { continue };
        strings.retain(|r| r.until_secs > secs + LATE_SECS);
        let held = strings.any(|r| r.released_secs < secs - LEGATO_SECS);
        let blurs = |pitch: u8| {
            let neighbours = [pitch.checked_sub(1), pitch.checked_add(1)];
            neighbours.into_iter().flatten().any(|other| held[usize::from(other)])
        };
        if struck.iter().any(|n| blurs(score.notes[n.note as usize].pitch)) {
            found.push(k);
            if lifts(k, secs) {
                strings.retain(|r| r.released_secs >= secs);
            }
        }
        for (note, sounding) in struck.iter().zip(&sounding[first..next]) {
            let pitch = score.notes[note.note as usize].pitch;
            let until_secs = note.onset_secs + sounding.min(note.duration_secs.max(rings_secs(pitch)));
            let released_secs = note.onset_secs + note.duration_secs;
            strings.strike(pitch, Ringing { released_secs, until_secs });
        }
    }
    found
}

/// The strokes that ring, by pitch.
struct Strings(Vec<VecDeque<Ringing>>);

impl Default for Strings {
    fn default() -> Self {
        Self(std::iter::repeat_with(VecDeque::new).take(256).collect())
    }
}

impl Strings {
    fn retain(&mut self, rings: impl Fn(&Ringing) -> bool) {
        self.0.iter_mut().for_each(|strokes| strokes.retain(&rings));
    }

    /// Which pitches have a stroke like that.
    fn any(&self, is_so: impl Fn(&Ringing) -> bool) -> Vec<bool> {
        self.0.iter().map(|strokes| strokes.iter().any(&is_so)).collect()
    }

    fn strike(&mut self, pitch: u8, stroke: Ringing) {
        let strokes = &mut self.0[usize::from(pitch)];
        if strokes.len() >= MOST_OF_A_KEY {
            strokes.pop_front();
        }
        strokes.push_back(stroke);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pedal, PedalEvent, PlayedNote};
    use notation::{Note, Quarters};

    /// Quarters of half a second, each key held for .3 s, and the pedal as (time, value).
    fn scene(pitches: &[u8], pedals: &[(f64, u8)]) -> (Score, Performance) {
        let written = |(k, pitch): (usize, &u8)| Note {
            pitch: *pitch,
            onset: Quarters::whole(k as i64),
            ..Note::default()
        };
        let played = |k: usize| PlayedNote {
            note: k as u32,
            onset_secs: k as f64 * 0.5,
            duration_secs: 0.3,
            velocity: 64,
        };
        let event = |(time_secs, value): &(f64, u8)| PedalEvent {
            time_secs: *time_secs,
            pedal: Pedal::Sustain,
            value: *value,
        };
        let score = Score { notes: pitches.iter().enumerate().map(written).collect(), ..Score::default() };
        let notes = (0..pitches.len()).map(played).collect();
        (score, Performance { notes, pedals: pedals.iter().map(event).collect() })
    }

    #[test]
    fn only_what_the_pedal_holds_blurs() {
        let never = |_: usize, _: f64| false;
        let found = |pitches: &[u8], pedals: &[(f64, u8)]| {
            let (score, played) = scene(pitches, pedals);
            clashes(&score, &played, never)
        };
        assert_eq!(found(&[60, 64, 61], &[(0.1, 127)]), [2]);
        assert_eq!(found(&[60, 64, 62], &[(0.1, 127)]), [0usize; 0], "a whole tone");
        assert_eq!(found(&[60, 64, 61], &[]), [0usize; 0], "no pedal");
        let syncopated = [(0.1, 127), (1.1, 0), (1.2, 127)];
        assert_eq!(found(&[60, 64, 61], &syncopated), [0usize; 0], "lifted just after");
        assert_eq!(found(&[100, 64, 64, 64, 64, 64, 64, 64, 101], &[(0.1, 127)]), [0usize; 0], "died away");
    }

    #[test]
    fn a_lift_ends_what_rang() {
        let (score, played) = scene(&[60, 61, 64, 60], &[(0.1, 127)]);
        assert_eq!(clashes(&score, &played, |_, _| false), [1, 3]);
        let mut heard = Vec::new();
        let found = clashes(&score, &played, |onset, secs| {
            heard.push((onset, secs));
            onset == 1
        });
        assert_eq!(found, [1, 3], "61 rings from after the lift");
        assert_eq!(heard, [(1, 0.5), (3, 1.5)]);
    }
}
