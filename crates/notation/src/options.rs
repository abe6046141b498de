//! What the caller may choose about reading a file.

use crate::smf::SmfOptions;

/// How to read a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// What to do with repeats.
    pub unfold: Unfold,
    /// What to refuse of MusicXML.
    pub limits: Limits,
    /// How to read MIDI files.
    pub midi: SmfOptions,
}

/// What to do with repeats, endings and jumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Unfold {
    /// Play every repeat, every ending in turn, and every jump (D.C., D.S.) once, with the repeats
    /// again after the jump.
    #[default]
    Maximal,
    /// Every measure once, in the order of the page.
    AsWritten,
}

/// Bounds that keep hostile or damaged files from eating time and memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of XML, unpacked.
    pub bytes: u64,
    /// Files in a compressed archive.
    pub archive_entries: usize,
    /// Elements within elements.
    pub depth: usize,
    /// Notes after unfolding.
    pub notes: usize,
    /// Measures after unfolding.
    pub measures: usize,
    /// Parts.
    pub parts: usize,
    /// Length in quarters after unfolding.
    pub quarters: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            archive_entries: 1_000,
            depth: 64,
            notes: 1_000_000,
            measures: 100_000,
            parts: 1_000,
            quarters: 1 << 20,
        }
    }
}
