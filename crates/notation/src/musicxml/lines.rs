//! Lines that start at one direction and stop at another: hairpins, dashes, pedal lines.

use super::written::{Position, WrittenScore};
use crate::score::Warning;

/// Kinds of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Wedge,
    Dashes,
    Pedal,
    /// From `una corda` to `tre corde`.
    Soft,
}

/// Lines of one part that are still open.
#[derive(Debug, Default)]
pub(super) struct OpenLines {
    /// Kind, number, and indices into the score's directions.
    open: Vec<(Line, u32, Vec<usize>)>,
}

impl OpenLines {
    /// No score has more lines open at a time than this; the first is given up for a new one.
    const MOST: usize = 64;

    pub fn start(&mut self, line: Line, number: u32, directions: Vec<usize>) {
        if self.open.len() >= Self::MOST {
            self.open.remove(0);
        }
        self.open.push((line, number, directions));
    }

    /// The directions that the line began with.
    pub fn stop(&mut self, line: Line, number: u32) -> Option<Vec<usize>> {
        let same = |(l, n, _): &(Line, u32, Vec<usize>)| *l == line && *n == number;
        let at = self.open.iter().rposition(same)?;
        Some(self.open.remove(at).2)
    }

    /// A hairpin that nothing ends is taken to last for its measure.
    pub fn close(&mut self, score: &mut WrittenScore) {
        for (line, _, directions) in self.open.drain(..) {
            for index in directions.into_iter().filter(|_| line == Line::Wedge) {
                let Some(direction) = score.directions.get_mut(index) else { continue };
                direction.end = Some(Position::start_of(direction.position.measure + 1));
                let (measure, part) = (direction.position.measure, direction.part);
                let message =
                    "a hairpin has no end; it is taken to last to the end of its measure".to_owned();
                let place = score.place(measure, Some(part));
                score.warnings.push(Warning { place, message });
            }
        }
    }
}
