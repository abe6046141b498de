//! Repeated passages and the brackets of endings, as the signs mark them out.

use super::positions::PlacedSign;
use crate::musicxml::written::Sign;
use crate::time::Quarters;

/// A passage that is played more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Passage {
    pub from: Quarters,
    pub to: Quarters,
    pub times: u8,
    /// Whether it is repeated after a jump too.
    pub after_jump: bool,
}

/// The bracket of an ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bracket {
    pub from: Quarters,
    pub to: Quarters,
    /// The passes in which it is played.
    pub numbers: Vec<u8>,
}

/// The brackets, in order. One without an end lasts to the next sign of a repeat or ending, or to
/// the end of the piece. Brackets with the same numbers that follow each other without a repeat
/// between them are one.
pub(super) fn brackets(signs: &[PlacedSign<'_>], end: Quarters) -> Vec<Bracket> {
    let mut brackets: Vec<Bracket> = Vec::new();
    for (k, placed) in signs.iter().enumerate() {
        let Sign::EndingStart(numbers) = placed.sign else { continue };
        let from = placed.at;
        let later = signs[k + 1..].iter().filter(|s| s.at > from);
        let stop = later
            .clone()
            .take_while(|s| !matches!(s.sign, Sign::EndingStart(_)))
            .find(|s| *s.sign == Sign::EndingStop);
        let is_other = |s: &&PlacedSign<'_>| {
            matches!(s.sign, Sign::EndingStart(_) | Sign::RepeatStart | Sign::RepeatEnd { .. })
        };
        let to = stop.or_else(|| later.clone().find(is_other)).map_or(end, |s| s.at);
        let repeats =
            |at: Quarters| signs.iter().any(|s| s.at == at && matches!(s.sign, Sign::RepeatEnd { .. }));
        match brackets.last_mut() {
            Some(last) if last.to == from && last.numbers == *numbers && !repeats(from) => last.to = to,
            _ if from < to => brackets.push(Bracket { from, to, numbers: numbers.clone() }),
            _ => {}
        }
    }
    brackets
}

/// The signs with repeats that are missing: an ending is repeated that another with higher numbers
/// follows, unless a D.C. stands at its end.
pub(super) fn complete<'s>(mut signs: Vec<PlacedSign<'s>>, brackets: &[Bracket]) -> Vec<PlacedSign<'s>> {
    static REPEAT: Sign = Sign::RepeatEnd { times: 2, after_jump: true };
    for pair in brackets.windows(2) {
        let at = pair[0].to;
        let is_followed = at == pair[1].from && pair[0].numbers.iter().max() < pair[1].numbers.iter().min();
        let first = signs.partition_point(|sign| sign.at < at);
        let mut here = signs[first..].iter().take_while(|sign| sign.at == at);
        let is_repeat =
            |sign: &Sign| matches!(sign, Sign::RepeatStart | Sign::RepeatEnd { .. } | Sign::Jump(_));
        if is_followed && !here.any(|placed| is_repeat(placed.sign)) {
            signs.insert(first, PlacedSign { at, sign: &REPEAT, index: usize::MAX });
        }
    }
    signs
}

/// The repeated passages, in order. A start without an end lasts to the next start, or to the end of
/// the piece; an end without a start goes back to the end of the passage before.
pub(super) fn passages(signs: &[PlacedSign<'_>], brackets: &[Bracket], end: Quarters) -> Vec<Passage> {
    let goes_on = |at: Quarters| brackets.binary_search_by_key(&at, |b| b.from).is_ok();
    let ends_bracket = |at: Quarters| brackets.iter().any(|b| b.to == at);
    // Where the last ending of a passage is over.
    let mut over = brackets.iter().map(|b| b.to).filter(|to| !goes_on(*to)).peekable();
    let (mut open, mut implied) = (None, Quarters::ZERO);
    let mut passages = Vec::new();
    for placed in signs {
        let at = placed.at;
        while let Some(to) = over.next_if(|to| *to < at) {
            implied = to;
        }
        match placed.sign {
            Sign::RepeatStart => {
                if let Some(from) = open.replace(at) {
                    passages.push(Passage { from, to: at, times: 2, after_jump: true });
                }
            }
            Sign::RepeatEnd { times, after_jump } => {
                let from = open.take().unwrap_or(implied);
                passages.push(Passage { from, to: at, times: *times, after_jump: *after_jump });
                // A further ending belongs to the same passage.
                implied = if ends_bracket(at) && goes_on(at) { from } else { at };
            }
            _ => {}
        }
    }
    passages.extend(open.map(|from| Passage { from, to: end, times: 2, after_jump: true }));
    passages.retain(|passage| passage.from < passage.to);
    passages
}
