//! Segments drawn from packed bars, as batches.

use std::ops::Range;

use anyhow::{Result, ensure};
use cadenza::pertok::{PerTok, Token};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::packed::{Packed, has_notes};
use crate::packs::draws::transposition;

/// Bars of a segment, each number as likely as any other.
const BARS: [usize; 8] = [4, 4, 4, 4, 4, 3, 2, 1];

/// Batches whose segments are drawn together and sorted by length, so that few positions of a batch are
/// padding.
const POOL: usize = 8;

/// Bars ready for drawing.
pub struct Segments {
    packed: Packed,
    pertok: PerTok,
    longest: usize,
    /// Bars that segments can begin with, each with the end of its run.
    firsts: Vec<(usize, usize)>,
    special: Special,
    /// The numbers of the lowest and the highest pitch.
    pitches: (u32, u32),
}

/// Numbers of tokens that stand for nothing in music.
#[derive(Clone, Copy, Debug)]
struct Special {
    pad: u32,
    begin: u32,
    end: u32,
    mask: u32,
}

/// Segments side by side: tables `[batch, width]`, row after row. A segment begins with the token of the
/// beginning; what is behind it in its row is padding.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Segments.
    pub batch: usize,
    /// Positions of each.
    pub width: usize,
    /// What the encoder reads.
    pub read: Vec<u32>,
    /// What the decoder reads: the same, with some tokens hidden.
    pub before: Vec<u32>,
    /// What comes next at each position, the end last.
    pub next: Vec<u32>,
    /// Positions in use of each segment, those with something next.
    pub lengths: Vec<usize>,
}

impl Segments {
    /// Every bar that has notes is as likely as any other to be the first of a segment, of which at most
    /// `longest` tokens are drawn.
    ///
    /// # Errors
    /// When no bar has notes.
    pub fn new(packed: Packed, pertok: PerTok, longest: usize) -> Result<Self> {
        let is_first = |bar: usize| {
            let tokens = packed.segment(&pertok, bar..bar + 1);
            tokens.len() <= longest && has_notes(&pertok, &tokens)
        };
        let of_run = |run: Range<usize>| {
            let end = run.end;
            run.filter(|bar| is_first(*bar)).map(move |bar| (bar, end)).collect::<Vec<_>>()
        };
        let firsts: Vec<(usize, usize)> = packed.run_bars().flat_map(of_run).collect();
        ensure!(!firsts.is_empty(), "no bar has notes and at most {longest} tokens");
        let id = |token| pertok.vocabulary().id(token).map_or(0, u32::from);
        let special = Special {
            pad: id(Token::Pad),
            begin: id(Token::Begin),
            end: id(Token::End),
            mask: id(Token::Mask),
        };
        let (lowest, highest) = pertok.config().pitches;
        let pitches = (id(Token::Pitch(lowest)), id(Token::Pitch(highest)));
        Ok(Self { packed, longest, firsts, special, pitches, pertok })
    }

    /// Bars that segments can begin with.
    pub fn bars(&self) -> usize {
        self.firsts.len()
    }

    /// The batch of a step, the same for the same seed and step. Neighbouring steps share a pool of segments,
    /// each of which goes into one batch. Each segment hides a share of its own of the tokens that the decoder
    /// reads, 0 to twice `hidden`, so that what it is to write is in the latent vector alone (word dropout,
    /// Bowman and others, arXiv 1511.06349, section 3.1).
    pub fn draw(&self, seed: u64, step: usize, batch: usize, hidden: f64) -> Batch {
        let (pool, place) = (step / POOL, step % POOL);
        let mut random = Pcg64Mcg::seed_from_u64(seed ^ (pool as u64).wrapping_mul(0xD1B5_4A32_D192_ED03));
        let mut segments: Vec<Vec<u32>> = (0..batch * POOL).map(|_| self.segment(&mut random)).collect();
        segments.sort_by_key(Vec::len);
        let mut order: Vec<usize> = (0..POOL).collect();
        for k in (1..POOL).rev() {
            order.swap(k, random.random_range(0..=k));
        }
        let from = order[place] * batch;
        let mut random = Pcg64Mcg::seed_from_u64(seed ^ (step as u64).wrapping_mul(0x9FB2_1C65_1E98_DF25));
        self.table(&segments[from..from + batch], &mut random, hidden)
    }

    /// As many bars as are drawn, or as there are, or as are short enough.
    fn segment(&self, random: &mut Pcg64Mcg) -> Vec<u32> {
        let (first, end) = self.firsts[random.random_range(0..self.firsts.len())];
        let mut bars = BARS[random.random_range(0..BARS.len())].min(end - first);
        let mut tokens = self.packed.segment(&self.pertok, first..first + bars);
        while tokens.len() > self.longest && bars > 1 {
            bars -= 1;
            tokens = self.packed.segment(&self.pertok, first..first + bars);
        }
        self.transposed(tokens, random)
    }

    /// Each transposition that stays on the keys is as likely as any other.
    fn transposed(&self, mut tokens: Vec<u32>, random: &mut Pcg64Mcg) -> Vec<u32> {
        let (first, last) = self.pitches;
        let is_pitch = |token: &&mut u32| (first..=last).contains(&**token);
        let pitches =
            tokens.iter().filter(|token| (first..=last).contains(*token)).map(|token| *token as i32);
        let by = transposition(pitches, first as i32..=last as i32, random);
        tokens.iter_mut().filter(is_pitch).for_each(|token| *token = token.wrapping_add_signed(by));
        tokens
    }

    fn table(&self, segments: &[Vec<u32>], random: &mut Pcg64Mcg, hidden: f64) -> Batch {
        let Special { pad, begin, end, mask } = self.special;
        let width = segments.iter().map(Vec::len).max().unwrap_or(0) + 1;
        let mut table = Batch {
            batch: segments.len(),
            width,
            read: Vec::with_capacity(segments.len() * width),
            before: Vec::with_capacity(segments.len() * width),
            next: Vec::with_capacity(segments.len() * width),
            lengths: segments.iter().map(|segment| segment.len() + 1).collect(),
        };
        for segment in segments {
            let share = 2.0 * hidden * random.random::<f64>();
            let padding = std::iter::repeat_n(pad, width - segment.len() - 1);
            table.read.push(begin);
            table.read.extend(segment);
            table.read.extend(padding.clone());
            table.before.push(begin);
            let seen = |token: &u32| if random.random::<f64>() < share { mask } else { *token };
            table.before.extend(segment.iter().map(seen));
            table.before.extend(padding.clone());
            table.next.extend(segment);
            table.next.push(end);
            table.next.extend(padding);
        }
        table
    }
}

#[cfg(test)]
#[path = "draw_tests.rs"]
mod tests;
