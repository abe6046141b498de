//! Right click on a lane: what it shows, and pins over bars.

use egui::{Response, Ui};
use protocol::{Bars, PinKind};

use crate::centre::pins::{notes_played_in, pin_all_in, set_pins};
use crate::centre::stage::{Stage, Touch};
use crate::words;

/// Opens the menu of a lane; `more` adds what it has besides pins. The pins are those of the selected
/// bars, or of the bar at the pointer.
pub fn show(
    response: &Response,
    (kind, name): (PinKind, &str),
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    more: impl FnOnce(&mut Ui),
) {
    let clicked = response.interact_pointer_pos().filter(|_| response.secondary_clicked());
    let at = response.id.with("bar of the menu");
    if let Some(bar) = clicked.and_then(|pos| stage.scene.bar_at(stage.strip.unit(pos.x))) {
        response.ctx.data_mut(|data| data.insert_temp(at, bar));
    }
    let pointed: Option<usize> = response.ctx.data(|data| data.get_temp(at));
    response.context_menu(|ui| {
        let bars = touch.selection.bars.clone().or(pointed.map(|bar| bar..bar + 1));
        if let Some(bars) = bars {
            pin_ui(ui, (kind, name), &bars, stage, touch);
        }
        more(ui);
    });
}

fn pin_ui(ui: &mut Ui, (kind, name): (PinKind, &str), bars: &Bars, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let Some(version) = stage.model.listening() else { return };
    let notes = notes_played_in(stage.model, bars);
    if !notes.is_empty() {
        let mut is_pinned = notes.iter().all(|&n| stage.scene.is_pinned(n, kind));
        let text = format!("Pin the {name} of {}", words::bars(&stage.model.score, bars));
        let hint = "Stays as it is when these bars are performed again";
        if ui.checkbox(&mut is_pinned, text).on_hover_text(hint).clicked() {
            set_pins(version.id, &notes, &[kind], is_pinned, touch.out);
            ui.close();
        }
    }
    pin_all_in(ui, bars, stage, touch);
}
