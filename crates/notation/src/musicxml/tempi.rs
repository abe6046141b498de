//! The tempo that holds, along the order of play.
//!
//! Where a repeat or a jump leads back, the music has the tempo that it had there the first time,
//! whatever was marked since. A page need not say so again; a score, which is written out, has to.

use std::collections::BTreeMap;

use super::written::WrittenDirection;
use crate::marks::{Direction, DirectionKind};
use crate::tempo::{BELIEVABLE_QUARTERS_PER_MINUTE, UNMARKED_QUARTERS_PER_MINUTE};
use crate::time::Quarters;

/// What a score says where it goes back to a beginning that has no mark.
const FIRST_TEMPO: &str = "Tempo I";

/// Words for a tempo without a number that is compared with the one before.
const COMPARING: [&str; 8] =
    ["meno", "mosso", "più lento", "piu lento", "langsamer", "schneller", "più moto", "piu moto"];

/// What holds at a point: a direction with a number, and one with words that compare with it, as
/// indices into the directions of the written score. Without a number it is the unmarked tempo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tempo {
    mark: Option<usize>,
    words: Option<usize>,
}

/// What a direction does to the tempo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// It gives a number.
    To(usize),
    /// It asks for the tempo of the beginning.
    Opening,
    /// It compares with what was.
    Compared(usize),
    /// It ends what was compared.
    Back,
}

/// A change on the page.
#[derive(Clone, Copy, Debug)]
struct Point {
    at: Quarters,
    /// Of several changes at one point the highest counts.
    rank: u8,
    change: Change,
    /// What holds from here on, in the order of the page.
    tempo: Tempo,
    /// The last change up to here that does not depend on what was before it, as an index.
    anchor: Option<usize>,
}

/// The tempo along the order of play.
pub(super) struct Tempi<'w> {
    directions: &'w [WrittenDirection],
    points: Vec<Point>,
    now: Tempo,
    /// The stretches of the page that have been played, by their start: their end, and the tempo with
    /// which they began the first time.
    played: BTreeMap<Quarters, (Quarters, Tempo)>,
}

impl<'w> Tempi<'w> {
    /// Directions, and the order of them by their times on the page. A mark before `opening_end` is
    /// that of the beginning.
    pub fn new(
        directions: &'w [WrittenDirection],
        by_time: &[(Quarters, usize)],
        opening_end: Quarters,
    ) -> Self {
        let mut points: Vec<Point> = Vec::new();
        for (at, index) in by_time {
            let Some((rank, change)) = change(&directions[*index], *index) else { continue };
            let point = Point { at: *at, rank, change, tempo: Tempo::default(), anchor: None };
            match points.last_mut() {
                Some(last) if last.at == *at && last.rank >= rank => {}
                Some(last) if last.at == *at => *last = point,
                _ => points.push(point),
            }
        }
        let number_of = |point: &Point| if let Change::To(index) = point.change { Some(index) } else { None };
        let mark = points.iter().take_while(|point| point.at < opening_end).find_map(number_of);
        let opening = Tempo { mark, words: None };
        let (mut tempo, mut anchor) = (opening, None);
        for (k, point) in points.iter_mut().enumerate() {
            tempo = match point.change {
                Change::To(index) => Tempo { mark: Some(index), words: None },
                Change::Opening => opening,
                Change::Compared(index) => Tempo { words: Some(index), ..tempo },
                Change::Back => Tempo { words: None, ..tempo },
            };
            if matches!(point.change, Change::To(_) | Change::Opening) {
                anchor = Some(k);
            }
            (point.tempo, point.anchor) = (tempo, anchor);
        }
        Self { directions, points, now: opening, played: BTreeMap::new() }
    }

    /// Goes to a point of the page, which is played at `onset`: the directions that have to be added
    /// there, since another tempo holds than the first time.
    pub fn arrive(&mut self, at: Quarters, onset: Quarters) -> Vec<Direction> {
        let Some(tempo) = self.first_time(at) else { return Vec::new() };
        let before = std::mem::replace(&mut self.now, tempo);
        let here = self.points.partition_point(|point| point.at < at);
        let is_stated = self.points.get(here).is_some_and(|p| p.at == at && p.anchor == Some(here));
        let is_same = before.words == tempo.words && (self.number(before) - self.number(tempo)).abs() < 1e-9;
        if is_stated || is_same { Vec::new() } else { self.stated(tempo, onset) }
    }

