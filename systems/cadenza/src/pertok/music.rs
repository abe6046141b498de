//! Music as PerTok tells it: one track, in ticks.

use std::ops::Range;

use notation::{Quarters, Score, TimeSignature};

/// A note. Notes are in order of onset, then pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note {
    /// When it starts, in ticks from the first bar line.
    pub onset_ticks: u32,
    /// MIDI pitch.
    pub pitch: u8,
    /// How long it is, in ticks.
    pub duration_ticks: u32,
    /// MIDI velocity.
    pub velocity: u8,
}

/// Notes of one track and its metres.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Music {
    /// The notes, in any order.
    pub notes: Vec<Note>,
    /// Changes of metre, each with its bar line in ticks, in order; before the first one, the metre is that
    /// of [`Config::metre`](super::Config::metre).
    pub metres: Vec<(u32, TimeSignature)>,
}

impl Music {
    /// Measures of a score (indices) as written, from the bar line of the first one, all notes with one
    /// velocity. A pick-up stands at the end of a full bar. Grace notes are left out, since they have no
    /// time of their own.
    ///
    /// Nothing if there are no such measures, or if one but a pick-up is shorter or longer than its metre,
    /// since bar lines could not be told then.
    pub fn of_measures(
        score: &Score,
        measures: Range<usize>,
        ticks_per_quarter: u32,
        velocity: u8,
    ) -> Option<Self> {
        let chosen = score.measures.get(measures.clone())?;
        let first = chosen.first()?;
        let is_pick_up = |k: usize| measures.start + k == 0;
        let is_whole = |k: usize| {
            let (length, full) = (chosen[k].end - chosen[k].start, chosen[k].time.measure_length());
            length == full || (is_pick_up(k) && length < full)
        };
        if !(0..chosen.len()).all(is_whole) {
            return None;
        }
        let start = first.end - first.time.measure_length();
        let ticks = |at: Quarters| to_ticks(at, ticks_per_quarter);
        let note = |note: &notation::Note| Note {
            onset_ticks: ticks(note.onset - start),
            pitch: note.pitch,
            duration_ticks: ticks(note.duration).max(1),
            velocity,
        };
        let notes = score.notes.get(score.notes_in_measures(measures))?;
        let notes = notes.iter().filter(|note| note.grace.is_none()).map(note).collect();
        let mut metres: Vec<_> = chosen.iter().map(|m| (ticks(m.start - start), m.time)).collect();
        metres.dedup_by_key(|(_, metre)| *metre);
        // A pick-up's bar line is that of its full bar.
        metres.first_mut()?.0 = 0;
        Some(Self { notes, metres })
    }
}

/// The nearest tick, not before 0.
fn to_ticks(at: Quarters, ticks_per_quarter: u32) -> u32 {
    let (numerator, denominator) = (i128::from(at.numerator()), i128::from(at.denominator()));
    let nearest = (2 * numerator * i128::from(ticks_per_quarter) + denominator).div_euclid(2 * denominator);
    u32::try_from(nearest.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use notation::{Grace, Measure};

    use super::*;

    /// Four bars of 3/4, the first a pick-up of one quarter.
    fn score() -> Score {
        let time = TimeSignature { beats: 3, beat_type: 4 };
        let mut score = Score::default();
        let mut start = Quarters::ZERO;
        for (index, length) in [1, 3, 3, 3].into_iter().enumerate() {
            let end = start + Quarters::whole(length);
            score.measures.push(Measure { start, end, ..Measure::regular(index as u32, time) });
            let note = notation::Note { onset: start, measure: index as u32, ..notation::Note::default() };
            let grace = Some(Grace::Acciaccatura);
            let ornament = notation::Note { pitch: 62, duration: Quarters::ZERO, grace, ..note.clone() };
            let third = Quarters::new(1, 3);
            let last = notation::Note { onset: end - third, duration: third, ..note.clone() };
            score.notes.extend([note, ornament, last]);
            start = end;
        }
        score
    }

    #[test]
    fn measures_begin_at_their_bar_line_and_a_pick_up_ends_its_bar() {
        let note = |onset_ticks, duration_ticks| Note { onset_ticks, pitch: 60, duration_ticks, velocity: 9 };
        let time = TimeSignature { beats: 3, beat_type: 4 };
        let music = Music::of_measures(&score(), 0..2, 320, 9).unwrap();
        assert_eq!(music.notes, [note(640, 320), note(853, 107), note(960, 320), note(1813, 107)]);
        assert_eq!(music.metres, [(0, time)]);
        let music = Music::of_measures(&score(), 2..3, 320, 9).unwrap();
        assert_eq!(music.notes, [note(0, 320), note(853, 107)]);
    }

    #[test]
    fn bars_of_another_length_than_their_metre_are_not_told() {
        let mut short = score();
        short.measures[2].end -= Quarters::whole(1);
        assert_eq!(Music::of_measures(&short, 1..4, 320, 9), None);
        assert!(Music::of_measures(&short, 0..2, 320, 9).is_some());
        assert_eq!(Music::of_measures(&short, 2..9, 320, 9), None);
        assert_eq!(Music::of_measures(&short, 2..2, 320, 9), None);
    }
}
