//! Which movement is which piece.

/// Number in Köchel's catalogue and the number of the sonata in editions that count to 18, which
/// (n)ASAP's titles follow. Numbers up to 14 are the same in newer editions.
const SONATAS: [(u16, u8); 12] = [
    (279, 1),
    (280, 2),
    (281, 3),
    (282, 4),
    (283, 5),
    (284, 6),
    (330, 10),
    (331, 11),
    (332, 12),
    (333, 13),
    (457, 14),
    (533, 15),
];

/// Movements that are not to be learned from: file, reason.
const EXCLUDED: [(&str, &str); 3] = [
    ("kv331_1", "kept for judging"),
    ("kv331_3", "(n)ASAP has it in valid"),
    ("kv332_2", "(n)ASAP has it in test"),
];

/// Title and catalogue number of a movement, from its file name such as `kv331_2`.
pub fn names(stem: &str) -> Option<(String, String)> {
    let (kv, movement) = stem.strip_prefix("kv")?.split_once('_')?;
    let number = SONATAS.iter().find(|(k, _)| k.to_string() == kv)?.1;
    Some((format!("Piano_Sonatas_{number}-{movement}"), format!("{kv}/{movement}")))
}

/// Why a movement is not to be learned from.
pub fn excluded(stem: &str) -> Option<&'static str> {
    EXCLUDED.iter().find(|(name, _)| *name == stem).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn movements_have_the_titles_of_asap() {
        let expected = ("Piano_Sonatas_12-1".to_owned(), "332/1".to_owned());
        assert_eq!(names("kv332_1"), Some(expected));
        assert_eq!(names("kv999_1"), None);
        assert!(excluded("kv331_3").is_some() && excluded("kv331_2").is_none());
    }
}
