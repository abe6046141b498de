//! The row at the top: which tool, roll or page, which axis, how much is in view.

use egui::{Rect, Stroke, Ui, UiBuilder};
use protocol::Panes;

use super::panes::VIEWS;
use super::stage::Tool;
use crate::UiCommand;
use crate::controls;
use crate::theme;

/// Its height.
pub const HEIGHT: f32 = 36.0;
/// Below this width words are short.
const SHORT_WORDS: f32 = 795.0;
/// Below this width the axis is in the menu and on its key alone.
const NO_AXIS: f32 = 660.0;
/// Below this width the views are one button that opens a list.
const VIEWS_IN_A_LIST: f32 = 520.0;
/// Below this width the tools are one as well.
const TOOLS_IN_A_LIST: f32 = 390.0;

/// Tools with the commands that take them.
pub const TOOLS: [(Tool, UiCommand); 5] = [
    (Tool::Select, UiCommand::ToolSelect),
    (Tool::Velocity, UiCommand::ToolVelocity),
    (Tool::Tempo, UiCommand::ToolTempo),
    (Tool::Dynamics, UiCommand::ToolDynamics),
    (Tool::Pedal, UiCommand::ToolPedal),
];

/// What is on in the centre.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The tool in the hand.
    pub tool: Tool,
    /// Whether seconds are even.
    pub in_seconds: bool,
    /// Which of page and roll are there.
    pub panes: Panes,
}

/// Draws the row. Gives the command that was clicked.
pub fn show(ui: &mut Ui, rect: Rect, on: Shown) -> Option<UiCommand> {
    let tokens = theme::of(ui);
    ui.painter().rect_filled(rect, 0, tokens.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.border));
    let mut asked = None;
    let row = UiBuilder::new()
        .id_salt("tools")
        .max_rect(rect.shrink2(egui::vec2(6.0, 3.0)))
        .layout(egui::Layout::left_to_right(egui::Align::Center));
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 8.0;
        asked = tools(ui, rect.width(), on.tool);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            asked = right_side(ui, rect.width(), on).or(asked);
        });
    });
    asked
}

/// The tools, or the one in the hand with a list of all.
fn tools(ui: &mut Ui, width: f32, tool: Tool) -> Option<UiCommand> {
    if width < TOOLS_IN_A_LIST {
        let taken = TOOLS.iter().find(|choice| choice.0 == tool);
        let name = taken.map_or("Tools", |choice| short(choice.1));
        return list(ui, &format!("Tool: {name}"), TOOLS.map(|(choice, command)| (choice == tool, command)));
    }
    let mut asked = None;
    for (choice, command) in TOOLS {
        let words = if width < SHORT_WORDS { short(command) } else { command.text() };
        let segment = controls::segment(ui, choice == tool, words);
        if controls::hint(segment, || command.tooltip_with_shortcut(ui.ctx())).clicked() {
            asked = Some(command);
        }
    }
    asked
}

/// What is at the right, from right to left: the zoom, the axis, the views.
fn right_side(ui: &mut Ui, width: f32, on: Shown) -> Option<UiCommand> {
    if width < VIEWS_IN_A_LIST {
        let name = format!("View: {}", view(on.panes));
        return list(ui, &name, VIEWS.map(|(choice, command)| (choice == on.panes, command)));
    }
    let mut asked = None;
    let fit = controls::segment(ui, false, "Fit");
    if controls::hint(fit, || UiCommand::ZoomFit.tooltip_with_shortcut(ui.ctx())).clicked() {
        asked = Some(UiCommand::ZoomFit);
    }
    if width >= NO_AXIS {
        ui.add_space(6.0);
        asked = axis(ui, on.in_seconds, width < SHORT_WORDS).or(asked);
    }
    ui.add_space(6.0);
    for (choice, command) in VIEWS.into_iter().rev() {
        let segment = controls::segment(ui, choice == on.panes, view(choice));
        if controls::hint(segment, || command.tooltip_with_shortcut(ui.ctx())).clicked() {
            asked = Some(command);
        }
    }
    asked
}

/// A button that opens a list of commands, each with whether it is on. Gives the command that was clicked.
fn list<const N: usize>(ui: &mut Ui, name: &str, entries: [(bool, UiCommand); N]) -> Option<UiCommand> {
    let mut asked = None;
    ui.menu_button(name, |ui| {
        for (is_on, command) in entries {
            let entry = ui.add(egui::Button::selectable(is_on, command.text()));
            if controls::hint(entry, || command.tooltip_with_shortcut(ui.ctx())).clicked() {
                asked = Some(command);
                ui.close();
            }
        }
    });
    asked
}

/// Seconds or bars, from right to left. Gives the command that was clicked.
fn axis(ui: &mut Ui, in_seconds: bool, is_short: bool) -> Option<UiCommand> {
    let words = if is_short { ["Seconds", "Bars"] } else { ["Even seconds", "Even bars"] };
    let mut asked = None;
    for (seconds, text) in [(true, words[0]), (false, words[1])] {
        let segment = controls::segment(ui, seconds == in_seconds, text);
        let hint = || UiCommand::ToggleAxis.tooltip_with_shortcut(ui.ctx());
        if controls::hint(segment, hint).clicked() && seconds != in_seconds {
            asked = Some(UiCommand::ToggleAxis);
        }
    }
    asked
}

/// What is shown, in one word.
fn view(panes: Panes) -> &'static str {
    match panes {
        Panes::Roll => "Roll",
        Panes::Page => "Page",
        Panes::Both => "Both",
    }
}

/// A tool in one word.
fn short(command: UiCommand) -> &'static str {
    match command {
        UiCommand::ToolTempo => "Tempo",
        UiCommand::ToolDynamics => "Dynamics",
        other => other.text(),
    }
}
