//! Which of page and piano roll are there, and the line between them.

use egui::{CursorIcon, Rect, Role, Sense, Stroke, Ui, WidgetInfo};
use protocol::Panes;

use crate::UiCommand;
use crate::theme;

/// Height of the line between them.
const LINE: f32 = 7.0;
/// The page is not lower than this, if there is room.
const LEAST_PAGE: f32 = 130.0;
/// Nor is the roll with its ruler and lanes.
const LEAST_ROLL: f32 = 280.0;
/// The page's share of the height, until the line is dragged.
pub const FIRST_SHARE: f32 = 0.5;
/// The smallest and largest share.
const SHARES: (f32, f32) = (0.1, 0.9);

/// What can be shown, with the commands that show it.
pub const VIEWS: [(Panes, UiCommand); 3] = [
    (Panes::Roll, UiCommand::ViewRoll),
    (Panes::Page, UiCommand::ViewPage),
    (Panes::Both, UiCommand::ViewBoth),
];

/// What is shown, and how the height is divided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Which of the two are there.
    pub panes: Panes,
    /// How much of the height the page has beside the roll.
    pub share: f32,
}

impl Default for Split {
    fn default() -> Self {
        Self { panes: Panes::Roll, share: FIRST_SHARE }
    }
}

/// Where the two are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// The page.
    pub page: Option<Rect>,
    /// Roll, ruler and lanes.
    pub roll: Option<Rect>,
}

impl Split {
    /// Whether the roll is there.
    pub fn has_roll(&self) -> bool {
        self.panes != Panes::Page
    }

    /// Goes from the roll to the page, to both, and back.
    pub fn show_next(&mut self) {
        let at = VIEWS.iter().position(|view| view.0 == self.panes).unwrap_or(0);
        self.panes = VIEWS[(at + 1) % VIEWS.len()].0;
    }

    /// Has the roll there for what is drawn into it.
    pub fn need_roll(&mut self) {
        if !self.has_roll() {
            self.panes = Panes::Both;
        }
    }

    /// Divides what is below the tools.
    pub fn parts(&self, body: Rect) -> Parts {
        match self.panes {
            Panes::Roll => Parts { page: None, roll: Some(body) },
            Panes::Page => Parts { page: Some(body), roll: None },
            Panes::Both => {
                let line = self.line(body);
                let (page, roll) = (body.with_max_y(line.top()), body.with_min_y(line.bottom()));
                Parts { page: Some(page), roll: Some(roll) }
            }
        }
    }

    fn line(&self, body: Rect) -> Rect {
        let room = (body.height() - LINE).max(0.0);
        let least_page = LEAST_PAGE.min(room / 2.0);
        let most_page = room - LEAST_ROLL.min(room / 2.0);
        let top = body.top() + (room * self.share).min(most_page).max(least_page).round();
        body.with_min_y(top).with_max_y(top + LINE)
    }

    /// Draws the line and follows the mouse on it.
    pub fn show_line(&mut self, ui: &Ui, body: Rect) {
        if self.panes != Panes::Both {
            return;
        }
        let line = self.line(body);
        let response = ui.interact(line, ui.scope_id().with("between page and roll"), Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, "Between page and roll"));
        let room = (body.height() - LINE).max(1.0);
        if let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged()) {
            let share = (pos.y - LINE / 2.0 - body.top()) / room;
            self.share = share.clamp(SHARES.0, SHARES.1);
        }
        let tokens = theme::of(ui);
        let painter = ui.painter_at(line);
        let is_held = response.hovered() || response.dragged();
        painter.rect_filled(line, 0, if is_held { tokens.control_hovered } else { tokens.panel });
        let edge = Stroke::new(1.0, tokens.border);
        painter.hline(line.x_range(), line.top() + 0.5, edge);
        painter.hline(line.x_range(), line.bottom() - 0.5, edge);
        response.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn both_have_room_and_nothing_is_left_over() {
        let body = Rect::from_min_max(pos2(0.0, 40.0), pos2(800.0, 640.0));
        for share in [0.0, 0.1, 0.5, 0.9, 1.0] {
            let parts = Split { panes: Panes::Both, share }.parts(body);
            let (Some(page), Some(roll)) = (parts.page, parts.roll) else { panic!("both are there") };
            assert!(
                page.height() >= LEAST_PAGE - 1.0 && roll.height() >= LEAST_ROLL - 1.0,
                "{share}: {parts:?}"
            );
            assert_eq!((page.top(), roll.bottom(), roll.top() - page.bottom()), (40.0, 640.0, LINE));
        }
        let low = Rect::from_min_max(pos2(0.0, 0.0), pos2(800.0, 60.0));
        let parts = Split { panes: Panes::Both, share: 0.9 }.parts(low);
        assert!(parts.page.is_some_and(|page| page.height() > 20.0), "{parts:?}");
    }

    #[test]
    fn the_views_go_round() {
        let mut split = Split::default();
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(split.panes);
            split.show_next();
        }
        assert_eq!(seen, [Panes::Roll, Panes::Page, Panes::Both, Panes::Roll]);
    }
}
