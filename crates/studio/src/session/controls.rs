//! How the transport is set.

/// How the transport is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlaybackControls {
    pub(super) rate_percent: f64,
    pub(super) volume: f64,
    pub(super) metronome: bool,
    pub(super) count_in: bool,
    pub(super) looped: Option<protocol::Bars>,
}

impl Default for PlaybackControls {
    fn default() -> Self {
        Self { rate_percent: 100.0, volume: 0.8, metronome: false, count_in: false, looped: None }
    }
}
