//! The order in which the page is played.
//!
//! The page is cut at every sign into segments; a walk over the segments decides at each cut
//! where to go on. See the crate's documentation for the rules.

use std::collections::BTreeMap;

use super::page::Sign;
use crate::error::ImportError;
use crate::time::Quarters;

/// A stretch of the page that is played without a jump.
pub(super) type Run = (Quarters, Quarters);

/// The signs at one point of the page.
#[derive(Debug, Default)]
struct Cut {
    /// The start of the repeated passage, and how often it is played.
    repeat: Option<(Quarters, u8)>,
    segno: bool,
    coda: bool,
    to_coda: bool,
    da_capo: bool,
    dal_segno: bool,
    fine: bool,
}

/// First, second, … endings that follow each other.
#[derive(Debug)]
struct Endings {
    /// Start, end, and the passes in which it is played.
    brackets: Vec<(Quarters, Quarters, Vec<u8>)>,
    repeat_start: Quarters,
    passes: u8,
}

/// The maximal walk over a page of the given length: its stretches in playing order.
pub(super) fn unfold(
    signs: &[(Quarters, Sign)],
    end: Quarters,
    max_cuts: usize,
) -> Result<Vec<Run>, ImportError> {
    let map = Map::new(signs, end);
    let mut walk = Walk::new(&map);
    let mut runs: Vec<Run> = Vec::new();
    let mut steps = 0;
    let mut at = Some(0);
    while let Some(segment) = at {
        let Some(segment) = walk.choose_ending(segment) else { break };
        let (from, to) = (map.times[segment], map.times[segment + 1]);
        match runs.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => runs.push((from, to)),
        }
        steps += 1;
        if steps > max_cuts {
            return Err(ImportError::TooLarge { what: "repeated passages", limit: max_cuts as u64 });
        }
        at = walk.after(segment);
    }
    Ok(runs)
}

/// The page as cuts and endings.
struct Map {
    times: Vec<Quarters>,
    cuts: Vec<Cut>,
    endings: Vec<Endings>,
    /// For each cut the group of endings that starts there, and the one with a bracket that ends there.
    group_starts: Vec<Option<usize>>,
    group_ends: Vec<Option<usize>>,
}

impl Map {
    fn new(signs: &[(Quarters, Sign)], end: Quarters) -> Self {
        let mut signs: Vec<&(Quarters, Sign)> = signs.iter().filter(|(at, _)| *at <= end).collect();
        // At one bar line what ends comes before what starts.
        signs.sort_by_key(|(at, sign)| (*at, matches!(sign, Sign::RepeatStart | Sign::EndingStart(_))));
        signs.dedup();
        let brackets = brackets(&signs, end);
        let mut cuts: BTreeMap<Quarters, Cut> = BTreeMap::new();
        cuts.entry(Quarters::ZERO).or_default();
        cuts.entry(end).or_default();
        for (at, sign) in &signs {
            let cut = cuts.entry(*at).or_default();
            match sign {
                Sign::Segno => cut.segno = true,
                Sign::Coda => cut.coda = true,
                Sign::ToCoda => cut.to_coda = true,
                Sign::DaCapo => cut.da_capo = true,
                Sign::DalSegno => cut.dal_segno = true,
                Sign::Fine => cut.fine = true,
                _ => {}
            }
        }
        for (from, to, _) in &brackets {
            cuts.entry(*from).or_default();
            cuts.entry(*to).or_default();
        }
        for (from, to, times) in repeats(&signs, &brackets, end) {
            cuts.entry(from).or_default();
            cuts.entry(to).or_default().repeat = Some((from, times));
        }
        settle_codas(&mut cuts);
        let endings = group(brackets, &cuts);
        let (times, cuts): (Vec<_>, Vec<_>) = cuts.into_iter().unzip();
        let none = vec![None; times.len()];
        let mut map = Self { times, cuts, endings, group_starts: none.clone(), group_ends: none };
        map.index_endings();
        map
    }

