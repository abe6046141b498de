//! What is heard now.

use serde::{Deserialize, Serialize};

use crate::{Bars, VersionId};

/// The transport; sent about thirty times a second while it plays, else when it changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransportView {
    /// What it does.
    pub state: PlayState,
    /// The version that sounds.
    pub version: VersionId,
    /// Where in the score.
    pub position_quarters: f64,
    /// Where in the version.
    pub position_secs: f64,
    /// Tempo in percent.
    pub rate_percent: f64,
    /// Bars repeated.
    pub looped: Option<Bars>,
    /// Whether the metronome clicks.
    pub metronome: bool,
    /// Whether a bar is counted before.
    pub count_in: bool,
    /// Loudness of everything, 0 to 1.
    pub volume: f64,
    /// Where the sound goes.
    pub output: OutputView,
}

impl TransportView {
    /// The tempo with which the transport begins, in percent.
    pub const FIRST_RATE_PERCENT: f64 = 100.0;

    /// The loudness with which it begins.
    pub const FIRST_VOLUME: f64 = 0.8;
}

impl Default for TransportView {
    /// As it begins: what is shown until it is first told.
    fn default() -> Self {
        Self {
            state: PlayState::default(),
            version: VersionId::default(),
            position_quarters: 0.0,
            position_secs: 0.0,
            rate_percent: Self::FIRST_RATE_PERCENT,
            looped: None,
            metronome: false,
            count_in: false,
            volume: Self::FIRST_VOLUME,
            output: OutputView::default(),
        }
    }
}

/// What the transport does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlayState {
    /// At rest.
    #[default]
    Stopped,
    /// Counting in.
    CountIn,
    /// Playing.
    Playing,
    /// At rest in the middle.
    Paused,
}

/// Where the sound goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutputView {
    /// To a device of this name.
    Device(String),
    /// Nowhere, and why.
    Silent(String),
}

impl Default for OutputView {
    fn default() -> Self {
        Self::Silent(String::new())
    }
}
