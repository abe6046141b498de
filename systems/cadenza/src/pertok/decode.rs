//! From tokens to music.

use notation::TimeSignature;
use thiserror::Error;

use super::config::Places;
use super::music::{Music, Note};
use super::token::Token;
use super::tokenizer::PerTok;

/// How long notes are whose duration is not told, in quarters.
pub const UNTOLD_DURATION_QUARTERS: f64 = 0.5;

/// How loud notes are whose velocity is not told.
pub const UNTOLD_VELOCITY: u8 = 64;

impl PerTok {
    /// The music of tokens, its notes in their order. What would be before the first bar line is at it.
    /// Padding and the beginning of a sequence say nothing; its end is the end.
    ///
    /// # Errors
    /// When a number is no token, a token stands where it cannot, or a note breaks off.
    pub fn decode(&self, ids: &[u16]) -> Result<Music, DecodeError> {
        let mut reader = Reader {
            pertok: self,
            ids,
            next: 0,
            bar: 0,
            reached: 0,
            metre: self.config.metre,
            music: Music { notes: Vec::new(), metres: vec![(0, self.config.metre)] },
        };
        while let Some(token) = reader.take()? {
            match token {
                Token::Pad | Token::Begin => {}
                Token::End => break,
                Token::Bar => reader.bar_line(),
                Token::TimeSignature(metre) => reader.change(metre),
                Token::TimeShift(ticks) => reader.reached += i64::from(ticks),
                Token::Position(ticks) => reader.reached = reader.bar + i64::from(ticks),
                Token::Pitch(pitch) => reader.note(pitch)?,
                Token::Mask | Token::Velocity(_) | Token::Duration(_) | Token::MicroTiming(_) => {
                    return Err(reader.unexpected(token, self.places_or_pitch()));
                }
            }
        }
        Ok(reader.music)
    }

    fn places_or_pitch(&self) -> &'static str {
        match self.config.places {
            Places::TimeShift => "a bar line, a time shift or a pitch",
            Places::Position => "a bar line, a position or a pitch",
        }
    }
}

/// Reads tokens from left to right.
struct Reader<'a> {
    pertok: &'a PerTok,
    ids: &'a [u16],
    /// The place of the next token.
    next: usize,
    /// The tick of the last bar line.
    bar: i64,
    /// The tick that the tokens so far lead to.
    reached: i64,
    metre: TimeSignature,
    music: Music,
}

impl Reader<'_> {
    /// The next token, if there is one.
    fn take(&mut self) -> Result<Option<Token>, DecodeError> {
        let Some(id) = self.ids.get(self.next).copied() else { return Ok(None) };
        let token = self.pertok.vocabulary.token(id);
        let token = token.ok_or(DecodeError::NoToken { place: self.next, id })?;
        self.next += 1;
        Ok(Some(token))
    }

    /// Says that the token that was taken last stands where it cannot.
    fn unexpected(&self, token: Token, expected: &'static str) -> DecodeError {
        let name = token.name(self.pertok.config.ticks_per_quarter);
        DecodeError::Unexpected { place: self.next.saturating_sub(1), name, expected }
    }

    fn bar_line(&mut self) {
        self.bar += i64::from(self.pertok.config.bar_ticks(self.metre).unwrap_or(0));
        self.reached = self.bar;
    }

    /// Sets the metre of this bar and those after it.
    fn change(&mut self, metre: TimeSignature) {
        let at = tick(self.bar);
        self.metre = metre;
        self.music.metres.retain(|(before, _)| *before != at);
        self.music.metres.push((at, metre));
    }

    /// Reads what belongs to a note after its pitch.
    fn note(&mut self, pitch: u8) -> Result<(), DecodeError> {
        let config = &self.pertok.config;
        let (has_micro_timing, has_velocity, has_duration) =
            (config.micro_timing.is_some(), config.velocities.is_some(), config.durations);
        let untold_duration = UNTOLD_DURATION_QUARTERS * f64::from(config.ticks_per_quarter);
        let (mut off, mut velocity) = (0, UNTOLD_VELOCITY);
        let mut duration_ticks = (untold_duration as u32).max(1);
        if has_micro_timing {
            off = self.value("a micro-timing", |token| match token {
                Token::MicroTiming(ticks) => Some(ticks),
                _ => None,
            })?;
        }
        if has_velocity {
            velocity = self.value("a velocity", |token| match token {
                Token::Velocity(velocity) => Some(velocity),
                _ => None,
            })?;
        }
        if has_duration {
            duration_ticks = self.value("a duration", |token| match token {
                Token::Duration(ticks) => Some(ticks),
                _ => None,
            })?;
        }
        let onset_ticks = tick(self.reached + i64::from(off));
        self.music.notes.push(Note { onset_ticks, pitch, duration_ticks, velocity });
        Ok(())
    }

    fn value<T>(
        &mut self,
        expected: &'static str,
        value: impl Fn(Token) -> Option<T>,
    ) -> Result<T, DecodeError> {
        let token = self.take()?.ok_or(DecodeError::BrokenOff { expected })?;
        value(token).ok_or_else(|| self.unexpected(token, expected))
    }
}

/// A tick of music: none is before the first bar line.
fn tick(at: i64) -> u32 {
    u32::try_from(at.max(0)).unwrap_or(u32::MAX)
}

/// Why tokens are no music.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A number is beyond the vocabulary.
    #[error("number {id} at place {place} is no token: the tokens were made with other settings")]
    NoToken {
        /// Its place, from 0.
        place: usize,
        /// The number.
        id: u16,
    },
    /// A token stands where it cannot.
    #[error("{name} stands at place {place}, where {expected} was expected")]
    Unexpected {
        /// Its place, from 0.
        place: usize,
        /// The token.
        name: String,
        /// What can stand there.
        expected: &'static str,
    },
    /// The last note is not complete.
    #[error("the tokens break off where {expected} was expected")]
    BrokenOff {
        /// What should have come.
        expected: &'static str,
    },
}
