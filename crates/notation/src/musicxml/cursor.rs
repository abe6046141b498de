//! Where reading stands within a measure, and what a rounded duration means.
//!
//! Many programs write durations in divisions that a tuplet does not fit, 85 of 256 for a third. Such
//! durations do not add up to the measure, and notes that start together lie a division apart. So
//! each duration is also known exactly, by the value that is printed or the tuplet that is nearest.
//! The exact times count where they add up and the written ones do not; a writer may also have spread
//! its rounding so that the written ones do, or step back a few divisions after a tuplet. Rare
//! tuplets, mostly ornaments written out, stay as they are rounded: nobody hears the difference, and
//! no grid would hold all of them.

use std::collections::BTreeMap;

use crate::time::Quarters;

/// A backup that misses a point by less than this leads to it.
const SAME_POINT: Quarters = Quarters::fraction(1, 64);

/// Denominators of durations that no note value is given for, simplest first.
const TUPLETS: [i64; 17] = [3, 6, 12, 24, 5, 10, 20, 7, 14, 28, 9, 18, 32, 48, 64, 40, 36];

/// Odd parts of the denominators of tuplets that are no rarities.
const COMMON: [i64; 7] = [3, 5, 7, 9, 11, 13, 15];

/// Voices that add up do so to a multiple of a sixteenth: the largest denominator of such a sum.
const LARGEST_OF_SUM: i64 = 4;

/// A division has to be so much finer than a tuplet to tell it from other values.
const CLEARLY_FINER: i64 = 32;

/// No duration that is written as a decimal is longer, in quarters.
const LARGEST_DECIMAL: f64 = 1e6;

/// Divisions by which rounding makes a measure too long or too short.
const MOST_ROUNDED: i64 = 8;

/// Where reading stands in a measure of one part. Times are counted from the start of the measure.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    /// As the durations of the file add up.
    written: Quarters,
    /// The same, as they are meant.
    exact: Quarters,
    /// The furthest written and exact times.
    reached: Quarters,
    reached_exactly: Quarters,
    /// Written times that differ from the exact ones, and those after them.
    passed: BTreeMap<Quarters, Quarters>,
    /// Whether the exact times ever add up to a simpler sum than the written ones, or to one that is
    /// less simple.
    is_simpler: bool,
    is_less_simple: bool,
    /// Whether the writer stepped back by a few divisions, to where a tuplet should have ended.
    is_corrected: bool,
}

impl Cursor {
    /// The current time.
    pub fn position(&self) -> Quarters {
        self.written
    }

    /// The furthest time so far.
    pub fn reached(&self) -> Quarters {
        self.reached
    }

    /// Moves on by a duration as written and as meant.
    pub fn advance(&mut self, written: Quarters, exact: Quarters) {
        self.written += written;
        self.reached = self.reached.max(self.written);
        if self.passed.is_empty() && written == exact {
            self.exact = self.written;
            return;
        }
        self.exact += exact;
        self.reached_exactly = self.reached_exactly.max(self.exact);
        self.passed.insert(self.written, self.exact);
    }

    /// Moves back by a duration as written, at most to the start of the measure. Whether it was
    /// reached before the end of the duration.
    pub fn go_back(&mut self, written: Quarters) -> bool {
        self.compare_sums();
        self.written -= written;
        self.is_corrected |= written < SAME_POINT && self.written > Quarters::ZERO;
        let slack = if self.passed.is_empty() { Quarters::ZERO } else { SAME_POINT };
        if self.written <= Quarters::ZERO {
            let beyond = self.written < -slack;
            (self.written, self.exact) = (Quarters::ZERO, Quarters::ZERO);
            return beyond;
        }
        let distance = |point: &(&Quarters, &Quarters)| (*point.0 - self.written).abs();
        let near = self.passed.range(self.written - slack..=self.written + slack).min_by_key(distance);
        self.exact = near.map_or(self.written, |(_, exact)| *exact);
        false
    }

    /// Which of the two sums, where they differ, is one of simpler note values.
    fn compare_sums(&mut self) {
        if self.written != self.exact {
            let (exact, written) = (self.exact.denominator(), self.written.denominator());
            let is_simpler = exact < written && exact <= LARGEST_OF_SUM;
            self.is_simpler |= is_simpler;
            self.is_less_simple |= !is_simpler;
        }
    }

    /// At the end of a measure: its exact times, if they are better than the written ones.
    pub fn finish(&mut self) -> Option<Exact> {
        self.compare_sums();
        let is_better = self.is_simpler && !self.is_less_simple && !self.is_corrected;
        let last = self.passed.last_key_value().map_or(Quarters::ZERO, |(written, _)| *written);
        is_better.then(|| Exact {
            // Another voice may have gone on in times that are exact as they are.
            reached: if self.reached > last { self.reached } else { self.reached_exactly },
            points: std::mem::take(&mut self.passed),
        })
    }
}

/// The exact times of a measure whose written ones do not add up.
pub(super) struct Exact {
    /// The furthest time.
    pub reached: Quarters,
    points: BTreeMap<Quarters, Quarters>,
}

impl Exact {
    /// The exact time of a written one.
    pub fn of(&self, written: Quarters) -> Quarters {
        self.points.get(&written).copied().unwrap_or(written)
    }
}

