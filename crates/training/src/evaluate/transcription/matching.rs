//! Which keys that were heard are which keys that were played, as `mir_eval.transcription` defines it.

/// How far an onset may be off, in seconds.
pub const ONSET_SECS: f64 = 0.05;

/// How far an end may be off: this share of the length that was played, or [`END_SECS`] if that is more.
pub const END_SHARE: f64 = 0.2;

/// The least that an end may be off, in seconds.
pub const END_SECS: f64 = 0.05;

/// Distances are rounded to this, so that one of exactly 50 ms is within 50 ms.
const STEPS_A_SECOND: f64 = 1e4;

/// Something with a pitch that begins and ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its pitch; intervals of the pedal all have the same.
    pub pitch: u8,
    /// When it begins.
    pub from_secs: f64,
    /// When it ends.
    pub to_secs: f64,
}

impl Interval {
    /// Whether another interval, which was found, may be this one; its end counts `with_ends` only.
    fn may_be(&self, found: &Self, with_ends: bool) -> bool {
        let tolerance = (END_SHARE * (self.to_secs - self.from_secs)).max(END_SECS);
        self.pitch == found.pitch
            && distance(self.from_secs, found.from_secs) <= ONSET_SECS
            && (!with_ends || distance(self.to_secs, found.to_secs) <= tolerance)
    }
}

fn distance(a: f64, b: f64) -> f64 {
    ((a - b).abs() * STEPS_A_SECOND).round() / STEPS_A_SECOND
}

/// The most pairs of intervals that were played and found, each in one pair at most, as indices: a maximum matching,
/// by augmenting paths. Where several are as large, near onsets are preferred.
pub fn pairs(played: &[Interval], found: &[Interval], with_ends: bool) -> Vec<(usize, usize)> {
    let mut matching = Matching::new(played, found, with_ends);
    for k in 0..played.len() {
        let mut seen = Vec::new();
        matching.augment(k, &mut seen);
    }
    let mut pairs: Vec<(usize, usize)> =
        matching.owners.iter().enumerate().filter_map(|(j, owner)| Some(((*owner)?, j))).collect();
    pairs.sort_unstable();
    pairs
}

struct Matching {
    /// For each interval that was played those that it may be, the nearest first.
    candidates: Vec<Vec<usize>>,
    /// Whose each interval is that was found.
    owners: Vec<Option<usize>>,
}

impl Matching {
    fn new(played: &[Interval], found: &[Interval], with_ends: bool) -> Self {
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|a, b| found[*a].from_secs.total_cmp(&found[*b].from_secs));
        let candidates = played.iter().map(|interval| {
            let least = interval.from_secs - 2.0 * ONSET_SECS;
            let first = order.partition_point(|j| found[*j].from_secs < least);
            let near = order[first..]
                .iter()
                .copied()
                .take_while(|j| found[*j].from_secs <= interval.from_secs + 2.0 * ONSET_SECS);
            let mut near: Vec<usize> = near.filter(|j| interval.may_be(&found[*j], with_ends)).collect();
            let off = |j: &usize| (found[*j].from_secs - interval.from_secs).abs();
            near.sort_by(|a, b| off(a).total_cmp(&off(b)));
            near
        });
        Self { candidates: candidates.collect(), owners: vec![None; found.len()] }
    }

    /// Gives an interval that was played one that was found, if need be by giving others another one.
    fn augment(&mut self, k: usize, seen: &mut Vec<usize>) -> bool {
        for place in 0..self.candidates[k].len() {
            let j = self.candidates[k][place];
            if seen.contains(&j) {
                continue;
            }
            seen.push(j);
            let is_free = match self.owners[j] {
                None => true,
                Some(owner) => self.augment(owner, seen),
            };
            if is_free {
                self.owners[j] = Some(k);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;

    fn interval(from_secs: f64, to_secs: f64, pitch: u8) -> Interval {
        Interval { pitch, from_secs, to_secs }
    }

    /// The example of the tests of mir_eval (`tests/test_transcription.py`); 225 Hz is within 50 cents of A3, 500 Hz of
    /// B4.
    fn example() -> ([Interval; 4], [Interval; 5]) {
        let played = [
            interval(0.1, 0.3, 57),
            interval(0.3, 0.4, 59),
            interval(0.5, 0.6, 61),
            interval(0.55, 0.65, 62),
        ];
        let found = [
            interval(0.12, 0.29, 57),
            interval(0.3, 0.34, 59),
            interval(0.5, 0.6, 71),
            interval(0.55, 0.6, 62),
            interval(0.56, 0.65, 62),
        ];
        (played, found)
    }

    #[test]
    fn the_published_example_has_its_published_pairs() {
        let (played, found) = example();
        assert_eq!(pairs(&played, &found, true), [(0, 0), (3, 3)]);
        assert_eq!(pairs(&played, &found, false), [(0, 0), (1, 1), (3, 3)]);
    }

    #[test]
    fn fifty_milliseconds_are_near_enough_and_more_is_not() {
        let found =
            |from_secs: f64| pairs(&[interval(0.35, 1.0, 60)], &[interval(from_secs, 1.0, 60)], false).len();
        assert_eq!((found(0.3), found(0.4), found(0.2998), found(0.4002)), (1, 1, 0, 0));
    }

    #[test]
    fn nobody_goes_away_empty_who_could_have_another_one() {
        // The second can only be the first that was found, which is nearest to the first, too.
        let played = [interval(1.0, 2.0, 60), interval(0.97, 2.0, 60)];
        let found = [interval(1.0, 2.0, 60), interval(1.045, 2.0, 60)];
        assert_eq!(pairs(&played, &found, false), [(0, 1), (1, 0)]);
    }

    /// The size of the largest matching, by trying all.
    fn largest(played: &[Interval], found: &[Interval], taken: u32) -> usize {
        let Some((first, rest)) = played.split_first() else { return 0 };
        let free = (0..found.len()).filter(|j| taken & (1 << j) == 0 && first.may_be(&found[*j], true));
        let with = free.map(|j| 1 + largest(rest, found, taken | (1 << j))).max().unwrap_or(0);
        with.max(largest(rest, found, taken))
    }

    #[test]
    fn no_matching_is_larger() {
        let mut random = Pcg64Mcg::seed_from_u64(7);
        for _ in 0..200 {
            let mut some = |count: usize| -> Vec<Interval> {
                let mut one = || {
                    let from_secs = random.random_range(0.0_f64..0.2);
                    interval(
                        from_secs,
                        from_secs + random.random_range(0.05_f64..0.2),
                        random.random_range(60..62),
                    )
                };
                (0..count).map(|_| one()).collect()
            };
            let (played, found) = (some(7), some(7));
            let pairs = pairs(&played, &found, true);
            assert_eq!(pairs.len(), largest(&played, &found, 0));
            assert!(pairs.iter().all(|(k, j)| played[*k].may_be(&found[*j], true)));
            let mut ends: Vec<usize> = pairs.iter().map(|(_, j)| *j).collect();
            ends.sort_unstable();
            ends.dedup();
            assert_eq!(ends.len(), pairs.len());
        }
    }
}
