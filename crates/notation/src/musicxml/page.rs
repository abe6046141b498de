//! What is on the page, before repeats are unfolded and ties merged.

use crate::marks::{DirectionKind, Marks};
use crate::score::{Grace, KeySignature, Part, TimeSignature, Warning};
use crate::time::Quarters;

/// A point on the page: a measure by its index, and the time since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub measure: u32,
    pub at: Quarters,
}

/// A note head with its tie flags.
#[derive(Clone, Debug)]
pub(super) struct PageNote {
    /// Number in the file.
    pub id: u32,
    pub spot: Spot,
    pub duration: Quarters,
    pub pitch: u8,
    pub part: u16,
    pub staff: u8,
    pub voice: u8,
    pub grace: Option<Grace>,
    pub marks: Marks,
    pub tie_start: bool,
    pub tie_stop: bool,
}

/// A direction as written.
#[derive(Clone, Debug)]
pub(super) struct PageDirection {
    pub spot: Spot,
    pub end: Option<Spot>,
    pub part: u16,
    pub staff: Option<u8>,
    pub kind: DirectionKind,
    pub text: String,
}

/// What steers the reader through the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    RepeatStart,
    /// With the number of times that the passage is to be played.
    RepeatEnd(u8),
    /// A bracket over the measures that are played in these passes.
    EndingStart(Vec<u8>),
    EndingStop,
    Segno,
    Coda,
    ToCoda,
    DaCapo,
    DalSegno,
    Fine,
}

/// One end of a slur.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlurEnd {
    /// Index into [`Page::notes`].
    pub note: usize,
    pub number: u32,
    pub is_start: bool,
}

/// A whole file.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub title: Option<String>,
    pub composer: Option<String>,
    pub parts: Vec<Part>,
    /// Printed number and length of each measure.
    pub measures: Vec<(String, Quarters)>,
    pub notes: Vec<PageNote>,
    pub directions: Vec<PageDirection>,
    pub times: Vec<(Spot, TimeSignature)>,
    pub keys: Vec<(Spot, KeySignature)>,
    pub signs: Vec<(Spot, Sign)>,
    pub slurs: Vec<SlurEnd>,
    pub warnings: Vec<Warning>,
}

impl Page {
    /// Start of each measure on the page's own time line, and the end of the last.
    pub fn starts(&self) -> Vec<Quarters> {
        let mut starts = Vec::with_capacity(self.measures.len() + 1);
        let mut at = Quarters::ZERO;
        starts.push(at);
        for (_, length) in &self.measures {
            at += *length;
            starts.push(at);
        }
        starts
    }
}
