//! Right click on the page: pins of the selected notes, as on the roll, and what can be done with bars.

use egui::{Response, Ui};
use protocol::{Bars, Command};

use super::sheet::Spot;
use crate::UiCommand;
use crate::centre::roll;
use crate::centre::stage::{Stage, Touch};
use crate::words;

/// The menu of the page. Its bars are the selected ones if the pointer was there, else the bar below it.
pub(super) fn show(
    response: Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    spot: Option<Spot>,
) -> Response {
    let id = response.id.with("bar of the menu");
    if let Some(spot) = spot.filter(|_| response.secondary_clicked()) {
        response.ctx.data_mut(|data| data.insert_temp(id, spot.bar));
    }
    let pointed: Option<usize> = response.ctx.data(|data| data.get_temp(id));
    response.context_menu(|ui| {
        if !touch.selection.notes.is_empty() {
            roll::notes_menu(ui, stage, touch);
            ui.separator();
        }
        let selected = touch.selection.bars.clone();
        let selected = selected.filter(|bars| pointed.is_none_or(|bar| bars.contains(&bar)));
        if let Some(bars) = selected.or(pointed.map(|bar| bar..bar + 1)) {
            bars_menu(ui, &bars, stage, touch);
        }
    });
    response
}

fn bars_menu(ui: &mut Ui, bars: &Bars, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let Some(measure) = stage.model.score.measures.get(bars.start) else { return };
    let name = words::bars(&stage.model.score, bars);
    roll::pin_all_in(ui, bars, stage, touch);
    ui.separator();
    if ui
        .button(format!("Go to {}", words::bars(&stage.model.score, &(bars.start..bars.start + 1))))
        .clicked()
    {
        touch.out.send(Command::SeekQuarters(measure.start_quarters));
        ui.close();
    }
    if touch.selection.bars.as_ref() != Some(bars) && ui.button(format!("Select {name}")).clicked() {
        touch.selection.bars = Some(bars.clone());
        ui.close();
    }
    let is_looped = stage.model.transport.looped.as_ref() == Some(bars);
    let words = if is_looped { "Stop repeating".to_owned() } else { format!("Repeat {name}") };
    if ui.button(words).clicked() {
        touch.out.send(Command::Loop((!is_looped).then(|| bars.clone())));
        ui.close();
    }
    if ui.button(format!("Perform {name} anew")).clicked() {
        touch.selection.bars = Some(bars.clone());
        touch.out.run(UiCommand::Perform);
        ui.close();
    }
}
