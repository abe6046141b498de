//! The view follows the playhead by page, until the user looks elsewhere.

use super::axis::TimeAxis;

/// Where on the page the playhead is after a turn, as a share of its width.
const AFTER_TURN: f64 = 0.04;

/// Whether pages turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follow {
    is_on: bool,
}

impl Default for Follow {
    fn default() -> Self {
        Self { is_on: true }
    }
}

impl Follow {
    /// Whether pages turn.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Turns following on or off.
    pub fn set(&mut self, is_on: bool) {
        self.is_on = is_on;
    }

    /// The user scrolled, zoomed or edited: the view is theirs now.
    pub fn let_go(&mut self) {
        self.is_on = false;
    }

    /// Turns the page if the playhead has left it. Only while it plays: stopping, which puts the
    /// playhead back, moves nothing.
    pub fn turn(&self, axis: &mut TimeAxis, playhead: f64, is_playing: bool) {
        let is_in_view = (axis.start()..=axis.end()).contains(&playhead);
        if self.is_on && is_playing && !is_in_view && playhead.is_finite() {
            let page = axis.end() - axis.start();
            axis.scroll(playhead - axis.start() - AFTER_TURN * page);
        }
    }
}