    fn index_endings(&mut self) {
        for k in 0..self.endings.len() {
            let brackets =
                self.endings[k].brackets.iter().map(|(from, to, _)| (self.index(*from), self.index(*to)));
            let spans: Vec<(usize, usize)> = brackets.collect();
            for (place, (from, to)) in spans.into_iter().enumerate() {
                if place == 0 {
                    self.group_starts[from] = Some(k);
                }
                self.group_ends[to] = Some(k);
            }
        }
    }

    fn index(&self, at: Quarters) -> usize {
        self.times.partition_point(|t| *t < at).min(self.times.len().saturating_sub(1))
    }
}

/// Start, end and passes of each ending bracket; one without an end lasts to the next or the end.
fn brackets(signs: &[&(Quarters, Sign)], end: Quarters) -> Vec<(Quarters, Quarters, Vec<u8>)> {
    let mut brackets = Vec::new();
    let mut open: Option<(Quarters, Vec<u8>)> = None;
    for (at, sign) in signs {
        match sign {
            Sign::EndingStart(numbers) => {
                if let Some((from, open_numbers)) = open.replace((*at, numbers.clone())) {
                    brackets.push((from, *at, open_numbers));
                }
            }
            Sign::EndingStop => {
                if let Some((from, numbers)) = open.take() {
                    brackets.push((from, *at, numbers));
                }
            }
            _ => {}
        }
    }
    brackets.extend(open.map(|(from, numbers)| (from, end, numbers)));
    brackets.retain(|(from, to, _)| from < to);
    brackets
}

/// Start, end and number of times of each repeated passage. A start without an end lasts to the
/// next start; an end without a start goes back to the end of the passage before.
fn repeats(
    signs: &[&(Quarters, Sign)],
    brackets: &[(Quarters, Quarters, Vec<u8>)],
    end: Quarters,
) -> Vec<(Quarters, Quarters, u8)> {
    let mut repeats = Vec::new();
    let (mut open, mut implied) = (None, Quarters::ZERO);
    for (at, sign) in signs {
        match sign {
            Sign::RepeatStart => {
                if let Some(from) = open.replace(*at) {
                    repeats.push((from, *at, 2));
                }
            }
            Sign::RepeatEnd(times) => {
                let from = open.take().unwrap_or(implied);
                repeats.push((from, *at, *times));
                // A further ending belongs to the same passage.
                let goes_on = brackets.iter().any(|(from, _, _)| from == at);
                implied = if goes_on { from } else { *at };
            }
            _ => {}
        }
    }
    repeats.extend(open.map(|from| (from, end, 2)));
    repeats.retain(|(from, to, _)| from < to);
    repeats
}

/// A coda sign is drawn alike where one leaves and where one arrives: without any "to coda", all
/// but the last are where one leaves.
fn settle_codas(cuts: &mut BTreeMap<Quarters, Cut>) {
    if cuts.values().any(|c| c.to_coda) {
        return;
    }
    let Some(last) = cuts.iter().filter(|(_, c)| c.coda).map(|(at, _)| *at).next_back() else { return };
    for (at, cut) in cuts.iter_mut().filter(|(_, c)| c.coda) {
        cut.to_coda = *at != last;
        cut.coda = *at == last;
    }
}

/// Brackets that touch belong together.
fn group(brackets: Vec<(Quarters, Quarters, Vec<u8>)>, cuts: &BTreeMap<Quarters, Cut>) -> Vec<Endings> {
    let mut groups: Vec<Endings> = Vec::new();
    for bracket in brackets {
        let touches = groups.last().and_then(|g| g.brackets.last()).is_some_and(|last| last.1 == bracket.0);
        if !touches {
            groups.push(Endings { brackets: Vec::new(), repeat_start: Quarters::ZERO, passes: 1 });
        }
        if let Some(group) = groups.last_mut() {
            group.brackets.push(bracket);
        }
    }
    for group in &mut groups {
        let repeat = group.brackets.iter().find_map(|(_, to, _)| cuts.get(to)?.repeat);
        let highest = group.brackets.iter().flat_map(|(_, _, numbers)| numbers).max().copied().unwrap_or(1);
        group.repeat_start = repeat.map_or(Quarters::ZERO, |(from, _)| from);
        group.passes = match repeat {
            // A first ending alone: the second time goes past it.
            Some(_) if group.brackets.len() == 1 => highest.max(1) + 1,
            Some(_) => highest,
            None if group.brackets.len() == 1 => 1,
            None => highest,
        };
    }
    groups
}

