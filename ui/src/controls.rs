//! The small parts that every panel is made of.

mod sliders;

use std::fmt::Debug;
use std::hash::Hash;

use egui::{
    Button, Color32, CornerRadius, FontId, Frame, Id, Margin, Rect, Response, RichText, Role, Sense, Stroke,
    StrokeKind, TextEdit, Ui, UiBuilder, Vec2, WidgetInfo, style::Selection, text::CCursorRange,
    text_edit::TextEditState, vec2,
};

use crate::UiCommand;
use crate::icons::Icon;
use crate::theme::{self, space};

pub use sliders::{decibel_slider, knob_slider, percent_slider, share_slider, slider};

/// A text field, whose frame shows in both themes that it has the focus: egui draws it, and selected
/// text, in the ink of filled buttons.
pub fn text_field(ui: &mut Ui, field: TextEdit<'_>) -> Response {
    let tokens = theme::of(ui);
    let (fill, ink) = (tokens.accent_faint, tokens.accent_text);
    let of_buttons = ui.visuals().selection;
    ui.visuals_mut().selection = Selection { bg_fill: fill, stroke: Stroke::new(1.0, ink) };
    let response = ui.add(field);
    ui.visuals_mut().selection = of_buttons;
    response
}

/// Gives a text field the keyboard, with its whole text selected: what is typed takes its place.
pub fn edit_all(ui: &Ui, field: &Response, text: &str) {
    field.request_focus();
    let mut state = TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::select_all_str(text)));
    state.store(ui.ctx(), field.id);
}

/// A square button with a picture; `label` is what a screen reader says and a test looks for.
pub fn icon_button(ui: &mut Ui, icon: Icon, label: &str, is_on: bool) -> Response {
    icon_button_sized(ui, icon, label, is_on, space::CONTROL)
}

/// The same in another size.
pub fn icon_button_sized(ui: &mut Ui, icon: Icon, label: &str, is_on: bool, side: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_on, label));
    if ui.is_rect_visible(rect) {
        let tokens = theme::of(ui);
        let (mut fill, mut ink) = (Color32::TRANSPARENT, tokens.text);
        if is_on {
            (fill, ink) = (tokens.accent_faint, tokens.accent_text);
        }
        if response.is_pointer_button_down_on() {
            fill = tokens.control_active;
        } else if response.hovered() {
            fill = if is_on { tokens.accent_faint } else { tokens.control_hovered };
            ink = if is_on { ink } else { tokens.strong };
        }
        let painter = ui.painter();
        painter.rect_filled(rect, CornerRadius::same(space::RADIUS), fill);
        focus_edge(ui, rect, &response);
        icon.paint(painter, rect.shrink(side * 0.23), ink);
    }
    response
}

/// An edge around what has the keyboard.
pub fn focus_edge(ui: &Ui, rect: Rect, response: &Response) {
    if response.has_focus() {
        let edge = Stroke::new(1.5, theme::of(ui).accent);
        ui.painter().rect_stroke(rect, CornerRadius::same(space::RADIUS), edge, StrokeKind::Inside);
    }
}

/// The button of a command: its picture, its sentence and its key.
pub fn command_button(ui: &mut Ui, command: UiCommand, icon: Icon, is_on: bool) -> Response {
    let button = icon_button(ui, icon, command.text(), is_on);
    hint(button, || command.tooltip_with_shortcut(ui.ctx()))
}

/// A tooltip that is worked out only while it is shown, or read to somebody.
pub fn hint(response: Response, text: impl Fn() -> String) -> Response {
    if response.ctx.has_accesskit_node(response.id) {
        let words = text();
        response.ctx.accesskit_node_builder(response.id, |node| node.set_description(words));
    }
    response.on_hover_ui(|ui| {
        // As wide as egui makes the tooltips that are made from a text.
        ui.set_max_width(ui.spacing().tooltip_width);
        ui.label(text());
    })
}

/// The one button of a panel that is the next thing to do.
pub fn primary_button(ui: &mut Ui, text: &str, size: Vec2) -> Response {
    let tokens = theme::of(ui);
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for (state, fill) in [
            (&mut widgets.inactive, tokens.accent),
            (&mut widgets.hovered, tokens.accent_hovered),
            (&mut widgets.active, tokens.accent_hovered),
        ] {
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::NONE;
            state.fg_stroke.color = tokens.on_accent;
        }
        let text = RichText::new(text).size(14.5).color(tokens.on_accent);
        ui.add_sized(size, Button::new(text))
    })
    .inner
}

/// A button that is no more than its words until the pointer is over it.
pub fn quiet_button(ui: &mut Ui, text: &str) -> Response {
    ui.add(Button::new(text).frame_when_inactive(false))
}

/// The title of a panel.
pub fn panel_title(ui: &mut Ui, text: &str) {
    let tokens = theme::of(ui);
    ui.add_space(2.0);
    ui.label(RichText::new(text).size(15.0).color(tokens.strong));
    ui.add_space(2.0);
}

