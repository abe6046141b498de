//! What a hand does with the mouse, as state machines that know neither pixels nor widgets.
//!
//! A gesture begins where the button goes down, follows the pointer in units of the axis, seconds,
//! pitches or values, and gives one [`Edit`] (or a selection) when the button comes up. Nothing is
//! sent before; letting a gesture go (Esc) leaves no trace.

mod bars;
mod curve;
mod length;
mod mood;
mod onset;
mod pedal;
mod select;
mod velocity;

use protocol::Edit;

pub use bars::SelectBars;
pub use curve::{DrawCurve, Target};
pub use length::ChangeLength;
pub use mood::DragMood;
pub use onset::MoveOnset;
pub use pedal::DrawPedal;
pub use select::RubberBand;
pub use velocity::{Chord, DragVelocities, chords};

/// The gesture under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Gesture {
    /// A rubber band around notes.
    Select(RubberBand),
    /// Notes move in time.
    Onset(MoveOnset),
    /// Notes become longer or shorter.
    Length(ChangeLength),
    /// Notes become louder or softer.
    Velocity(DragVelocities),
    /// A curve of tempo, loudness or velocities.
    Curve(DrawCurve),
    /// The pedal goes down or up.
    Pedal(DrawPedal),
    /// Bars in the ruler.
    Bars(SelectBars),
    /// A border between moods, or bars for a new one.
    Mood(DragMood),
}

impl Gesture {
    /// The change that it asks for; none if it changes nothing by itself.
    pub fn edit(&self) -> Option<Edit> {
        match self {
            Self::Select(_) | Self::Bars(_) | Self::Mood(_) => None,
            Self::Onset(gesture) => gesture.edit(),
            Self::Length(gesture) => gesture.edit(),
            Self::Velocity(gesture) => gesture.edit(),
            Self::Curve(gesture) => gesture.edit(),
            Self::Pedal(gesture) => gesture.edit(),
        }
    }
}
