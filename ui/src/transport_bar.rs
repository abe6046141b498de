//! The bar at the top: playing, the place, speed and volume, and which version is heard.

use egui::{
    Align, Button, DragValue, FontId, Layout, Rect, Response, RichText, ScrollArea, Sense, Slider, Ui, vec2,
};
use protocol::limits::RATES_PERCENT;
use protocol::{Command, PlayState, RecordState, RecordWith, VersionId};

use crate::controls::{self, PendingValue, command_button};
use crate::go_to::GoToBar;
use crate::icons::Icon;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, actions, own_sound, words};

/// Width from which the bar has room for more than playing.
const ROOMY: f32 = 900.0;
/// Narrower bars leave the speed to its keys and the menu.
const ROOM_FOR_SPEED: f32 = 680.0;
/// Still narrower ones leave out the volume, too: which version is heard matters more.
const ROOM_FOR_VOLUME: f32 = 560.0;

/// What is kept of the bar from frame to frame.
#[derive(Debug, Default)]
pub struct TransportBar {
    rate: PendingValue,
    volume: PendingValue,
    go_to: Option<GoToBar>,
    /// The version that was brought into view.
    heard: Option<VersionId>,
}

impl TransportBar {
    /// Opens the field for the number of a bar.
    pub fn go_to_bar(&mut self, model: &Model) {
        let here = words::measure_at(&model.score, model.transport.position_quarters);
        let number = here.map_or("", |k| model.score.measures[k].number.as_str());
        self.go_to = Some(GoToBar::new(number));
    }

    /// Draws the bar; `is_on` says which of the piano roll's switches are on.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        is_on: &dyn Fn(UiCommand) -> Option<bool>,
        out: &mut Outbox,
    ) {
        let room = ui.available_width();
        let has_room = room > ROOMY;
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            let records = room >= ROOM_FOR_SPEED || actions::is_recording(model);
            buttons_ui(ui, model, is_on, records, out);
            if has_room {
                ui.add_space(space::MEDIUM);
                history_ui(ui, model, out);
            }
            ui.add_space(space::MEDIUM);
            self.place_ui(ui, model, out);
            if room >= ROOM_FOR_SPEED {
                ui.add_space(space::MEDIUM);
                self.rate_ui(ui, model, out);
            }
            if room >= ROOM_FOR_VOLUME {
                ui.add_space(space::MEDIUM);
                self.volume_ui(ui, model, out);
            }
            ui.add_space(space::LARGE);
            versions_ui(ui, model, &mut self.heard, is_on, out);
        });
    }

    /// The place in the score and in the version; a click asks for another bar.
    fn place_ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        let (rect, response) = ui.allocate_exact_size(vec2(142.0, 34.0), Sense::click());
        if let Some(field) = &mut self.go_to {
            if field.ui(ui, rect, &model.score, out) {
                self.go_to = None;
            }
            return;
        }
        // What stands behind stays the same for the pointer: a click there closes the field.
        ui.skip_ahead_auto_ids(1);
        place(ui, rect, &response, model);
        let hint = || {
            let keys = UiCommand::GoToBar.shortcut_text(ui.ctx());
            format!("Bar and beat, and the time since the start. Click to go to a bar ({keys})")
        };
        if controls::hint(response, hint).clicked() {
            out.run(UiCommand::GoToBar);
        }
    }

    fn rate_ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        let now = ui.input(|i| i.time);
        let told = self.rate.value(model.transport.rate_percent, now);
        let mut rate = told;
        let tokens = theme::of(ui);
        ui.label(RichText::new("Speed").size(12.0).color(tokens.weak));
        // Before the shell has told it the rate is 0, which nobody has asked for.
        let field = DragValue::new(&mut rate).range(RATES_PERCENT).clamp_existing_to_range(false);
        let field = field.speed(0.5).max_decimals(0).suffix(" %");
        let field = ui.add_sized(vec2(58.0, space::CONTROL), field).accessible_name("Speed in percent");
        field.on_hover_text("Drag to play slower or faster, from 25 % to 200 %; click to type");
        if (told - 100.0).abs() > 0.5 {
            let reset =
                controls::icon_button_sized(ui, Icon::Reset, UiCommand::NormalTempo.text(), false, 20.0);
            if reset.on_hover_text(UiCommand::NormalTempo.tooltip()).clicked() {
                rate = 100.0;
            }
        } else {
            // What stands behind stays the same for the pointer.
            ui.skip_ahead_auto_ids(1);
        }
        if rate != told {
            self.rate.send(rate, now);
            out.send(Command::Rate(rate));
        }
    }

    fn volume_ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        let now = ui.input(|i| i.time);
        let told = self.volume.value(model.transport.volume, now);
        let mut volume = told;
        let tokens = theme::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
        let icon = if volume > 0.0 { Icon::Volume } else { Icon::Silent };
        icon.paint(ui.painter(), rect, tokens.weak);
        let slider = controls::slider(ui, Slider::new(&mut volume, 0.0..=1.0), 76.0);
        slider.widget_info(|| egui::WidgetInfo::slider(true, volume, "Volume"));
        controls::hint(slider, || format!("Volume {:.0} %", volume * 100.0));
        if volume != told {
            self.volume.send(volume, now);
            out.send(Command::Volume(volume));
        }
    }
}

