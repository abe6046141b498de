//! The signs for an order of measures: repeats alone, or repeats and a D.C. or D.S.

use super::play::{self, Played};
use super::repeats;
use super::sign::{Al, Sign, SignKind};

/// No first ending is longer, in measures, where the way over a coda says the same.
const LONGEST_ENDING: usize = 8;

/// An order of measures with the signs that ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deduced {
    /// In the order of the page.
    pub signs: Vec<Sign>,
    /// The index in the order at which a D.C. or D.S. has led back.
    pub after_jump: Option<usize>,
}

/// The signs of a page of so many measures that are played in an order; nothing if there are none that
/// a player would follow so.
pub(super) fn deduce(count: usize, order: &[usize]) -> Option<Deduced> {
    if order.first() != Some(&0) {
        return None;
    }
    let page = Page { count, order };
    let repeats = |longest| page.proven(repeats::signs(order, longest)?);
    repeats(LONGEST_ENDING).or_else(|| page.with_jump()).or_else(|| repeats(usize::MAX))
}

/// A page of so many measures, and the order in which it has to be played.
struct Page<'p> {
    count: usize,
    order: &'p [usize],
}

impl Page<'_> {
    /// The signs in order, if playing them gives the order.
    fn proven(&self, signs: Vec<Sign>) -> Option<Deduced> {
        let signs = in_order(signs);
        if leads_into_ending(&signs) {
            return None;
        }
        let Played { order, after_jump } = self.play(&signs)?;
        (order == self.order).then_some(Deduced { signs, after_jump })
    }

    fn play(&self, signs: &[Sign]) -> Option<Played> {
        // A player that goes on after the end shows where the end has to be.
        play::play(self.count, signs, self.order.len() + 2 * self.count)
    }

    /// With one of the ways back as a D.C. or D.S., the longest first.
    fn with_jump(&self) -> Option<Deduced> {
        let pairs = self.order.windows(2).enumerate();
        let mut ways_back: Vec<(usize, usize)> =
            pairs.filter_map(|(at, pair)| Some((pair[0].checked_sub(pair[1])?, at))).collect();
        ways_back.sort_unstable_by_key(|(length, at)| (usize::MAX - length, *at));
        ways_back.into_iter().find_map(|(_, at)| self.jump_at(at))
    }

    /// With a D.C. or D.S. behind an index of the order.
    fn jump_at(&self, at: usize) -> Option<Deduced> {
        let (before, after) = self.order.split_at_checked(at + 1)?;
        let (from, to) = (*before.last()?, *after.first()?);
        let mut signs = repeats::signs(before, LONGEST_ENDING)?;
        // What comes for the first time after the jump may have repeats of its own.
        if let Some(new) = after.iter().position(|measure| *measure > from) {
            signs.extend(repeats::signs(&after[new..], LONGEST_ENDING)?);
        }
        if to > 0 {
            signs.push(sign(to, SignKind::Segno));
        }
        [true, false].into_iter().find_map(|with_repeats| self.end_after(at, &signs, with_repeats))
    }

    /// With what ends the playing after a jump behind an index of the order.
    fn end_after(&self, at: usize, signs: &[Sign], with_repeats: bool) -> Option<Deduced> {
        let (from, to) = (*self.order.get(at)?, *self.order.get(at + 1)?);
        let with = |al: Option<Al>, further: &[(usize, SignKind)]| {
            let jump = if to == 0 {
                SignKind::DaCapo { al, with_repeats }
            } else {
                SignKind::DalSegno { al, with_repeats }
            };
            let mut signs = signs.to_vec();
            signs.push(sign(from, jump));
            signs.extend(further.iter().map(|(measure, kind)| sign(*measure, kind.clone())));
            in_order(signs)
        };
        let played = self.play(&with(None, &[]))?.order;
        let same = played.iter().zip(self.order).take_while(|(a, b)| a == b).count();
        if same <= at + 1 {
            return None;
        }
        let last = *self.order.get(same - 1)?;
        let signs = match self.order.get(same) {
            None if same == played.len() => with(None, &[]),
            None => with(Some(Al::Fine), &[(last, SignKind::Fine)]),
            Some(coda) if *coda > last + 1 => {
                with(Some(Al::Coda), &[(last, SignKind::ToCoda), (*coda, SignKind::Coda)])
            }
            Some(_) => return None,
        };
        self.proven(signs)
    }
}

