//! Sliders with their name, their value and a way back to where they usually stand.

use std::ops::RangeInclusive;

use egui::{Response, RichText, Slider, Ui, WidgetInfo};
use protocol::{KnobRange, KnobView};

use super::{field_label, icon_button_sized};
use crate::icons::Icon;
use crate::theme;

/// A slider for a share of what is usual: its name, its value in per cent, and a way back to 100 %.
pub fn percent_slider(ui: &mut Ui, name: &str, hint: &str, value: &mut f64, max: f64) -> Response {
    let (min, default, unit) = (0.0, 1.0, Unit::PerCent);
    named_slider(ui, Range { name, hint, min, max, default, unit }, value)
}

/// A slider from nothing to all: its name, its value in per cent, and a way back to its default.
pub fn share_slider(ui: &mut Ui, name: &str, hint: &str, value: &mut f64, default: f64) -> Response {
    let (min, max, unit) = (0.0, 1.0, Unit::PerCent);
    named_slider(ui, Range { name, hint, min, max, default, unit }, value)
}

/// A slider for decibels: its name, its value, and a way back to 0.
pub fn decibel_slider(
    ui: &mut Ui,
    name: &str,
    hint: &str,
    value: &mut f64,
    range: RangeInclusive<f64>,
) -> Response {
    let (min, max) = range.into_inner();
    named_slider(ui, Range { name, hint, min, max, default: 0.0, unit: Unit::Decibels }, value)
}

/// A slider for a performer's own setting.
pub fn knob_slider(ui: &mut Ui, knob: &KnobView, range: KnobRange, value: &mut f64) -> Response {
    let KnobRange { min, max, default, is_share } = range;
    let unit = if is_share { Unit::PerCent } else { Unit::Number };
    named_slider(ui, Range { name: &knob.name, hint: &knob.description, min, max, default, unit }, value)
}

/// What a slider sets.
struct Range<'a> {
    name: &'a str,
    hint: &'a str,
    min: f64,
    max: f64,
    default: f64,
    unit: Unit,
}

/// How the value of a slider is told.
#[derive(Clone, Copy)]
enum Unit {
    PerCent,
    Decibels,
    Number,
}

impl Range<'_> {
    fn text(&self, value: f64) -> String {
        match self.unit {
            Unit::PerCent => format!("{:.0} %", value * 100.0),
            Unit::Decibels if value == 0.0 => "0 dB".to_owned(),
            Unit::Decibels => format!("{value:+.1} dB"),
            Unit::Number => format!("{value:.2}"),
        }
    }

    fn step(&self) -> f64 {
        if matches!(self.unit, Unit::Decibels) { 0.5 } else { 0.05 }
    }
}

/// A slider with its name, its value and a way back to the default.
fn named_slider(ui: &mut Ui, range: Range<'_>, value: &mut f64) -> Response {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.spacing_mut().interact_size.y = 16.0;
        let is_changed = (*value - range.default).abs() > 0.004;
        ui.horizontal(|ui| {
            field_label(ui, range.name).on_hover_text(range.hint);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let color = if is_changed { theme::of(ui).accent_text } else { theme::weak(ui) };
                ui.label(RichText::new(range.text(*value)).size(12.0).color(color));
                if is_changed {
                    let label = format!("Reset {}", range.name.to_lowercase());
                    let reset = icon_button_sized(ui, Icon::Reset, &label, false, 16.0);
                    if reset.on_hover_text(format!("Back to {}", range.text(range.default))).clicked() {
                        *value = range.default;
                    }
                }
            });
        });
        let width = ui.available_width();
        let (min, max) = (range.min, range.max);
        let response =
            slider(ui, Slider::new(value, min..=max).step_by(range.step()), width).on_hover_text(range.hint);
        let told = if matches!(range.unit, Unit::PerCent) { *value * 100.0 } else { *value };
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), told, range.name));
        response
    })
    .inner
}

/// A slider without its number, of a width, with a small handle.
pub fn slider(ui: &mut Ui, slider: Slider<'_>, width: f32) -> Response {
    let scope = ui.scope(|ui| {
        ui.spacing_mut().slider_width = width;
        ui.spacing_mut().interact_size.y = 15.0;
        ui.add(slider.show_value(false))
    });
    scope.inner
}