/// The state of the walk.
struct Walk<'m> {
    map: &'m Map,
    /// Pass through each group of endings, from 1.
    pass: Vec<u8>,
    /// How often each repeat was played, by the cut at its end.
    played: Vec<u8>,
    /// Jumps taken, by cut.
    taken: Vec<bool>,
    /// Whether a D.C. or D.S. was taken: only then do Fine and To Coda count.
    jumped: bool,
}

impl<'m> Walk<'m> {
    fn new(map: &'m Map) -> Self {
        let cuts = map.cuts.len();
        Self {
            map,
            pass: vec![1; map.endings.len()],
            played: vec![0; cuts],
            taken: vec![false; cuts],
            jumped: false,
        }
    }

    /// Moves from the start of a group of endings to the one for this pass. Nothing at the end.
    fn choose_ending(&self, mut segment: usize) -> Option<usize> {
        if let Some(k) = self.map.group_starts.get(segment).copied().flatten() {
            let (group, pass) = (&self.map.endings[k], self.pass[k]);
            let chosen = group.brackets.iter().find(|(_, _, numbers)| numbers.contains(&pass));
            segment = match (chosen, group.brackets.last()) {
                (Some((from, _, _)), _) => self.map.index(*from),
                (None, Some((_, to, _))) if pass > 1 => self.map.index(*to),
                _ => segment,
            };
        }
        (segment + 1 < self.map.times.len()).then_some(segment)
    }

    /// The segment after this one.
    fn after(&mut self, segment: usize) -> Option<usize> {
        let cut = segment + 1;
        let mut next = cut;
        if let Some(k) = self.map.group_ends[cut] {
            let group = &self.map.endings[k];
            if self.pass[k] < group.passes {
                self.pass[k] += 1;
                return Some(self.map.index(group.repeat_start));
            }
            self.pass[k] = 1;
            next = group.brackets.last().map_or(cut, |(_, to, _)| self.map.index(*to));
        } else if let Some((from, times)) = self.map.cuts[cut].repeat {
            self.played[cut] += 1;
            if self.played[cut] < times {
                return Some(self.map.index(from));
            }
            self.played[cut] = 0;
        }
        self.jump(cut).unwrap_or_else(|| (next + 1 < self.map.times.len()).then_some(next))
    }

    /// Where the words at a cut send the player: `Some(None)` is the end of the piece.
    fn jump(&mut self, cut: usize) -> Option<Option<usize>> {
        let signs = &self.map.cuts[cut];
        if self.jumped && signs.fine {
            return Some(None);
        }
        if self.jumped && signs.to_coda {
            let codas = || self.map.cuts.iter().enumerate().filter(|(_, c)| c.coda).map(|(k, _)| k);
            if let Some(coda) = codas().find(|k| *k > cut).or_else(|| codas().next_back())
                && !std::mem::replace(&mut self.taken[cut], true)
            {
                return Some(Some(coda));
            }
        }
        if (signs.da_capo || signs.dal_segno) && !self.taken[cut] {
            self.taken[cut] = true;
            self.jumped = true;
            self.pass.fill(1);
            self.played.fill(0);
            let segno = self.map.cuts[..cut].iter().rposition(|c| c.segno);
            return Some(Some(if signs.dal_segno { segno.unwrap_or(0) } else { 0 }));
        }
        None
    }
}
