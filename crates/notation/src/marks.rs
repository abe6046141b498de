//! Marks on notes and directions between them.

use bitflags::bitflags;
use serde::{Deserialize, Serialize};

use crate::time::Quarters;

bitflags! {
    /// What is written at a note: articulations, ornaments and its place in slurs.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub struct Marks: u16 {
        /// Dot.
        const STACCATO = 1;
        /// Wedge or spiccato.
        const STACCATISSIMO = 2;
        /// `>`.
        const ACCENT = 4;
        /// `^`.
        const MARCATO = 8;
        /// Line.
        const TENUTO = 16;
        /// Hold.
        const FERMATA = 32;
        /// Trill.
        const TRILL = 64;
        /// Mordent of either kind.
        const MORDENT = 128;
        /// Turn of either kind.
        const TURN = 256;
        /// Rolled chord.
        const ARPEGGIO = 512;
        /// Tremolo.
        const TREMOLO = 1024;
        /// A slur starts here.
        const SLUR_START = 2048;
        /// A slur stops here.
        const SLUR_STOP = 4096;
        /// Under a slur, its first and last notes included (the last has `SLUR_STOP` too).
        const SLURRED = 8192;
        /// Breath mark or caesura after it.
        const BREATH = 32768;
    }
}

/// Something written between the notes that holds from a point on or over a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Direction {
    /// Where it starts.
    pub onset: Quarters,
    /// Where it ends, for hairpins, pedal lines and words with an extent.
    pub end: Option<Quarters>,
    /// Index into the score's parts.
    pub part: u16,
    /// The staff that it belongs to, if the file says.
    pub staff: Option<u8>,
    /// What it asks for.
    pub kind: DirectionKind,
    /// The text as written (`dolce`, `sfz`, `Allegro`); empty for signs.
    pub text: String,
}

/// What a direction asks for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum DirectionKind {
    /// A level that holds until the next.
    Dynamic(Dynamic),
    /// A single accent: sf, sfz, fp, rf, fz.
    Sforzando,
    /// Gradually louder, by wedge or word.
    Crescendo,
    /// Gradually softer, by wedge or word.
    Diminuendo,
    /// A metronome mark, as quarters per minute.
    Metronome(f64),
    /// A tempo word; quarters per minute that it is taken to mean, if it is known.
    Tempo(Option<f64>),
    /// Gradually slower.
    Ritardando,
    /// Gradually faster.
    Accelerando,
    /// Back to the tempo before.
    ATempo,
    /// Sustain pedal down from here to `end` (or to the next pedal mark).
    SustainPedal,
    /// Una corda from here to `end` (or to tre corde).
    SoftPedal,
    /// Anything else: character words, instructions.
    Words,
}

/// Loudness levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Dynamic {
    Pppp = 1,
    Ppp,
    Pp,
    P,
    Mp,
    Mf,
    F,
    Ff,
    Fff,
    Ffff,
}

impl Dynamic {
    /// All levels, softest first.
    pub const ALL: [Self; 10] = [
        Self::Pppp,
        Self::Ppp,
        Self::Pp,
        Self::P,
        Self::Mp,
        Self::Mf,
        Self::F,
        Self::Ff,
        Self::Fff,
        Self::Ffff,
    ];

    /// 1 (pppp) to 10 (ffff).
    pub fn level(self) -> u8 {
        self as u8
    }

    /// The level with that number, 1 to 10.
    pub fn from_level(level: u8) -> Option<Self> {
        Self::ALL.get(usize::from(level).checked_sub(1)?).copied()
    }
}
