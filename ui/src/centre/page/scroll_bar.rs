//! The scroll bar: at the right of a page, below an endless system.

use egui::{Rect, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::Page;
use super::placement::SCROLL_BAR;
use crate::theme::Tokens;

/// Its handle is no shorter than this.
const LEAST_HANDLE: f32 = 28.0;
/// A click beside the handle goes this share of the view.
const STEP: f32 = 0.9;

impl Page {
    /// The scroll bar, if there is more than fits; says whether it was used.
    pub(super) fn show_scroll_bar(&mut self, ui: &Ui, tokens: &Tokens) -> bool {
        let is_line = self.is_line();
        let along = |v: Vec2| if is_line { v.x } else { v.y };
        let hidden = along(self.hidden());
        if hidden < 1.0 {
            return false;
        }
        let track = if is_line {
            self.rect.with_min_y(self.rect.bottom() - SCROLL_BAR)
        } else {
            self.rect.with_min_x(self.rect.right() - SCROLL_BAR)
        };
        let response = ui.interact(track, ui.scope_id().with("page scroll"), Sense::CLICK | Sense::DRAG);
        let share = f64::from(along(self.scroll) / hidden);
        response.widget_info(|| WidgetInfo::slider(true, share, "Scroll the page"));
        let (view, room) = (along(self.rect.size()), along(track.size()));
        let length = (room * view / (view + hidden)).max(LEAST_HANDLE).min(room);
        let way = (room - length).max(1.0);
        let handle = |scroll: f32| way * scroll / hidden;
        let by = |points: f32| if is_line { vec2(points, 0.0) } else { vec2(0.0, points) };
        let is_used = response.dragged() || response.clicked();
        if response.dragged() {
            self.scroll_to(self.scroll + by(along(response.drag_delta()) * hidden / way));
        } else if let Some(pos) = response.interact_pointer_pos().filter(|_| response.clicked()) {
            let (at, begins) = (along(pos - track.min), handle(along(self.scroll)));
            let steps = if at < begins {
                -STEP
            } else if at > begins + length {
                STEP
            } else {
                0.0
            };
            self.scroll_to(self.scroll + by(steps * view));
        }
        self.clamp_scroll();
        let from = track.min + by(handle(along(self.scroll)) + 1.0);
        let across = |points: f32| if is_line { vec2(0.0, points) } else { vec2(points, 0.0) };
        let size = by(length - 2.0) + across(SCROLL_BAR - 5.0);
        let is_held = response.hovered() || response.dragged();
        let color = if is_held { tokens.weak } else { tokens.control_active };
        ui.painter_at(track).rect_filled(Rect::from_min_size(from + across(3.0), size), 4, color);
        is_used
    }
}
