//! How the pointer is read: nothing that a hand does is lost, however slowly or quickly it does it.
//!
//! egui takes a button that is held for 0.8 s for the start of a drag, and leaves out a drag whose press or release
//! comes in the same frame as its moves. A slow hand would so press buttons in vain, and where frames take long, which
//! they do while the machine is busy, any hand would.

use egui::{Context, Event, Plugin, RawInput};

/// A finger that rests for so long asks for the menu of the right button.
const LONG_TOUCH_SECS: f64 = 0.8;

/// Reads the pointer in this way from the next frame on.
pub fn install(ctx: &Context) {
    ctx.add_plugin(Pointing::default());
}

/// What is left for the next frame.
#[derive(Default)]
struct Pointing {
    held: Vec<Event>,
}

impl Plugin for Pointing {
    fn debug_name(&self) -> &'static str {
        "pointing"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let mut events = std::mem::take(&mut self.held);
        events.append(&mut input.events);
        input.events = events;
        let (is_touched, is_down) = ctx.input(|i| (i.any_touches(), i.pointer.any_down()));
        let is_touched = is_touched || input.events.iter().any(|e| matches!(e, Event::Touch { .. }));
        let longest_secs = if is_touched { LONG_TOUCH_SECS } else { f64::INFINITY };
        ctx.options_mut(|options| options.input_options.max_click_duration = longest_secs);
        if let Some(end) = end_of_frame(&input.events, is_down) {
            self.held = input.events.split_off(end);
            ctx.request_repaint();
        }
    }
}

/// How many of the events belong to this frame, if not all: the moves of a drag get a frame between its press and its
/// release. `is_down` says whether a button is down before them.
fn end_of_frame(events: &[Event], mut is_down: bool) -> Option<usize> {
    let (mut is_pressed, mut is_moved) = (false, false);
    for (k, event) in events.iter().enumerate() {
        match event {
            Event::PointerButton { pressed: true, .. } => {
                (is_down, is_pressed, is_moved) = (true, true, false)
            }
            Event::PointerButton { pressed: false, .. } if is_moved => return Some(k),
            Event::PointerButton { pressed: false, .. } => is_down = false,
            Event::PointerMoved(_) if is_down && is_pressed => return Some(k),
            Event::PointerMoved(_) => is_moved = is_down,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, PointerButton, Pos2};

    use super::*;

    fn moved() -> Event {
        Event::PointerMoved(Pos2::ZERO)
    }

    fn button(pressed: bool) -> Event {
        let (pos, button, modifiers) = (Pos2::ZERO, PointerButton::Primary, Modifiers::NONE);
        Event::PointerButton { pos, button, pressed, modifiers }
    }

    #[test]
    fn the_moves_of_a_drag_have_a_frame_of_their_own() {
        let drag = [moved(), button(true), moved(), moved(), button(false)];
        assert_eq!(end_of_frame(&drag, false), Some(2));
        assert_eq!(end_of_frame(&drag[2..], true), Some(2));
        assert_eq!(end_of_frame(&drag[4..], true), None);
    }

    #[test]
    fn clicks_and_a_pointer_that_only_moves_are_left_as_they_are() {
        let click = [moved(), button(true), button(false), moved()];
        assert_eq!(end_of_frame(&click, false), None);
        assert_eq!(end_of_frame(&[moved(), moved()], false), None);
        assert_eq!(end_of_frame(&[moved(), moved()], true), None, "a drag goes on");
        assert_eq!(end_of_frame(&[button(false), moved(), button(true)], true), None);
    }

    #[test]
    fn a_finger_may_ask_for_the_menu() {
        let ctx = Context::default();
        install(&ctx);
        let touch = Event::Touch {
            device_id: egui::TouchDeviceId(0),
            id: egui::TouchId(0),
            phase: egui::TouchPhase::Start,
            pos: Pos2::ZERO,
            force: None,
        };
        for (events, longest_secs) in [(vec![moved()], f64::INFINITY), (vec![touch], LONG_TOUCH_SECS)] {
            let mut output = ctx.run_ui(RawInput { events, ..RawInput::default() }, |_| {});
            // Nobody paints it.
            output.textures_delta.clear();
            let options = ctx.options(|options| options.input_options);
            assert_eq!(options.max_click_duration, longest_secs);
        }
    }
}
