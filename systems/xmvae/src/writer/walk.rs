//! Writing from left to right within the rules: every walk ends as music of exactly the bars that are asked for,
//! which two hands can play, whatever is chosen of what is allowed.

use notation::{Hand, Quarters};

use super::hands::{self, Hands, Held};
use super::metre::{Metre, PLACES};
use crate::ecp::{DURATIONS, METRIC, NOTE, duration_of, duration_token};
use crate::network::{ScoreTokens, SubToken};

/// The sub-token of the shortest duration; that of grace notes, which are not written, comes before it.
const SHORTEST: u8 = 2;

/// Durations are parts of a quarter divided by so many: halves of halves, and thirds of these, but no quintuplets and
/// the like, whose places there are not.
const FINEST: i64 = 96;

/// The lowest and the highest key, in MIDI pitch.
pub(super) const KEYS: (u8, u8) = (21, 108);

/// A note that was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    /// When it starts, from the first new bar line.
    pub onset: Quarters,
    /// When it ends.
    pub end: Quarters,
    /// MIDI pitch.
    pub pitch: u8,
    /// Who plays it.
    pub hand: Hand,
}

/// What was written so far.
pub struct Walk {
    metre: Metre,
    /// Beats of all bars.
    beats: usize,
    /// How many codes a beat may have.
    codes: usize,
    /// The beat that is being written; nothing before the first.
    beat: Option<usize>,
    /// The place in it.
    place: u8,
    /// Notes from here on were struck at this place.
    chord: usize,
    hands: Hands,
    /// The notes, in order of onset, then pitch.
    pub written: Vec<Written>,
}

impl Walk {
    /// Nothing of so many bars is written yet. A beat may have one of so many codes.
    pub fn new(metre: Metre, bars: usize, codes: usize) -> Self {
        Self {
            metre,
            beats: bars * metre.beats,
            codes,
            beat: None,
            place: 0,
            chord: 0,
            hands: Hands::default(),
            written: Vec::new(),
        }
    }

    /// How much is written, 0 to 1.
    pub fn done(&self) -> f32 {
        self.beat.map_or(0.0, |beat| (beat + 1) as f32 / self.beats.max(1) as f32)
    }

    /// What a sub-token of the next step may be, ascending; `step` has those before it. Never nothing.
    pub fn allowed(&self, sub_token: SubToken, step: &ScoreTokens) -> Vec<usize> {
        let [family, position, ..] = *step;
        let place = position.saturating_sub(1);
        match (sub_token, family) {
            (SubToken::Family, _) => self.families(),
            (SubToken::Position, METRIC) => vec![1 + self.next_beat() % self.metre.beats],
            (SubToken::Position, _) => self.places().iter().map(|place| usize::from(*place) + 1).collect(),
            (SubToken::Pitch, _) => {
                self.pitches(place).iter().map(|pitch| usize::from(pitch - KEYS.0) + 1).collect()
            }
            (SubToken::Duration, METRIC) => vec![usize::from(duration_token(self.metre.beat, false))],
            (SubToken::Duration, _) => self.durations(place),
            (SubToken::Code, _) => (1..=self.codes).collect(),
        }
    }

    fn families(&self) -> Vec<usize> {
        let Some(beat) = self.beat else { return vec![usize::from(METRIC)] };
        let mut families = Vec::with_capacity(2);
        if !self.places().is_empty() {
            families.push(usize::from(NOTE));
        }
        if families.is_empty() || !self.must_strike(beat) {
            families.push(usize::from(METRIC));
        }
        families
    }

    /// Takes a step of which every column was allowed. Whether there is more to write.
    pub fn take(&mut self, step: ScoreTokens) -> bool {
        let [family, position, pitch, duration] = step;
        if family != NOTE {
            self.end_chord();
            let next = self.next_beat();
            if next == self.beats {
                return false;
            }
            (self.beat, self.place) = (Some(next), 0);
            return true;
        }
        let place = position.saturating_sub(1);
        if place != self.place {
            self.end_chord();
            self.place = place;
        }
        self.strike(KEYS.0 + pitch.saturating_sub(1), duration);
        true
    }

    fn strike(&mut self, pitch: u8, duration: u8) {
        let onset = self.at(self.place);
        for note in self.written.iter_mut().filter(|note| note.pitch == pitch && note.end > onset) {
            note.end = onset;
        }
        let end = (onset + duration_of(duration)).min(self.end());
        self.written.push(Written { onset, end, pitch, hand: Hand::Right });
    }

