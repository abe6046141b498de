//! Whom single letters are for: roll and lanes, or whatever has had the keyboard since.

use egui::{Context, Key, Rect, Vec2};

/// Remembers where the attention is.
///
/// A text field takes it and keeps it when it loses the keyboard: who types on then means no shortcut.
/// A button pressed in the centre, or the pointer moved there, brings it back; a pointer that rests there
/// does so once the field is left with Enter or Escape.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    /// Where the centre was drawn last.
    area: Rect,
    are_elsewhere: bool,
    /// Whether the field that has the keyboard was asked to give it back.
    is_left: bool,
    /// Whether a field had the keyboard in the frame before.
    was_writing: bool,
}

impl Default for Letters {
    fn default() -> Self {
        Self { area: Rect::NOTHING, are_elsewhere: false, is_left: false, was_writing: false }
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
        let is_writing = ctx.egui_wants_keyboard_input();
        // Escape takes the keyboard away before the frame, Enter within it.
        let leaves = ctx.input(|i| i.key_pressed(Key::Enter) || i.key_pressed(Key::Escape));
        if is_writing {
            self.are_elsewhere = true;
            self.is_left = leaves;
        } else if self.was_writing {
            self.is_left |= leaves;
        }
        if !is_writing && is_over && (is_stirred || self.is_left) {
            self.are_elsewhere = false;
        }
        self.was_writing = is_writing;
        !self.are_elsewhere
    }

    /// Whether the field that had the keyboard last was left with Enter or Escape: what moves notes is
    /// then meant for them, wherever the pointer is.
    pub fn were_handed_back(&self) -> bool {
        self.is_left
    }
}
