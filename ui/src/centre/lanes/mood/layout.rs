//! Where blocks and borders of moods are, in units of the axis.

use egui::{Rect, pos2};
use protocol::{Bars, MoodCue, MoodSpan};

use crate::centre::axis::Strip;
use crate::phrases::{Phrase, Printed};

/// Tempo and dynamics together move by this many deviations in a mood that is stirred through and
/// through.
const STIRRED_DEVIATIONS: f64 = 2.0;

/// What a layout depends on: the scene, the answer, and phrases that are shown in its place.
pub type LayoutKey = (u64, u64, Option<Vec<Phrase>>);

/// A mood over its bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its words.
    pub words: String,
    /// Its measures.
    pub bars: Bars,
    /// The span of the answer that says how it looks.
    pub like: Option<usize>,
    /// Unit where it starts.
    pub from: f64,
    /// Unit where it ends.
    pub to: f64,
    /// Half of its first bar if a mood comes before it, else nothing: there it comes in.
    pub comes_in: f64,
    /// The same at its end.
    pub goes_out: f64,
    /// From -1, slower and softer, to 1, faster and louder.
    pub stir: f32,
    /// From 0 to 1.
    pub sureness: f32,
}

impl Block {
    /// Where it is on the screen.
    pub fn rect(&self, lane: Rect, strip: &Strip) -> Rect {
        // The screen's own numbers end where a block is far outside.
        let left = strip.x(self.from).max(lane.left() - 50.0);
        let right = strip.x(self.to).min(lane.right() + 50.0);
        Rect::from_min_max(pos2(left, lane.top() + 4.0), pos2(right.max(left), lane.bottom() - 3.0))
    }
}

/// A border that can be dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Handle {
    /// Where it is.
    pub unit: f64,
    /// The line between printed bars that it stands for.
    pub line: usize,
    /// Whether it belongs to what is left of it.
    pub is_end: bool,
}

/// All blocks and borders.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// In order of time.
    pub blocks: Vec<Block>,
    /// In order of the blocks.
    pub handles: Vec<Handle>,
}

impl Layout {
    /// The spans of an answer; `phrases` are what they were made into.
    pub fn of_spans(spans: &[MoodSpan], phrases: &[Phrase], printed: &Printed, bars: &[f64]) -> Self {
        let blocks =
            spans.iter().enumerate().map(|(k, span)| (span.text.as_str(), span.bars.clone(), Some(k)));
        Self::new(blocks, spans, phrases, printed, bars)
    }

    /// Phrases that no answer speaks of yet, each pass of them.
    pub fn of_phrases(phrases: &[Phrase], spans: &[MoodSpan], printed: &Printed, bars: &[f64]) -> Self {
        let runs = |phrase: &Phrase| printed.runs(&phrase.bars);
        let blocks =
            phrases.iter().flat_map(|p| runs(p).into_iter().map(|run| (p.words.as_str(), run, p.like)));
        let mut blocks: Vec<_> = blocks.collect();
        blocks.sort_by_key(|b| b.1.start);
        Self::new(blocks.into_iter(), spans, phrases, printed, bars)
    }

    fn new<'a>(
        given: impl Iterator<Item = (&'a str, Bars, Option<usize>)>,
        spans: &[MoodSpan],
        phrases: &[Phrase],
        printed: &Printed,
        bars: &[f64],
    ) -> Self {
        let mut layout = Self::default();
        for (words, measures, like) in given {
            let (Some(&from), Some(&to)) = (bars.get(measures.start), bars.get(measures.end)) else {
                continue;
            };
            if measures.is_empty() || to <= from {
                continue;
            }
            let span = like.and_then(|k| spans.get(k));
            layout.blocks.push(Block {
                words: words.to_owned(),
                bars: measures,
                like,
                from,
                to,
                comes_in: 0.0,
                goes_out: 0.0,
                stir: span.map_or(0.0, stir),
                sureness: span.map_or(0.5, |s| s.sureness as f32),
            });
        }
        layout.pass_over(bars);
        layout.add_handles(phrases, printed);
        layout
    }

    /// Moods that follow each other pass over within a bar around their border.
    fn pass_over(&mut self, bars: &[f64]) {
        for k in 1..self.blocks.len() {
            let border = self.blocks[k].bars.start;
            if self.blocks[k - 1].bars.end != border {
                continue;
            }
            self.blocks[k - 1].goes_out = (bars[border] - bars[border - 1]) / 2.0;
            self.blocks[k].comes_in = (bars[border + 1] - bars[border]) / 2.0;
        }
    }

    fn add_handles(&mut self, phrases: &[Phrase], printed: &Printed) {
        let phrase_of = |block: &Block, measure: usize| {
            let place = printed.place_of(measure)?;
            let phrase = phrases.iter().find(|p| p.bars.contains(&place) && p.words == block.words)?;
            Some((place, phrase))
        };
        for (k, block) in self.blocks.iter().enumerate() {
            let before = k.checked_sub(1).map(|b| &self.blocks[b]).filter(|b| b.bars.end == block.bars.start);
            let after = self.blocks.get(k + 1).filter(|b| b.bars.start == block.bars.end);
            if let Some((place, phrase)) = phrase_of(block, block.bars.start) {
                // What meets on the screen also meets on paper, or the border belongs to one alone.
                let line = phrase.bars.start;
                let joins =
                    before.and_then(|b| phrase_of(b, b.bars.end - 1)).filter(|b| b.1.bars.end == line);
                // Where both meet on paper, the end of the one before stands for both.
                if joins.is_none() && place == line {
                    self.handles.push(Handle { unit: block.from, line, is_end: false });
                }
            }
            if let Some((place, phrase)) = phrase_of(block, block.bars.end - 1) {
                let line = phrase.bars.end;
                let joins = after.and_then(|a| phrase_of(a, a.bars.start)).filter(|a| a.1.bars.start == line);
                if joins.is_some() || place + 1 == line {
                    self.handles.push(Handle { unit: block.to, line, is_end: true });
                }
            }
        }
    }

    /// The blocks in view with their numbers.
    pub fn in_view(&self, strip: Strip) -> impl Iterator<Item = (usize, &Block)> {
        let is_in_view = move |(_, b): &(usize, &Block)| b.to >= strip.start && b.from <= strip.end;
        self.blocks.iter().enumerate().filter(is_in_view)
    }
}

/// How stirred a mood is, by the tempo and dynamics that it will have.
fn stir(span: &MoodSpan) -> f32 {
    let moving = span.arrows.iter().filter(|a| matches!(a.what, MoodCue::Tempo | MoodCue::Dynamics));
    let sum: f64 = moving.map(|a| if a.is_more { a.deviations.abs() } else { -a.deviations.abs() }).sum();
    (sum / STIRRED_DEVIATIONS).clamp(-1.0, 1.0) as f32
}

/// The bar line nearest to a unit, counted in measures.
pub fn nearest_line(bars: &[f64], unit: f64) -> usize {
    let next = bars.partition_point(|&b| b < unit);
    let Some(before) = next.checked_sub(1) else { return 0 };
    let is_nearer = bars.get(next).is_some_and(|after| after - unit < unit - bars[before]);
    if is_nearer { next } else { before }
}
