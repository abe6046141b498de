//! Whom single letters are for: roll and lanes, or whatever has had the keyboard since.

use egui::{Context, Rect, Vec2};

/// Remembers where the attention is.
///
/// A text field takes it and keeps it when it loses the keyboard: who types on then means no shortcut.
/// A button pressed in the centre, or the pointer moved there, brings it back.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    /// Where the centre was drawn last.
    area: Rect,
    are_elsewhere: bool,
}

impl Default for Letters {
    fn default() -> Self {
        Self { area: Rect::NOTHING, are_elsewhere: false }
    }
}

impl Letters {
    /// The centre is here.
    pub fn place(&mut self, area: Rect) {
        self.area = area;
    }

    /// Whether letters are for the centre; asked once at the start of each frame.
    pub fn are_here(&mut self, ctx: &Context) -> bool {
        let is_stirred = ctx.input(|i| i.pointer.delta() != Vec2::ZERO || i.pointer.any_pressed());
        let is_over = ctx.pointer_latest_pos().is_some_and(|pos| self.area.contains(pos));
        if ctx.egui_wants_keyboard_input() {
            self.are_elsewhere = true;
        } else if is_stirred && is_over {
            self.are_elsewhere = false;
        }
        !self.are_elsewhere
    }
}
