//! The walk over the pieces of a score.

use super::cuts::{Cut, Cuts};
use super::endings::Endings;
use super::route::{Route, Run};
use super::unused::{Used, unused};
use crate::error::ImportError;
use crate::musicxml::written::{Jump, Until};

/// Walks from the beginning to the end, in at most so many pieces.
pub(super) fn walk(map: &Cuts, most_pieces: usize) -> Result<Route, ImportError> {
    let mut walk = Walk::new(map);
    let mut runs: Vec<Run> = Vec::new();
    let mut at = Some(0);
    let mut after_jump = false;
    for pieces in 0.. {
        let Some(piece) = at.and_then(|piece| walk.choose_ending(piece)) else { break };
        if pieces >= most_pieces {
            return Err(ImportError::too_large("repeated passages", most_pieces as u64));
        }
        let (from, to) = (map.times[piece], map.times[piece + 1]);
        match runs.last_mut() {
            Some(last) if last.to == from && !after_jump => last.to = to,
            _ => runs.push(Run { from, to, after_jump }),
        }
        let jumps = walk.jumps;
        at = walk.after(piece);
        after_jump = walk.jumps != jumps;
    }
    Ok(Route { runs, unused: unused(map, &walk.used) })
}

/// The state of the walk.
struct Walk<'m> {
    map: &'m Cuts,
    /// Pass through each group of endings, from 0.
    pass: Vec<usize>,
    /// How often each repeat was played, by the cut at its end.
    played: Vec<u8>,
    /// The jump that is in force: only after one do Fine and To Coda count.
    jump: Option<Jump>,
    /// D.C. and D.S. taken so far.
    jumps: usize,
    used: Vec<Used>,
}

impl<'m> Walk<'m> {
    fn new(map: &'m Cuts) -> Self {
        Self {
            map,
            pass: vec![0; map.endings.len()],
            played: vec![0; map.cuts.len()],
            jump: None,
            jumps: 0,
            used: vec![Used::default(); map.cuts.len()],
        }
    }

    /// Whether a passage is repeated, by whether it is repeated after a jump.
    fn repeats(&self, after_jump: bool) -> bool {
        self.jump.is_none_or(|jump| jump.with_repeats && after_jump)
    }

    /// The first pass through endings. Without repeats it is the one whose ending the music ends in or
    /// leaves from, else the last.
    fn first_pass(&self, endings: usize) -> usize {
        let endings = &self.map.endings[endings];
        if self.repeats(endings.after_jump) {
            return 0;
        }
        let leaves = |bracket: &Option<usize>| {
            let bracket = bracket.and_then(|bracket| endings.brackets.get(bracket));
            let cuts = bracket.map(|(from, to)| self.map.index(*from) + 1..=self.map.index(*to));
            let cuts = cuts.and_then(|cuts| self.map.cuts.get(cuts)).unwrap_or_default();
            cuts.iter().any(|cut| self.is_left(cut))
        };
        endings.passes.iter().position(leaves).unwrap_or(endings.passes.len().saturating_sub(1))
    }

    /// Whether the music ends at a cut, or goes from there to the coda, after the jump that is in force.
    fn is_left(&self, cut: &Cut) -> bool {
        self.jump.is_some_and(|jump| {
            let ends = cut.fine.is_some() && matches!(jump.until, Until::Any | Until::Fine);
            ends || (cut.to_coda.is_some() && matches!(jump.until, Until::Any | Until::Coda))
        })
    }

    /// Moves from the start of a group of endings to the one for this pass. Nothing at the end.
    fn choose_ending(&self, mut piece: usize) -> Option<usize> {
        if let Some(k) = self.map.endings_from.get(piece).copied().flatten() {
            let endings = &self.map.endings[k];
            piece = match endings.passes.get(self.pass[k]) {
                Some(Some(bracket)) => self.map.index(endings.brackets[*bracket].0),
                Some(None) => endings.brackets.last().map_or(piece, |(_, to)| self.map.index(*to)),
                None => piece,
            };
        }
        (piece + 1 < self.map.times.len()).then_some(piece)
    }

    /// The piece after this one.
    fn after(&mut self, piece: usize) -> Option<usize> {
        let cut = piece + 1;
        let mut next = cut;
        if let Some(k) = self.map.endings_to[cut] {
            if self.goes_back(k) {
                return self.after_ending(k, cut);
            }
            self.pass[k] = self.first_pass(k);
            next = self.map.endings[k].brackets.last().map_or(cut, |(_, to)| self.map.index(*to));
        } else if let Some((from, times, after_jump)) = self.map.cuts[cut].repeat
            && self.repeats(after_jump)
        {
            self.played[cut] += 1;
            if self.played[cut] < times {
                return Some(self.map.index(from));
            }
            self.played[cut] = 0;
        }
        if let Some(end) = self.leave(cut) {
            return end;
        }
        if let Some(jump) = self.untaken(cut) {
            return Some(self.take(jump, cut));
        }
        (next + 1 < self.map.times.len()).then_some(next)
    }