    /// Gives the notes of this place to the hands.
    fn end_chord(&mut self) {
        let onset = self.at(self.place);
        let (before, struck) = self.written.split_at_mut(self.chord);
        if struck.is_empty() {
            return;
        }
        let mut sounding: Vec<&mut Written> = before.iter_mut().filter(|note| note.end > onset).collect();
        let held: Vec<Held> =
            sounding.iter().map(|note| Held { pitch: note.pitch, hand: note.hand }).collect();
        let pitches: Vec<u8> = struck.iter().map(|note| note.pitch).collect();
        let division = self.hands.divide(&pitches, &held);
        for (k, note) in struck.iter_mut().enumerate() {
            note.hand = if k < division.left { Hand::Left } else { Hand::Right };
        }
        for k in division.let_go {
            if let Some(note) = sounding.get_mut(k) {
                note.end = onset;
            }
        }
        self.chord = self.written.len();
    }

    fn next_beat(&self) -> usize {
        self.beat.map_or(0, |beat| beat + 1)
    }

    fn start_of(&self, beat: usize) -> Quarters {
        self.metre.beat * i64::try_from(beat).unwrap_or(i64::MAX)
    }

    /// A place of this beat.
    fn at(&self, place: u8) -> Quarters {
        self.start_of(self.beat.unwrap_or(0)) + self.metre.within_beat(place)
    }

    /// Where the last bar ends.
    fn end(&self) -> Quarters {
        self.start_of(self.beats)
    }

    /// When the last note so far ends.
    fn quiet_from(&self) -> Quarters {
        self.written.iter().map(|note| note.end).fold(Quarters::ZERO, Quarters::max)
    }

    /// Whether this beat cannot be left as it is: silence would last longer than a bar, or the last bar would end with
    /// a note that begins between beats, or have none.
    fn must_strike(&self, beat: usize) -> bool {
        let is_too_quiet = self.start_of(beat + 1) > self.quiet_from() + self.metre.bar();
        is_too_quiet || (beat + 1 == self.beats && !self.ends_on_a_beat())
    }

    /// Whether the last note is one of the last bar and begins on a beat.
    fn ends_on_a_beat(&self) -> bool {
        let last_bar = self.start_of(self.beats.saturating_sub(self.metre.beats));
        self.written.last().is_some_and(|last| {
            let mut beats = (0..self.beats).rev().map(|beat| self.start_of(beat));
            last.onset >= last_bar && beats.any(|start| start == last.onset)
        })
    }

    /// The places of this beat, from where writing is, at which a note may begin.
    fn places(&self) -> Vec<u8> {
        let Some(beat) = self.beat else { return Vec::new() };
        let is_last = beat + 1 == self.beats;
        let latest = self.quiet_from() + self.metre.bar();
        let is_possible = |place: &u8| {
            // Elsewhere nothing is struck yet, so any key may be.
            let is_free = *place != self.place || !self.pitches(*place).is_empty();
            let is_timely = *place == self.place || (!is_last && self.at(*place) <= latest);
            self.metre.has(*place) && is_timely && is_free
        };
        (self.place..PLACES).filter(is_possible).collect()
    }

    /// The keys that may be struck at a place of this beat.
    fn pitches(&self, place: u8) -> Vec<u8> {
        let struck = self.written.get(self.chord..).unwrap_or_default();
        let mut chord: Vec<u8> =
            struck.iter().filter(|_| place == self.place).map(|note| note.pitch).collect();
        let lowest = chord.last().map_or(KEYS.0, |highest| highest + 1);
        let fits = |pitch: &u8| {
            chord.push(*pitch);
            let is_possible = hands::can_strike(&chord);
            chord.pop();
            is_possible
        };
        (lowest..=KEYS.1).filter(fits).collect()
    }

    /// The sub-tokens of durations that end with the last bar at the latest and that a page says in usual note values;
    /// else the shortest, which is cut.
    fn durations(&self, place: u8) -> Vec<usize> {
        let room = self.end() - self.at(place);
        let fits = |token: &u8| {
            let duration = duration_of(*token);
            *token == SHORTEST || (duration <= room && FINEST % duration.denominator() == 0)
        };
        (SHORTEST..=DURATIONS.len() as u8).filter(fits).map(usize::from).collect()
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
