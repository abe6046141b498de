//! All tokens and their numbers.

use std::collections::HashMap;

use super::token::Token;

/// The tokens that there are, numbered from 0 in the order of MidiTok: special ones, bar line, pitches,
/// velocities, durations, time shifts or positions, micro-timing, metres.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    tokens: Vec<Token>,
    ids: HashMap<Token, u16>,
    ticks_per_quarter: u32,
}

/// Tokens that stand for nothing in music; they come first.
const SPECIAL: [Token; 4] = [Token::Pad, Token::Begin, Token::End, Token::Mask];

impl Vocabulary {
    /// The vocabulary of so many ticks a quarter: the special tokens, then those of music, in order. One
    /// that was there before is left out.
    pub(super) fn new(ticks_per_quarter: u32, music: impl IntoIterator<Item = Token>) -> Self {
        let mut vocabulary = Self { tokens: Vec::new(), ids: HashMap::new(), ticks_per_quarter };
        for token in SPECIAL.into_iter().chain(music) {
            let next = vocabulary.tokens.len() as u16;
            if *vocabulary.ids.entry(token).or_insert(next) == next {
                vocabulary.tokens.push(token);
            }
        }
        vocabulary
    }

    /// How many tokens there are.
    pub fn size(&self) -> usize {
        self.tokens.len()
    }

    /// How many of them stand for something in music: those that papers count.
    pub fn size_without_special(&self) -> usize {
        self.tokens.len() - SPECIAL.len()
    }

    /// What a number stands for.
    pub fn token(&self, id: u16) -> Option<Token> {
        self.tokens.get(usize::from(id)).copied()
    }

    /// The number of a token, if it is one of this vocabulary.
    pub fn id(&self, token: Token) -> Option<u16> {
        self.ids.get(&token).copied()
    }

    /// MidiTok's name of a token.
    pub fn name(&self, id: u16) -> Option<String> {
        self.token(id).map(|token| token.name(self.ticks_per_quarter))
    }
}
