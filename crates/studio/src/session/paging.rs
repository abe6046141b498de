//! The page that the window shows, and the one for paper.

use protocol::ScoreId;
use protocol::limits::{ENDLESS_SPACES, PAGE_WIDTHS_SPACES, PAPER_SPACES, PIXELS_PER_SPACE};

use super::Session;
use super::running::Kind;
use crate::page::{Drawing, PageKey};
use crate::varied;

impl Session {
    /// Engraves a score of the document; a width that cannot be is brought to the next one that can.
    pub(super) fn show_page(&mut self, score: ScoreId, width_spaces: f32) {
        let Some(open) = self.open.as_ref().filter(|open| open.has_score(score)) else { return };
        if width_spaces.is_finite() {
            let written = open.document.on_page(varied::to_engrave(open.entry(score)));
            self.pages.show(score, &written, page_width(width_spaces));
        }
    }

    /// Engraves a score of the document for paper, as a job: a long one takes seconds, in which the window may show
    /// nothing of it.
    pub(super) fn engrave_paper(&mut self, score: ScoreId) {
        let Some(open) = self.open.as_ref().filter(|open| open.has_score(score)) else { return };
        let written = open.document.on_page(varied::to_engrave(open.entry(score)));
        if !self.jobs.iter().any(|job| matches!(job.kind, Kind::Engraving)) {
            self.list_job("Engraving the page for paper".to_owned(), None, Kind::Engraving);
        }
        self.paper.show(score, &written, PAPER_SPACES);
    }

    /// The page for paper is there, or it is no longer wanted.
    pub(super) fn paper_engraved(&mut self) {
        self.jobs.retain(|job| !matches!(job.kind, Kind::Engraving));
        self.tell_jobs();
    }

    /// Draws a system of the page.
    pub(super) fn draw_system(
        &self,
        (score, width_spaces): (ScoreId, f32),
        system: u32,
        pixels_per_space: f32,
    ) {
        if self.open.is_none() || !width_spaces.is_finite() || !pixels_per_space.is_finite() {
            return;
        }
        let page = PageKey { score, width_spaces: page_width(width_spaces) };
        let pixels_per_space = pixels_per_space.clamp(*PIXELS_PER_SPACE.start(), *PIXELS_PER_SPACE.end());
        self.pages.draw(Drawing { page, system, pixels_per_space });
    }
}

/// A width that can be, or none at all.
fn page_width(spaces: f32) -> f32 {
    if spaces == ENDLESS_SPACES {
        return spaces;
    }
    spaces.clamp(*PAGE_WIDTHS_SPACES.start(), *PAGE_WIDTHS_SPACES.end())
}
