//! The keyboard at the left: which row is which key, and what sounds.

use egui::{Align2, CornerRadius, FontId, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2};
use protocol::Command;

use super::pitches::{self, PitchAxis, is_black};
use super::stage::{Stage, Touch};

/// How loud a key sounds that is clicked.
const VELOCITY: u8 = 80;

/// The keyboard's own memory.
#[derive(Clone, Debug, Default)]
pub struct Keyboard {
    /// The key held down with the mouse.
    held: Option<u8>,
}

impl Keyboard {
    /// Draws the keys; a click, and a slide over more of them, lets them be heard.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        stage: &Stage<'_>,
        pitches: &PitchAxis,
        hovered: Option<u8>,
        touch: &mut Touch<'_>,
    ) -> Response {
        let response = ui.interact(rect, ui.scope_id().with("keyboard"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Keyboard"));
        let key_at = |y: f32| pitches.pitch_at(rect, y).clamp(0.0, 127.0) as u8;
        let is_held = response.is_pointer_button_down_on() && ui.input(|i| i.pointer.primary_down());
        let held = response.interact_pointer_pos().filter(|_| is_held).map(|p| key_at(p.y));
        if let Some(pitch) = held.filter(|_| held != self.held) {
            touch.out.send(Command::Audition(pitch, VELOCITY));
        }
        self.held = held;
        let pointed = response.hover_pos().map(|p| key_at(p.y)).or(hovered);
        draw(ui, rect, stage, pitches, pointed, held);
        match pointed.filter(|_| response.hovered()) {
            Some(pitch) => response.on_hover_text_at_pointer(pitches::name(pitch)),
            None => response,
        }
    }
}

fn draw(ui: &Ui, rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis, pointed: Option<u8>, held: Option<u8>) {
    let tokens = stage.tokens;
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0, tokens.white_key);
    let sounding = sounding(stage);
    let color = |pitch: u8, usual| {
        if held == Some(pitch) || sounding[usize::from(pitch & 127)] {
            tokens.sounding_key
        } else if pointed == Some(pitch) {
            usual_pointed(usual, tokens.sounding_key)
        } else {
            usual
        }
    };
    let row = pitches.row_height();
    let line = Stroke::new(1.0, tokens.white_key.lerp_to_gamma(tokens.black_key, 0.25));
    for pitch in pitches.in_view(rect).filter(|&p| !is_black(p)) {
        // A white key reaches half a row under each black neighbour.
        let top = pitches.y(rect, f64::from(pitch)) - if is_black(pitch + 1) { row / 2.0 } else { 0.0 };
        let below = pitch > 0 && is_black(pitch - 1);
        let bottom = pitches.y(rect, f64::from(pitch)) + row * if below { 1.5 } else { 1.0 };
        let key = Rect::from_min_max(pos2(rect.left(), top.round()), pos2(rect.right(), bottom.round()));
        painter.rect_filled(key, 0, color(pitch, tokens.white_key));
        painter.hline(key.x_range(), key.bottom() - 0.5, line);
        if pitch % 12 == 0 || (row > 14.0 && !is_black(pitch)) {
            let size = (row * 1.1).clamp(8.0, 11.0);
            let at = pos2(rect.right() - 5.0, pitches.y(rect, f64::from(pitch)) + row / 2.0);
            let font = FontId::proportional(size);
            painter.text(at, Align2::RIGHT_CENTER, pitches::name(pitch), font, tokens.key_text);
        }
    }
    for pitch in pitches.in_view(rect).filter(|&p| is_black(p)) {
        let top = pitches.y(rect, f64::from(pitch));
        let right = rect.left() + rect.width() * 0.6;
        let key = Rect::from_min_max(pos2(rect.left(), top.round()), pos2(right, (top + row).round()));
        let rounding = CornerRadius { ne: 2, se: 2, ..CornerRadius::ZERO };
        painter.rect_filled(key, rounding, color(pitch, tokens.black_key));
    }
    painter.vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, tokens.border));
}

fn usual_pointed(usual: egui::Color32, sounding: egui::Color32) -> egui::Color32 {
    usual.lerp_to_gamma(sounding, 0.4)
}

/// The keys that sound now.
fn sounding(stage: &Stage<'_>) -> [bool; 128] {
    let mut keys = [false; 128];
    for note in stage.sounding() {
        keys[usize::from(note.pitch & 127)] = true;
    }
    keys
}
