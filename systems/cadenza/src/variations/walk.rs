//! Writing from left to right within the rules: every walk ends as music of the passage's bars.

use super::passage::Own;
use super::rules::Rules;
use super::words::Word;

/// A note that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The bar, from 0.
    pub bar: usize,
    /// Ticks from the bar line of the full bar.
    pub place: u32,
    /// MIDI pitch.
    pub pitch: u8,
    /// Ticks.
    pub duration: u32,
}

/// What was written so far.
pub struct Walk<'a> {
    rules: &'a Rules<'a>,
    bar: usize,
    place: u32,
    /// Pitches that were written at this place, ascending.
    struck: Vec<u8>,
    /// The pitch whose duration comes next.
    pending: Option<u8>,
    /// Whether the metre comes next.
    metre_is_due: bool,
    /// Whether a place was named and no note yet.
    must_strike: bool,
    /// Tokens so far.
    tokens: usize,
    /// Notes so far.
    pub written: Vec<Written>,
}

/// Tokens that a note takes: its place, its pitch, its duration.
const TOKENS_A_NOTE: usize = 3;

/// Tokens that a bar takes beside its notes: its line and its metre.
const TOKENS_A_BAR: usize = 2;

impl<'a> Walk<'a> {
    /// Nothing written yet.
    pub fn new(rules: &'a Rules<'a>) -> Self {
        Self {
            rules,
            bar: 0,
            place: 0,
            struck: Vec::new(),
            pending: None,
            metre_is_due: rules.words.tells_metre,
            must_strike: false,
            tokens: 0,
            written: Vec::new(),
        }
    }

    /// The numbers of the words that may come next. None of them leads to where nothing may follow.
    pub fn allowed(&self) -> Vec<usize> {
        let words = self.rules.words.all.iter().enumerate();
        let is_roomy = self.has_room();
        words.filter(|(_, word)| self.allows(**word, is_roomy)).map(|(id, _)| id).collect()
    }

    fn allows(&self, word: Word, is_roomy: bool) -> bool {
        if self.metre_is_due {
            return word == Word::Metre(self.rules.passage.bars[self.bar].metre);
        }
        if let Some(pitch) = self.pending {
            return matches!(word, Word::Duration(ticks) if self.may_last(pitch, ticks));
        }
        match word {
            Word::Pitch(pitch) => self.may_strike(pitch, is_roomy),
            Word::Place(place) => self.may_go(place, is_roomy),
            Word::Bar => self.bar + 1 < self.rules.passage.bars.len() && self.may_leave_bar(is_roomy),
            Word::End => self.bar + 1 == self.rules.passage.bars.len() && self.may_leave_bar(is_roomy),
            Word::Metre(_) | Word::Duration(_) | Word::Other => false,
        }
    }

    /// Whether there is room for a note that does not have to be.
    fn has_room(&self) -> bool {
        let passage = self.rules.passage;
        let bars = passage.bars.iter().enumerate().skip(self.bar);
        let to_come = bars.flat_map(|(k, bar)| bar.notes.iter().map(move |own| (k, own)));
        let due = to_come
            .filter(|(k, own)| (*k > self.bar || own.place >= self.place) && self.rules.is_due(own))
            .count();
        let lines = TOKENS_A_BAR * (passage.bars.len() - self.bar);
        self.tokens + TOKENS_A_NOTE * (due + 1) + lines <= self.rules.longest
    }

    fn may_last(&self, pitch: u8, ticks: u32) -> bool {
        let rules = self.rules;
        let own = rules.passage.notes_at(self.bar, self.place);
        if rules.constraints.keep_melody
            && let Some(melody) = own.iter().find(|own| own.is_melody && own.pitch == pitch)
        {
            return ticks == melody.duration;
        }
        if rules.constraints.keep_rhythm {
            return self.durations_left().contains(&ticks);
        }
        rules.passage.at(self.bar, self.place) + ticks <= rules.passage.ticks
    }

    /// The durations of this place that are still to be written, if the rhythm stays: from low to high, as
    /// the passage has them; those of a melody that stays belong to it.
    fn durations_left(&self) -> Vec<u32> {
        let rules = self.rules;
        let own = rules.passage.notes_at(self.bar, self.place);
        let is_melody = |own: &&Own| rules.constraints.keep_melody && own.is_melody;
        let others: Vec<u32> = own.iter().filter(|own| !is_melody(own)).map(|own| own.duration).collect();
        let struck = self
            .struck
            .iter()
            .filter(|pitch| !rules.melody_at(self.bar, self.place).any(|own| own.pitch == **pitch));
        // The pitch whose duration is due was struck already.
        others.get(struck.count().saturating_sub(1)).copied().into_iter().collect()
    }

    fn may_strike(&self, pitch: u8, is_roomy: bool) -> bool {
        let rules = self.rules;
        let most = rules.most_at(self.bar, self.place);
        let is_next = self.struck.last().is_none_or(|last| pitch > *last);
        let is_permitted = rules.permitted(self.bar, self.place) & (1_u128 << pitch.min(127)) != 0;
        if !is_next || !is_permitted || self.struck.len() >= most {
            return false;
        }
        let due: Vec<u8> = self.melody_due().collect();
        let is_melody = due.contains(&pitch);
        let stays_below = due.iter().all(|melody| pitch <= *melody);
        let left = most - self.struck.len() - 1;
        let later = due.iter().filter(|melody| **melody != pitch).count();
        if !stays_below || later > left {
            return false;
        }
        if rules.constraints.keep_rhythm {
            // No more notes are left out below than there are pitches above.
            return self.pitches_above(pitch) >= left;
        }
        is_roomy || is_melody || self.must_strike
    }

