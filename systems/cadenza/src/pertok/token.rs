//! A token and what it stands for.

use notation::TimeSignature;

/// What a token stands for. Times are ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// Fills up sequences of a batch.
    Pad,
    /// Begins a sequence.
    Begin,
    /// Ends a sequence.
    End,
    /// Stands in the place of a token that a network is to find.
    Mask,
    /// A bar line, but the first.
    Bar,
    /// A note, as a MIDI number.
    Pitch(u8),
    /// How loud the note is.
    Velocity(u8),
    /// Time since what was told before.
    TimeShift(u32),
    /// Time since the bar line.
    Position(u32),
    /// How long the note is written.
    Duration(u32),
    /// How much later than on the grid the note is played.
    MicroTiming(i32),
    /// The metre from this bar on.
    TimeSignature(TimeSignature),
}

impl Token {
    /// The name that MidiTok gives it: `Pitch_60`, or for written values quarters, ticks and ticks a
    /// quarter, as in `Duration_1.80.320`.
    pub fn name(self, ticks_per_quarter: u32) -> String {
        let written = |ticks: u32| {
            let per_quarter = ticks_per_quarter.max(1);
            format!("{}.{}.{per_quarter}", ticks / per_quarter, ticks % per_quarter)
        };
        match self {
            Self::Pad => "PAD_None".to_owned(),
            Self::Begin => "BOS_None".to_owned(),
            Self::End => "EOS_None".to_owned(),
            Self::Mask => "MASK_None".to_owned(),
            Self::Bar => "Bar_None".to_owned(),
            Self::Pitch(pitch) => format!("Pitch_{pitch}"),
            Self::Velocity(velocity) => format!("Velocity_{velocity}"),
            Self::TimeShift(ticks) => format!("TimeShift_{}", written(ticks)),
            Self::Position(ticks) => format!("Position_{ticks}"),
            Self::Duration(ticks) => format!("Duration_{}", written(ticks)),
            Self::MicroTiming(ticks) => format!("MicroTiming_{ticks}"),
            Self::TimeSignature(metre) => format!("TimeSig_{}/{}", metre.beats, metre.beat_type),
        }
    }
}