    /// Whether another pass follows the one through these endings.
    fn goes_back(&self, endings: usize) -> bool {
        let Endings { passes, after_jump, .. } = &self.map.endings[endings];
        self.pass[endings] + 1 < passes.len() && self.repeats(*after_jump)
    }

    /// Where an ending leads that another pass follows: after a jump the music may end or leave for
    /// the coda there. A D.C. in place of a repeat sign, or with one that goes back as far, is how the
    /// next pass begins.
    fn after_ending(&mut self, endings: usize, cut: usize) -> Option<usize> {
        if let Some(end) = self.leave(cut) {
            return end;
        }
        let pass = self.pass[endings] + 1;
        let start = self.map.endings[endings].passage_start;
        let is_free = self.map.cuts[cut].repeat.is_none();
        let jump = self.untaken(cut).filter(|jump| is_free || (start.is_zero() && !jump.to_segno));
        let to = match jump {
            Some(jump) => self.take(jump, cut),
            None => self.map.index(start),
        };
        self.pass[endings] = pass;
        Some(to)
    }

    /// Where the signs at a cut send the player that end the music or leave it for the coda:
    /// `Some(None)` is the end of the piece.
    fn leave(&mut self, cut: usize) -> Option<Option<usize>> {
        let signs = &self.map.cuts[cut];
        let until = self.jump.map(|jump| jump.until);
        if matches!(until, Some(Until::Any | Until::Coda))
            && signs.to_coda.is_some()
            && !self.used[cut].to_coda
            && let Some(coda) = self.coda_from(cut)
        {
            self.used[cut].to_coda = true;
            self.used[coda].coda = true;
            // In the coda a Fine ends the piece.
            self.jump = self.jump.map(|jump| Jump { until: Until::Any, ..jump });
            return Some(Some(coda));
        }
        let ends_here = || matches!(until, Some(Until::Any | Until::Fine)) || self.ends_last_repeat(cut);
        if signs.fine.is_some() && ends_here() {
            self.used[cut].fine = true;
            return Some(None);
        }
        if until == Some(Until::Segno) && signs.segno.is_some() {
            self.used[cut].segno = true;
            return Some(None);
        }
        None
    }

    /// Whether a cut is within a repeat that ends the piece, in its last pass, and no jump leads to it:
    /// there the repeat takes the place of a D.C.
    fn ends_last_repeat(&self, cut: usize) -> bool {
        let last = self.map.cuts.len().saturating_sub(1);
        let Some((from, times, _)) = self.map.cuts.get(last).and_then(|cut| cut.repeat) else { return false };
        let is_within = cut < last && from < self.map.times[cut];
        is_within && self.played[last] + 1 == times && !self.map.has_jumps()
    }

    /// The first D.C. or D.S. at a cut that was not taken yet.
    fn untaken(&self, cut: usize) -> Option<Jump> {
        let taken = &self.used[cut].jumps;
        let mut jumps = self.map.cuts[cut].jumps.iter().map(|(jump, _)| *jump);
        jumps.find(|jump| !taken[usize::from(jump.to_segno)])
    }

    /// The coda of the name that the To Coda at a cut has; else the one after it, else the last one.
    fn coda_from(&self, cut: usize) -> Option<usize> {
        let cuts = &self.map.cuts;
        let is_coda = |k: &usize| cuts[*k].coda.is_some();
        let name = cuts.get(cut).and_then(|cut| cut.to_coda_name);
        let is_named = |k: &usize| is_coda(k) && name.is_some() && cuts[*k].coda_name == name;
        let (later, all) = (cut + 1..cuts.len(), 0..cuts.len());
        let named = later.clone().find(is_named).or_else(|| all.clone().find(is_named));
        named.or_else(|| later.clone().find(is_coda)).or_else(|| all.rev().find(is_coda))
    }

    /// Goes where a jump leads.
    fn take(&mut self, jump: Jump, cut: usize) -> usize {
        self.used[cut].jumps[usize::from(jump.to_segno)] = true;
        self.jump = Some(jump);
        self.jumps += 1;
        self.played.fill(0);
        for k in 0..self.pass.len() {
            self.pass[k] = self.first_pass(k);
        }
        match self.segno_from(jump, cut) {
            Some(segno) => {
                self.used[segno].segno = true;
                segno
            }
            None => 0,
        }
    }

    /// The segno of the name that a jump has, else the last one before it.
    fn segno_from(&self, jump: Jump, cut: usize) -> Option<usize> {
        if !jump.to_segno {
            return None;
        }
        let is_segno = |c: &Cut| c.segno.is_some();
        let is_named = |c: &Cut| is_segno(c) && jump.segno.is_some() && c.segno_name == jump.segno;
        let (before, all) = (&self.map.cuts[..cut], &self.map.cuts);
        let named = before.iter().rposition(is_named).or_else(|| all.iter().position(is_named));
        named.or_else(|| before.iter().rposition(is_segno))
    }
}
