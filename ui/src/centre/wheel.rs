//! Wheel and middle button: scrolling, zooming at the pointer, panning.

use egui::{Event, MouseWheelUnit, PointerButton, Rect, Response, Ui, Vec2};

/// No event zooms by more than this, as a logarithm.
const MOST_PER_EVENT: f64 = 0.15;
/// Zoom per point of a wheel that counts in points.
const PER_POINT: f64 = 1.0 / 400.0;
/// What a wheel still has to scroll after a zoom with Alt is let go, in seconds.
const AFTER_ZOOM_SECS: f64 = 0.25;

/// What wheel and middle button ask for in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moves {
    /// The content moves by this, in points.
    pub scroll: Vec2,
    /// Time becomes this much wider.
    pub zoom_time: f64,
    /// Rows become this much higher.
    pub zoom_pitch: f64,
}

impl Moves {
    /// Whether anything moves.
    pub fn is_none(&self) -> bool {
        self.scroll == Vec2::ZERO && self.zoom_time == 1.0 && self.zoom_pitch == 1.0
    }
}

/// Remembers when a zoom was, so that its rest is not taken for scrolling.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wheel {
    zoomed_at_secs: Option<f64>,
}

impl Wheel {
    /// What is asked for over a rectangle. What was used is taken away from others.
    pub fn read(&mut self, ui: &Ui, over: Rect) -> Moves {
        let mut moves = Moves { scroll: Vec2::ZERO, zoom_time: 1.0, zoom_pitch: 1.0 };
        if !ui.rect_contains_pointer(over) {
            return moves;
        }
        let now = ui.input(|i| i.time);
        let (octaves_time, octaves_pitch) = ui.input(|i| zooms(&i.events));
        moves.zoom_time = octaves_time.exp();
        moves.zoom_pitch = octaves_pitch.exp();
        if octaves_time != 0.0 || octaves_pitch != 0.0 {
            self.zoomed_at_secs = Some(now);
        }
        let is_rest = self.zoomed_at_secs.is_some_and(|at| (0.0..AFTER_ZOOM_SECS).contains(&(now - at)));
        ui.input_mut(|i| {
            if !is_rest && !i.modifiers.alt {
                moves.scroll = i.smooth_scroll_delta;
            }
            i.smooth_scroll_delta = Vec2::ZERO;
        });
        moves
    }
}

/// The zooms among some events, as logarithms: of time, and of pitch with Shift.
fn zooms(events: &[Event]) -> (f64, f64) {
    let (mut time, mut pitch) = (0.0, 0.0);
    for event in events {
        match event {
            Event::MouseWheel { unit, delta, modifiers, .. }
                if modifiers.command || modifiers.ctrl || modifiers.alt =>
            {
                // Some systems turn the wheel of a mouse sideways while Shift is held.
                let turned = f64::from(if delta.y == 0.0 { delta.x } else { delta.y });
                let amount = match unit {
                    MouseWheelUnit::Point => turned * PER_POINT,
                    MouseWheelUnit::Line | MouseWheelUnit::Page => turned * MOST_PER_EVENT,
                };
                let amount = amount.clamp(-MOST_PER_EVENT, MOST_PER_EVENT);
                if modifiers.shift {
                    pitch += amount;
                } else {
                    time += amount;
                }
            }
            Event::Zoom(factor) if *factor > 0.0 => {
                time += f64::from(factor.ln()).clamp(-MOST_PER_EVENT, MOST_PER_EVENT);
            }
            _ => {}
        }
    }
    (time, pitch)
}

/// How far the content is dragged with the middle button.
pub fn panned(response: &Response) -> Vec2 {
    if response.dragged_by(PointerButton::Middle) { response.drag_delta() } else { Vec2::ZERO }
}
