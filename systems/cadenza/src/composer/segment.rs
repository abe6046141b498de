//! Segments as tokens, and bars as tokens that can be put together again.
//!
//! Places are told from the bar line, so the tokens of a bar are the same wherever it stands. Between two
//! bars stands [`Token::Bar`]; a metre stands before the first bar, and after a bar line where it changes.

use notation::TimeSignature;
use thiserror::Error;

use crate::pertok::{DecodeError, EncodeError, Music, Note, PerTok, Token};

/// A bar by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The token of its metre.
    pub metre: u16,
    /// The tokens of its notes.
    pub tokens: Vec<u16>,
}

/// Why a segment has no tokens.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SegmentError {
    /// Something in it has no token.
    #[error(transparent)]
    NoToken(#[from] EncodeError),
    /// A note is beyond the last bar.
    #[error("a note starts at tick {onset_ticks}, beyond the {bars} bars, which end at tick {end_ticks}")]
    Beyond {
        /// Where the note starts.
        onset_ticks: u32,
        /// How many bars there are.
        bars: usize,
        /// Where they end.
        end_ticks: u32,
    },
}

/// The tokens of so many bars, one bar line less. Of notes of one pitch that are struck together only the
/// longest is told. A note so shortly before the end that it would belong to the bar after it is told as late
/// as can be.
pub fn tokens(pertok: &PerTok, segment: &Music, bars: usize) -> Result<Vec<u32>, SegmentError> {
    let end_ticks = end_ticks(pertok, segment, bars);
    let latest = end_ticks.saturating_sub(least_ticks(pertok));
    let mut notes = segment.notes.clone();
    for note in &mut notes {
        if note.onset_ticks >= end_ticks {
            return Err(SegmentError::Beyond { onset_ticks: note.onset_ticks, bars, end_ticks });
        }
        note.onset_ticks = note.onset_ticks.min(latest);
    }
    let metres = segment.metres.iter().copied().filter(|(at, _)| *at < end_ticks).collect();
    let mut ids = pertok.encode(&Music { notes: distinct(notes), metres })?;
    let line = pertok.vocabulary().id(Token::Bar);
    let lines = ids.iter().filter(|id| Some(**id) == line).count();
    ids.extend(line.into_iter().cycle().take(bars.saturating_sub(1 + lines)));
    Ok(ids.into_iter().map(u32::from).collect())
}

/// The notes of tokens.
pub fn music(pertok: &PerTok, tokens: &[u32]) -> Result<Music, DecodeError> {
    // What is no 16-bit number is no token either, and neither is the largest of them.
    let ids: Vec<u16> = tokens.iter().map(|token| u16::try_from(*token).unwrap_or(u16::MAX)).collect();
    pertok.decode(&ids)
}

/// The bars of a segment or of a whole piece that was told at once. Those before the first metre are left
/// out.
pub fn bars(pertok: &PerTok, tokens: &[u32]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let mut is_new = true;
    for id in tokens.iter().filter_map(|token| u16::try_from(*token).ok()) {
        match pertok.vocabulary().token(id) {
            Some(Token::Bar) => {
                bars.extend(bars.last().map(|bar| Bar { metre: bar.metre, tokens: Vec::new() }));
                is_new = true;
            }
            Some(Token::TimeSignature(_)) => {
                let bar = Bar { metre: id, tokens: Vec::new() };
                match bars.last_mut().filter(|_| is_new) {
                    Some(last) => *last = bar,
                    None => bars.push(bar),
                }
            }
            _ => {
                is_new = false;
                if let Some(bar) = bars.last_mut() {
                    bar.tokens.push(id);
                }
            }
        }
    }
    bars
}

/// The tokens of bars one after another.
pub fn assemble(pertok: &PerTok, bars: &[Bar]) -> Vec<u32> {
    let line = pertok.vocabulary().id(Token::Bar).map(u32::from);
    let mut tokens = Vec::new();
    let mut metre = None;
    for (k, bar) in bars.iter().enumerate() {
        tokens.extend(line.filter(|_| k > 0));
        if metre != Some(bar.metre) {
            metre = Some(bar.metre);
            tokens.push(u32::from(bar.metre));
        }
        tokens.extend(bar.tokens.iter().copied().map(u32::from));
    }
    tokens
}

/// Where so many bars end.
fn end_ticks(pertok: &PerTok, segment: &Music, bars: usize) -> u32 {
    let config = pertok.config();
    let tells_metre = !config.time_signatures.is_empty();
    let mut end = 0;
    for _ in 0..bars {
        let told = segment.metres.iter().rev().find(|(at, _)| tells_metre && *at <= end);
        let TimeSignature { beats, beat_type } = told.map_or(config.metre, |(_, metre)| *metre);
        end += 4 * config.ticks_per_quarter * u32::from(beats) / u32::from(beat_type).max(1);
    }
    end
}

/// Half of the shortest written value: a note that is nearer to the next bar line belongs to it.
fn least_ticks(pertok: &PerTok) -> u32 {
    let vocabulary = pertok.vocabulary();
    let ids = 0..u16::try_from(vocabulary.size()).unwrap_or(u16::MAX);
    let value = |id| match vocabulary.token(id) {
        Some(Token::TimeShift(ticks) | Token::Position(ticks)) => Some(ticks),
        _ => None,
    };
    ids.filter_map(value).filter(|ticks| *ticks > 0).min().unwrap_or(0) / 2
}

/// One note a pitch and onset, the longest.
fn distinct(mut notes: Vec<Note>) -> Vec<Note> {
    notes.sort_unstable_by_key(|note| (note.onset_ticks, note.pitch, std::cmp::Reverse(note.duration_ticks)));
    notes.dedup_by_key(|note| (note.onset_ticks, note.pitch));
    notes
}

#[cfg(test)]
#[path = "segment_tests.rs"]
mod tests;
