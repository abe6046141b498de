//! The page moves: by the zoom commands, the wheel, the playhead and a drag that is held at an edge.

use egui::{PointerButton, Pos2, Response, Ui, Vec2, vec2};
use protocol::PlayState;

use super::placement::{self, MARGIN, SCROLL_BAR};
use super::sheet::Sheet;
use super::{Leaf, Page, USUAL_ZOOM, ZOOMS};
use crate::centre::stage::Stage;
use crate::centre::wheel::panned;

/// The system that is played is no lower than this share of the view: one sees what comes.
const LOWEST: f32 = 0.8;
/// In an endless system the playhead stays at this share of the view.
const ALONG: f32 = 0.3;
/// How near to an edge a drag scrolls, in points.
const EDGE: f32 = 20.0;
/// How fast it scrolls for each point that the pointer is beyond that, in points a second.
const EDGE_SPEED: f32 = 16.0;
/// The fastest, in points a second.
const EDGE_FASTEST: f32 = 1_200.0;

impl Page {
    /// The zoom: points for a staff space.
    pub fn points_per_space(&self) -> f32 {
        self.zoom
    }

    /// Whether it is what it is at first.
    pub(crate) fn has_usual_zoom(&self) -> bool {
        self.zoom == USUAL_ZOOM
    }

    /// Takes the zoom that a project kept; the usual one if it kept none.
    pub(crate) fn set_zoom(&mut self, kept: Option<f32>) {
        self.zoom = kept.unwrap_or(USUAL_ZOOM).clamp(ZOOMS.0, ZOOMS.1);
    }

    /// Goes back to the usual zoom.
    pub(crate) fn zoom_usual(&mut self) {
        self.set_zoom(None);
        self.fixed = self.rect.size() / 2.0;
    }

    /// Makes everything `factor` times as large; what is at a place stays there, or what is in the middle.
    pub(crate) fn zoom(&mut self, factor: f32, at: Option<Pos2>) {
        let (mut least, mut most) = ZOOMS;
        if self.rect.is_positive() {
            let possible = placement::scales(self.rect);
            (least, most) = (least.max(possible.0), most.min(possible.1));
        }
        self.zoom = (self.zoom * factor).min(most).max(least);
        self.fixed = at.map_or(self.rect.size() / 2.0, |at| at - self.rect.min);
    }

    /// Moves the page as wheel and middle button ask; says whether they did.
    pub(super) fn move_by_hand(&mut self, ui: &Ui, response: &Response) -> bool {
        let moves = self.wheel.read(ui, self.rect);
        let factor = moves.zoom_time * moves.zoom_pitch;
        if factor != 1.0 {
            self.zoom(factor as f32, ui.input(|i| i.pointer.hover_pos()));
        }
        let (turned, pulled) = (moves.scroll.x + moves.scroll.y, panned(response));
        let scrolled =
            if self.is_line() { vec2(turned + pulled.x, pulled.y) } else { vec2(0.0, turned + pulled.y) };
        if scrolled != Vec2::ZERO {
            self.scroll_to(self.scroll - scrolled);
        }
        factor != 1.0 || scrolled != Vec2::ZERO
    }

    /// Scrolls while a drag is held at an edge of the view or beyond it; the further, the faster. Says whether it
    /// did.
    pub(super) fn scroll_at_edge(&mut self, ui: &Ui, response: &Response) -> bool {
        let (origin, at) = ui.input(|i| (i.pointer.press_origin(), i.pointer.interact_pos()));
        let (Some(origin), Some(at)) = (origin, at) else { return false };
        if !response.dragged_by(PointerButton::Primary) {
            return false;
        }
        let is_line = self.is_line();
        let along = |v: Vec2| if is_line { v.x } else { v.y };
        let length = along(self.rect.size());
        // Who begins at an edge does not mean it until going further out.
        let [began, is] = [origin, at].map(|pos| beyond(along(pos - self.rect.min), length));
        let out = if began * is > 0.0 { is.signum() * (is.abs() - began.abs()).max(0.0) } else { is };
        let speed = (out * EDGE_SPEED).clamp(-EDGE_FASTEST, EDGE_FASTEST);
        if speed == 0.0 {
            return false;
        }
        let before = self.scroll;
        let way = speed * ui.input(|i| i.stable_dt).min(0.1);
        self.scroll_to(self.scroll + if is_line { vec2(way, 0.0) } else { vec2(0.0, way) });
        self.clamp_scroll();
        ui.ctx().request_repaint();
        self.scroll != before
    }

    /// Has the left upper corner of the view at a place of the page, in points.
    pub(super) fn scroll_to(&mut self, scroll: Vec2) {
        self.scroll = scroll;
        self.fixed = Vec2::ZERO;
        self.goal_quarters = None;
    }

