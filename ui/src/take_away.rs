//! What takes the version heard out of the window: the buttons that save it, and the handle that drags
//! its MIDI file into another program. Both take the whole piece, or the selected bars once that was chosen.

use egui::{Align, Button, Label, Layout, Response, RichText, Sense, Ui, vec2};
use protocol::{Bars, Command, ExportRequest, MidiMode, ProjectView, VersionId};

use crate::controls;
use crate::icons::Icon;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, part, words};

/// Draws the buttons that save, and the handle that drags the MIDI file out of the window.
pub fn ui(ui: &mut Ui, model: &Model, project: &ProjectView, selection: Option<Bars>, out: &mut Outbox) {
    ui.horizontal(|ui| {
        ui.spacing_mut().button_padding.x = 4.0;
        let half = (ui.available_width() - ui.spacing().item_spacing.x) / 2.0;
        for command in [UiCommand::SaveMidi, UiCommand::SaveWav] {
            let button = Button::new(command.text()).min_size(vec2(half, space::CONTROL));
            let button = ui.add(button);
            if controls::hint(button, || command.tooltip_with_shortcut(ui.ctx())).clicked() {
                out.run(command);
            }
        }
    });
    let bars = part::chosen(ui.ctx(), project, selection.as_ref());
    let dragged =
        Dragged { label: "Drag the MIDI file from here", version: project.listening, bars: bars.clone() };
    let handle = handle_ui(ui, model, &dragged, out);
    if handle.clicked() {
        out.run(UiCommand::SaveMidi);
    }
    let hint = "Drag into a sequencer or a folder: bars line up with the grid. Click for other ways to save";
    handle.on_hover_text(hint);
    if let Some(selection) = selection {
        part_ui(ui, model, project, (&selection, bars.is_some()));
    }
}

/// Chooses between the selected bars and the whole piece.
fn part_ui(ui: &mut Ui, model: &Model, project: &ProjectView, (selection, is_chosen): (&Bars, bool)) {
    let mut only = is_chosen;
    let text = format!("Only {}", words::bars(&model.score, selection));
    let hint = "Save and drag out the selected bars, not the whole piece";
    if ui.checkbox(&mut only, text).on_hover_text(hint).changed() {
        part::choose(ui.ctx(), project, only.then(|| selection.clone()));
    }
}

/// What a handle drags out of the window.
#[derive(Clone, Debug)]
pub struct Dragged<'a> {
    /// What the handle says.
    pub label: &'a str,
    /// The version.
    pub version: VersionId,
    /// The bars of the score that is heard; the whole piece if none.
    pub bars: Option<Bars>,
}

/// The handle that drags a MIDI file of some bars, or of the whole piece, out of the window.
pub fn handle_ui(ui: &mut Ui, model: &Model, dragged: &Dragged<'_>, out: &mut Outbox) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::click_and_drag());
    let Dragged { label, version, bars } = dragged;
    let label = *label;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), label));
    let tokens = theme::of(ui);
    let is_near = response.hovered() || response.dragged() || response.has_focus();
    let edge = if is_near { tokens.accent } else { tokens.border };
    let radius = egui::CornerRadius::same(space::RADIUS);
    ui.painter().rect_filled(rect, radius, if is_near { tokens.accent_faint } else { tokens.raised });
    dashed_frame(ui, rect.shrink(0.5), egui::Stroke::new(1.0, edge));
    let grip = egui::Rect::from_center_size(rect.left_center() + vec2(16.0, 0.0), vec2(16.0, 16.0));
    Icon::Grip.paint(ui.painter(), grip, tokens.weak);
    let part = match bars {
        Some(bars) => words::bars(&model.score, bars),
        None => "whole piece".to_owned(),
    };
    let name = words::version(model.project.as_ref(), *version);
    let words =
        egui::Rect::from_min_max(rect.left_top() + vec2(32.0, 6.0), rect.right_bottom() - vec2(6.0, 4.0));
    controls::inside(ui, words, Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let call = RichText::new(label).size(13.0).color(tokens.text);
        let what = RichText::new(format!("{name}, {part}")).size(11.0).color(tokens.weak);
        ui.add(Label::new(call).truncate());
        ui.add(Label::new(what).truncate());
    });
    if response.drag_started() {
        let mode = MidiMode::ScoreGrid;
        out.send(Command::DragOut(ExportRequest { version: *version, bars: bars.clone(), mode }));
        // The system takes the pointer now and keeps its release to itself.
        ui.ctx().stop_dragging();
        ui.input_mut(|i| i.pointer = egui::PointerState::default());
    }
    response.on_hover_cursor(egui::CursorIcon::Grab)
}

fn dashed_frame(ui: &Ui, rect: egui::Rect, stroke: egui::Stroke) {
    let corners =
        [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    ui.painter().extend(egui::Shape::dashed_line(&corners, stroke, 4.0, 3.0));
}
