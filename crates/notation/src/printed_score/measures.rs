//! The measures of the page, and the order in which they are played.

use std::collections::{BTreeMap, BTreeSet};

use crate::printed::PrintedMeasures;
use crate::score::Score;
use crate::time::Quarters;

/// A measure of the page: a whole written measure, or the part of one between two places at which
/// playing leaves or enters it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PageMeasure {
    /// Where it starts on the page, and where it ends.
    pub start: Quarters,
    pub end: Quarters,
    /// When it is played: indices into [`Order::playings`], rising, at least one.
    pub playings: Vec<usize>,
}

/// A measure of the page while it is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Playing {
    /// Index of the measure of the page.
    pub page: usize,
    /// Index of the played measure that it is in.
    pub measure: usize,
    /// From when to when, in the time of the played score.
    pub start: Quarters,
    pub end: Quarters,
}

/// The measures of the page, and all their playings in order, without gaps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub page: Vec<PageMeasure>,
    pub playings: Vec<Playing>,
    /// For each measure of the page whether playing does not always go straight on from it.
    seams: Vec<bool>,
}

impl Order {
    /// That of a played score; nothing without measures, or if one of them has no length.
    pub fn of(score: &Score) -> Option<Self> {
        let printed = PrintedMeasures::of(score);
        let mut stretches = Vec::with_capacity(score.measures.len());
        let mut cuts: BTreeMap<u32, BTreeSet<Quarters>> = BTreeMap::new();
        for (k, measure) in score.measures.iter().enumerate() {
            let from = printed.position(k, Quarters::ZERO)?.offset;
            let to = from + (measure.end - measure.start);
            if to <= from {
                return None;
            }
            cuts.entry(measure.written).or_default().extend([from, to]);
            stretches.push((measure.written, from, to));
        }
        let mut playings = Vec::with_capacity(stretches.len());
        let mut used: BTreeMap<(u32, Quarters), (Quarters, Vec<usize>)> = BTreeMap::new();
        for (measure, (written, from, to)) in stretches.into_iter().enumerate() {
            let points: Vec<Quarters> = cuts.get(&written)?.range(from..=to).copied().collect();
            for span in points.windows(2) {
                let shift = score.measures[measure].start - from;
                let playing = Playing { page: 0, measure, start: shift + span[0], end: shift + span[1] };
                let (_, at) = used.entry((written, span[0])).or_insert((span[1] - span[0], Vec::new()));
                at.push(playings.len());
                playings.push(playing);
            }
        }
        let mut order = Self { page: Vec::with_capacity(used.len()), playings, seams: Vec::new() };
        let mut start = Quarters::ZERO;
        for (page, (length, playings)) in used.into_values().enumerate() {
            playings.iter().for_each(|playing| order.playings[*playing].page = page);
            let end = start + length;
            order.page.push(PageMeasure { start, end, playings });
            start = end;
        }
        order.seams = order.seams();
        (!order.page.is_empty()).then_some(order)
    }

    /// Whether each measure of the page is played once, in the order of the page.
    pub fn is_straight(&self) -> bool {
        self.playings.iter().enumerate().all(|(k, playing)| playing.page == k)
    }

    /// The measures of the page in the order in which they are played.
    pub fn sequence(&self) -> Vec<usize> {
        self.playings.iter().map(|playing| playing.page).collect()
    }

    fn seams(&self) -> Vec<bool> {
        let mut seams = vec![false; self.page.len()];
        let mut mark = |page: Option<usize>| {
            if let Some(seam) = page.and_then(|page| seams.get_mut(page)) {
                *seam = true;
            }
        };
        for pair in self.playings.windows(2) {
            if pair[0].page + 1 != pair[1].page {
                mark(Some(pair[0].page));
                mark(pair[1].page.checked_sub(1));
            }
        }
        mark(self.playings.first().and_then(|first| first.page.checked_sub(1)));
        mark(self.playings.last().map(|last| last.page));
        seams
    }

    /// Whether notes are cut at the end of a playing: its neighbour on the page is not what is played
    /// next, every time.
    pub fn is_cut_after(&self, playing: usize) -> bool {
        self.playings.get(playing).is_none_or(|playing| self.seams[playing.page])
    }

    /// The playing that a point in played time is in: the last for the end of the score.
    pub fn playing_at(&self, at: Quarters) -> usize {
        self.playings.partition_point(|playing| playing.start <= at).saturating_sub(1)
    }

    /// For each playing the point in played time up to which the page is played straight on.
    pub fn ends_of_runs(&self) -> Vec<Quarters> {
        let mut ends: Vec<Quarters> = self.playings.iter().map(|playing| playing.end).collect();
        for k in (1..self.playings.len()).rev() {
            if self.playings[k - 1].page + 1 == self.playings[k].page {
                ends[k - 1] = ends[k];
            }
        }
        ends
    }

    /// For each playing which pass it is through its measure, from 1, counted anew from a playing on.
    pub fn passes(&self, anew: Option<usize>) -> Vec<u32> {
        let mut counts = vec![0_u32; self.page.len()];
        let pass = |(k, playing): (usize, &Playing)| {
            if anew == Some(k) {
                counts.fill(0);
            }
            counts[playing.page] += 1;
            counts[playing.page]
        };
        self.playings.iter().enumerate().map(pass).collect()
    }
}
