//! The written score cut at its signs.

use std::collections::BTreeMap;

use super::endings::{Endings, group};
use super::passages::{brackets, complete, passages};
use super::positions::PlacedSign;
use crate::musicxml::written::{Jump, Sign, SignName, Until};
use crate::time::Quarters;

/// The signs at one point, each as an index into those of the written score.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// The start of the repeated passage that ends here, how often it is played, and whether it is
    /// repeated after a jump too.
    pub repeat: Option<(Quarters, u8, bool)>,
    pub segno: Option<usize>,
    pub segno_name: SignName,
    pub coda: Option<usize>,
    pub coda_name: SignName,
    /// Whether the coda is a word alone, which need not mean a jump.
    pub coda_is_word: bool,
    pub to_coda: Option<usize>,
    /// The coda that the To Coda leads to.
    pub to_coda_name: SignName,
    pub fine: Option<usize>,
    pub jumps: Vec<(Jump, usize)>,
}

/// A written score as cuts and endings.
pub(super) struct Cuts {
    pub times: Vec<Quarters>,
    pub cuts: Vec<Cut>,
    pub endings: Vec<Endings>,
    /// For each cut the endings that start there, and those with a bracket that ends there.
    pub endings_from: Vec<Option<usize>>,
    pub endings_to: Vec<Option<usize>>,
}

impl Cuts {
    /// Cuts a score of the given length.
    pub fn new(signs: &[PlacedSign<'_>], end: Quarters) -> Self {
        let signs = with_fines(in_order(signs, end), end);
        let brackets = brackets(&signs, end);
        let signs = complete(signs, &brackets);
        let passages = passages(&signs, &brackets, end);
        let mut cuts: BTreeMap<Quarters, Cut> = BTreeMap::new();
        cuts.entry(Quarters::ZERO).or_default();
        cuts.entry(end).or_default();
        for placed in &signs {
            cuts.entry(placed.at).or_default().add(placed);
        }
        for bracket in &brackets {
            cuts.entry(bracket.from).or_default();
            cuts.entry(bracket.to).or_default();
        }
        for passage in &passages {
            cuts.entry(passage.from).or_default();
            cuts.entry(passage.to).or_default().repeat =
                Some((passage.from, passage.times, passage.after_jump));
        }
        let endings = group(brackets, &passages);
        let (times, mut cuts): (Vec<_>, Vec<_>) = cuts.into_iter().unzip();
        settle_codas(&mut cuts);
        settle_jumps(&mut cuts);
        let none = vec![None; times.len()];
        let mut map = Self { times, cuts, endings, endings_from: none.clone(), endings_to: none };
        map.index_endings();
        map
    }

    fn index_endings(&mut self) {
        for k in 0..self.endings.len() {
            for (place, (from, to)) in self.endings[k].brackets.clone().into_iter().enumerate() {
                let (from, to) = (self.index(from), self.index(to));
                if place == 0 {
                    self.endings_from[from] = Some(k);
                }
                self.endings_to[to] = Some(k);
            }
        }
    }

    /// Whether there is any D.C. or D.S.
    pub fn has_jumps(&self) -> bool {
        self.cuts.iter().any(|cut| !cut.jumps.is_empty())
    }

    /// The cut at a time.
    pub fn index(&self, at: Quarters) -> usize {
        self.times.partition_point(|t| *t < at).min(self.times.len().saturating_sub(1))
    }
}

impl Cut {
    fn add(&mut self, placed: &PlacedSign<'_>) {
        let index = placed.index;
        match placed.sign {
            Sign::Segno { name } => {
                self.segno = self.segno.or(Some(index));
                self.segno_name = self.segno_name.or(*name);
            }
            Sign::Coda { is_word, name } => {
                self.coda_name = self.coda_name.or(*name);
                self.coda_is_word = *is_word && (self.coda.is_none() || self.coda_is_word);
                self.coda = self.coda.or(Some(index));
            }
            Sign::ToCoda { name } => {
                self.to_coda = self.to_coda.or(Some(index));
                self.to_coda_name = self.to_coda_name.or(*name);
            }
            Sign::Fine => self.fine = self.fine.or(Some(index)),
            Sign::Jump(jump) if self.jumps.iter().all(|(known, _)| known.to_segno != jump.to_segno) => {
                self.jumps.push((*jump, index));
            }
            // Another part may say the same in fewer words.
            Sign::Jump(jump) => {
                for (known, _) in self.jumps.iter_mut().filter(|(known, _)| known.to_segno == jump.to_segno) {
                    if known.until == Until::Any {
                        known.until = jump.until;
                    }
                    known.with_repeats &= jump.with_repeats;
                    known.segno = known.segno.or(jump.segno);
                }
            }
            _ => {}
        }
    }
}

/// The signs up to the end, by time; at one bar line what ends comes before what starts, and what
/// several parts say is there once.
fn in_order<'s>(signs: &[PlacedSign<'s>], end: Quarters) -> Vec<PlacedSign<'s>> {
    let starts = |sign: &Sign| matches!(sign, Sign::RepeatStart | Sign::EndingStart(_));
    let mut sorted: Vec<PlacedSign<'s>> = signs.iter().filter(|s| s.at <= end).copied().collect();
    sorted.sort_by_key(|s| (s.at, starts(s.sign)));
    let mut ordered: Vec<PlacedSign<'s>> = Vec::with_capacity(sorted.len());
    for placed in sorted {
        let here = ordered.iter().rev().take_while(|s| s.at == placed.at);
        if here.clone().all(|s| s.sign != placed.sign) {
            ordered.push(placed);
        }
    }
    ordered
}

