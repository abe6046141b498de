//! Right click on the page: pins of the selected notes, and what can be done with bars, as on the roll.

use egui::Response;

use super::sheet::Spot;
use crate::centre::bars_menu::{self, Pointed};
use crate::centre::pins;
use crate::centre::stage::{Stage, Touch};

/// The menu of the page. Its bars are the selected ones if the pointer was there, else the bar below it.
pub(super) fn show(
    response: Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    spot: Option<Spot>,
) -> Response {
    let spot = spot.filter(|_| response.secondary_clicked());
    let place = spot.map(|spot| Pointed { bar: spot.bar, quarters: spot.quarters });
    let pointed = bars_menu::remembered(&response, place);
    response.context_menu(|ui| {
        if !touch.selection.notes.is_empty() {
            pins::notes_menu(ui, stage, touch);
            ui.separator();
        }
        bars_menu::show(ui, pointed, stage, touch);
    });
    response
}
