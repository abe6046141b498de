//! Borders of moods move from bar line to bar line, and empty bars get a mood.

use std::ops::Range;

use crate::phrases::Phrase;

/// What is dragged in the mood lane. Bars and lines are those of [`crate::phrases::Printed`].
#[derive(Clone, Debug, PartialEq)]
pub struct DragMood {
    phrases: Vec<Phrase>,
    grip: Grip,
}

#[derive(Clone, Debug, PartialEq)]
enum Grip {
    /// A border at a line: the end of one phrase, the start of another, or both.
    Border { ends: Option<usize>, starts: Option<usize>, from: usize, at: usize, room: (usize, usize) },
    /// Empty bars from one to another, inside of some that are empty.
    New { anchor: usize, head: usize, room: Range<usize> },
}

impl DragMood {
    /// Takes hold of the border at a line; none where no phrase ends or starts. `count` is how many
    /// bars there are.
    pub fn border(phrases: &[Phrase], line: usize, count: usize) -> Option<Self> {
        let ends = phrases.iter().position(|p| p.bars.end == line);
        let starts = phrases.iter().position(|p| p.bars.start == line);
        // A phrase keeps at least a bar and does not reach into its neighbour.
        let first = match (ends, starts) {
            (Some(k), _) => phrases[k].bars.start + 1,
            (None, Some(k)) => k.checked_sub(1).map_or(0, |before| phrases[before].bars.end),
            (None, None) => return None,
        };
        let last = match (starts, ends) {
            (Some(k), _) => phrases[k].bars.end - 1,
            (None, Some(k)) => phrases.get(k + 1).map_or(count, |after| after.bars.start),
            (None, None) => return None,
        };
        let grip = Grip::Border { ends, starts, from: line, at: line, room: (first, last) };
        Some(Self { phrases: phrases.to_vec(), grip })
    }

    /// Begins a new phrase in an empty bar; none where there is a phrase already.
    pub fn over(phrases: &[Phrase], bar: usize, count: usize) -> Option<Self> {
        if bar >= count || phrases.iter().any(|p| p.bars.contains(&bar)) {
            return None;
        }
        let first = phrases.iter().map(|p| p.bars.end).filter(|&end| end <= bar).max();
        let last = phrases.iter().map(|p| p.bars.start).filter(|&start| start > bar).min();
        let room = first.unwrap_or(0)..last.unwrap_or(count);
        Some(Self { phrases: phrases.to_vec(), grip: Grip::New { anchor: bar, head: bar, room } })
    }

    /// The pointer is in this bar now, and nearest to these lines: two, where a repeat goes back.
    pub fn follow(&mut self, bar: usize, lines: [usize; 2]) {
        match &mut self.grip {
            Grip::Border { at, room, .. } => {
                let [a, b] = lines;
                let line = if a.abs_diff(*at) <= b.abs_diff(*at) { a } else { b };
                *at = line.clamp(room.0, room.1);
            }
            Grip::New { head, room, .. } => *head = bar.clamp(room.start, room.end - 1),
        }
    }

    /// The line where the border is now; none for a new phrase.
    pub fn line(&self) -> Option<usize> {
        match self.grip {
            Grip::Border { at, .. } => Some(at),
            Grip::New { .. } => None,
        }
    }

    /// The bars of a new phrase; none for a border.
    pub fn new_bars(&self) -> Option<Range<usize>> {
        match self.grip {
            Grip::Border { .. } => None,
            Grip::New { anchor, head, .. } => Some(anchor.min(head)..anchor.max(head) + 1),
        }
    }

    /// Whether the border is elsewhere than before.
    pub fn has_moved(&self) -> bool {
        matches!(self.grip, Grip::Border { from, at, .. } if from != at)
    }

    /// The phrases as they would be.
    pub fn phrases(&self) -> Vec<Phrase> {
        let mut phrases = self.phrases.clone();
        if let Grip::Border { ends, starts, at, .. } = self.grip {
            if let Some(k) = ends {
                phrases[k].bars.end = at;
            }
            if let Some(k) = starts {
                phrases[k].bars.start = at;
            }
        }
        phrases
    }
}
