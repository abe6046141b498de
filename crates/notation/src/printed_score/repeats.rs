//! Repeat signs and endings, deduced from an order of measures.

use super::sign::{Sign, SignKind};

/// No passage is played more often.
const MOST_PASSES: usize = 16;

/// The end of a pass through a passage.
#[derive(Clone, Copy, Debug)]
struct Pass {
    /// Where its ending starts, if it goes past other endings.
    ending: Option<usize>,
    /// The last measure before playing goes on elsewhere, as an index into the order and on the page.
    last: usize,
    to: usize,
    /// Whether it goes back to the start of the passage.
    goes_back: bool,
}

/// An ending: its first and last measure, and the passes that take it.
#[derive(Clone, Debug)]
struct Ending {
    from: usize,
    to: usize,
    numbers: Vec<u8>,
}

/// The signs for an order that has no D.C. or D.S., in which no ending is longer than `longest`; nothing
/// if there are none for it.
pub(super) fn signs(order: &[usize], longest: usize) -> Option<Vec<Sign>> {
    let mut found = Found { order, longest, signs: Vec::new(), last_ending: None };
    let mut at = 0;
    let mut floor = *order.first()?;
    while let Some(last) = found.end_of_run(at) {
        let Some(next) = order.get(last + 1) else { break };
        if *next < floor || *next > order[last] {
            return None;
        }
        (at, floor) = found.passage(last, *next)?;
    }
    found.close_last_ending(usize::MAX)?;
    Some(found.signs)
}

struct Found<'o> {
    order: &'o [usize],
    longest: usize,
    signs: Vec<Sign>,
    /// The ending that was taken last, which nothing but what follows it ends, and how many there are before.
    last_ending: Option<(Ending, usize)>,
}

