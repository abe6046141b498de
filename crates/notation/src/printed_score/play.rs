//! Plays the signs of a page: the proof of what was deduced.

use std::collections::HashMap;

use super::sign::{Al, Sign, SignKind};

/// What the signs of a page ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Played {
    /// The measures of the page in the order of play.
    pub order: Vec<usize>,
    /// The first of them that is played after a D.C. or D.S.
    pub after_jump: Option<usize>,
}

/// Plays a page of so many measures, whose signs are in the order of the page; nothing if it takes more
/// than `most` measures.
pub(super) fn play(count: usize, signs: &[Sign], most: usize) -> Option<Played> {
    let mut progress = Progress { signs, pass: 1, taken: HashMap::new(), jump: None, is_in_coda: false };
    let mut played = Played { order: Vec::new(), after_jump: None };
    let mut next = Some((0, false));
    while let Some((page, is_back)) = next {
        let page = progress.enter(page, is_back);
        if page >= count {
            break;
        }
        if played.order.len() >= most {
            return None;
        }
        played.order.push(page);
        let has_jumped = progress.jump.is_some();
        next = progress.leave(page);
        if !has_jumped && progress.jump.is_some() {
            played.after_jump = Some(played.order.len());
        }
    }
    Some(played)
}

struct Progress<'s> {
    signs: &'s [Sign],
    /// Pass through the passage that is being played, from 1.
    pass: u8,
    /// How often each repeat has been taken, by the measure at its end.
    taken: HashMap<usize, u8>,
    /// The D.C. or D.S. that was taken: where playing ends then, and whether repeats are played.
    jump: Option<(Option<Al>, bool)>,
    is_in_coda: bool,
}

