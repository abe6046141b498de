//! Marks on notes and directions between them.

use bitflags::bitflags;
use serde::{Deserialize, Serialize};

use crate::time::Quarters;

bitflags! {
    /// What is written at a note: articulations, ornaments and its place in slurs.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub struct Marks: u32 {
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
        /// The mordent is an upper one (a sign without a stroke), the turn starts from below.
        const INVERTED = 1 << 16;
        /// The turn stands after the note, not on it.
        const DELAYED = 1 << 17;
        /// The chord is rolled from the top.
        const ARPEGGIO_DOWN = 1 << 18;
        /// Accidentals at an ornament, for its upper note.
        const ABOVE_FLAT = 1 << 19;
        /// Natural above an ornament.
        const ABOVE_NATURAL = 1 << 20;
        /// Sharp above an ornament.
        const ABOVE_SHARP = 1 << 21;
        /// Accidentals at an ornament, for its lower note.
        const BELOW_FLAT = 1 << 22;
        /// Natural below an ornament.
        const BELOW_NATURAL = 1 << 23;
        /// Sharp below an ornament.
        const BELOW_SHARP = 1 << 24;
        /// The tremolo goes between this note and another, not on this one.
        const TREMOLO_PAIR = 1 << 25;
        /// A grace note that is struck together with the one before it in the file.
        const GRACE_CHORD = 1 << 28;
        /// Strokes of a tremolo less one, as a number; see [`Marks::tremolo_strokes`].
        const TREMOLO_STROKES = 3 << TREMOLO_SHIFT;
    }
}

/// Where the number of a tremolo's strokes starts.
const TREMOLO_SHIFT: u32 = 26;

impl Marks {
    /// A tremolo on one note with so many strokes through its stem, 1 (eighths) to 4 (64ths).
    pub fn tremolo(strokes: u8) -> Self {
        let less_one = u32::from(strokes.clamp(1, 4) - 1);
        Self::TREMOLO | Self::from_bits_retain(less_one << TREMOLO_SHIFT)
    }

    /// How many strokes go through the stem of a tremolo: 1 for eighths, 2 for sixteenths …
    pub fn tremolo_strokes(self) -> u8 {
        ((self & Self::TREMOLO_STROKES).bits() >> TREMOLO_SHIFT) as u8 + 1
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
    /// A hold on no note: time stands still before `end`, which is the end of the rest that begins here, or the
    /// bar line that ends what begins here.
    Fermata,
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

    /// The level with these letters, `pppp` to `ffff`.
    pub(crate) fn from_letters(letters: &str) -> Option<Self> {
        const LETTERS: [&str; 10] = ["pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff"];
        LETTERS.iter().position(|name| *name == letters).map(|k| Self::ALL[k])
    }

    /// 1 (pppp) to 10 (ffff).
    pub fn level(self) -> u8 {
        self as u8
    }

    /// The level with that number, 1 to 10.
    pub fn from_level(level: u8) -> Option<Self> {
        Self::ALL.get(usize::from(level).checked_sub(1)?).copied()
    }
}
