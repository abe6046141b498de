//! What is said of a slip.

/// A pitch's name, as the window shows it: C4 is middle C.
fn name(pitch: u8) -> String {
    const NAMES: [&str; 12] = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
    format!("{}{}", NAMES[usize::from(pitch % 12)], i32::from(pitch / 12) - 1)
}

/// Of a key in place of another one.
pub(super) fn wrong(struck: u8, meant: u8) -> String {
    format!("{} instead of {}", name(struck), name(meant))
}

/// Of a note that was not played.
pub(super) fn missed(pitch: u8) -> String {
    format!("{} missed", name(pitch))
}

/// Of a key that belongs to no note.
pub(super) fn extra(pitch: u8) -> String {
    format!("{} is not written", name(pitch))
}

/// Of a wait.
pub(super) fn hesitation(excess_secs: f64) -> String {
    format!("{excess_secs:.1} s longer than the beat")
}
