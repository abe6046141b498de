//! What is written where: the content of a file before repeats are unfolded and ties merged.

use super::written_out::HeadId;
use crate::marks::{DirectionKind, Marks};
use crate::score::{Grace, KeySignature, Part, Place, TimeSignature, Warning};
use crate::swing::Swing;
use crate::time::Quarters;

/// A point in the written score: a measure by its index, and the time since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub measure: u32,
    pub offset: Quarters,
}

impl Position {
    /// The start of a measure.
    pub fn start_of(measure: u32) -> Self {
        Self { measure, offset: Quarters::ZERO }
    }
}

/// A measure of all parts.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenMeasure {
    /// The number printed in the score.
    pub number: String,
    pub length: Quarters,
    /// Whether the file says that the measure is not counted, such as a pick-up.
    pub is_implicit: bool,
    /// In a written-out file the written measure that it is, and which pass through it.
    pub own_name: Option<(u32, u8)>,
}

/// A note head.
#[derive(Clone, Debug)]
pub(super) struct WrittenNote {
    /// The file's own number, else the largest there is.
    pub id: u32,
    /// In an exact file which head of which note this is.
    pub own_name: Option<HeadId>,
    pub position: Position,
    pub duration: Quarters,
    pub pitch: u8,
    pub part: u16,
    pub staff: u8,
    pub voice: u8,
    pub grace: Option<Grace>,
    /// Whether it is struck with the note before it in the file.
    pub is_of_chord: bool,
    pub marks: Marks,
    pub tie_start: bool,
    pub tie_stop: bool,
    /// The passes in which its ties hold.
    pub tie_passes: TiePasses,
    /// Whether this is a grace note that no main note of its measure follows.
    pub ends_measure: bool,
    /// Whether it is printed and does not sound, and so neither does what is tied to it.
    pub is_silent: bool,
    pub passes: Passes,
}

/// The passes through a repeat in which something is played, as bits from the first on; all if none
/// is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Passes(u16);

impl Passes {
    /// The passes of `time-only`, such as `1`, `1,3` or `2 3`. Text without a number means all.
    pub fn parse(text: &str) -> Self {
        let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<u32>().ok());
        Self(numbers.filter(|n| (1..=16).contains(n)).fold(0, |bits, n| bits | 1 << (n - 1)))
    }

    /// Whether these are all passes.
    pub fn are_all(self) -> bool {
        self.0 == 0
    }

    /// Whether a pass, counted from 1, is one of them.
    pub fn contains(self, pass: u8) -> bool {
        self.0 == 0 || pass.checked_sub(1).is_some_and(|k| k < 16 && self.0 >> k & 1 == 1)
    }
}

/// The passes in which the tie that a note starts and the one that it stops hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TiePasses {
    pub start: Passes,
    pub stop: Passes,
}

/// A direction as written.
#[derive(Clone, Debug)]
pub(super) struct WrittenDirection {
    pub position: Position,
    pub end: Option<Position>,
    pub part: u16,
    pub staff: Option<u8>,
    pub kind: DirectionKind,
    pub text: String,
    /// For a metronome mark that equates two note values: the new tempo over the one before it.
    pub tempo_ratio: Option<f64>,
    pub passes: Passes,
}

/// By what a file tells several segnos or codas apart: the number of their name, if they have one.
pub(super) type SignName = Option<u16>;

/// What steers the player through the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    RepeatStart,
    RepeatEnd {
        /// How often the passage is played.
        times: u8,
        /// Whether it is repeated after a D.C. or D.S. too.
        after_jump: bool,
    },
    /// A bracket over the measures that are played in these passes.
    EndingStart(Vec<u8>),
    EndingStop,
    Segno {
        name: SignName,
    },
    Coda {
        /// Whether it is the word alone, which often names a section and nothing more.
        is_word: bool,
        name: SignName,
    },
    ToCoda {
        /// The coda that it leads to.
        name: SignName,
    },
    Fine,
    /// A fermata on a bar line: a Fine where a jump has no other.
    Hold,
    Jump(Jump),
}

/// A D.C. or D.S.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Jump {
    /// Whether it goes to the segno; else to the beginning.
    pub to_segno: bool,
    pub until: Until,
    /// Whether repeats are played again after it.
    pub with_repeats: bool,
    /// The segno that it goes to.
    pub segno: SignName,
}

