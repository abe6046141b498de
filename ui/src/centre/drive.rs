//! From the mouse to a gesture: when it begins, goes on and is done.

use egui::{PointerButton, Pos2, Response, Ui};

use super::gestures::Gesture;
use super::stage::{Stage, Touch};

/// What a drag with the left button does in this frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drag {
    /// None is under way.
    None,
    /// It begins where the button went down, and the pointer is elsewhere already.
    Begun {
        /// Where the button went down.
        from: Pos2,
        /// Where the pointer is.
        at: Pos2,
    },
    /// The pointer is here.
    Going(Pos2),
    /// The button came up here.
    Done(Pos2),
}

impl Drag {
    /// Begins a gesture, follows the pointer with it and finishes it.
    pub fn draw(
        self,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
        begin: impl FnOnce(&mut Touch<'_>, Pos2) -> Option<Gesture>,
        follow: impl Fn(&mut Touch<'_>, Pos2),
    ) {
        match self {
            Self::Begun { from, at } => {
                *touch.gesture = begin(touch, from);
                follow(touch, at);
            }
            Self::Going(at) => follow(touch, at),
            Self::Done(at) => {
                follow(touch, at);
                touch.finish(stage);
            }
            Self::None => {}
        }
    }
}

/// Where a drag on this widget stands.
pub fn drive(ui: &Ui, response: &Response) -> Drag {
    let button = PointerButton::Primary;
    let (origin, at) = ui.input(|i| (i.pointer.press_origin(), i.pointer.interact_pos()));
    let Some(at) = response.interact_pointer_pos().or(at) else { return Drag::None };
    if response.drag_started_by(button) {
        return Drag::Begun { from: origin.unwrap_or(at), at };
    }
    if response.drag_stopped_by(button) {
        return Drag::Done(at);
    }
    if response.dragged_by(button) { Drag::Going(at) } else { Drag::None }
}
