//! The page moves: by the zoom commands, the wheel, the scroll bar and the playhead.

use egui::{Pos2, Rect, Response, Sense, Ui, Vec2, WidgetInfo, pos2};
use protocol::PlayState;

use super::placement::{self, SCROLL_BAR};
use super::{Page, USUAL_ZOOM, ZOOMS};
use crate::centre::stage::Stage;
use crate::centre::wheel::panned;
use crate::theme::Tokens;

/// The system that is played is no lower than this share of the view: one sees what comes.
const LOWEST: f32 = 0.8;
/// The handle of the scroll bar is no shorter than this.
const LEAST_HANDLE: f32 = 28.0;

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
        let scrolled = moves.scroll.y + moves.scroll.x + panned(response).y;
        if scrolled != 0.0 {
            self.scroll_to(self.scroll - scrolled);
        }
        factor != 1.0 || scrolled != 0.0
    }

    /// Has the upper edge of the view at a height of the page, in points.
    fn scroll_to(&mut self, scroll: f32) {
        self.scroll = scroll;
        self.fixed = Vec2::ZERO;
        self.goal_quarters = None;
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
        let (top, bottom) = leaf.sheet.extent(leaf.sheet.system_of(quarters));
        let (top, bottom) = (top * self.scale, bottom * self.scale);
        let view = (self.scroll, self.scroll + self.rect.height());
        let is_in_view = if is_following {
            top >= view.0 && bottom <= view.0 + self.rect.height() * LOWEST
        } else {
            // A click on a system at the edge does not move it.
            (view.0..=view.1).contains(&((top + bottom) / 2.0))
        };
        if !is_in_view {
            self.scroll_to(top - self.scale);
        }
        self.goal_quarters = None;
    }

    /// The page does not leave the view.
    pub(super) fn clamp_scroll(&mut self) {
        let height = self.shown.as_ref().map_or(0.0, |leaf| leaf.sheet.height() * self.scale);
        self.scroll = self.scroll.min(height - self.rect.height()).max(0.0);
    }

    /// The scroll bar, if there is more than fits; says whether it was used.
    pub(super) fn show_scroll_bar(&mut self, ui: &Ui, tokens: &Tokens) -> bool {
        let height = self.shown.as_ref().map_or(0.0, |leaf| leaf.sheet.height() * self.scale);
        let hidden = height - self.rect.height();
        if hidden < 1.0 {
            return false;
        }
        let track = self.rect.with_min_x(self.rect.right() - SCROLL_BAR);
        let response = ui.interact(track, ui.scope_id().with("page scroll"), Sense::CLICK | Sense::DRAG);
        let share = f64::from(self.scroll / hidden);
        response.widget_info(|| WidgetInfo::slider(true, share, "Scroll the page"));
        let length = (track.height() * self.rect.height() / height).max(LEAST_HANDLE).min(track.height());
        let way = (track.height() - length).max(1.0);
        let handle_top = |scroll: f32| track.top() + way * scroll / hidden;
        let is_used = response.dragged() || response.clicked();
        if response.dragged() {
            self.scroll_to(self.scroll + response.drag_delta().y * hidden / way);
        } else if let Some(pos) = response.interact_pointer_pos().filter(|_| response.clicked()) {
            let top = handle_top(self.scroll);
            let pages = if pos.y < top {
                -0.9
            } else if pos.y > top + length {
                0.9
            } else {
                0.0
            };
            self.scroll_to(self.scroll + pages * self.rect.height());
        }
        self.clamp_scroll();
        let top = handle_top(self.scroll);
        let (left, right) = (track.left() + 3.0, track.right() - 2.0);
        let handle = Rect::from_min_max(pos2(left, top + 1.0), pos2(right, top + length - 1.0));
        let is_held = response.hovered() || response.dragged();
        ui.painter_at(track).rect_filled(
            handle,
            4,
            if is_held { tokens.weak } else { tokens.control_active },
        );
        is_used
    }
}
