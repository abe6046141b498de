//! The beats of a metre, which beams and tuplets follow.

use crate::score::TimeSignature;
use crate::time::Quarters;

/// The beats of a metre.
pub(super) struct Beats {
    length: Quarters,
    /// Where each beat starts, and each group of beats whose eighths are joined if there are no shorter
    /// notes.
    starts: Vec<Quarters>,
    wide: Vec<Quarters>,
    /// Whether a beat divides into halves.
    is_simple: bool,
    /// How far into a full measure the measure starts.
    offset: Quarters,
}

impl Beats {
    /// Those of a measure that starts so far into a full one.
    pub fn new(time: TimeSignature, offset: Quarters) -> Self {
        let beats = i64::from(time.beats);
        let unit = Quarters::new(4, i64::from(time.beat_type.max(1)));
        let quarters = Quarters::whole(1);
        let (starts, wide) = if time.beat_type >= 8 {
            let beats = bounds(unit, &threes_and_twos(beats));
            (beats.clone(), beats)
        } else {
            let length = time.measure_length();
            let count = (length.numerator() / length.denominator()).max(1);
            let wide = if time.beat_type == 4 { groups_of_quarters(count) } else { twos(count) };
            (bounds(quarters, &vec![1; count as usize]), bounds(quarters, &wide))
        };
        Self { length: time.measure_length(), starts, wide, is_simple: time.beat_type < 8, offset }
    }

    /// Whether two stretches of equal length, of which the second follows the first, are the halves of
    /// something within a beat that divides into halves.
    pub fn are_halves(&self, first: Quarters, second: Quarters) -> bool {
        let (_, at) = within(first + self.offset, (second - first) * 2);
        self.is_simple && at.is_zero() && self.beat(first, false) == self.beat(second, false)
    }

    /// The beat that a point of the measure lies in, or the group of beats.
    pub fn beat(&self, at: Quarters, is_wide: bool) -> (i64, usize) {
        let (measures, at) = within(at + self.offset, self.length);
        let starts = if is_wide { &self.wide } else { &self.starts };
        (measures, starts.partition_point(|start| *start <= at))
    }
}

/// Whole multiples of a length, and what is left.
pub(super) fn within(at: Quarters, length: Quarters) -> (i64, Quarters) {
    let (n, d) = (at.numerator() * length.denominator(), at.denominator() * length.numerator());
    if d == 0 {
        return (0, at);
    }
    let whole = n.div_euclid(d);
    (whole, at - length * whole)
}

/// Where groups of so many units each start.
fn bounds(unit: Quarters, sizes: &[i64]) -> Vec<Quarters> {
    let start = |at: &mut i64, size: &i64| {
        let start = unit * *at;
        *at += size;
        Some(start)
    };
    sizes.iter().scan(0, start).collect()
}

/// Beats of three eighths, and of two where it does not come out even, at the end.
fn threes_and_twos(count: i64) -> Vec<i64> {
    let twos = match (count, count % 3) {
        (..=2, _) => return vec![count.max(1)],
        (_, 0) => 0,
        (_, 1) => 2,
        _ => 1,
    };
    let mut sizes = vec![3; ((count - 2 * twos) / 3) as usize];
    sizes.extend(std::iter::repeat_n(2, twos as usize));
    sizes
}

/// Half a measure of four quarters, a whole one of two or three, and of five three and two.
fn groups_of_quarters(count: i64) -> Vec<i64> {
    if count % 2 == 0 && count % 3 != 0 { twos(count) } else { threes_and_twos(count) }
}

fn twos(count: i64) -> Vec<i64> {
    let mut sizes = vec![2; (count / 2) as usize];
    sizes.extend(std::iter::repeat_n(1, (count % 2) as usize));
    sizes
}