/// Where music goes back and nothing says where it ends then, it ends at a fermata on a bar line before: so
/// minuets are written that have a trio.
fn with_fines(mut signs: Vec<PlacedSign<'_>>, end: Quarters) -> Vec<PlacedSign<'_>> {
    static FINE: Sign = Sign::Fine;
    let goes_on = |sign: &Sign| matches!(sign, Sign::Fine | Sign::Coda { .. } | Sign::ToCoda { .. });
    let is_told = signs.iter().any(|placed| goes_on(placed.sign));
    let jump = signs.iter().find(|placed| matches!(placed.sign, Sign::Jump(_))).map(|placed| placed.at);
    let held = |placed: &PlacedSign<'_>| {
        *placed.sign == Sign::Hold && placed.at < end && jump.is_some_and(|jump| placed.at < jump)
    };
    let hold = signs.iter().rposition(held).filter(|_| !is_told);
    if let Some(hold) = hold {
        signs[hold].sign = &FINE;
    }
    signs
}

/// A coda sign is drawn alike where one leaves and where one arrives: without any "to coda", all
/// but the last are where one leaves.
fn settle_codas(cuts: &mut [Cut]) {
    if cuts.iter().any(|c| c.to_coda.is_some()) {
        return;
    }
    let Some(last) = cuts.iter().rposition(|c| c.coda.is_some()) else { return };
    for cut in &mut cuts[..last] {
        (cut.to_coda, cut.to_coda_name) = (cut.coda.take(), cut.coda_name.take());
    }
}

/// A jump ends at what there is to end at. *Al Fine e poi la Coda* leaves for the coda at the Fine.
fn settle_jumps(cuts: &mut [Cut]) {
    let has_coda = cuts.iter().any(|c| c.coda.is_some());
    let leaves = cuts.iter().any(|c| c.to_coda.is_some());
    let has_fine = cuts.iter().any(|c| c.fine.is_some());
    let has_segno = cuts.iter().any(|c| c.segno.is_some());
    let to_coda = |(jump, _): &(Jump, usize)| jump.until == Until::Coda;
    if has_coda && !leaves && has_fine && cuts.iter().flat_map(|c| &c.jumps).any(to_coda) {
        cuts.iter_mut().for_each(|cut| cut.to_coda = cut.fine);
    }
    // So does *D.C. al Segno e poi la Coda* at the segno.
    let goes_to_segno = cuts.iter().flat_map(|c| &c.jumps).any(|(jump, _)| jump.to_segno);
    if has_coda && !leaves && !has_fine && has_segno && !goes_to_segno {
        cuts.iter_mut().filter(|cut| cut.coda.is_none()).for_each(|cut| cut.to_coda = cut.segno);
    }
    let leaves = has_coda && cuts.iter().any(|c| c.to_coda.is_some());
    for (jump, _) in cuts.iter_mut().flat_map(|c| &mut c.jumps) {
        let is_there = match jump.until {
            Until::Any => true,
            Until::Fine => has_fine,
            Until::Coda => leaves,
            Until::Segno => has_segno,
        };
        if !is_there {
            jump.until = Until::Any;
        }
    }
}
