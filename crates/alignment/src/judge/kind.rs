//! Ways to damage a recording.

use serde::Serialize;

/// What was done to a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// Nothing.
    None,
    /// One key in twenty is one or two semitones off.
    Wrong,
    /// One in ten is not struck.
    Missed,
    /// One in ten has another one beside it.
    Extra,
    /// Chords are spread from below, by 30 to 90 ms a key, up to half of the way to the next chord.
    Spread,
    /// Two passages of a tenth of the bars are left out.
    Skipped,
    /// Two passages of a tenth of the bars are played twice.
    Repeated,
    /// What is played twice is played once, with the second ending.
    Repeats,
    /// Sixteen bars from the middle alone.
    Bars,
    /// Four stops within a bar; the player goes one to three bars back.
    Restarts,
    /// One staff alone.
    Hand,
    /// Three times as slow.
    Slow,
    /// Three times as fast.
    Fast,
    /// The tempo wanders between a third and three times.
    Wandering,
    /// The piano is a semitone off.
    Semitone,
    /// A semitone off, with wrong, missed and extra keys and with restarts.
    Everything,
}

impl Damage {
    /// All ways.
    pub const ALL: [Self; 16] = [
        Self::None,
        Self::Wrong,
        Self::Missed,
        Self::Extra,
        Self::Spread,
        Self::Skipped,
        Self::Repeated,
        Self::Repeats,
        Self::Bars,
        Self::Restarts,
        Self::Hand,
        Self::Slow,
        Self::Fast,
        Self::Wandering,
        Self::Semitone,
        Self::Everything,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "undamaged",
            Self::Wrong => "wrong keys",
            Self::Missed => "missed notes",
            Self::Extra => "extra notes",
            Self::Spread => "spread chords",
            Self::Skipped => "skipped bars",
            Self::Repeated => "repeated bars",
            Self::Repeats => "no repeats",
            Self::Bars => "some bars",
            Self::Restarts => "restarts",
            Self::Hand => "one hand",
            Self::Slow => "a third as fast",
            Self::Fast => "three times as fast",
            Self::Wandering => "wandering tempo",
            Self::Semitone => "a semitone off",
            Self::Everything => "everything",
        }
    }
}