    /// Whether what is in view is one endless system.
    pub(super) fn is_line(&self) -> bool {
        self.shown.as_ref().is_some_and(|leaf| leaf.sheet.is_endless())
    }

    /// Takes note of where the playhead is: the pass that is heard is meant.
    pub(super) fn hear(&mut self, stage: &Stage<'_>) {
        let Some(Leaf { sheet, .. }) = &self.shown else { return };
        let step = sheet.playing().at(stage.axis.quarters_at(stage.playhead));
        self.chosen.hear(sheet.repeats(), step);
    }

    /// A place that was gone to while nothing plays is to come into view.
    pub(super) fn go_along(&mut self, stage: &Stage<'_>) {
        let transport = &stage.model.transport;
        let before = std::mem::replace(&mut self.position_quarters, transport.position_quarters);
        if transport.state != PlayState::Playing && before != self.position_quarters {
            self.goal_quarters = Some(self.position_quarters);
        }
    }

    /// Scrolls to what is played, or to the place that is to come into view.
    pub(super) fn come_into_view(&mut self, stage: &Stage<'_>, is_following: bool) {
        let Some(leaf) = &self.shown else { return };
        let playhead = is_following.then(|| stage.axis.quarters_at(stage.playhead));
        let Some(quarters) = playhead.or(self.goal_quarters).filter(|place| leaf.sheet.covers(*place)) else {
            return;
        };
        let to = if leaf.sheet.is_endless() {
            self.along_to(&leaf.sheet, quarters, is_following)
        } else {
            self.down_to(&leaf.sheet, quarters, is_following)
        };
        if let Some(to) = to {
            self.scroll_to(to);
        }
        self.goal_quarters = None;
    }

    /// How far a page is to be scrolled for a place to come into view; none if it is.
    fn down_to(&self, sheet: &Sheet, quarters: f64, is_following: bool) -> Option<Vec2> {
        let (top, bottom) = sheet.extent(sheet.system_of(quarters));
        let (top, bottom) = (top * self.scale, bottom * self.scale);
        let view = (self.scroll.y, self.scroll.y + self.rect.height());
        let is_in_view = if is_following {
            top >= view.0 && bottom <= view.0 + self.rect.height() * LOWEST
        } else {
            // A click on a system at the edge does not move it.
            (view.0..=view.1).contains(&((top + bottom) / 2.0))
        };
        (!is_in_view).then(|| vec2(0.0, top - self.scale))
    }

    /// The same for an endless system, which moves on below the playhead while it is followed.
    fn along_to(&self, sheet: &Sheet, quarters: f64, is_following: bool) -> Option<Vec2> {
        let x = sheet.corner(sheet.system_of(quarters)).x + sheet.x_of(quarters)?;
        let x = MARGIN + x * self.scale;
        let is_in_view = (self.scroll.x..=self.scroll.x + self.rect.width()).contains(&x);
        let is_there = is_in_view && !is_following;
        (!is_there).then(|| vec2(x - ALONG * self.rect.width(), self.scroll.y))
    }

    /// How much of the page is out of view, in points; less than nothing where there is room to spare.
    pub(super) fn hidden(&self) -> Vec2 {
        let Some(leaf) = &self.shown else { return Vec2::ZERO };
        let size = leaf.sheet.size() * self.scale;
        if leaf.sheet.is_endless() {
            size + vec2(2.0 * MARGIN, SCROLL_BAR) - self.rect.size()
        } else {
            vec2(0.0, size.y - self.rect.height())
        }
    }

    /// The page does not leave the view; an endless system that is less high is in its middle.
    pub(super) fn clamp_scroll(&mut self) {
        let hidden = self.hidden();
        let spare = if self.is_line() { hidden.y.min(0.0) / 2.0 } else { 0.0 };
        self.scroll = vec2(self.scroll.x.min(hidden.x).max(0.0), self.scroll.y.min(hidden.y).max(spare));
        if spare < 0.0 {
            self.scroll.y = spare;
        }
    }
}

/// How far a place is beyond what is [`EDGE`] away from the ends of a length; negative before the first.
fn beyond(at: f32, length: f32) -> f32 {
    let edge = EDGE.min(length / 4.0);
    if at < edge { at - edge } else { (at - (length - edge)).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::beyond;

    #[test]
    fn edges_are_at_both_ends() {
        assert_eq!(
            [-10.0, 5.0, 20.0, 300.0, 380.0, 395.0, 420.0].map(|at| beyond(at, 400.0)),
            [-30.0, -15.0, 0.0, 0.0, 0.0, 15.0, 40.0]
        );
    }
}
