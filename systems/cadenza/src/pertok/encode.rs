//! From music to tokens.

use notation::TimeSignature;
use thiserror::Error;

use super::bars::{Bars, Broken};
use super::config::Places;
use super::music::{Music, Note};
use super::token::Token;
use super::tokenizer::PerTok;
use super::values::nearest;

/// More bars than any piece has; nobody wants the tokens of such music.
const MOST_BARS: usize = 100_000;

impl PerTok {
    /// The tokens of music, by number. Its notes are told in order of onset, pitch, duration and velocity.
    ///
    /// A note before a bar line by less than half of the shortest written value belongs to the bar after it.
    /// Silence longer than the longest value takes several tokens. Velocities and durations become the
    /// nearest that have tokens.
    ///
    /// # Errors
    /// When a pitch or a metre has no token, when a metre changes within a bar, when positions do not reach
    /// to the end of a bar, or when there are more than 100,000 bars.
    pub fn encode(&self, music: &Music) -> Result<Vec<u16>, EncodeError> {
        let mut notes = music.notes.clone();
        notes.sort_unstable();
        let tells_metre = !self.config.time_signatures.is_empty();
        let changes = if tells_metre { &music.metres[..] } else { &[] };
        let bars = Bars::first(&self.config, changes)?;
        let mut writer = Writer { pertok: self, bars, ids: Vec::new(), reached: 0, count: 1 };
        if tells_metre {
            writer.metre()?;
        }
        for note in &notes {
            writer.note(note)?;
        }
        while writer.bars.has_changes() {
            writer.bar_line()?;
        }
        Ok(writer.ids)
    }
}

/// Writes tokens from left to right.
struct Writer<'a> {
    pertok: &'a PerTok,
    bars: Bars<'a>,
    ids: Vec<u16>,
    /// The tick that the tokens so far lead to.
    reached: i64,
    /// Bars so far.
    count: usize,
}

impl Writer<'_> {
    /// Writes a token; whether there is one.
    fn push(&mut self, token: Token) -> bool {
        let id = self.pertok.vocabulary.id(token);
        self.ids.extend(id);
        id.is_some()
    }

    fn metre(&mut self) -> Result<(), EncodeError> {
        let metre = self.bars.metre;
        if self.push(Token::TimeSignature(metre)) { Ok(()) } else { Err(EncodeError::metre(metre)) }
    }

    fn bar_line(&mut self) -> Result<(), EncodeError> {
        let before = self.bars.metre;
        self.bars.enter_next()?;
        self.count += 1;
        if self.count > MOST_BARS {
            return Err(EncodeError::TooLong);
        }
        self.push(Token::Bar);
        self.reached = self.bars.start;
        if self.bars.metre == before { Ok(()) } else { self.metre() }
    }

    fn note(&mut self, note: &Note) -> Result<(), EncodeError> {
        let pertok = self.pertok;
        let onset = i64::from(note.onset_ticks);
        while onset > self.bars.end - pertok.least_shift {
            self.bar_line()?;
        }
        self.go_to(onset)?;
        let Note { pitch, duration_ticks, velocity, .. } = *note;
        if !self.push(Token::Pitch(pitch)) {
            let (lowest, highest) = pertok.config.pitches;
            return Err(EncodeError::Pitch { pitch, onset_ticks: note.onset_ticks, lowest, highest });
        }
        if pertok.config.micro_timing.is_some()
            && let Some(off) = nearest(pertok.micro_timing.iter().copied(), onset - self.reached)
        {
            self.push(Token::MicroTiming(off));
        }
        // Of two velocities as near, the louder.
        if let Some(velocity) = nearest(pertok.velocities.iter().rev().copied(), i64::from(velocity)) {
            self.push(Token::Velocity(velocity));
        }
        if pertok.config.durations
            && let Some(duration) = nearest(pertok.grid.iter().copied(), i64::from(duration_ticks))
        {
            self.push(Token::Duration(duration));
        }
        Ok(())
    }

    /// Writes what leads to the written onset that is nearest to an onset in this bar.
    fn go_to(&mut self, onset: i64) -> Result<(), EncodeError> {
        let pertok = self.pertok;
        match pertok.config.places {
            Places::TimeShift => {
                while onset - self.reached > pertok.longest + pertok.slack {
                    self.shift(pertok.longest);
                }
                if onset - self.reached >= pertok.least_shift {
                    self.shift(onset - self.reached);
                }
            }
            Places::Position => {
                let in_bar = onset - self.bars.start;
                if in_bar > pertok.longest + pertok.slack {
                    let (bar, metre) = (self.count, self.bars.metre);
                    return Err(EncodeError::beyond_positions(bar, metre));
                }
                if onset - self.reached >= pertok.least_shift
                    && let Some(position) = nearest(pertok.positions.iter().copied(), in_bar)
                {
                    self.push(Token::Position(position));
                    self.reached = self.bars.start + i64::from(position);
                }
            }
        }
        Ok(())
    }

    /// Writes the shift that is nearest to a length.
    fn shift(&mut self, length: i64) {
        if let Some(shift) = nearest(self.pertok.grid.iter().copied(), length) {
            self.push(Token::TimeShift(shift));
            self.reached += i64::from(shift);
        }
    }
}

/// Why music has no tokens.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// A pitch has no token.
    #[error(
        "there is no token for pitch {pitch} (at tick {onset_ticks}): transpose the music into {lowest} to \
         {highest}"
    )]
    Pitch {
        /// The pitch.
        pitch: u8,
        /// Where the note starts.
        onset_ticks: u32,
        /// The lowest pitch that has a token.
        lowest: u8,
        /// The highest.
        highest: u8,
    },
    /// A metre has no token.
    #[error("there is no token for the metre {beats}/{beat_type}: add it to the settings of the tokenizer")]
    Metre {
        /// Beats in a measure.
        beats: u8,
        /// The note value of a beat.
        beat_type: u8,
    },
    /// A metre changes within a bar.
    #[error("the metre changes at tick {0}, within a bar: move the change to a bar line")]
    MetreWithinBar(u32),
    /// Positions do not reach to the end of a bar.
    #[error(
        "bar {bar} of {beats}/{beat_type} is longer than the grids: add quarters to them, or tell onsets by \
         time shifts"
    )]
    BeyondPositions {
        /// The bar, from 1.
        bar: usize,
        /// Beats in a measure.
        beats: u8,
        /// The note value of a beat.
        beat_type: u8,
    },
    /// There are too many bars.
    #[error("there are more than {most} bars: encode the music in pieces", most = MOST_BARS)]
    TooLong,
}

impl EncodeError {
    fn metre(TimeSignature { beats, beat_type }: TimeSignature) -> Self {
        Self::Metre { beats, beat_type }
    }

    fn beyond_positions(bar: usize, TimeSignature { beats, beat_type }: TimeSignature) -> Self {
        Self::BeyondPositions { bar, beats, beat_type }
    }
}

impl From<Broken> for EncodeError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Change(at) => Self::MetreWithinBar(at),
            Broken::Metre(metre) => Self::metre(metre),
        }
    }
}