/// The buttons that play; that to record only where it has room.
fn buttons_ui(
    ui: &mut Ui,
    model: &Model,
    is_on: &dyn Fn(UiCommand) -> Option<bool>,
    records: bool,
    out: &mut Outbox,
) {
    let follows = is_on(UiCommand::ToggleFollow).unwrap_or_default();
    let state = model.transport.state;
    let is_running = matches!(state, PlayState::Playing | PlayState::CountIn);
    let buttons = [
        (UiCommand::GoToStart, Icon::ToStart, false),
        (UiCommand::PlayPause, if is_running { Icon::Pause } else { Icon::Play }, is_running),
        (UiCommand::Stop, Icon::Stop, false),
        (UiCommand::Loop, Icon::Loop, model.transport.looped.is_some()),
        (UiCommand::Metronome, Icon::Metronome, model.transport.metronome),
        (UiCommand::CountIn, Icon::CountIn, model.transport.count_in),
        (UiCommand::ToggleFollow, Icon::Follow, follows),
    ];
    for (command, icon, is_on) in buttons {
        if command == UiCommand::Loop {
            ui.add_space(space::SMALL);
        }
        if command_button(ui, command, icon, is_on).clicked() {
            out.run(command);
        }
        if command == UiCommand::Stop && records {
            record_ui(ui, model, out);
        }
    }
}

fn record_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let is_on = model.keyboard.state != RecordState::Off;
    let button = controls::icon_button(ui, Icon::Record, UiCommand::Record.text(), is_on);
    let hint = || match model.keyboard.state {
        RecordState::Off => UiCommand::Record.tooltip_with_shortcut(ui.ctx()),
        RecordState::Armed => waiting(model).to_owned(),
        RecordState::CountIn | RecordState::Recording => {
            format!("Recording: {} keys. Click to stop", model.keyboard.notes)
        }
    };
    if controls::hint(button, hint).clicked() {
        out.run(UiCommand::Record);
    }
}

/// What recording waits for, and what a click does meanwhile.
fn waiting(model: &Model) -> &'static str {
    match model.settings.settings.keyboard.with {
        RecordWith::Free => "Ready: recording begins with the first key. Click to stop waiting",
        RecordWith::Metronome | RecordWith::Version => {
            "Ready: recording begins when playing does. Click to begin now"
        }
    }
}

fn history_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    for (command, icon) in [(UiCommand::Undo, Icon::Undo), (UiCommand::Redo, Icon::Redo)] {
        let reason = actions::why_not(command, model);
        ui.add_enabled_ui(reason.is_none(), |ui| {
            let button = controls::icon_button(ui, icon, command.text(), false);
            let hint = || format!("{} ({})", actions::text(command, model), command.shortcut_text(ui.ctx()));
            let button = controls::hint(button, hint);
            if button.on_disabled_hover_text(reason.unwrap_or_default()).clicked() {
                out.run(command);
            }
        });
    }
}

