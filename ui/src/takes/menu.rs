//! What can be done with a version of the list: the menu of its three dots, and of the right button.

use egui::{Button, Response, Ui};
use protocol::{Bars, Command, ProjectView, TakeView, VersionId};

use crate::{Model, Outbox, UiCommand, actions, best, own_sound, words};

/// What was chosen and is not asked of the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Write another name.
    Rename,
    /// Set the *Perform* panel as it was for this take.
    UseSettings,
}

/// A version of the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Which it is.
    pub id: VersionId,
    /// The take or recording; none for the deadpan.
    pub take: Option<&'a TakeView>,
    /// The bars that it can be starred in.
    pub passage: Option<&'a Bars>,
}

/// Draws the menu.
pub fn show(
    ui: &mut Ui,
    model: &Model,
    project: &ProjectView,
    entry: Entry<'_>,
    out: &mut Outbox,
) -> Option<Choice> {
    hear_ui(ui, project, entry.id, out);
    if let Some(own) = entry.take.and_then(|take| take.own_sound.as_ref()) {
        own_sound::choices_ui(ui, entry.id, own, out);
    }
    star_ui(ui, model, project, entry, out);
    ui.separator();
    let choice = change_ui(ui, project, entry, out);
    ui.separator();
    for command in [UiCommand::SaveMidi, UiCommand::SaveWav] {
        if ui.button(command.text()).clicked() {
            // What is saved is what is heard.
            if project.listening != entry.id {
                out.send(Command::Listen(entry.id));
            }
            out.run(command);
        }
    }
    if entry.take.is_some() {
        ui.separator();
        if changing(ui, project, "Delete").clicked() {
            out.send(Command::Delete(entry.id));
        }
    }
    choice
}

/// Hearing it, and comparing the version heard with it.
fn hear_ui(ui: &mut Ui, project: &ProjectView, id: VersionId, out: &mut Outbox) {
    let is_heard = project.listening == id;
    let listen = ui.add_enabled(!is_heard, Button::new("Listen"));
    if listen.on_disabled_hover_text("This version is heard").clicked() {
        out.send(Command::Listen(id));
    }
    let is_compared = project.compared == Some(id);
    let words = if is_compared { "Stop comparing" } else { "Compare with the version heard" };
    let compare = ui.add_enabled(!is_heard, Button::new(words));
    if compare.on_disabled_hover_text("This version is heard").clicked() {
        out.send(Command::Compare((!is_compared).then_some(id)));
    }
}

/// Choosing it as the best in the bars that repeat or are selected.
fn star_ui(ui: &mut Ui, model: &Model, project: &ProjectView, entry: Entry<'_>, out: &mut Outbox) {
    let Some(bars) = entry.passage else {
        let star = ui.add_enabled(false, Button::new("Star it in some bars"));
        star.on_disabled_hover_text("Loop the bars, or drag over them in the ruler first");
        return;
    };
    let name = words::bars(&model.score, bars);
    let is_starred = best::is_starred(project, bars, entry.id);
    let words = if is_starred { format!("Take the star from {name}") } else { format!("Star it in {name}") };
    if ui.button(words).clicked() {
        out.send(Command::Star(bars.clone(), (!is_starred).then_some(entry.id)));
    }
}

/// What changes the list, and what takes the settings of a take.
fn change_ui(ui: &mut Ui, project: &ProjectView, entry: Entry<'_>, out: &mut Outbox) -> Option<Choice> {
    let mut choice = None;
    if entry.take.is_some() && changing(ui, project, "Rename").clicked() {
        choice = Some(Choice::Rename);
    }
    if changing(ui, project, "Duplicate").clicked() {
        out.send(Command::Duplicate(entry.id));
    }
    if entry.take.is_some() {
        let is_take = matches!(entry.id, VersionId::Take(_));
        let reuse = ui.add_enabled(is_take, Button::new("Use its settings"));
        let reuse = reuse.on_hover_text("Set the panel at the right as it was for this take");
        if reuse.on_disabled_hover_text("A recording was not made with settings").clicked() {
            choice = Some(Choice::UseSettings);
        }
    }
    choice
}

/// An entry that changes the project.
fn changing(ui: &mut Ui, project: &ProjectView, text: &str) -> Response {
    let entry = ui.add_enabled(project.read_only.is_none(), Button::new(text));
    entry.on_disabled_hover_text(actions::READ_ONLY)
}