/// What a positive duration means that is written in whole divisions of a quarter. `notated` is the
/// value of its note, dots and tuplet.
pub(super) fn exact(written: Quarters, divisions: i64, notated: Option<Quarters>) -> Quarters {
    let division = Quarters::new(1, divisions);
    if let Some(notated) = notated {
        // Only a value that is no whole number of divisions had to be rounded.
        let fits = divisions % notated.denominator() == 0;
        let odd = notated.denominator() >> notated.denominator().trailing_zeros();
        let is_rounded = !fits && COMMON.contains(&odd) && (notated - written).abs() < division;
        return if is_rounded { notated } else { written };
    }
    if divisions < CLEARLY_FINER * TUPLETS[0] || written.denominator() <= 64 {
        return written;
    }
    let candidates = TUPLETS.into_iter().filter(|q| divisions % q != 0 && divisions >= CLEARLY_FINER * q);
    let near = |q: i64| {
        let simple = Quarters::nearest(written.to_f64(), q);
        ((simple - written).abs() < division && simple > Quarters::ZERO).then_some(simple)
    };
    candidates.into_iter().find_map(near).unwrap_or(written)
}

/// The simplest fraction of a quarter that rounds to a decimal number of divisions at its third place.
pub(super) fn of_decimal(divisions: f64, per_quarter: i64) -> Option<Quarters> {
    let quarters = divisions / per_quarter as f64;
    // What is larger is refused whatever it stands for.
    if quarters.abs() > LARGEST_DECIMAL {
        return None;
    }
    let is_near = |simple: &Quarters| (simple.to_f64() * per_quarter as f64 - divisions).abs() < 1e-3;
    let candidates = [1, 2, 4, 8, 16].into_iter().chain(TUPLETS);
    candidates.map(|q| Quarters::nearest(quarters, q)).find(|simple| is_near(simple) && !simple.is_zero())
}

/// How long a measure is that reaches so far: its full length if rounding alone can be what is
/// missing or left over.
pub(super) fn rounded_length(reached: Quarters, full: Quarters, divisions: i64) -> Quarters {
    let is_near = divisions >= CLEARLY_FINER * TUPLETS[0]
        && reached != full
        && (reached - full).abs() < Quarters::new(MOST_ROUNDED, divisions.max(MOST_ROUNDED * 32));
    if is_near { full } else { reached }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(numerator: i64, denominator: i64) -> Quarters {
        Quarters::new(numerator, denominator)
    }

    #[test]
    fn only_what_was_rounded_is_made_exact() {
        let third = Some(q(1, 3));
        assert_eq!(exact(q(85, 256), 256, third), q(1, 3));
        assert_eq!(exact(q(86, 256), 256, third), q(1, 3));
        assert_eq!(exact(q(90, 256), 256, third), q(90, 256), "further off than rounding can be");
        assert_eq!(exact(q(159, 480), 480, third), q(159, 480), "a third fits 480 divisions");
        assert_eq!(exact(q(6666, 10_000), 10_000, None), q(2, 3));
        assert_eq!(exact(q(69, 480), 480, None), q(1, 7));
        assert_eq!(exact(q(5, 4), 4, None), q(5, 4));
        assert_eq!(exact(q(625, 10_000), 10_000, None), q(1, 16));
    }

    #[test]
    fn decimals_are_the_simplest_fractions_that_they_round() {
        assert_eq!(of_decimal(5.333, 4), Some(q(4, 3)));
        assert_eq!(of_decimal(1.6, 1), Some(q(8, 5)));
        assert_eq!(of_decimal(2.5, 4), Some(q(5, 8)));
        assert_eq!(of_decimal(-1.333, 2), Some(q(-2, 3)));
        assert_eq!((of_decimal(0.0, 4), of_decimal(3.37, 4), of_decimal(-1e300, 4)), (None, None, None));
    }

    #[test]
    fn a_backup_leads_to_the_exact_time_of_its_point() {
        let mut cursor = Cursor::default();
        cursor.advance(q(2, 1), q(2, 1));
        for _ in 0..3 {
            cursor.advance(q(6666, 10_000), q(2, 3));
        }
        assert!(!cursor.go_back(q(6666, 10_000)));
        assert_eq!(cursor.exact, q(10, 3));
        assert!(!cursor.go_back(q(33_333, 10_000)), "a little beyond the start is rounding too");
        assert_eq!(cursor.position(), Quarters::ZERO);
        cursor.advance(q(1, 1), q(1, 1));
        assert!(cursor.go_back(q(2, 1)));
        let exact = cursor.finish().map(|exact| (exact.reached, exact.of(q(26_666, 10_000))));
        assert_eq!(exact, Some((q(4, 1), q(8, 3))));
    }

    #[test]
    fn rounding_that_adds_up_is_left_alone() {
        let mut cursor = Cursor::default();
        for divisions in [85, 85, 86] {
            cursor.advance(q(divisions, 256), q(1, 3));
        }
        assert!(cursor.finish().is_none());
        let mut cursor = Cursor::default();
        // Seven in the time of six are printed, and six fit.
        cursor.advance(q(1, 2), q(4, 7));
        assert!(cursor.finish().is_none());
    }
}