    /// The notes of the melody that have to be written at this place and are not yet.
    fn melody_due(&self) -> impl Iterator<Item = u8> {
        let melody = self.rules.melody_at(self.bar, self.place).map(|own| own.pitch);
        melody.filter(move |pitch| !self.struck.contains(pitch))
    }

    fn pitches_above(&self, pitch: u8) -> usize {
        let permitted = self.rules.permitted(self.bar, self.place);
        permitted.checked_shr(u32::from(pitch) + 1).unwrap_or(0).count_ones() as usize
    }

    /// Whether everything is written that has to be at this place.
    fn is_complete(&self) -> bool {
        let rules = self.rules;
        let is_full = || {
            let has_notes = !rules.passage.notes_at(self.bar, self.place).is_empty();
            !has_notes || self.struck.len() == rules.most_at(self.bar, self.place)
        };
        !self.must_strike
            && self.melody_due().next().is_none()
            && (!rules.constraints.keep_rhythm || is_full())
    }

    fn may_go(&self, place: u32, is_roomy: bool) -> bool {
        let rules = self.rules;
        if place <= self.place || !self.is_complete() || rules.permitted(self.bar, place) == 0 {
            return false;
        }
        let due = rules.next_due(self.bar, self.place);
        if rules.constraints.keep_rhythm || !is_roomy {
            return due == Some(place);
        }
        due.is_none_or(|due| place <= due)
    }

    fn may_leave_bar(&self, is_roomy: bool) -> bool {
        let rules = self.rules;
        let is_empty = self.written.last().is_none_or(|last| last.bar != self.bar);
        // A bar with notes does not become silent, unless nothing may be written in it.
        let may_be_empty = !is_roomy
            || rules.passage.bars[self.bar].notes.is_empty()
            || !rules.words.places.iter().any(|place| rules.permitted(self.bar, *place) != 0);
        self.is_complete() && rules.next_due(self.bar, self.place).is_none() && (!is_empty || may_be_empty)
    }

    /// Writes a word that is allowed. The end is not written.
    pub fn take(&mut self, word: Word) {
        self.tokens += 1;
        match word {
            Word::Metre(_) => self.metre_is_due = false,
            Word::Bar => {
                let bars = &self.rules.passage.bars;
                let metre = bars[self.bar].metre;
                self.bar += 1;
                self.place = 0;
                self.struck.clear();
                let changes = bars.get(self.bar).is_some_and(|bar| bar.metre != metre);
                self.metre_is_due = self.rules.words.tells_metre && changes;
            }
            Word::Place(place) => {
                self.place = place;
                self.struck.clear();
                self.must_strike = true;
            }
            Word::Pitch(pitch) => {
                self.struck.push(pitch);
                self.pending = Some(pitch);
                self.must_strike = false;
            }
            Word::Duration(duration) => {
                let (bar, place) = (self.bar, self.place);
                let note = self.pending.take().map(|pitch| Written { bar, place, pitch, duration });
                self.written.extend(note);
            }
            Word::End | Word::Other => {}
        }
    }

    /// What the passage has next: the same note where the variation is; where it has written as many as the
    /// passage has there, the passage's next place; the passage's duration of a note, or, of a note that the
    /// passage does not have, that of its nearest note there.
    pub fn own(&self) -> Option<Word> {
        let passage = self.rules.passage;
        let bar = passage.bars.get(self.bar)?;
        if self.metre_is_due {
            return Some(Word::Metre(bar.metre));
        }
        let here = passage.notes_at(self.bar, self.place);
        if let Some(pitch) = self.pending {
            let nearest = here.iter().min_by_key(|own| own.pitch.abs_diff(pitch))?;
            return Some(Word::Duration(nearest.duration));
        }
        if self.struck.len() < here.len() {
            let is_next = |own: &&Own| self.struck.last().is_none_or(|last| own.pitch > *last);
            if let Some(own) = here.iter().find(is_next) {
                return Some(Word::Pitch(own.pitch));
            }
        }
        if self.must_strike {
            return None;
        }
        match bar.notes.iter().find(|own| own.place > self.place) {
            Some(own) => Some(Word::Place(own.place)),
            None if self.bar + 1 < passage.bars.len() => Some(Word::Bar),
            None => Some(Word::End),
        }
    }

    /// Whether a pitch that was written before still sounds here.
    pub fn sounds(&self, pitch: u8) -> bool {
        let passage = self.rules.passage;
        let here = passage.at(self.bar, self.place);
        let end = |note: &Written| passage.at(note.bar, note.place) + note.duration;
        self.written.iter().any(|note| note.pitch == pitch && end(note) > here)
    }

    /// Whether what was written is whole.
    pub fn is_whole(&self) -> bool {
        let bars = self.rules.passage.bars.len();
        self.pending.is_none() && !self.metre_is_due && self.bar + 1 == bars && self.may_leave_bar(false)
    }

    /// Whether the passage has a note here.
    pub fn is_own(&self, pitch: u8) -> bool {
        self.rules.passage.notes_at(self.bar, self.place).iter().any(|own| own.pitch == pitch)
    }
}
