//! Which page the studio is asked for, and when.

use egui::Ui;
use protocol::{Command, ScoreId};

use crate::Outbox;

/// A width has to stay for this long before the page is engraved in it: whoever zooms or draws a window larger
/// passes over many.
const SETTLE_SECS: f64 = 0.3;

/// Which page: a score in a width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageKey {
    /// See [`crate::Model::score_revision`]: scores of two documents may have one number.
    pub score_revision: u64,
    /// The score.
    pub score: ScoreId,
    /// Width of its systems in staff spaces, or [`protocol::limits::ENDLESS_SPACES`].
    pub width_spaces: f32,
}

/// What was asked for, and what is to be.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    asked: Option<PageKey>,
    wanted: Option<PageKey>,
    /// Since when it is wanted.
    since_secs: f64,
}

impl Asking {
    /// Asks for a page, once it is clear that it is wanted. The first of a score is asked for at once.
    pub fn ask(&mut self, ui: &Ui, wanted: PageKey, now_secs: f64, out: &mut Outbox) {
        if self.wanted != Some(wanted) {
            self.wanted = Some(wanted);
            self.since_secs = now_secs;
        }
        if self.is_asked(&wanted) {
            return;
        }
        let is_first = self.asked.is_none_or(|asked| asked.score_revision != wanted.score_revision);
        let left_secs = SETTLE_SECS - (now_secs - self.since_secs);
        if is_first || left_secs <= 0.0 {
            self.asked = Some(wanted);
            let PageKey { score, width_spaces, .. } = wanted;
            out.send(Command::ShowPage { score, width_spaces });
        } else {
            ui.ctx().request_repaint_after_secs(left_secs as f32);
        }
    }

    /// Whether this is the page that was asked for last: the studio draws systems of no other.
    pub fn is_asked(&self, key: &PageKey) -> bool {
        self.asked.as_ref() == Some(key)
    }

    /// Whether this is the page that is wanted now.
    pub fn is_wanted(&self, key: &PageKey) -> bool {
        self.wanted.as_ref() == Some(key)
    }

    /// The page that was asked for last.
    pub fn asked(&self) -> Option<PageKey> {
        self.asked
    }
}
