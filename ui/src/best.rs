//! The best passages of several takes: heard by number while some bars repeat, starred, and made into
//! one take.

use egui::{Align, Button, Context, Key, Label, Layout, Modifiers, RichText, Ui};
use protocol::{Bars, Command, Passage, PlayState, ProjectView, VersionId};

use crate::controls::{self, icon_button_sized};
use crate::icons::Icon;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, actions, words};

/// The keys that hear takes, in the order of the list.
const NUMBERS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// Whether the number keys hear takes: while some bars repeat. Else they take tools.
pub fn are_numbers_takes(model: &Model) -> bool {
    let is_playing = matches!(model.transport.state, PlayState::Playing | PlayState::CountIn);
    is_playing && model.transport.looped.is_some()
}

/// The number of a take that was asked for by its key, from 1; the key is used up.
pub fn pressed_number(ctx: &Context) -> Option<usize> {
    let pressed = |key: &Key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, *key));
    NUMBERS.iter().position(pressed).map(|k| k + 1)
}

/// The bars that a star is for: those that repeat, or those that are selected.
pub fn passage(model: &Model, selection: Option<Bars>) -> Option<Bars> {
    model.transport.looped.clone().or(selection)
}

/// Whether a version is the one starred in all of some bars.
pub fn is_starred(project: &ProjectView, bars: &Bars, id: VersionId) -> bool {
    let has_all = |p: &Passage| p.of == id && p.bars.start <= bars.start && p.bars.end >= bars.end;
    project.view.best.iter().any(has_all)
}

/// Stars the version that is heard in these bars, or takes its star away.
pub fn star(project: &ProjectView, bars: Bars, out: &mut Outbox) {
    let heard = project.listening;
    let chosen = (!is_starred(project, &bars, heard)).then_some(heard);
    out.send(Command::Star(bars, chosen));
}

/// Draws what was starred, and the button that makes one take of it; nothing if nothing was.
pub fn ui(ui: &mut Ui, model: &Model, project: &ProjectView, out: &mut Outbox) {
    let is_there = |p: &&Passage| p.of == VersionId::Deadpan || project.takes.iter().any(|t| t.id == p.of);
    let best: Vec<&Passage> = project.view.best.iter().filter(is_there).collect();
    if best.is_empty() {
        return;
    }
    controls::card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        egui::ScrollArea::vertical().max_height(110.0).show(ui, |ui| {
            best.into_iter().for_each(|passage| passage_ui(ui, model, passage, out));
        });
        ui.add_space(space::SMALL);
        let command = UiCommand::MakeBest;
        let button = Button::new(command.text()).min_size(egui::vec2(ui.available_width(), space::CONTROL));
        let reason = actions::why_not(command, model);
        let button = ui.add_enabled(reason.is_none(), button).on_hover_text(command.tooltip());
        if button.on_disabled_hover_text(reason.unwrap_or_default()).clicked() {
            out.run(command);
        }
    });
    ui.add_space(space::SMALL);
}

fn passage_ui(ui: &mut Ui, model: &Model, passage: &Passage, out: &mut Outbox) {
    let bars = words::bars(&model.score, &passage.bars);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let label = format!("Take the star from {bars}");
            if icon_button_sized(ui, Icon::Close, &label, false, 20.0).on_hover_text(&label).clicked() {
                out.send(Command::Star(passage.bars.clone(), None));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let tokens = theme::of(ui);
                let (rect, _) = ui.allocate_exact_size(egui::vec2(13.0, 13.0), egui::Sense::hover());
                Icon::Star.paint(ui.painter(), rect, tokens.accent_text);
                let text = format!(
                    "{}: {}",
                    words::capitalised(&bars),
                    words::version(model.project.as_ref(), passage.of)
                );
                ui.add(Label::new(RichText::new(text).size(12.0).color(tokens.text)).truncate());
            });
        });
    });
}
