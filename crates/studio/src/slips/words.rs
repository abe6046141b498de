//! What is said of a slip, in the names of the key that the piece is in there.

use notation::{KeySignature, pitch_name};

/// Of a key in place of another one.
pub(super) fn wrong(struck: u8, meant: u8, key: KeySignature) -> String {
    format!("{} instead of {}", pitch_name(struck, key), pitch_name(meant, key))
}

/// Of a note that was not played.
pub(super) fn missed(pitch: u8, key: KeySignature) -> String {
    format!("{} missed", pitch_name(pitch, key))
}

/// Of a key that belongs to no note.
pub(super) fn extra(pitch: u8, key: KeySignature) -> String {
    format!("{} is not written", pitch_name(pitch, key))
}

/// Of a wait.
pub(super) fn hesitation(excess_secs: f64) -> String {
    format!("{excess_secs:.1} s longer than the beat")
}