/// Whether a segno or a coda stands within an ending, where players would not agree on what comes next.
fn leads_into_ending(signs: &[Sign]) -> bool {
    let mut starts_at = None;
    signs.iter().any(|sign| {
        match sign.kind {
            SignKind::EndingStart { .. } => starts_at = Some(sign.measure),
            SignKind::EndingEnd { .. } => starts_at = None,
            _ => {}
        }
        let leads = matches!(sign.kind, SignKind::Segno | SignKind::Coda);
        leads && starts_at.is_some_and(|start| start < sign.measure)
    })
}

fn sign(measure: usize, kind: SignKind) -> Sign {
    Sign { measure: measure as u32, kind }
}

/// By measure; within one in the order in which they are read.
fn in_order(mut signs: Vec<Sign>) -> Vec<Sign> {
    let rank = |kind: &SignKind| match kind {
        SignKind::Segno => 0,
        SignKind::Coda => 1,
        SignKind::EndingStart { .. } => 2,
        SignKind::RepeatStart => 3,
        SignKind::EndingEnd { .. } => 4,
        SignKind::RepeatEnd { .. } => 5,
        SignKind::ToCoda => 6,
        SignKind::Fine => 7,
        SignKind::DaCapo { .. } | SignKind::DalSegno { .. } => 8,
    };
    signs.sort_by_key(|sign| (sign.measure, rank(&sign.kind)));
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signs of an order in short, such as `1:||` for a repeat that ends with measure 1.
    fn found(order: &[usize]) -> String {
        let count = order.iter().max().map_or(0, |last| last + 1);
        let Some(deduced) = deduce(count, order) else { return "none".to_owned() };
        let al = |al: Option<Al>| match al {
            None => "",
            Some(Al::Fine) => "-fine",
            Some(Al::Coda) => "-coda",
        };
        let repeats = |with_repeats| if with_repeats { "" } else { "-senza" };
        let text = |sign: &Sign| {
            let kind = match &sign.kind {
                SignKind::RepeatStart => "||:".to_owned(),
                SignKind::RepeatEnd { times: 2 } => ":||".to_owned(),
                SignKind::RepeatEnd { times } => format!(":||x{times}"),
                SignKind::EndingStart { numbers } => format!("[{numbers:?}"),
                SignKind::EndingEnd { .. } => "]".to_owned(),
                SignKind::Segno => "segno".to_owned(),
                SignKind::Coda => "coda".to_owned(),
                SignKind::ToCoda => "to-coda".to_owned(),
                SignKind::Fine => "fine".to_owned(),
                SignKind::DaCapo { al: until, with_repeats } => {
                    format!("dc{}{}", al(*until), repeats(*with_repeats))
                }
                SignKind::DalSegno { al: until, with_repeats } => {
                    format!("ds{}{}", al(*until), repeats(*with_repeats))
                }
            };
            format!("{}{kind}", sign.measure)
        };
        deduced.signs.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn repeats_come_before_jumps() {
        assert_eq!(found(&[0, 1, 2]), "");
        assert_eq!(found(&[0, 1, 0, 1, 2, 2]), "1:|| 2||: 2:||");
        assert_eq!(found(&[0, 1, 0, 2]), "1[[1] 1] 1:|| 2[[2] 2]");
        assert_eq!(found(&[0, 0, 1, 0, 0, 1]), "0:|| 1dc");
    }

    #[test]
    fn jumps_are_taken_where_repeats_do_not_explain_it() {
        assert_eq!(found(&[0, 1, 0]), "0fine 1dc-fine");
        assert_eq!(
            found(&[0, 0, 1, 1, 2, 2, 3, 3, 0, 1]),
            "0:|| 1||: 1:|| 1fine 2||: 2:|| 3||: 3:|| 3dc-fine-senza"
        );
        assert_eq!(found(&[0, 0, 1, 1, 0, 0]), "0:|| 0fine 1||: 1:|| 1dc-fine");
        assert_eq!(found(&[0, 1, 1, 2, 1, 1, 3, 3]), "1segno 1||: 1:|| 1to-coda 2ds-coda 3coda 3||: 3:||");
    }

    #[test]
    fn a_long_ending_is_the_way_to_a_coda() {
        let order: Vec<usize> = (0..20).chain(0..4).chain(20..24).collect();
        assert_eq!(found(&order), "3to-coda 19dc-coda 20coda");
    }

    #[test]
    fn what_no_signs_say_has_none() {
        assert_eq!(found(&[0, 2, 1]), "none");
        assert_eq!(found(&[1, 0]), "none");
        assert_eq!(found(&[0, 1, 2, 1, 0, 2]), "none");
    }
}
