//! Seeds of performances.

use std::collections::BTreeSet;

use protocol::TakeView;
use protocol::limits::LARGEST_SEED;

/// The first seed from here on that no take has.
pub fn unused_seed(seed: u64, takes: &[TakeView]) -> u64 {
    let used: BTreeSet<u64> = takes.iter().map(|take| take.seed).collect();
    let mut seeds = (seed..=LARGEST_SEED).chain(0..seed);
    seeds.find(|seed| !used.contains(seed)).unwrap_or(seed)
}

/// Another seed, small enough to be read out.
pub fn throw(seed: u64, time_secs: f64) -> u64 {
    // SplitMix64: neighbouring numbers end up far apart.
    let mut z = (seed ^ time_secs.to_bits()).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_that_a_take_has_is_passed_over() {
        let take = |seed| TakeView { seed, ..TakeView::default() };
        assert_eq!(unused_seed(1, &[take(1), take(2), take(4)]), 3);
        assert_eq!(unused_seed(LARGEST_SEED, &[take(LARGEST_SEED)]), 0);
        assert_eq!(unused_seed(7, &[]), 7);
    }

    #[test]
    fn dice_fall_differently() {
        assert_ne!(throw(1, 2.0), throw(2, 2.0));
        assert_ne!(throw(1, 2.0), throw(1, 3.0));
    }
}
