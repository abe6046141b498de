//! Slurs over the edges of measures whose notes were replaced.
//!
//! A slur is known by its first and its last note and covers the notes of its voice between them. Where one of
//! the two is gone, what is left of the slur ends at the bar line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::marks::Marks;
use crate::score::Note;
use crate::time::Quarters;

const ALL: Marks = Marks::SLUR_START.union(Marks::SLUR_STOP).union(Marks::SLURRED);

/// The voices, by part, that have other notes in some measures, and whether slurs may have led into these and
/// out of them.
pub(super) struct Edges(BTreeMap<(u16, u8), (bool, bool)>);

impl Edges {
    /// Those of some voices whose notes in the measures were `old`.
    pub(super) fn of(old: &[Note], voices: &BTreeSet<(u16, u8)>) -> Self {
        let edges = |voice: &(u16, u8)| {
            let own = || old.iter().filter(|n| (n.part, n.voice) == *voice);
            let is_slurred = |n: Option<&Note>| n.is_none_or(|n| n.marks.contains(Marks::SLURRED));
            let (first, last) = (own().min_by_key(|n| key(n)), own().max_by_key(|n| key(n)));
            (*voice, (is_slurred(first), is_slurred(last)))
        };
        Self(voices.iter().map(edges).collect())
    }
}

/// What notes of a voice are in order by: their onset, and whether they are main notes.
fn key(note: &Note) -> (Quarters, bool) {
    (note.onset, note.grace.is_none())
}

/// Ends the slurs of voices that have other notes in some measures at the edges of these. `notes` are all
/// notes of the score, in order.
pub(super) fn settle(notes: &mut [Note], bars: &Range<usize>, edges: &Edges) {
    for ((part, voice), (leads_in, leads_out)) in &edges.0 {
        let mut order: Vec<usize> =
            (0..notes.len()).filter(|n| (notes[*n].part, notes[*n].voice) == (*part, *voice)).collect();
        order.sort_by_key(|n| key(&notes[*n]));
        let first = order.partition_point(|n| (notes[*n].measure as usize) < bars.start);
        let last = order.partition_point(|n| (notes[*n].measure as usize) < bars.end);
        if *leads_in {
            end_before(notes, &order[..first]);
        }
        close_inside(notes, &order[first..last]);
        if *leads_out {
            begin_after(notes, &order[last..]);
        }
    }
}

/// Slurs that are open at a place, and ends before it that have no start.
#[derive(Default)]
struct Open {
    starts: usize,
    stops: usize,
}

impl Open {
    fn of(notes: &[Note], order: &[usize]) -> Self {
        let mut open = Self::default();
        order.iter().for_each(|n| open.pass(notes[*n].marks));
        open
    }

    fn pass(&mut self, marks: Marks) {
        if marks.contains(Marks::SLUR_STOP) {
            match self.starts.checked_sub(1) {
                Some(left) => self.starts = left,
                None => self.stops += 1,
            }
        }
        self.starts += usize::from(marks.contains(Marks::SLUR_START));
    }
}

/// Slurs that were to go on end with the last notes before the bar line; those that begin there are none.
fn end_before(notes: &mut [Note], before: &[usize]) {
    let covered = before.iter().rev().take_while(|n| notes[**n].marks.contains(Marks::SLURRED)).count();
    let run = &before[before.len() - covered..];
    let mut open = Open::of(notes, run).starts;
    let Some(last) = run.last().copied().filter(|_| open > 0) else { return };
    let group = run.partition_point(|n| key(&notes[*n]) < key(&notes[last]));
    let group = &run[group..];
    open -= remove(notes, group, Marks::SLUR_START, open);
    if open > 0 {
        notes[last].marks |= Marks::SLUR_STOP;
    } else {
        uncover(notes, group, Marks::SLUR_STOP);
    }
}

/// Slurs that came from before begin with the first notes after the bar line; those that end there are none.
fn begin_after(notes: &mut [Note], after: &[usize]) {
    let covered = after.iter().take_while(|n| notes[**n].marks.contains(Marks::SLURRED)).count();
    let run = &after[..covered];
    let mut open = Open::of(notes, run).stops;
    let Some(first) = run.first().copied().filter(|_| open > 0) else { return };
    let group = run.partition_point(|n| key(&notes[*n]) <= key(&notes[first]));
    let group = &run[..group];
    open -= remove(notes, group, Marks::SLUR_STOP, open);
    if open > 0 {
        notes[first].marks |= Marks::SLUR_START;
    } else {
        uncover(notes, group, Marks::SLUR_START);
    }
}

/// Takes a mark away from so many notes at most; from how many.
fn remove(notes: &mut [Note], group: &[usize], mark: Marks, most: usize) -> usize {
    let mut removed = 0;
    for n in group {
        if removed < most && notes[*n].marks.contains(mark) {
            notes[*n].marks.remove(mark);
            removed += 1;
        }
    }
    removed
}

/// Notes that no slur reaches any more are under none.
fn uncover(notes: &mut [Note], group: &[usize], other_end: Marks) {
    if group.iter().all(|n| !notes[*n].marks.contains(other_end)) {
        group.iter().for_each(|n| notes[*n].marks.remove(Marks::SLURRED));
    }
}

/// Inside only slurs with both ends stay.
fn close_inside(notes: &mut [Note], inside: &[usize]) {
    let open = Open::of(notes, inside);
    if open.starts + open.stops > 0 {
        inside.iter().for_each(|n| notes[*n].marks.remove(ALL));
        return;
    }
    let mut open = Open::default();
    // Notes at one onset are under the same slurs.
    let mut rest = inside;
    while let Some(first) = rest.first().copied() {
        let end = rest.partition_point(|n| key(&notes[*n]) <= key(&notes[first]));
        let (group, later) = rest.split_at(end);
        rest = later;
        let was_open = open.starts > 0;
        group.iter().for_each(|n| open.pass(notes[*n].marks));
        let is_end = group.iter().any(|n| notes[*n].marks.intersects(Marks::SLUR_START | Marks::SLUR_STOP));
        if !was_open && !is_end {
            group.iter().for_each(|n| notes[*n].marks.remove(Marks::SLURRED));
        }
    }
}