/// The name of a field, above it.
pub fn field_label(ui: &mut Ui, text: &str) -> Response {
    let ink = theme::weak(ui);
    ui.label(RichText::new(text).size(12.0).color(ink))
}

/// Text that can wait.
pub fn weak(ui: &mut Ui, text: impl Into<String>) -> Response {
    let ink = theme::weak(ui);
    ui.label(RichText::new(text).size(12.0).color(ink))
}

/// A frame that lifts what is in it from the panel.
pub fn card(ui: &Ui) -> Frame {
    let tokens = theme::of(ui);
    Frame::new()
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, tokens.border))
        .corner_radius(CornerRadius::same(space::RADIUS))
        .inner_margin(Margin::same(10))
}

/// A small word in a rounded frame.
pub fn badge(ui: &mut Ui, text: &str, color: Color32) -> Response {
    let tokens = theme::of(ui);
    let galley = ui.painter().layout_no_wrap(text.to_owned(), FontId::proportional(10.5), color);
    let size = galley.size() + vec2(10.0, 3.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), text));
    let radius = CornerRadius::same(4);
    ui.painter().rect(
        rect,
        radius,
        Color32::TRANSPARENT,
        Stroke::new(1.0, tokens.border),
        StrokeKind::Inside,
    );
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
    response
}

/// Puts something into a rectangle that is already taken from the panel.
pub fn inside(ui: &mut Ui, rect: Rect, layout: egui::Layout, content: impl FnOnce(&mut Ui)) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    content(&mut child);
}

/// A part of a panel that stays the same for the pointer and the keyboard, whatever comes or goes above it: what egui
/// counts from the top of the panel would be another widget then, and a press that was made before would be lost.
/// `name` is there once in the window.
pub fn steady<R>(ui: &mut Ui, name: impl Hash + Debug, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(UiBuilder::new().scope_id(Id::unique(("steady", name))), content).inner
}

/// A row of choices of which one is on. Gives what was clicked.
pub fn segments<T: Copy + PartialEq>(ui: &mut Ui, current: T, choices: &[(T, &str)]) -> Option<T> {
    let tokens = theme::of(ui);
    let mut chosen = None;
    Frame::new()
        .fill(tokens.control)
        .corner_radius(CornerRadius::same(space::RADIUS))
        .inner_margin(Margin::same(2))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                ui.spacing_mut().interact_size.y = space::CONTROL - 4.0;
                ui.spacing_mut().button_padding = vec2(9.0, 2.0);
                for &(choice, text) in choices {
                    if segment(ui, choice == current, text).clicked() {
                        chosen = Some(choice);
                    }
                }
            });
        });
    chosen
}

/// One choice of a row.
pub fn segment(ui: &mut Ui, is_on: bool, text: &str) -> Response {
    let tokens = theme::of(ui);
    let ink = if is_on { tokens.on_accent } else { tokens.text };
    let button = Button::selectable(is_on, RichText::new(text).color(ink))
        .corner_radius(CornerRadius::same(space::RADIUS - 2));
    ui.add(button)
}

/// Paints the ground of a line of a list: chosen, under the pointer, or neither.
pub fn row_ground(ui: &Ui, rect: Rect, is_chosen: bool, is_hovered: bool) {
    let tokens = theme::of(ui);
    let fill = match (is_chosen, is_hovered) {
        (true, _) => tokens.accent_faint,
        (false, true) => tokens.control,
        _ => return,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(space::RADIUS), fill);
}

/// A value on its way to the shell: shown until the shell says the same or has had its time.
#[derive(Clone, Copy, Debug, Default)]
pub struct PendingValue {
    sent: Option<(f64, f64)>,
}

impl PendingValue {
    /// How long the shell may take.
    const PATIENCE_SECS: f64 = 0.6;

    /// What to show, given what the shell last said.
    pub fn value(&mut self, told: f64, now_secs: f64) -> f64 {
        match self.sent {
            Some((value, at)) if value != told && now_secs - at < Self::PATIENCE_SECS => value,
            _ => {
                self.sent = None;
                told
            }
        }
    }

    /// Remembers what was sent.
    pub fn send(&mut self, value: f64, now_secs: f64) {
        self.sent = Some((value, now_secs));
    }
}

/// The head of a dialog: its name and a cross. `true` if the cross was clicked.
pub fn dialog_title(ui: &mut Ui, text: &str) -> bool {
    let tokens = theme::of(ui);
    let mut is_closed = false;
    ui.horizontal(|ui| {
        ui.label(RichText::new(text).size(18.0).color(tokens.strong));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let cross = icon_button(ui, Icon::Close, "Close", false);
            is_closed = cross.on_hover_text("Close (Esc)").clicked();
        });
    });
    ui.add_space(space::MEDIUM);
    is_closed
}
