//! The passage, in ticks.

use std::ops::Range;

use notation::{Measure, Quarters, Score, TimeSignature};
use performers::composer::{ComposeError, Sound, excerpt};

use super::scale::Scale;
use super::words::{Word, Words};

/// A bar of the passage. A measure that is shorter than its metre is the beginning of a full bar, or its end
/// if it is a pick-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The metre.
    pub metre: TimeSignature,
    /// Where the measure begins, in quarters from the beginning of the passage.
    pub start: Quarters,
    /// Where it begins, in ticks from the bar line of the full bar.
    pub from: u32,
    /// Where it ends, in ticks from that bar line.
    pub until: u32,
    /// Ticks of the measures before it.
    pub before: u32,
    /// The notes, by place and pitch; one a pitch and place.
    pub notes: Vec<Own>,
}

/// A note of the passage as tokens tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// Ticks from the bar line of the full bar.
    pub place: u32,
    /// MIDI pitch.
    pub pitch: u8,
    /// Ticks.
    pub duration: u32,
    /// Index into the notes of the passage as a score.
    pub note: usize,
    /// Whether it belongs to the melody.
    pub is_melody: bool,
}

/// The bars that are varied.
pub struct Passage {
    /// The bars alone.
    pub score: Score,
    /// Its bars.
    pub bars: Vec<Bar>,
    /// Its notes as they count for likeness.
    pub sounds: Vec<Sound>,
    /// The scale that most of its notes are in.
    pub scale: Scale,
    /// The share of notes in that scale.
    pub in_scale: f64,
    /// Ticks of all measures.
    pub ticks: u32,
    /// Ticks a quarter.
    pub ticks_per_quarter: u32,
}

impl Passage {
    /// Measures (indices) of a score.
    ///
    /// # Errors
    /// When there are no tokens for a metre or a pitch, or a measure is longer than its metre.
    pub fn of(score: &Score, range: Range<usize>, words: &Words) -> Result<Self, ComposeError> {
        let alone = excerpt(score, range.clone());
        let is_melody = analysis::melody::melody(&alone);
        let mut bars = Vec::new();
        let mut before = 0;
        for (k, measure) in alone.measures.iter().enumerate() {
            let unreadable = |what| ComposeError::Unreadable { bar: measure.number.clone(), what };
            let mut bar = Bar::of(measure, score.is_upbeat(range.start + k), words).map_err(unreadable)?;
            bar.before = before;
            before += bar.until - bar.from;
            bar.read(&alone, k, &is_melody, words).map_err(unreadable)?;
            bars.push(bar);
        }
        if bars.is_empty() {
            return Err(ComposeError::Bars { found: 0 });
        }
        let mut passage = Self {
            sounds: Sound::of(&alone),
            scale: Scale::of(&alone),
            in_scale: 1.0,
            ticks: before,
            ticks_per_quarter: words.ticks_per_quarter,
            bars,
            score: alone,
        };
        passage.shorten(words);
        passage.in_scale = passage.scale.share(passage.sounds.iter().map(|sound| sound.pitch));
        passage.sounds.sort_unstable();
        Ok(passage)
    }

    /// Where the last bar ends, in quarters from the beginning of the first.
    pub fn end(&self) -> Quarters {
        self.score.measures.last().map_or(Quarters::ZERO, |bar| bar.end)
    }

    /// Gives notes durations with which they end within the passage.
    fn shorten(&mut self, words: &Words) {
        let ticks = self.ticks;
        for bar in &mut self.bars {
            let (before, from) = (bar.before, bar.from);
            for note in &mut bar.notes {
                note.duration = words.duration(note.duration, ticks - (before + note.place - from));
            }
        }
    }

    /// The notes of a place.
    pub fn notes_at(&self, bar: usize, place: u32) -> &[Own] {
        let Some(bar) = self.bars.get(bar) else { return &[] };
        let first = bar.notes.partition_point(|own| own.place < place);
        let end = bar.notes.partition_point(|own| own.place <= place);
        &bar.notes[first..end]
    }

