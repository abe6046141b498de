//! Where the brackets of tuplets start and stop.

use super::values::Value;
use crate::note_value::Tuplet;
use crate::time::Quarters;

/// Whether a bracket starts and stops at an item of a layer. Items are durations with their values, in
/// order and without gaps; what has no value, such as a forward, ends a tuplet.
pub(super) fn brackets(items: &[(Quarters, Option<Value>)]) -> Vec<(bool, bool)> {
    let mut brackets = vec![(false, false); items.len()];
    // The tuplet that is open, how long it is so far, and its last item.
    let mut open: Option<(Tuplet, Quarters, usize)> = None;
    for (k, (duration, value)) in items.iter().enumerate() {
        if duration.is_zero() {
            continue;
        }
        let tuplet = value.and_then(|value| value.tuplet);
        if let Some((_, _, last)) = open.filter(|(of, ..)| Some(*of) != tuplet) {
            brackets[last].1 = true;
            open = None;
        }
        let Some(tuplet) = tuplet else { continue };
        brackets[k].0 = open.is_none();
        let length = open.map_or(Quarters::ZERO, |(_, length, _)| length) + *duration;
        open = Some((tuplet, length, k));
        if is_whole(length) {
            brackets[k].1 = true;
            open = None;
        }
    }
    if let Some((_, _, last)) = open {
        brackets[last].1 = true;
    }
    brackets
}

/// Whether plain note values add up to a length.
fn is_whole(length: Quarters) -> bool {
    (length.denominator() as u64).is_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_lasts_until_its_notes_add_up() {
        let triplet = |n, d| {
            let tuplet = Some(Tuplet { actual: 3, normal: 2 });
            (Quarters::new(n, d), Some(Value { kind: "eighth", dots: 0, tuplet }))
        };
        let plain = (Quarters::whole(1), Some(Value { kind: "quarter", dots: 0, tuplet: None }));
        let items = [triplet(1, 3), triplet(1, 3), triplet(1, 3), triplet(2, 3), triplet(1, 3), plain];
        let (start, stop, inside) = ((true, false), (false, true), (false, false));
        assert_eq!(brackets(&items), [start, inside, stop, start, stop, inside]);
        assert_eq!(brackets(&[plain, triplet(1, 3), plain]), [inside, (true, true), inside]);
    }
}