/// What ends the playing after a jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Until {
    /// Fine or To Coda, whichever comes first.
    Any,
    /// Al Fine.
    Fine,
    /// Al Coda.
    Coda,
    /// Al Segno: from the beginning to the sign.
    Segno,
}

/// A sign and where it stands.
#[derive(Clone, Debug)]
pub(super) struct WrittenSign {
    pub position: Position,
    pub sign: Sign,
    pub part: u16,
}

/// One end of a slur.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlurEnd {
    /// Index into [`WrittenScore::notes`].
    pub note: usize,
    pub number: u32,
    pub is_start: bool,
}

/// What `<measure-style>` says at a measure of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub part: u16,
    /// The staff that it is for, else all.
    pub staff: Option<u8>,
    pub measure: u32,
    pub kind: StyleKind,
}

/// Kinds of measure styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StyleKind {
    /// From here on each measure repeats the one so many measures before.
    RepeatStart(u32),
    /// The first measure that repeats no other.
    RepeatStop,
    /// A rest of so many measures.
    Rest(u32),
}

/// What one part has of one measure.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartMeasure {
    pub part: u16,
    pub measure: u32,
    /// The furthest point that its notes and rests reach.
    pub reached: Quarters,
    /// Whether it is in free time.
    pub is_free: bool,
}

/// A whole file.
#[derive(Debug, Default)]
pub(super) struct WrittenScore {
    /// Whether it is a file of our own, whose durations and names are exact.
    pub is_exact: bool,
    /// Whether its repeats are written out, too.
    pub is_written_out: bool,
    pub title: Option<String>,
    pub composer: Option<String>,
    pub parts: Vec<Part>,
    pub measures: Vec<WrittenMeasure>,
    pub part_measures: Vec<PartMeasure>,
    pub notes: Vec<WrittenNote>,
    pub directions: Vec<WrittenDirection>,
    pub times: Vec<(Position, TimeSignature)>,
    pub keys: Vec<(Position, KeySignature)>,
    pub swings: Vec<(Position, Swing)>,
    pub signs: Vec<WrittenSign>,
    /// Bar lines within measures.
    pub middle_barlines: Vec<Position>,
    pub slurs: Vec<SlurEnd>,
    pub styles: Vec<Style>,
    pub warnings: Vec<Warning>,
}

impl WrittenScore {
    /// Start of each measure on a time line without repeats, and the end of the last.
    pub fn starts(&self) -> Vec<Quarters> {
        let mut starts = Vec::with_capacity(self.measures.len() + 1);
        let mut at = Quarters::ZERO;
        starts.push(at);
        for measure in &self.measures {
            at += measure.length;
            starts.push(at);
        }
        starts
    }

    /// A measure by its printed number, and a part by its identifier, for messages.
    pub fn place(&self, measure: u32, part: Option<u16>) -> Place {
        let measure = self.measures.get(measure as usize).map(|m| m.number.clone());
        let part = part.and_then(|part| self.parts.get(usize::from(part))).map(|p| p.id.clone());
        Place { line: None, measure, part }
    }

    /// The metre at the start of each measure; 4/4 where none is written yet.
    pub fn metres(&self) -> Vec<TimeSignature> {
        let mut times: Vec<_> = self.times.iter().collect();
        times.sort_by_key(|(position, _)| *position);
        let mut next = 0;
        let mut metre = times.first().map_or_else(TimeSignature::default, |(_, time)| *time);
        let metre_of = |measure: usize| {
            while times.get(next).is_some_and(|(at, _)| *at <= Position::start_of(measure as u32)) {
                metre = times[next].1;
                next += 1;
            }
            metre
        };
        (0..self.measures.len()).map(metre_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_read_from_a_list_of_numbers() {
        let passes = |text: &str| (1..=4).filter(|n| Passes::parse(text).contains(*n)).collect::<Vec<u8>>();
        assert_eq!(passes("2"), [2]);
        assert_eq!(passes("1, 3"), [1, 3]);
        assert_eq!(passes("2 4"), [2, 4]);
        assert_eq!(passes(""), [1, 2, 3, 4]);
        assert!(!Passes::parse("2").contains(0) && !Passes::parse("2").contains(200));
    }
}
