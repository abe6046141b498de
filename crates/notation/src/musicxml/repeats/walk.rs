//! The walk over the pieces of a score.

use super::cuts::Cuts;
use super::route::{Route, Run};
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
    Ok(Route { runs, unused: walk.unused() })
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

/// Which signs of a cut have been followed.
#[derive(Clone, Copy, Default)]
struct Used {
    segno: bool,
    coda: bool,
    to_coda: bool,
    fine: bool,
    /// D.C. and D.S.
    jumps: [bool; 2],
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

    /// The first pass through endings; without repeats it is the last.
    fn first_pass(&self, endings: usize) -> usize {
        let endings = &self.map.endings[endings];
        if self.repeats(endings.after_jump) { 0 } else { endings.passes.len().saturating_sub(1) }
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
            let endings = &self.map.endings[k];
            if self.pass[k] + 1 < endings.passes.len() {
                self.pass[k] += 1;
                return Some(self.map.index(endings.passage_start));
            }
            self.pass[k] = self.first_pass(k);
            next = endings.brackets.last().map_or(cut, |(_, to)| self.map.index(*to));
        } else if let Some((from, times, after_jump)) = self.map.cuts[cut].repeat
            && self.repeats(after_jump)
        {
            self.played[cut] += 1;
            if self.played[cut] < times {
                return Some(self.map.index(from));
            }
            self.played[cut] = 0;
        }
        self.follow_signs(cut).unwrap_or_else(|| (next + 1 < self.map.times.len()).then_some(next))
    }

    /// Where the signs at a cut send the player: `Some(None)` is the end of the piece.
    fn follow_signs(&mut self, cut: usize) -> Option<Option<usize>> {
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
        if matches!(until, Some(Until::Any | Until::Fine)) && signs.fine.is_some() {
            self.used[cut].fine = true;
            return Some(None);
        }
        if until == Some(Until::Segno) && signs.segno.is_some() {
            self.used[cut].segno = true;
            return Some(None);
        }
        let untaken = |(jump, _): &&(Jump, usize)| !self.used[cut].jumps[usize::from(jump.to_segno)];
        let (jump, _) = *signs.jumps.iter().find(untaken)?;
        self.used[cut].jumps[usize::from(jump.to_segno)] = true;
        Some(Some(self.take(jump, cut)))
    }

    /// The coda after a cut, else the last one.
    fn coda_from(&self, cut: usize) -> Option<usize> {
        let is_coda = |k: &usize| self.map.cuts[*k].coda.is_some();
        let count = self.map.cuts.len();
        (cut + 1..count).find(is_coda).or_else(|| (0..count).rev().find(is_coda))
    }

    /// Goes where a jump leads.
    fn take(&mut self, jump: Jump, cut: usize) -> usize {
        self.jump = Some(jump);
        self.jumps += 1;
        self.played.fill(0);
        for k in 0..self.pass.len() {
            self.pass[k] = self.first_pass(k);
        }
        let segno = self.map.cuts[..cut].iter().rposition(|c| c.segno.is_some());
        match segno.filter(|_| jump.to_segno) {
            Some(segno) => {
                self.used[segno].segno = true;
                segno
            }
            None => 0,
        }
    }

    /// Signs that were not followed, and why.
    fn unused(&self) -> Vec<(usize, &'static str)> {
        let mut unused = Vec::new();
        let last = self.map.cuts.len().saturating_sub(1);
        let (has_coda, has_jump) = (self.coda_from(0).is_some(), self.jumps > 0);
        let led_to_segno = self.map.cuts.iter().any(|c| c.segno.is_some());
        for (k, (cut, used)) in self.map.cuts.iter().zip(&self.used).enumerate() {
            let mut add = |sign: Option<usize>, why| unused.extend(sign.map(|sign| (sign, why)));
            for (jump, sign) in &cut.jumps {
                if !used.jumps[usize::from(jump.to_segno)] {
                    add(Some(*sign), "playing never comes to this D.C. or D.S.");
                } else if jump.to_segno && !led_to_segno {
                    add(Some(*sign), "there is no segno for this D.S.; it goes back to the beginning");
                }
            }
            if !used.segno {
                add(cut.segno, "no D.S. goes back to this segno");
            }
            if !used.coda && !cut.coda_is_word {
                add(cut.coda, "nothing leads to this coda sign");
            }
            if !used.to_coda {
                let without_coda =
                    if has_coda { "this To Coda is not taken" } else { "this To Coda has no coda" };
                add(
                    cut.to_coda,
                    if has_jump { without_coda } else { "no D.C. or D.S. leads to this To Coda" },
                );
            }
            // At the very end a Fine says what is so anyway.
            if !used.fine && k != last && cut.to_coda != cut.fine {
                add(cut.fine, "playing does not end at this Fine");
            }
        }
        unused
    }
}
