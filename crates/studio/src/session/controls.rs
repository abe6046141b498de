//! How the transport is set.

use protocol::TransportView;

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
        Self {
            rate_percent: TransportView::FIRST_RATE_PERCENT,
            volume: TransportView::FIRST_VOLUME,
            metronome: false,
            count_in: false,
            looped: None,
        }
    }
}
