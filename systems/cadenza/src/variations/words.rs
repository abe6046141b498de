//! Tokens as far as variations use them.

use notation::TimeSignature;

use crate::pertok::{PerTok, Token};

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A bar line.
    Bar,
    /// The metre of the bar.
    Metre(TimeSignature),
    /// Where the next notes start, in ticks from the bar line.
    Place(u32),
    /// A note.
    Pitch(u8),
    /// How long it is, in ticks.
    Duration(u32),
    /// The end of the segment.
    End,
    /// Nothing that a variation has.
    Other,
}

/// The words of a tokenizer.
pub struct Words {
    /// What each token says.
    pub all: Vec<Word>,
    /// Places in a bar, in ticks, ascending, the bar line first.
    pub places: Vec<u32>,
    /// Durations in ticks, ascending.
    pub durations: Vec<u32>,
    /// Whether the metre is told.
    pub tells_metre: bool,
    /// The metre of all bars, where none is told.
    pub metre: TimeSignature,
    /// Ticks a quarter.
    pub ticks_per_quarter: u32,
}

impl Words {
    /// The words of a tokenizer, `end` being the number of the token that ends a segment.
    pub fn of(pertok: &PerTok, end: u32) -> Self {
        let vocabulary = pertok.vocabulary();
        let ids = 0..u16::try_from(vocabulary.size()).unwrap_or(u16::MAX);
        let word = |id: u16| match vocabulary.token(id) {
            _ if u32::from(id) == end => Word::End,
            Some(Token::Bar) => Word::Bar,
            Some(Token::TimeSignature(metre)) => Word::Metre(metre),
            Some(Token::Position(ticks)) => Word::Place(ticks),
            Some(Token::Pitch(pitch)) => Word::Pitch(pitch),
            Some(Token::Duration(ticks)) => Word::Duration(ticks),
            _ => Word::Other,
        };
        let all: Vec<Word> = ids.map(word).collect();
        let (mut places, mut durations) = (vec![0], Vec::new());
        for word in &all {
            match word {
                Word::Place(ticks) => places.push(*ticks),
                Word::Duration(ticks) => durations.push(*ticks),
                _ => {}
            }
        }
        places.sort_unstable();
        places.dedup();
        durations.sort_unstable();
        let config = pertok.config();
        Self {
            all,
            places,
            durations,
            tells_metre: !config.time_signatures.is_empty(),
            metre: config.metre,
            ticks_per_quarter: config.ticks_per_quarter,
        }
    }

    /// The number of a word, if it has one.
    pub fn id(&self, word: Word) -> Option<u32> {
        self.all.iter().position(|known| *known == word).and_then(|id| u32::try_from(id).ok())
    }

    /// The shortest duration, in ticks.
    pub fn shortest(&self) -> u32 {
        self.durations.first().copied().unwrap_or(1)
    }

    /// The duration nearest to one in ticks among those that are not longer than `most`.
    pub fn duration(&self, wanted: u32, most: u32) -> u32 {
        let fitting = self.durations.iter().copied().filter(|ticks| *ticks <= most);
        fitting.min_by_key(|ticks| ticks.abs_diff(wanted)).unwrap_or_else(|| self.shortest())
    }
}