    /// Plays a stretch of the page from the point that was arrived at.
    pub fn play(&mut self, from: Quarters, to: Quarters) {
        let mut at = from;
        while at < to {
            let known = self.played.range(..=at).next_back().map(|(_, (end, _))| *end);
            let end = match known.filter(|end| *end > at) {
                Some(end) => end.min(to),
                None => {
                    let next = self.played.range(at..).next().map_or(to, |(start, _)| to.min(*start));
                    self.played.insert(at, (next, self.now));
                    next
                }
            };
            self.now = self.after(self.now, at, end);
            at = end;
        }
    }

    /// Plays a mark that holds in this pass alone, in a stretch that ends at `to`.
    pub fn depart(&mut self, index: usize, at: Quarters, to: Quarters) {
        let next = self.points.partition_point(|point| point.at <= at);
        let is_last = self.points.get(next).is_none_or(|point| point.at >= to);
        if is_last && number(self.directions[index].kind).is_some() {
            self.now = Tempo { mark: Some(index), words: None };
        }
    }

    /// What held at a point when it was played first.
    fn first_time(&self, at: Quarters) -> Option<Tempo> {
        let (start, (end, tempo)) = self.played.range(..=at).next_back()?;
        (at < *end).then(|| self.after(*tempo, *start, at))
    }

    /// What holds at `to` on the page where `tempo` holds before the changes at `from`.
    fn after(&self, tempo: Tempo, from: Quarters, to: Quarters) -> Tempo {
        let first = self.points.partition_point(|point| point.at < from);
        let end = self.points.partition_point(|point| point.at < to);
        let Some(last) = self.points[first.min(end)..end].last() else { return tempo };
        match last.change {
            _ if last.anchor.is_some_and(|anchor| anchor >= first) => last.tempo,
            Change::Compared(index) => Tempo { words: Some(index), ..tempo },
            _ => Tempo { words: None, ..tempo },
        }
    }

    /// Quarters a minute, before words that compare.
    fn number(&self, tempo: Tempo) -> f64 {
        let kind = tempo.mark.map(|index| self.directions[index].kind);
        kind.and_then(number).unwrap_or(UNMARKED_QUARTERS_PER_MINUTE)
    }

    /// The directions that ask for a tempo.
    fn stated(&self, tempo: Tempo, onset: Quarters) -> Vec<Direction> {
        let copy = |index: usize| {
            let WrittenDirection { part, staff, kind, text, tempo_ratio, .. } = &self.directions[index];
            // What is equated on the page is equated with something else here.
            let text = match number(*kind).filter(|_| tempo_ratio.is_some()) {
                Some(number) => format!("quarter = {number:.0}"),
                None => text.clone(),
            };
            Direction { onset, end: None, part: *part, staff: *staff, kind: *kind, text }
        };
        let first = || {
            let (kind, text) = (DirectionKind::ATempo, FIRST_TEMPO.to_owned());
            Direction { onset, end: None, part: 0, staff: None, kind, text }
        };
        let mut stated = vec![tempo.mark.map_or_else(first, copy)];
        stated.extend(tempo.words.map(copy));
        stated
    }
}

/// What a direction does to the tempo, and its rank among others at its point: a metronome mark
/// counts for more than a word.
fn change(direction: &WrittenDirection, index: usize) -> Option<(u8, Change)> {
    let is_believed = number(direction.kind).is_some_and(|n| BELIEVABLE_QUARTERS_PER_MINUTE.contains(&n));
    Some(match direction.kind {
        _ if !direction.passes.are_all() => return None,
        DirectionKind::Metronome(_) if is_believed => (4, Change::To(index)),
        DirectionKind::Tempo(Some(_)) if is_believed => (3, Change::To(index)),
        DirectionKind::ATempo if is_first_tempo(&direction.text) => (2, Change::Opening),
        DirectionKind::Tempo(None) if compares(&direction.text) => (1, Change::Compared(index)),
        DirectionKind::ATempo => (0, Change::Back),
        _ => return None,
    })
}

fn number(kind: DirectionKind) -> Option<f64> {
    match kind {
        DirectionKind::Metronome(tempo) | DirectionKind::Tempo(Some(tempo)) => Some(tempo),
        _ => None,
    }
}

fn compares(text: &str) -> bool {
    let text = text.to_lowercase();
    COMPARING.iter().any(|words| text.contains(words))
}

/// Whether a text asks for the tempo of the beginning.
fn is_first_tempo(text: &str) -> bool {
    let text = text.to_lowercase();
    ["tempo i", "tempo 1", "primo"].iter().any(|words| text.contains(words)) && !text.contains("in tempo")
}
