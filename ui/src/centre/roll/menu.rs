//! Right click on the roll: pins of the selected notes, and what can be done with the bar below the pointer.

use egui::{Response, Ui};

use crate::centre::bars_menu::{self, Pointed};
use crate::centre::pins;
use crate::centre::stage::{Stage, Touch};

/// The menu of the roll.
pub fn show(response: Response, stage: &Stage<'_>, touch: &mut Touch<'_>) -> Response {
    let clicked = response.interact_pointer_pos().filter(|_| response.secondary_clicked());
    let place = clicked.and_then(|pos| {
        let unit = stage.strip.unit(pos.x);
        Some(Pointed { bar: stage.scene.bar_at(unit)?, quarters: stage.axis.quarters_at(unit) })
    });
    let pointed = bars_menu::remembered(&response, place);
    response.context_menu(|ui| entries(ui, pointed, stage, touch));
    response
}

fn entries(ui: &mut Ui, pointed: Option<Pointed>, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    if !touch.selection.notes.is_empty() {
        pins::notes_menu(ui, stage, touch);
        ui.separator();
    }
    bars_menu::show(ui, pointed, stage, touch);
}
