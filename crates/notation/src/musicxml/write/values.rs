//! Durations as note values: which heads, with which dots and tuplets, a duration is written with.

use crate::note_value::{self, TYPES, Tuplet};
use crate::time::{Quarters, lcm};

/// The longest of them, in quarters.
const LONGEST_TYPE: Quarters = Quarters::whole(32);

/// Tuplets beyond this number of notes are no such thing; durations like that were rounded or played.
const MOST_ACTUAL: i64 = 15;

/// A duration that needs more heads than this is written as one without a type.
const MOST_HEADS: usize = 4;

/// Heads without a type are no longer than this, in quarters.
const LONGEST_HEAD: Quarters = Quarters::whole(1000);

/// What is printed for a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub kind: &'static str,
    pub dots: u32,
    pub tuplet: Option<Tuplet>,
}

/// A duration of one head; no value where no note value lasts as long.
pub(super) type Head = (Quarters, Option<Value>);

/// The heads for a duration that starts so far into its measure.
pub(super) fn heads(at: Quarters, duration: Quarters) -> Vec<Head> {
    if duration <= Quarters::ZERO {
        return Vec::new();
    }
    let end = at + duration;
    let odd = odd_of_both(at, end);
    if odd == 1 {
        return written(duration, None);
    }
    let tuplet = tuplet(odd);
    if let Some(value) = tuplet.and_then(|tuplet| single(duration, Some(tuplet))) {
        return vec![(duration, Some(value))];
    }
    // Tuplets end at the next quarter, and start at the last one.
    let (first, last) = (up(at), down(end));
    if first >= last || (first == at && last == end) {
        return written(duration, tuplet);
    }
    let pieces = [(at, first), (first, last), (last, end)];
    let heads = pieces.into_iter().filter(|(from, to)| from < to).flat_map(|(from, to)| {
        let odd = odd_of_both(from, to);
        written(to - from, if odd == 1 { None } else { self::tuplet(odd) })
    });
    heads.collect()
}

/// A duration as heads of one tuplet, or of none.
fn written(duration: Quarters, tuplet: Option<Tuplet>) -> Vec<Head> {
    let mut heads = Vec::new();
    let mut left = duration;
    while left > Quarters::ZERO {
        let Some((length, value)) = longest(left, tuplet).filter(|_| heads.len() < MOST_HEADS) else {
            return untyped(duration);
        };
        heads.push((length, Some(value)));
        left -= length;
    }
    heads
}

/// Heads without a type.
fn untyped(duration: Quarters) -> Vec<Head> {
    let mut heads = Vec::new();
    let mut left = duration;
    while left > Quarters::ZERO {
        let length = left.min(LONGEST_HEAD);
        heads.push((length, None));
        left -= length;
    }
    heads
}

/// The longest value that is no longer than a duration.
fn longest(duration: Quarters, tuplet: Option<Tuplet>) -> Option<(Quarters, Value)> {
    if let Some(value) = single(duration, tuplet) {
        return Some((duration, value));
    }
    for (kind, plain) in TYPES {
        for dots in [1, 0] {
            let length = note_value::value(plain, dots, tuplet);
            if length <= duration {
                return Some((length, Value { kind, dots, tuplet }));
            }
        }
    }
    None
}

/// The value that lasts exactly as long, with at most two dots.
fn single(duration: Quarters, tuplet: Option<Tuplet>) -> Option<Value> {
    let (actual, normal) = tuplet.map_or((1, 1), |t| (i64::from(t.actual), i64::from(t.normal)));
    let plain = Quarters::new(duration.numerator().checked_mul(actual)?, duration.denominator() * normal);
    if plain > LONGEST_TYPE * 2 {
        return None;
    }
    // A dot makes three halves of a value, two dots seven quarters.
    let odd = plain.numerator() >> plain.numerator().trailing_zeros();
    let (dots, parts) = [(0, 1), (1, 3), (2, 7)].into_iter().find(|(_, parts)| odd == *parts)?;
    let type_length = Quarters::new(plain.numerator() << dots, plain.denominator() * parts);
    let (kind, _) = TYPES.into_iter().find(|(_, plain)| *plain == type_length)?;
    Some(Value { kind, dots, tuplet })
}

/// The tuplet that divides something into an odd number of parts: so many in the time of the next
/// smaller power of two.
fn tuplet(odd: i64) -> Option<Tuplet> {
    let actual = u8::try_from(odd).ok().filter(|_| odd <= MOST_ACTUAL)?;
    Some(Tuplet { actual, normal: 1 << actual.ilog2() })
}