    /// Ticks from the beginning of the passage to a place.
    pub fn at(&self, bar: usize, place: u32) -> u32 {
        self.bars.get(bar).map_or(self.ticks, |bar| (bar.before + place).saturating_sub(bar.from))
    }

    /// The passage as words.
    pub fn words(&self, words: &Words) -> Vec<Word> {
        let mut said = Vec::new();
        let mut metre = None;
        for (k, bar) in self.bars.iter().enumerate() {
            if k > 0 {
                said.push(Word::Bar);
            }
            if words.tells_metre && metre.replace(bar.metre) != Some(bar.metre) {
                said.push(Word::Metre(bar.metre));
            }
            let mut place = 0;
            for own in &bar.notes {
                if own.place > place {
                    said.push(Word::Place(own.place));
                    place = own.place;
                }
                said.extend([Word::Pitch(own.pitch), Word::Duration(own.duration)]);
            }
        }
        said
    }
}

impl Bar {
    /// An empty bar, or what there are no tokens for.
    fn of(measure: &Measure, ends_bar: bool, words: &Words) -> Result<Self, String> {
        let TimeSignature { beats, beat_type } = measure.time;
        let is_known = match words.tells_metre {
            true => words.id(Word::Metre(measure.time)).is_some(),
            false => measure.time == words.metre,
        };
        if !is_known {
            return Err(format!("the composer has learned no bars of {beats}/{beat_type}"));
        }
        let (full, length) = (measure.time.measure_length(), measure.end - measure.start);
        if length > full {
            return Err(format!("it is longer than a bar of {beats}/{beat_type}"));
        }
        let ticks = |quarters| to_ticks(quarters, words.ticks_per_quarter);
        let odd = || "its length is no whole number of note values".to_owned();
        let (full, length) = (ticks(full).ok_or_else(odd)?, ticks(length).ok_or_else(odd)?);
        let from = if ends_bar { full - length } else { 0 };
        let until = from + length;
        let (metre, start) = (measure.time, measure.start);
        Ok(Self { metre, start, from, until, before: 0, notes: Vec::new() })
    }

    /// Takes up the notes of the measure, each at the nearest place that has a token.
    fn read(&mut self, alone: &Score, k: usize, is_melody: &[bool], words: &Words) -> Result<(), String> {
        for n in alone.notes_in_measures(k..k + 1) {
            let note = &alone.notes[n];
            if note.grace.is_some() {
                continue;
            }
            if words.id(Word::Pitch(note.pitch)).is_none() {
                return Err(format!("the composer has no note as low or high as MIDI pitch {}", note.pitch));
            }
            let at = self.from + nearest_tick(note.onset - self.start, words.ticks_per_quarter);
            let places = words.places.iter().copied().filter(|place| self.has(*place, words));
            let Some(place) = places.min_by_key(|place| place.abs_diff(at)) else {
                return Err("it is too short for any note value that the composer has learned".to_owned());
            };
            let duration = nearest_tick(note.duration, words.ticks_per_quarter);
            self.notes.push(Own { place, pitch: note.pitch, duration, note: n, is_melody: is_melody[n] });
        }
        // Of two notes on one key the one that is melody, else the longer.
        self.notes.sort_by_key(|own| (own.place, own.pitch, !own.is_melody, std::cmp::Reverse(own.duration)));
        self.notes.dedup_by_key(|own| (own.place, own.pitch));
        Ok(())
    }

    /// Whether a note can begin at a place and end with the bar.
    pub fn has(&self, place: u32, words: &Words) -> bool {
        self.from <= place && place + words.shortest() <= self.until
    }
}

/// A length in ticks, if it is a whole number of them.
fn to_ticks(quarters: Quarters, ticks_per_quarter: u32) -> Option<u32> {
    let ticks = quarters * i64::from(ticks_per_quarter);
    (ticks.denominator() == 1).then(|| u32::try_from(ticks.numerator()).ok()).flatten()
}

/// The nearest tick, not before 0.
fn nearest_tick(quarters: Quarters, ticks_per_quarter: u32) -> u32 {
    let ticks = Quarters::nearest((quarters * i64::from(ticks_per_quarter)).to_f64(), 1);
    u32::try_from(ticks.numerator().max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "passage_tests.rs"]
mod tests;
