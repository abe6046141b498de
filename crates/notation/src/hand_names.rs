//! Which hand the name of a part or track speaks of.

use crate::score::Hand;

const RIGHT: [&str; 8] = ["right", "rh", "r", "treble", "upper", "droite", "rechts", "destra"];
const LEFT: [&str; 8] = ["left", "lh", "l", "bass", "lower", "gauche", "links", "sinistra"];

/// The hand that a name speaks of; none where it speaks of both or of neither.
pub(crate) fn named_hand(name: &str) -> Option<Hand> {
    let name = name.to_lowercase();
    let says = |words: &[&str]| name.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    match (says(&RIGHT), says(&LEFT)) {
        (true, false) => Some(Hand::Right),
        (false, true) => Some(Hand::Left),
        _ => None,
    }
}