impl Found<'_> {
    /// The last index up to which the page is played straight on; nothing behind the end.
    fn end_of_run(&self, at: usize) -> Option<usize> {
        let run = self.order.get(at..)?;
        let breaks = run.windows(2).position(|pair| pair[0] + 1 != pair[1]);
        Some(at + breaks.unwrap_or(run.len().checked_sub(1)?))
    }

    /// The signs of a passage that starts at a measure, whose first pass ends at an index of the order.
    /// Says where to go on: the index from which on the order is not explained, and the first measure
    /// that another passage may start at.
    fn passage(&mut self, first_end: usize, start: usize) -> Option<(usize, usize)> {
        let mut passes =
            vec![Pass { ending: None, last: first_end, to: self.order[first_end], goes_back: true }];
        while let Some(last) = passes.last().filter(|pass| pass.goes_back) {
            let next = self.pass(last.last + 1, start)?;
            passes.push(next);
        }
        if passes.len() > MOST_PASSES {
            return None;
        }
        let first = passes[0].to;
        let (last, repeated) = passes.split_last()?;
        if passes.iter().all(|pass| pass.ending.is_none()) {
            let is_same = repeated.iter().all(|pass| pass.to == first) && last.to >= first;
            return if is_same { self.simple(start, first, passes.len() as u8, *last) } else { None };
        }
        self.endings(start, &passes)
    }

    /// A pass that starts at an index of the order.
    fn pass(&self, at: usize, start: usize) -> Option<Pass> {
        let last = self.end_of_run(at)?;
        let to = self.order[last];
        match self.order.get(last + 1) {
            Some(next) if *next == start => Some(Pass { ending: None, last, to, goes_back: true }),
            Some(next) if *next > to => {
                let last = self.end_of_run(last + 1)?;
                let goes_back = self.order.get(last + 1) == Some(&start);
                Some(Pass { ending: Some(*next), last, to: self.order[last], goes_back })
            }
            _ => Some(Pass { ending: None, last, to, goes_back: false }),
        }
    }

    fn simple(&mut self, start: usize, end: usize, times: u8, last: Pass) -> Option<(usize, usize)> {
        self.start(start)?;
        self.add(end, SignKind::RepeatEnd { times });
        Some((last.last - (last.to - end), end + 1))
    }

    fn endings(&mut self, start: usize, passes: &[Pass]) -> Option<(usize, usize)> {
        let (last, repeated) = passes.split_last()?;
        let first_end = passes[0].to;
        // Where the first ending starts: behind what each other pass plays before its own.
        let body_end = |(pass, before): (&Pass, &Pass)| {
            let ending = pass.ending?;
            let in_ending = pass.to.checked_sub(ending)?;
            let at = pass.last.checked_sub(in_ending + 1)?;
            (at > before.last).then(|| self.order[at])
        };
        let mut body_ends = passes[1..].iter().zip(passes).filter_map(body_end);
        let from = body_ends.next()? + 1;
        if body_ends.any(|end| end + 1 != from) || from > first_end || first_end - from >= self.longest {
            return None;
        }
        let mut endings: Vec<Ending> = Vec::new();
        for (number, pass) in (1..).zip(repeated) {
            let starts = pass.ending.unwrap_or(from);
            match endings.iter_mut().find(|ending| ending.from == starts) {
                Some(ending) if ending.to == pass.to => ending.numbers.push(number),
                Some(_) => return None,
                None => endings.push(Ending { from: starts, to: pass.to, numbers: vec![number] }),
            }
        }
        endings.sort_by_key(|ending| ending.from);
        let is_gapless = endings.windows(2).all(|pair| pair[0].to + 1 == pair[1].from);
        let after = endings.last()?.to + 1;
        if !is_gapless || last.ending != Some(after) {
            return None;
        }
        let length = first_end - from;
        let number = passes.len() as u8;
        let before = endings.len();
        self.start(start)?;
        for Ending { from, to, numbers } in endings {
            let times = numbers.len() as u8 + 1;
            self.add(from, SignKind::EndingStart { numbers });
            self.add(to, SignKind::EndingEnd { is_open: false });
            self.add(to, SignKind::RepeatEnd { times });
        }
        let to = (after + length).min(last.to);
        self.last_ending = Some((Ending { from: after, to, numbers: vec![number] }, before));
        Some((last.last - (last.to - after), after))
    }

    fn start(&mut self, start: usize) -> Option<()> {
        self.close_last_ending(start)?;
        // A piece that is repeated from its beginning has no sign there.
        if start > 0 {
            self.add(start, SignKind::RepeatStart);
        }
        Some(())
    }

    /// The last ending is as long as the first, or lasts up to the next passage. Where that starts with
    /// the ending itself, a first ending alone says all, and nothing does if there are several.
    fn close_last_ending(&mut self, next: usize) -> Option<()> {
        let Some((Ending { from, to, numbers }, before)) = self.last_ending.take() else { return Some(()) };
        if from < next {
            self.add(from, SignKind::EndingStart { numbers });
            self.add(to.min(next - 1), SignKind::EndingEnd { is_open: true });
            return Some(());
        }
        (before == 1).then_some(())
    }

    fn add(&mut self, measure: usize, kind: SignKind) {
        self.signs.push(Sign { measure: measure as u32, kind });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(order: &[usize]) -> Option<Vec<(u32, SignKind)>> {
        let signs = signs(order, 2)?;
        Some(signs.into_iter().map(|sign| (sign.measure, sign.kind)).collect())
    }

    #[test]
    fn passages_that_are_repeated() {
        let end = |times| SignKind::RepeatEnd { times };
        assert_eq!(found(&[0, 1, 2]), Some(vec![]));
        assert_eq!(found(&[0, 1, 0, 1, 2]), Some(vec![(1, end(2))]));
        let twice = vec![(0, end(3)), (1, SignKind::RepeatStart), (2, end(2))];
        assert_eq!(found(&[0, 0, 0, 1, 2, 1, 2]), Some(twice));
        assert_eq!(found(&[0, 1, 0]), None, "nothing says where it ends");
        assert_eq!(found(&[0, 0, 1, 0, 0, 1]), None, "a passage within a passage");
        assert_eq!(found(&[0, 2]), None);
    }

    #[test]
    fn endings() {
        let end = |times| SignKind::RepeatEnd { times };
        let ending = |numbers: &[u8]| SignKind::EndingStart { numbers: numbers.to_vec() };
        let stop = |is_open| SignKind::EndingEnd { is_open };
        let three =
            vec![(1, ending(&[1, 2])), (1, stop(false)), (1, end(3)), (2, ending(&[3])), (2, stop(true))];
        assert_eq!(found(&[0, 1, 0, 1, 0, 2, 3]), Some(three));
        let alone =
            vec![(1, ending(&[1])), (1, stop(false)), (1, end(2)), (2, SignKind::RepeatStart), (2, end(2))];
        assert_eq!(found(&[0, 1, 0, 2, 2, 3]), Some(alone), "a passage starts with what ends the other");
        assert_eq!(found(&[0, 1, 0, 2, 0, 3, 3]), None, "two endings alone are played twice");
        assert_eq!(found(&[0, 1, 2, 3, 0, 4]), None, "an ending of three measures");
    }
}