/// How much of a stretch belongs to tuplets that begin before it or end behind it: up to the first of these
/// points and from the second one on. They end and start at quarters.
pub(super) fn tuplets_around(from: Quarters, to: Quarters) -> (Quarters, Quarters) {
    let (before, after) = (odd_of_both(from, from), odd_of_both(to, to));
    let first = if before > 1 { up(from).min(to) } else { from };
    let last = if after > 1 { down(to).max(first) } else { to };
    // Two tuplets have no quarter in common.
    let is_torn = before > 1 && after > 1 && before != after && down(from) == down(to);
    if is_torn { (from, to) } else { (first, last) }
}

/// The odd part of the common denominator of two times.
fn odd_of_both(a: Quarters, b: Quarters) -> i64 {
    let odd = |q: Quarters| q.denominator() >> q.denominator().trailing_zeros();
    lcm(odd(a), odd(b)).unwrap_or(i64::MAX)
}

fn down(at: Quarters) -> Quarters {
    Quarters::whole(at.numerator().div_euclid(at.denominator()))
}

fn up(at: Quarters) -> Quarters {
    -down(-at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(at: (i64, i64), duration: (i64, i64)) -> Vec<String> {
        let heads = heads(Quarters::new(at.0, at.1), Quarters::new(duration.0, duration.1));
        let sum = heads.iter().fold(Quarters::ZERO, |sum, (length, _)| sum + *length);
        assert_eq!(sum, Quarters::new(duration.0, duration.1));
        let text = |(length, value): Head| match value {
            None => format!("{length}"),
            Some(Value { kind, dots, tuplet }) => {
                let plain = note_value::of_type(kind).unwrap_or_default();
                assert_eq!(note_value::value(plain, dots, tuplet), length);
                let tuplet = tuplet.map_or(String::new(), |t| format!(" {}:{}", t.actual, t.normal));
                format!("{kind}{}{tuplet}", ".".repeat(dots as usize))
            }
        };
        heads.into_iter().map(text).collect()
    }

    #[test]
    fn durations_are_note_values() {
        assert_eq!(shown((0, 1), (1, 1)), ["quarter"]);
        assert_eq!(shown((1, 2), (3, 1)), ["half."]);
        assert_eq!(shown((0, 1), (7, 4)), ["quarter.."]);
        assert_eq!(shown((0, 1), (5, 4)), ["quarter", "16th"]);
        assert_eq!(shown((0, 1), (9, 2)), ["whole", "eighth"]);
        assert_eq!(shown((0, 1), (48, 1)), ["maxima."]);
    }

    #[test]
    fn tuplets_are_told_by_place_and_duration() {
        assert_eq!(shown((1, 3), (1, 3)), ["eighth 3:2"]);
        assert_eq!(shown((2, 3), (2, 3)), ["quarter 3:2"]);
        assert_eq!(shown((1, 3), (1, 2)), ["eighth. 3:2"]);
        assert_eq!(shown((1, 5), (2, 5)), ["eighth 5:4"]);
        assert_eq!(shown((0, 1), (1, 7)), ["16th 7:4"]);
        assert_eq!(shown((1, 3), (11, 3)), ["quarter 3:2", "half."]);
        assert_eq!(shown((0, 1), (10, 3)), ["half.", "eighth 3:2"]);
    }

    #[test]
    fn tuplets_go_on_to_the_next_quarter() {
        let around = |from: (i64, i64), to: (i64, i64)| {
            let (first, last) = tuplets_around(Quarters::new(from.0, from.1), Quarters::new(to.0, to.1));
            (first.to_string(), last.to_string())
        };
        let points = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(around((1, 3), (3, 1)), points("1", "3"));
        assert_eq!(around((1, 2), (11, 3)), points("1/2", "3"));
        assert_eq!(around((1, 3), (2, 3)), points("2/3", "2/3"), "all of it");
        assert_eq!(around((1, 3), (4, 5)), points("1/3", "4/5"), "none of it");
        assert_eq!(around((0, 1), (4, 1)), points("0", "4"));
    }

    #[test]
    fn what_is_no_note_value_has_no_type() {
        assert_eq!(shown((0, 1), (17, 240)), ["32nd 15:8", "512th 15:8"]);
        assert_eq!(shown((0, 1), (1, 4801)), ["1/4801"]);
        assert_eq!(shown((0, 1), (2500, 1)), ["1000", "1000", "500"]);
        assert_eq!(shown((0, 1), (341, 256)), ["341/256"]);
    }
}
