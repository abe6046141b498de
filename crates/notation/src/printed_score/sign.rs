//! The signs of a page that say in which order its measures are played.

/// A sign, and the measure that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Index into the measures of the page.
    pub measure: u32,
    /// What it says.
    pub kind: SignKind,
}

/// What a sign says. Some stand at the bar line before their measure, the others at the one behind it;
/// see [`SignKind::is_before`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignKind {
    /// A repeated passage starts with the measure.
    RepeatStart,
    /// A repeated passage ends with the measure.
    RepeatEnd {
        /// How often it is played, at least twice.
        times: u8,
    },
    /// The bracket of an ending starts with the measure.
    EndingStart {
        /// The passes in which the ending is played, from 1, rising.
        numbers: Vec<u8>,
    },
    /// The bracket of an ending ends with the measure.
    EndingEnd {
        /// Whether the bracket has no hook at its end, since playing goes on from there.
        is_open: bool,
    },
    /// Where a dal segno goes to, before the measure.
    Segno,
    /// Where a To Coda goes to, before the measure.
    Coda,
    /// After the measure playing goes to the coda, once it has jumped back.
    ToCoda,
    /// After the measure the piece ends, once playing has jumped back.
    Fine,
    /// After the measure playing goes to the start of the page.
    DaCapo {
        /// Where it ends then; nothing if it goes on to the end of the page.
        al: Option<Al>,
        /// Whether repeated passages are repeated again; else each is played once, with its last
        /// ending.
        with_repeats: bool,
    },
    /// After the measure playing goes to the segno.
    DalSegno {
        /// Where it ends then; nothing if it goes on to the end of the page.
        al: Option<Al>,
        /// Whether repeated passages are repeated again; else each is played once, with its last
        /// ending.
        with_repeats: bool,
    },
}

/// Where playing ends after a jump back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Al {
    /// At the Fine.
    Fine,
    /// With the coda.
    Coda,
}

impl SignKind {
    /// Whether it stands at the bar line before its measure; else at the one behind it.
    pub fn is_before(&self) -> bool {
        matches!(self, Self::RepeatStart | Self::EndingStart { .. } | Self::Segno | Self::Coda)
    }
}
