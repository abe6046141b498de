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
/// Below this width there are only tools: the rest is in the menu and on keys.
const TOOLS_ONLY: f32 = 520.0;

/// Tools with the commands that take them.
pub const TOOLS: [(Tool, UiCommand); 5] = [
    (Tool::Select, UiCommand::ToolSelect),
    (Tool::Velocity, UiCommand::ToolVelocity),
    (Tool::Tempo, UiCommand::ToolTempo),
    (Tool::Dynamics, UiCommand::ToolDynamics),
    (Tool::Pedal, UiCommand::ToolPedal),
];

/// Draws the row; `on` says which tool is taken, whether seconds are even, and what is shown. Gives the command
/// that was clicked.
pub fn show(ui: &mut Ui, rect: Rect, on: (Tool, bool, Panes)) -> Option<UiCommand> {
    let (tool, in_seconds, panes) = on;
    let tokens = theme::of(ui);
    ui.painter().rect_filled(rect, 0, tokens.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.border));
    let mut asked = None;
    let is_short = rect.width() < SHORT_WORDS;
    let row = UiBuilder::new()
        .id_salt("tools")
        .max_rect(rect.shrink2(egui::vec2(6.0, 3.0)))
        .layout(egui::Layout::left_to_right(egui::Align::Center));
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 8.0;
        for (choice, command) in TOOLS {
            let words = if is_short { short(command) } else { command.text() };
            let segment = controls::segment(ui, choice == tool, words);
            if controls::hint(segment, || command.tooltip_with_shortcut(ui.ctx())).clicked() {
                asked = Some(command);
            }
        }
        if rect.width() < TOOLS_ONLY {
            return;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let fit = controls::segment(ui, false, "Fit");
            if controls::hint(fit, || UiCommand::ZoomFit.tooltip_with_shortcut(ui.ctx())).clicked() {
                asked = Some(UiCommand::ZoomFit);
            }
            if rect.width() >= NO_AXIS {
                ui.add_space(6.0);
                asked = axis(ui, in_seconds, is_short).or(asked);
            }
            ui.add_space(6.0);
            // From right to left.
            for (choice, command) in VIEWS.into_iter().rev() {
                let segment = controls::segment(ui, choice == panes, view(choice));
                if controls::hint(segment, || command.tooltip_with_shortcut(ui.ctx())).clicked() {
                    asked = Some(command);
                }
            }
        });
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
