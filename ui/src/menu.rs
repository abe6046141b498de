//! The line at the very top: the menus, the name of the piece, where the sound goes and what takes are
//! worked out on.

use egui::{Align, Button, Layout, MenuBar, RichText, Sense, Ui, vec2};
use protocol::{Command, OutputView};

use crate::commands::GROUPS;
use crate::icons::Icon;
use crate::theme;
use crate::{Model, Outbox, UiCommand, actions, controls, words};

/// Letters of a name in the line; the tooltip has the rest.
const MOST_LETTERS: usize = 25;

/// What the line says at its right needs this much room: where takes are worked out, and where the sound goes.
/// Both are in the settings, too.
const ROOM: [f32; 2] = [260.0, 150.0];

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
            let [for_device, for_output] = ROOM;
            let room = ui.available_width();
            if room >= for_device {
                device_ui(ui, model, out);
            }
            if room >= for_output {
                output_ui(ui, model, out);
            }
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
    let ink = if reason.is_none() { tokens.weak } else { tokens.text };
    let keys = RichText::new(command.shortcut_text(ui.ctx())).size(12.0).color(ink);
    // Selected, not ticked: the fonts have no tick. What cannot be done is neither on nor off.
    let button = Button::selectable(is_on == Some(true) && reason.is_none(), text);
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
            ui.add_enabled(false, Button::new("Files that you open will be listed here"));
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
    let hint = || {
        let about = match (&project.read_only, &project.path) {
            (Some(reason), _) => reason.as_str(),
            (None, Some(path)) => path.as_str(),
            (None, None) => "Kept, but not yet saved under a name",
        };
        let warnings = model.score.warnings.iter().map(String::as_str);
        std::iter::once(about).chain(warnings).collect::<Vec<_>>().join("\n")
    };
    controls::hint(ui.add(egui::Label::new(text).truncate().sense(Sense::hover())), hint);
}

/// A picture and a name; a click opens the settings.
fn status_ui(
    ui: &mut Ui,
    icon: Icon,
    text: &str,
    ink: egui::Color32,
    about: impl Fn() -> String,
    out: &mut Outbox,
) {
    let short = words::shortened(text, MOST_LETTERS);
    let gap = vec2(20.0, 0.0);
    let galley = ui.painter().layout_no_wrap(short, egui::FontId::proportional(12.0), ink);
    let size = vec2(galley.size().x + gap.x + 14.0, 22.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, text));
    controls::row_ground(ui, rect, false, response.hovered());
    controls::focus_edge(ui, rect, &response);
    let picture = egui::Rect::from_center_size(rect.left_center() + vec2(14.0, 0.0), vec2(13.0, 13.0));
    icon.paint(ui.painter(), picture, ink);
    let at = rect.left_center() + vec2(24.0, -galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
    let command = UiCommand::Settings;
    let hint = || format!("{}\nClick for the settings ({})", about(), command.shortcut_text(ui.ctx()));
    if controls::hint(response, hint).clicked() {
        out.run(command);
    }
}

fn output_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let tokens = theme::of(ui);
    let output = &model.transport.output;
    let (icon, text, ink) = match output {
        OutputView::Device(name) => (Icon::Volume, name.as_str(), tokens.weak),
        OutputView::Silent(reason) if reason.is_empty() => (Icon::Silent, "No sound", tokens.weak),
        OutputView::Silent(_) => (Icon::Silent, "No sound", tokens.warning),
    };
    let about = || match output {
        OutputView::Device(name) => format!("Sound goes to {name}\nPiano: {}", model.settings.piano),
        OutputView::Silent(reason) if reason.is_empty() => "Looking for a sound device".to_owned(),
        OutputView::Silent(reason) => format!("{reason}\nPlaying goes on in silence"),
    };
    status_ui(ui, icon, text, ink, about, out);
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
    let about = || format!("Takes are worked out on {what}: {}", device.name);
    status_ui(ui, Icon::Device, &device.name, ink, about, out);
}