fn place(ui: &Ui, rect: Rect, response: &Response, model: &Model) {
    let tokens = theme::of(ui);
    let secs = model.playhead_secs(ui.input(|i| i.time));
    let bar = words::bar_and_beat(&model.score, model.transport.position_quarters);
    let bar = if model.transport.state == PlayState::CountIn { "Count-in".to_owned() } else { bar };
    let time = words::time(secs);
    response.widget_info(|| {
        let label = format!("Bar {bar}, {time}");
        egui::WidgetInfo::labeled(egui::Role::Button, true, label)
    });
    let painter = ui.painter();
    let radius = egui::CornerRadius::same(space::RADIUS);
    painter.rect_filled(rect, radius, tokens.canvas);
    controls::focus_edge(ui, rect, response);
    if response.hovered() {
        let edge = egui::Stroke::new(1.0, tokens.accent);
        painter.rect_stroke(rect, radius, edge, egui::StrokeKind::Inside);
    }
    let left = rect.left_center() + vec2(10.0, 0.0);
    let right = rect.right_center() - vec2(10.0, 0.0);
    let ink = if actions::is_recording(model) { tokens.error } else { tokens.strong };
    painter.text(left, egui::Align2::LEFT_CENTER, bar, FontId::monospace(16.0), ink);
    painter.text(right, egui::Align2::RIGHT_CENTER, time, FontId::monospace(12.5), tokens.weak);
}

/// Deadpan · takes · recordings, and a variation that is heard: one click listens. The one compared with is underlined.
fn versions_ui(
    ui: &mut Ui,
    model: &Model,
    heard: &mut Option<VersionId>,
    is_on: &dyn Fn(UiCommand) -> Option<bool>,
    out: &mut Outbox,
) {
    let Some(project) = &model.project else { return };
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let reason = actions::why_not(UiCommand::SwapCompared, model);
        ui.add_enabled_ui(reason.is_none(), |ui| {
            let swap = command_button(ui, UiCommand::SwapCompared, Icon::Swap, false);
            let swap = swap.on_disabled_hover_text(reason.unwrap_or_default());
            if swap.clicked() {
                out.run(UiCommand::SwapCompared);
            }
        });
        let is_comparing = is_on(UiCommand::CompareView).unwrap_or_default();
        if command_button(ui, UiCommand::CompareView, Icon::Compare, is_comparing).clicked() {
            out.run(UiCommand::CompareView);
        }
        own_sound::bar_ui(ui, model, out);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ScrollArea::horizontal()
                .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
                .show(ui, |ui| {
                    ui.horizontal_centered(|ui| {
                        // Of variations that are no takes, those of the pair.
                        let is_meant =
                            |id: VersionId| id == project.listening || Some(id) == project.compared;
                        let previews = project.previews.iter().filter(|preview| is_meant(preview.id));
                        let takes = project.takes.iter().chain(previews);
                        let takes = takes.map(|take| (take.id, take.name.as_str()));
                        for (id, name) in std::iter::once((VersionId::Deadpan, "Deadpan")).chain(takes) {
                            let button = version_ui(ui, model, id, name, out);
                            // Once: else nobody could scroll away from it.
                            if id == project.listening && heard.replace(id) != Some(id) {
                                button.scroll_to_me(None);
                            }
                        }
                    });
                });
        });
    });
}

fn version_ui(ui: &mut Ui, model: &Model, id: VersionId, name: &str, out: &mut Outbox) -> Response {
    let tokens = theme::of(ui);
    let (listening, compared) = model.project.as_ref().map(|p| (p.listening, p.compared)).unwrap_or_default();
    let is_heard = listening == id;
    let ink = if is_heard { tokens.on_accent } else { tokens.text };
    let button = Button::selectable(is_heard, RichText::new(name).color(ink)).frame_when_inactive(true);
    let response = ui.add(button);
    if compared == Some(id) {
        let rect = response.rect;
        let y = rect.bottom() - 1.0;
        let line = [egui::pos2(rect.left() + 8.0, y), egui::pos2(rect.right() - 8.0, y)];
        ui.painter().line_segment(line, egui::Stroke::new(2.0, tokens.accent));
    }
    let hint = match (is_heard, compared == Some(id)) {
        (true, _) => "This version is heard",
        (_, true) => "Compared with; click to hear it. Right-click to stop comparing",
        _ => "Click to hear it. Right-click to compare with it",
    };
    let response = controls::hint(response, || match model.description(id) {
        "" => format!("{name}\n{hint}"),
        description => format!("{name}\n{description}\n{hint}"),
    });
    if response.clicked() {
        out.send(Command::Listen(id));
    } else if response.secondary_clicked() && !is_heard {
        out.send(Command::Compare((compared != Some(id)).then_some(id)));
    }
    response
}
