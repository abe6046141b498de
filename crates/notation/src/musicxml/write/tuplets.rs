//! Which notes and rests make a tuplet together.

use super::beats::Beats;
use super::values::Value;
use crate::note_value::Tuplet;
use crate::time::Quarters;

/// An item of a layer: when it starts in its measure, how long it lasts, and what is printed for that.
pub(super) type Item = (Quarters, Quarters, Option<Value>);

/// The place of an item in a tuplet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Which tuplet of the measure it is.
    pub group: usize,
    pub tuplet: Tuplet,
    pub is_first: bool,
    pub is_last: bool,
}

/// A tuplet.
struct Group {
    tuplet: Tuplet,
    start: Quarters,
    length: Quarters,
    /// The first and the last item.
    items: (usize, usize),
}

/// The place of each item. Items are in order and without gaps; what has no value, such as a forward, ends
/// a tuplet. A grace note has no place.
pub(super) fn places(items: &[Item], beats: &Beats) -> Vec<Option<Place>> {
    let mut places = vec![None; items.len()];
    for (group, found) in merged(groups(items), beats).into_iter().enumerate() {
        let (first, last) = found.items;
        for k in (first..=last).filter(|k| !items[*k].1.is_zero()) {
            let (is_first, is_last) = (k == first, k == last);
            places[k] = Some(Place { group, tuplet: found.tuplet, is_first, is_last });
        }
    }
    places
}

/// The shortest tuplets: each lasts until plain note values add up to it.
fn groups(items: &[Item]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // Whether the last of them goes on.
    let mut is_open = false;
    for (k, (start, duration, value)) in items.iter().enumerate() {
        if duration.is_zero() {
            continue;
        }
        let Some(tuplet) = value.and_then(|value| value.tuplet) else {
            is_open = false;
            continue;
        };
        match groups.last_mut() {
            Some(open) if is_open && open.tuplet == tuplet => {
                open.length += *duration;
                open.items.1 = k;
            }
            _ => groups.push(Group { tuplet, start: *start, length: *duration, items: (k, k) }),
        }
        is_open = groups.last().is_some_and(|group| !is_plain(group.length));
    }
    groups
}

/// Whether plain note values add up to a length.
fn is_plain(length: Quarters) -> bool {
    (length.denominator() as u64).is_power_of_two()
}

/// Two equal tuplets that are the halves of something within a beat are one: two triplets of sixteenths
/// are a sextuplet.
fn merged(groups: Vec<Group>, beats: &Beats) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::with_capacity(groups.len());
    let mut is_half = false;
    for group in groups {
        let is_second = merged.last().is_some_and(|first| {
            is_half
                && (first.tuplet, first.length, first.start + first.length)
                    == (group.tuplet, group.length, group.start)
                && beats.are_halves(first.start, group.start)
        });
        let twice = Tuplet {
            actual: group.tuplet.actual.saturating_mul(2),
            normal: group.tuplet.normal.saturating_mul(2),
        };
        match merged.last_mut() {
            Some(first) if is_second => {
                (first.tuplet, first.length, first.items.1) = (twice, first.length * 2, group.items.1);
            }
            _ => merged.push(group),
        }
        is_half = !is_second;
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::musicxml::write::values;
    use crate::score::TimeSignature;

    /// The tuplets of notes whose lengths are in twelfths of a quarter, as the number of each and how many
    /// notes it has.
    fn shown(time: (u8, u8), lengths: &[i64]) -> Vec<(u8, usize)> {
        let mut at = Quarters::ZERO;
        let mut items = Vec::new();
        for length in lengths {
            let duration = Quarters::new(*length, 12);
            items.push((at, duration, values::heads(at, duration)[0].1));
            at += duration;
        }
        let beats = Beats::new(TimeSignature { beats: time.0, beat_type: time.1 }, Quarters::ZERO);
        let places: Vec<Place> = places(&items, &beats).into_iter().flatten().collect();
        let groups = places.chunk_by(|a, b| a.group == b.group);
        groups
            .map(|places| {
                assert!(places[0].is_first && places[places.len() - 1].is_last);
                (places[0].tuplet.actual, places.len())
            })
            .collect()
    }

    #[test]
    fn a_tuplet_lasts_until_its_notes_add_up() {
        assert_eq!(shown((4, 4), &[4, 4, 4, 8, 4, 12]), [(3, 3), (3, 2)]);
        assert_eq!(shown((4, 4), &[12, 4, 8, 12]), [(3, 2)]);
        assert_eq!(shown((4, 4), &[8, 8, 8]), [(3, 3)]);
    }

    #[test]
    fn two_triplets_of_a_beat_are_a_sextuplet() {
        assert_eq!(shown((4, 4), &[2; 6]), [(6, 6)]);
        assert_eq!(shown((4, 4), &[6, 2, 2, 2, 2, 2, 2]), [(3, 3), (3, 3)]);
        assert_eq!(shown((4, 4), &[4; 6]), [(3, 3), (3, 3)]);
        assert_eq!(shown((6, 8), &[2; 9]), [(3, 3), (3, 3), (3, 3)]);
        assert_eq!(shown((4, 4), &[1; 12]), [(6, 6), (6, 6)]);
    }
}
