//! What a menu of the right button has for the bars at the pointer, in the ruler, on the roll and on the page.

use egui::{Button, Response, Ui};
use protocol::{Bars, Command, PlayState};

use super::pins;
use super::stage::{Stage, Touch};
use crate::variations::bars_to_vary;
use crate::{UiCommand, actions, words};

/// A place that the right button was pressed at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pointed {
    /// The bar, by its index in the score.
    pub bar: usize,
    /// The place in the score.
    pub quarters: f64,
}

/// Remembers where the menu of a part was opened, as long as it is open; `place` is where it is opened now.
pub fn remembered(response: &Response, place: Option<Pointed>) -> Option<Pointed> {
    let id = response.id.with("place of the menu");
    if let Some(place) = place {
        response.ctx.data_mut(|data| data.insert_temp(id, place));
    }
    response.ctx.data(|data| data.get_temp(id))
}

/// Draws the entries: for the selected bars if the pointer was in them, else for the bar at the pointer.
pub fn show(ui: &mut Ui, pointed: Option<Pointed>, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    if let Some(place) = pointed {
        play_from(ui, place, stage, touch);
    }
    let selected = touch.selection.bars.clone();
    let selected = selected.filter(|bars| pointed.is_none_or(|place| bars.contains(&place.bar)));
    if let Some(bars) = selected.or(pointed.map(|place| place.bar..place.bar + 1)) {
        bars_ui(ui, &bars, stage, touch);
    }
}

fn play_from(ui: &mut Ui, place: Pointed, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    if !ui.button("Play from here").clicked() {
        return;
    }
    let end = stage.model.score.end_quarters.max(0.0);
    touch.out.send(Command::SeekQuarters(place.quarters.clamp(0.0, end)));
    if !matches!(stage.model.transport.state, PlayState::Playing | PlayState::CountIn) {
        touch.out.send(Command::TogglePlay);
    }
    ui.close();
}

fn bars_ui(ui: &mut Ui, bars: &Bars, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let score = &stage.model.score;
    let Some(measure) = score.measures.get(bars.start) else { return };
    let (name, first) = (words::bars(score, bars), words::bars(score, &(bars.start..bars.start + 1)));
    if ui.button(format!("Go to {first}")).clicked() {
        touch.out.send(Command::SeekQuarters(measure.start_quarters));
        ui.close();
    }
    ui.separator();
    if touch.selection.bars.as_ref() != Some(bars) && ui.button(format!("Select {name}")).clicked() {
        touch.selection.bars = Some(bars.clone());
        ui.close();
    }
    let is_looped = stage.model.transport.looped.as_ref() == Some(bars);
    let words = if is_looped { "Stop looping".to_owned() } else { format!("Loop {name}") };
    if ui.button(words).clicked() {
        touch.out.send(Command::Loop((!is_looped).then(|| bars.clone())));
        ui.close();
    }
    if ui.button(format!("Perform {name} anew")).clicked() {
        touch.selection.bars = Some(bars.clone());
        touch.out.run(UiCommand::Perform);
        ui.close();
    }
    if ui.button(format!("Record {name} anew")).clicked() {
        touch.selection.bars = Some(bars.clone());
        touch.out.run(UiCommand::RecordBars);
        ui.close();
    }
    let may_vary = bars_to_vary(Some(bars));
    let vary = ui.add_enabled(may_vary.is_ok(), Button::new(format!("Variations of {name}…")));
    if vary.on_disabled_hover_text(may_vary.err().unwrap_or_default()).clicked() {
        touch.selection.bars = Some(bars.clone());
        touch.out.run(UiCommand::Vary);
        ui.close();
    }
    let last = words::bars(score, &(bars.end.saturating_sub(1)..bars.end));
    let why_not = actions::why_not(UiCommand::Continue, stage.model);
    let more = ui.add_enabled(why_not.is_none(), Button::new(format!("Continue after {last}…")));
    if more.on_disabled_hover_text(why_not.unwrap_or_default()).clicked() {
        touch.selection.bars = Some(bars.clone());
        touch.out.run(UiCommand::Continue);
        ui.close();
    }
    ui.separator();
    pins::pin_all_in(ui, bars, stage, touch);
}
