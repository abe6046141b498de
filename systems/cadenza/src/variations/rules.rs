//! What may be written where: the bars, and what the request says.

use std::collections::BTreeMap;

use performers::composer::Constraints;

use super::passage::{Own, Passage};
use super::words::{Word, Words};

/// How far beyond the passage's lowest and highest pitch variations go, unless a range is given.
const BEYOND: u8 = 12;

/// So many notes may begin together, unless a number is given or the passage has more.
const LARGEST_CHORD: usize = 5;

/// The rules for the variations of a passage.
pub struct Rules<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// The words.
    pub words: &'a Words,
    /// What has to stay.
    pub constraints: &'a Constraints,
    /// The pitches that may begin at each place of each bar: a bit each.
    permitted: Vec<BTreeMap<u32, u128>>,
    /// The most notes that begin together.
    largest_chord: usize,
    /// Tokens that the network can write.
    pub longest: usize,
}

impl<'a> Rules<'a> {
    /// The rules of a request for a network of so many tokens.
    pub fn new(passage: &'a Passage, words: &'a Words, constraints: &'a Constraints, longest: usize) -> Self {
        let chords = passage.bars.iter().flat_map(|bar| bar.notes.chunk_by(|a, b| a.place == b.place));
        let own_largest = chords.map(<[Own]>::len).max().unwrap_or(0);
        let given = constraints.largest_chord.map(usize::from);
        let largest_chord = given.unwrap_or(own_largest.max(LARGEST_CHORD));
        let mut rules = Self { passage, words, constraints, permitted: Vec::new(), largest_chord, longest };
        let range = rules.range();
        let places_of = |bar: usize| -> BTreeMap<u32, u128> {
            let bar_of = &passage.bars[bar];
            let places = words.places.iter().copied().filter(|place| bar_of.has(*place, words));
            places.map(|place| (place, rules.pitches(bar, place, range))).collect()
        };
        let permitted: Vec<BTreeMap<u32, u128>> = (0..passage.bars.len()).map(places_of).collect();
        rules.permitted = permitted;
        rules
    }

    /// The lowest and highest pitch of what is written anew.
    fn range(&self) -> (u8, u8) {
        let own = || self.passage.sounds.iter().map(|sound| sound.pitch);
        let (lowest, highest) = (own().min().unwrap_or(0), own().max().unwrap_or(127));
        let around = (lowest.saturating_sub(BEYOND), highest.saturating_add(BEYOND).min(127));
        self.constraints.pitches.unwrap_or(around)
    }

    /// The pitches that may begin at a place, a bit each.
    fn pitches(&self, bar: usize, place: u32, (lowest, highest): (u8, u8)) -> u128 {
        let own = self.passage.notes_at(bar, place);
        let ceiling = self.ceiling(bar, place);
        let held: Vec<u8> = self.melody_held(bar, place).collect();
        let is_free = |pitch: &u8| ceiling.is_none_or(|ceiling| *pitch <= ceiling) && !held.contains(pitch);
        let mut permitted = 0_u128;
        for pitch in (lowest..=highest).filter(is_free) {
            let is_own = own.iter().any(|own| own.pitch == pitch);
            let is_told = self.words.all.contains(&Word::Pitch(pitch));
            if is_told && (is_own || !self.constraints.stay_in_scale || self.passage.scale.has(pitch)) {
                permitted |= 1 << pitch;
            }
        }
        // What stays is not written anew, so it may be out of range.
        self.melody_at(bar, place).fold(permitted, |permitted, own| permitted | (1 << own.pitch))
    }

    /// The highest pitch that is not above a melody that has to stay: that of the melody note that begins
    /// there, else a semitone below the one that sounds.
    fn ceiling(&self, bar: usize, place: u32) -> Option<u8> {
        if !self.constraints.keep_melody {
            return None;
        }
        if let Some(highest) = self.melody_at(bar, place).map(|own| own.pitch).max() {
            return Some(highest);
        }
        self.melody_held(bar, place).map(|pitch| pitch.saturating_sub(1)).max()
    }

    /// The keys of the melody that are held at a place from before, if they have to stay: none of them is struck
    /// again, which would end it.
    fn melody_held(&self, bar: usize, place: u32) -> impl Iterator<Item = u8> {
        let (passage, keeps) = (self.passage, self.constraints.keep_melody);
        let at = passage.at(bar, place);
        let bars = passage.bars.iter().enumerate();
        let notes = bars.flat_map(|(k, bar)| bar.notes.iter().map(move |own| (k, own)));
        let held = notes.filter(move |(k, own)| {
            let start = passage.at(*k, own.place);
            keeps && own.is_melody && start < at && at < start + own.duration
        });
        held.map(|(_, own)| own.pitch)
    }

    /// The notes of the melody at a place, if they have to stay.
    pub fn melody_at(&self, bar: usize, place: u32) -> impl Iterator<Item = &Own> {
        let keeps = self.constraints.keep_melody;
        self.passage.notes_at(bar, place).iter().filter(move |own| keeps && own.is_melody)
    }

    /// The pitches that may begin at a place, a bit each.
    pub fn permitted(&self, bar: usize, place: u32) -> u128 {
        self.permitted.get(bar).and_then(|places| places.get(&place)).copied().unwrap_or(0)
    }

    /// How many notes may begin at a place; how many have to, if the rhythm stays.
    pub fn most_at(&self, bar: usize, place: u32) -> usize {
        match self.constraints.keep_rhythm {
            true => self.passage.notes_at(bar, place).len().min(self.largest_chord),
            false => self.largest_chord,
        }
    }

    /// The next place in a bar, after one, where something has to stay.
    pub fn next_due(&self, bar: usize, place: u32) -> Option<u32> {
        let later = self.passage.bars.get(bar)?.notes.iter().filter(|own| own.place > place);
        later.filter(|own| self.is_due(own)).map(|own| own.place).min()
    }

    /// Whether something of a note has to stay.
    pub fn is_due(&self, own: &Own) -> bool {
        self.constraints.keep_rhythm || (self.constraints.keep_melody && own.is_melody)
    }

    /// Whether what has to stay can: enough pitches are left wherever notes have to begin.
    pub fn can_be_kept(&self) -> bool {
        !self.constraints.keep_rhythm
            || self.passage.bars.iter().enumerate().all(|(bar, own)| {
                let has_room = |place| {
                    let pitches = self.permitted(bar, place).count_ones() as usize;
                    pitches >= self.most_at(bar, place)
                };
                own.notes.iter().all(|own| has_room(own.place))
            })
    }
}
