//! Score time: exact quarter notes.

use std::fmt;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use num_rational::Ratio;
use num_traits::{CheckedAdd, Zero};
use serde::{Deserialize, Serialize};

/// A point or a length in score time, an exact rational number of quarter notes.
///
/// Performance time is `f64` seconds; the two are different types so that they never mix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quarters(Ratio<i64>);

impl Quarters {
    /// No time at all, and the start of a score.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));

    /// `numerator / denominator` quarters. A denominator of 0 counts as 1.
    pub fn new(numerator: i64, denominator: i64) -> Self {
        Self(Ratio::new(numerator, if denominator == 0 { 1 } else { denominator }))
    }

    /// A fraction in lowest terms, for constants.
    pub(crate) const fn fraction(numerator: i64, denominator: i64) -> Self {
        Self(Ratio::new_raw(numerator, denominator))
    }

    /// The size without the sign.
    pub fn abs(self) -> Self {
        if self < Self::ZERO { -self } else { self }
    }

    /// Whole quarters.
    pub const fn whole(quarters: i64) -> Self {
        Self(Ratio::new_raw(quarters, 1))
    }

    /// The nearest multiple of 1/`grid` quarter to a decimal number of quarters.
    pub fn nearest(quarters: f64, grid: i64) -> Self {
        Self::new((quarters * grid as f64).round() as i64, grid)
    }

    /// Numerator of the reduced fraction.
    pub fn numerator(self) -> i64 {
        *self.0.numer()
    }

    /// Denominator of the reduced fraction, always positive.
    pub fn denominator(self) -> i64 {
        *self.0.denom()
    }

    /// As a decimal number, for plots and networks.
    pub fn to_f64(self) -> f64 {
        self.numerator() as f64 / self.denominator() as f64
    }

    /// Whether this is a length of nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The sum, or nothing if it does not fit (only broken files get there).
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(&other.0).map(Self)
    }

    /// The larger of two.
    pub fn max(self, other: Self) -> Self {
        Ord::max(self, other)
    }

    /// The smaller of two.
    pub fn min(self, other: Self) -> Self {
        Ord::min(self, other)
    }
}

impl Add for Quarters {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Quarters {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Quarters {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Quarters {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Quarters {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i64> for Quarters {
    type Output = Self;
    fn mul(self, factor: i64) -> Self {
        Self(self.0 * factor)
    }
}

impl fmt::Display for Quarters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Quarters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}q", self.0)
    }
}

/// The least common multiple of two positive numbers, if it fits.
pub(crate) fn lcm(a: i64, b: i64) -> Option<i64> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b)
}

impl Serialize for Quarters {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.numerator(), self.denominator()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Quarters {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (numerator, denominator) = <(i64, i64)>::deserialize(deserializer)?;
        if denominator <= 0 {
            return Err(serde::de::Error::custom("the denominator of a score time must be positive"));
        }
        Ok(Self::new(numerator, denominator))
    }
}
