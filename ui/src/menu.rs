//! The line at the very top: the menus, the name of the piece, where the sound goes and what takes are
//! worked out on.

use egui::{Align, Button, Layout, MenuBar, RichText, Sense, Ui, vec2};
use protocol::{Command, OutputView};

use crate::commands::GROUPS;
use crate::icons::Icon;
use crate::theme;
use crate::{Model, Outbox, UiCommand, actions};

/// Draws the line; `is_on` says which of the piano roll's switches are on.
pub fn ui(ui: &mut Ui, model: &Model, is_on: &dyn Fn(UiCommand) -> Option<bool>, out: &mut Outbox) {
    MenuBar::new().ui(ui, |ui| {
        for group in GROUPS {
            ui.menu_button(group.name, |ui| {
                ui.set_min_width(230.0);
                ui.spacing_mut().interact_size.y = 24.0;
                ui.spacing_mut().item_spacing.y = 1.0;
                for entry in group.commands {
                    match entry {
                        Some(command) => {
                            entry_ui(ui, *command, model, is_on(*command), out);
                            if *command == UiCommand::Open {
                                recent_ui(ui, model, out);
                            }
                        }
                        None => {
                            ui.separator();
                        }
                    }
                }
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            device_ui(ui, model, out);
            output_ui(ui, model, out);
            ui.with_layout(Layout::centered_and_justified(egui::Direction::LeftToRight), |ui| {
                title_ui(ui, model);
            });
        });
    });
}

fn entry_ui(ui: &mut Ui, command: UiCommand, model: &Model, is_on: Option<bool>, out: &mut Outbox) {
    let reason = actions::why_not(command, model);
    let is_on = is_on.or_else(|| actions::is_on(command, model));
    let tokens = theme::of(ui);
    let text = actions::text(command, model);
    let keys = RichText::new(command.shortcut_text(ui.ctx())).size(12.0).color(tokens.weak);
    // Selected, not ticked: the fonts have no tick.
    let button = Button::selectable(is_on == Some(true), text);
    let button = button.shortcut_text(keys).wrap_mode(egui::TextWrapMode::Extend);
    let response = ui.add_enabled(reason.is_none(), button);
    let response = response.on_disabled_hover_text(reason.unwrap_or_default());
    if response.on_hover_text(command.tooltip()).clicked() {
        out.run(command);
    }
}

fn recent_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    ui.menu_button("Open recent", |ui| {
        ui.set_min_width(220.0);
        if model.start.cleared > 0 && ui.button("Put back what was cleared").clicked() {
            out.send(Command::RestoreRecent);
        }
        if model.start.recent.is_empty() {
            ui.add_enabled(false, Button::new("Nothing yet"));
            return;
        }
        for recent in &model.start.recent {
            if ui.button(&recent.name).on_hover_text(&recent.path).clicked() {
                out.send(Command::Open(recent.path.clone().into()));
            }
        }
        ui.separator();
        if ui.button("Clear this list").clicked() {
            out.send(Command::ClearRecent);
        }
    });
}

fn title_ui(ui: &mut Ui, model: &Model) {
    let Some(project) = &model.project else { return };
    let tokens = theme::of(ui);
    let mut title = project.name.clone();
    if let Some(composer) = &model.score.composer {
        title = format!("{title} · {composer}");
    }
    if project.read_only.is_some() {
        title.push_str(" · read only");
    }
    let text = RichText::new(title).color(tokens.weak);
    let mut hint = match (&project.read_only, &project.path) {
        (Some(reason), _) => reason.clone(),
        (None, Some(path)) => path.clone(),
        (None, None) => "Kept, but not yet saved under a name".to_owned(),
    };
    for warning in &model.score.warnings {
        hint = format!("{hint}\n{warning}");
    }
    ui.add(egui::Label::new(text).truncate().sense(Sense::hover())).on_hover_text(hint);
}

/// A picture and a name that open the settings.
fn status_ui(ui: &mut Ui, icon: Icon, text: &str, ink: egui::Color32) -> egui::Response {
    let short: String = if text.chars().count() > 26 {
        text.chars().take(25).chain(['…']).collect()
    } else {
        text.to_owned()
    };
    let gap = vec2(20.0, 0.0);
    let galley = ui.painter().layout_no_wrap(short, egui::FontId::proportional(12.0), ink);
    let size = vec2(galley.size().x + gap.x + 14.0, 22.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, text));
    if response.hovered() {
        let tokens = theme::of(ui);
        ui.painter().rect_filled(rect, egui::CornerRadius::same(theme::space::RADIUS), tokens.control);
    }
    let picture = egui::Rect::from_center_size(rect.left_center() + vec2(14.0, 0.0), vec2(13.0, 13.0));
    icon.paint(ui.painter(), picture, ink);
    let at = rect.left_center() + vec2(24.0, -galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
    response
}

fn output_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let tokens = theme::of(ui);
    let (icon, text, ink, hint) = match &model.transport.output {
        OutputView::Device(name) => {
            let hint = format!("Sound goes to {name}\nPiano: {}", model.settings.piano);
            (Icon::Volume, name.as_str(), tokens.weak, hint)
        }
        OutputView::Silent(reason) if reason.is_empty() => {
            (Icon::Silent, "No sound", tokens.weak, "Looking for a sound device".to_owned())
        }
        OutputView::Silent(reason) => {
            let hint = format!("{reason}\nPlaying goes on in silence");
            (Icon::Silent, "No sound", tokens.warning, hint)
        }
    };
    if status_ui(ui, icon, text, ink).on_hover_text(hint).clicked() {
        out.run(UiCommand::Settings);
    }
}

fn device_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let device = &model.settings.device;
    if device.name.is_empty() {
        return;
    }
    let tokens = theme::of(ui);
    let (ink, what) = if device.is_gpu {
        (tokens.success, "the graphics processor")
    } else {
        (tokens.weak, "the processor")
    };
    let hint = format!("Takes are worked out on {what}: {}", device.name);
    if status_ui(ui, Icon::Device, &device.name, ink).on_hover_text(hint).clicked() {
        out.run(UiCommand::Settings);
    }
}