impl<'s> Progress<'s> {
    /// The signs of some measures.
    fn signs_of(&self, from: usize, to: usize) -> &'s [Sign] {
        let first = self.signs.partition_point(|sign| (sign.measure as usize) < from);
        let end = self.signs.partition_point(|sign| (sign.measure as usize) <= to);
        &self.signs[first..end.max(first)]
    }

    fn plays_repeats(&self) -> bool {
        self.jump.is_none_or(|(_, with_repeats)| with_repeats)
    }

    /// The measure that is played when playing comes to one, by a repeat or otherwise: endings of other
    /// passes are passed over.
    fn enter(&mut self, mut page: usize, is_back: bool) -> usize {
        loop {
            let mut skipped = None;
            for sign in self.signs_of(page, page) {
                match &sign.kind {
                    SignKind::RepeatStart if !is_back => self.pass = 1,
                    SignKind::EndingStart { numbers } => {
                        let end = self.end_of_ending(page);
                        let is_taken = if self.plays_repeats() {
                            numbers.contains(&self.pass)
                        } else {
                            !self.has_repeat(page, end)
                        };
                        skipped = (!is_taken).then_some(end + 1);
                    }
                    _ => {}
                }
            }
            match skipped {
                Some(after) => page = after,
                None => return page,
            }
        }
    }

    fn end_of_ending(&self, page: usize) -> usize {
        let is_end = |sign: &&Sign| matches!(sign.kind, SignKind::EndingEnd { .. });
        let end = self.signs_of(page, usize::MAX).iter().find(is_end);
        end.map_or(page, |sign| sign.measure as usize)
    }

    fn has_repeat(&self, from: usize, to: usize) -> bool {
        self.signs_of(from, to).iter().any(|sign| matches!(sign.kind, SignKind::RepeatEnd { .. }))
    }

    /// The measure that comes after one, and whether a repeat leads there; nothing at the end.
    fn leave(&mut self, page: usize) -> Option<(usize, bool)> {
        let mut next = Some((page + 1, false));
        for sign in self.signs_of(page, page) {
            match sign.kind {
                SignKind::RepeatEnd { times } if self.plays_repeats() => {
                    let taken = self.taken.entry(page).or_default();
                    if *taken + 1 < times {
                        *taken += 1;
                        self.pass = self.pass.saturating_add(1);
                        return Some((self.start_of_repeat(page), true));
                    }
                    *taken = 0;
                    self.pass = 1;
                }
                SignKind::ToCoda if self.leaves_at(Al::Coda) && !self.is_in_coda => {
                    self.is_in_coda = true;
                    self.pass = 1;
                    next = self.find(|kind| *kind == SignKind::Coda).map(|coda| (coda, false));
                }
                SignKind::Fine if self.leaves_at(Al::Fine) => return None,
                SignKind::DaCapo { al, with_repeats } if self.jump.is_none() => {
                    self.jump(al, with_repeats);
                    next = Some((0, false));
                }
                SignKind::DalSegno { al, with_repeats } if self.jump.is_none() => {
                    self.jump(al, with_repeats);
                    next = self.find(|kind| *kind == SignKind::Segno).map(|segno| (segno, false));
                }
                _ => {}
            }
        }
        next
    }

    fn jump(&mut self, al: Option<Al>, with_repeats: bool) {
        self.jump = Some((al, with_repeats));
        self.taken.clear();
        self.pass = 1;
    }

    fn leaves_at(&self, sign: Al) -> bool {
        self.jump.is_some_and(|(al, _)| al == Some(sign))
    }

    fn start_of_repeat(&self, page: usize) -> usize {
        let mut signs = self.signs_of(0, page).iter().rev();
        let start = signs.find(|sign| sign.kind == SignKind::RepeatStart);
        start.map_or(0, |sign| sign.measure as usize)
    }

    fn find(&self, is_it: impl Fn(&SignKind) -> bool) -> Option<usize> {
        self.signs.iter().find(|sign| is_it(&sign.kind)).map(|sign| sign.measure as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(list: Vec<(u32, SignKind)>) -> Vec<Sign> {
        list.into_iter().map(|(measure, kind)| Sign { measure, kind }).collect()
    }

    fn order(count: usize, list: Vec<(u32, SignKind)>) -> Vec<usize> {
        play(count, &signs(list), 100).map_or_else(Vec::new, |played| played.order)
    }

    #[test]
    fn repeats_and_endings() {
        let end = |times| SignKind::RepeatEnd { times };
        assert_eq!(order(3, vec![(1, end(2))]), [0, 1, 0, 1, 2]);
        assert_eq!(order(3, vec![(1, SignKind::RepeatStart), (1, end(3))]), [0, 1, 1, 1, 2]);
        let ending = |numbers: &[u8]| SignKind::EndingStart { numbers: numbers.to_vec() };
        let stop = |is_open| SignKind::EndingEnd { is_open };
        let endings = vec![
            (1, ending(&[1, 2])),
            (1, stop(false)),
            (1, end(3)),
            (2, ending(&[3])),
            (2, stop(true)),
            (3, SignKind::RepeatStart),
            (3, end(2)),
        ];
        assert_eq!(order(4, endings), [0, 1, 0, 1, 0, 2, 3, 3]);
        assert_eq!(play(2, &signs(vec![(1, end(9))]), 10), None, "more than is asked for");
    }

    #[test]
    fn jumps() {
        let end = SignKind::RepeatEnd { times: 2 };
        let da_capo = |with_repeats| SignKind::DaCapo { al: Some(Al::Fine), with_repeats };
        let minuet = |with_repeats| {
            vec![
                (0, end.clone()),
                (0, SignKind::Fine),
                (1, SignKind::RepeatStart),
                (1, end.clone()),
                (1, da_capo(with_repeats)),
            ]
        };
        assert_eq!(order(2, minuet(false)), [0, 0, 1, 1, 0]);
        assert_eq!(order(2, minuet(true)), [0, 0, 1, 1, 0, 0]);
        let coda = vec![
            (1, SignKind::Segno),
            (1, SignKind::ToCoda),
            (2, SignKind::DalSegno { al: Some(Al::Coda), with_repeats: true }),
            (3, SignKind::Coda),
        ];
        let played = play(4, &signs(coda), 100);
        assert_eq!(played, Some(Played { order: vec![0, 1, 2, 1, 3], after_jump: Some(3) }));
    }
}
