//! The engraved page on paper, with what a version does drawn around it.
//!
//! Shapes are plain data in staff spaces, from the left upper corner of their system to the right and down;
//! what is above a system has negative heights. The face draws the same shapes on the screen.

use serde::{Deserialize, Serialize};

use crate::{ScoreId, VersionId};

/// A page to be printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PrintRequest {
    /// The version that the shapes tell of.
    pub version: VersionId,
    /// The score on the page, which is the one of [`crate::Event::Paper`].
    pub score: ScoreId,
    /// Room for shapes around each system.
    pub room: LayerRoom,
    /// What colours and shapes mean.
    pub legend: Vec<LegendLine>,
    /// What is drawn on each system, from the top; systems behind the last have nothing.
    pub systems: Vec<SystemLayers>,
}

/// Room around a system, in staff spaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerRoom {
    /// Above its upper edge.
    pub above: f32,
    /// Below its lower edge.
    pub below: f32,
}

/// What is drawn on a system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SystemLayers {
    /// Shapes, the lowest first.
    pub shapes: Vec<LayerShape>,
    /// Note heads that have a colour.
    pub tints: Vec<TintedHead>,
}

/// A shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LayerShape {
    /// Straight lines from point to point.
    Line {
        /// Left and down.
        points: Vec<(f32, f32)>,
        /// How thick.
        width: f32,
        /// What it tells of.
        ink: LayerInk,
    },
    /// A filled convex polygon.
    Area {
        /// Its corners.
        points: Vec<(f32, f32)>,
        /// What it tells of.
        ink: LayerInk,
    },
    /// Words on one line.
    Text {
        /// Their left end, in the middle of their height.
        at: (f32, f32),
        /// Size of the letters.
        size: f32,
        /// What they say.
        text: String,
        /// What they tell of.
        ink: LayerInk,
    },
}

/// What a shape tells of; each has a colour of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LayerInk {
    /// How fast.
    Tempo,
    /// How loud.
    Dynamics,
    /// The scale of a curve.
    Axis,
    /// A mood.
    Mood,
    /// A pinned value.
    Pin,
    /// A note that was not played.
    Missed,
    /// A note that was played on another key.
    Wrong,
    /// A note that was played and is not on the page.
    Extra,
    /// A wait that nothing written explains.
    Hesitation,
}

/// A note head in a colour.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TintedHead {
    /// Left edge of the head.
    pub left: f32,
    /// Its upper edge.
    pub top: f32,
    /// Its right edge.
    pub right: f32,
    /// Its lower edge.
    pub bottom: f32,
    /// From -1, all of the one colour, to 1, all of the other.
    pub value: f32,
}

/// Width and height of the box around the shapes that a line of the legend begins with.
pub const SIGN_SPACES: (f32, f32) = (4.0, 2.0);

/// What a colour or a shape means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LegendLine {
    /// The two ends of the colours of note heads.
    Tint {
        /// What -1 is.
        less: String,
        /// What 1 is.
        more: String,
    },
    /// What shapes are.
    Shapes {
        /// The shapes, in a box as large as [`SIGN_SPACES`]; none for words alone.
        shapes: Vec<LayerShape>,
        /// What they tell of.
        words: String,
    },
}
