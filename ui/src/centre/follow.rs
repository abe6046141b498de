//! The view follows the playhead by page, until the user looks elsewhere; playing again brings it
//! back.

use super::axis::TimeAxis;

/// Where on the page the playhead is after a turn, as a share of its width.
const AFTER_TURN: f64 = 0.04;

/// Whether pages turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follow {
    /// As the switch was put last.
    is_wanted: bool,
    /// Whether the user looks elsewhere.
    is_let_go: bool,
    was_playing: bool,
}

impl Default for Follow {
    fn default() -> Self {
        Self { is_wanted: true, is_let_go: false, was_playing: false }
    }
}

impl Follow {
    /// Whether pages turn.
    pub fn is_on(&self) -> bool {
        self.is_wanted && !self.is_let_go
    }

    /// Whether pages are to turn the next time that it plays.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// Turns following on or off.
    pub fn set(&mut self, is_on: bool) {
        (self.is_wanted, self.is_let_go) = (is_on, false);
    }

    /// The user scrolled, zoomed or edited: the view is theirs until it plays again.
    pub fn let_go(&mut self) {
        self.is_let_go = true;
    }

    /// Takes note of whether it plays: who starts it wants to see it.
    pub fn play(&mut self, is_playing: bool) {
        if is_playing && !self.was_playing {
            self.is_let_go = false;
        }
        self.was_playing = is_playing;
    }

    /// Turns the page if the playhead has left it. Only while it plays: stopping, which puts the
    /// playhead back, moves nothing.
    pub fn turn(&self, axis: &mut TimeAxis, playhead: f64, is_playing: bool) {
        let is_in_view = (axis.start()..=axis.end()).contains(&playhead);
        if self.is_on() && is_playing && !is_in_view && playhead.is_finite() {
            let page = axis.end() - axis.start();
            axis.scroll(playhead - axis.start() - AFTER_TURN * page);
        }
    }
}
