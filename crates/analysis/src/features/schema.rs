//! A name for what the columns mean, so that weights are never given others than they were trained on.

use super::columns::WIDTH;

/// Raised with every change of what a column means: the code of a group, the analysis behind it, a rule
/// of `crate::rules` or its weights for features. The test of the features' sum fails then, too.
pub const REVISION: u32 = 1;

/// FNV-1a over names and widths of the groups, the table's width and the revision, in hexadecimal.
pub(super) fn hash<'a>(groups: impl Iterator<Item = (&'a str, usize)>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for (name, width) in groups {
        add(name.as_bytes());
        add(&(width as u64).to_le_bytes());
    }
    add(&(WIDTH as u64).to_le_bytes());
    add(&REVISION.to_le_bytes());
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_widths_change_the_hash() {
        let base = hash([("pitch", 2), ("metre", 3)].into_iter());
        assert_eq!(base.len(), 16);
        assert_ne!(base, hash([("pitch", 3), ("metre", 2)].into_iter()));
        assert_ne!(base, hash([("pitches", 2), ("metre", 3)].into_iter()));
        assert_eq!(base, hash([("pitch", 2), ("metre", 3)].into_iter()));
    }
}
