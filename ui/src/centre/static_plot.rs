//! Plots whose view is set by what they show, never by the mouse.

use egui::Vec2;
use egui_plot::Plot;

/// A plot that neither moves nor zooms, and fills its frame.
pub fn static_plot<'a>(name: impl egui::AsIdSalt) -> Plot<'a> {
    Plot::new(name)
        .min_size(Vec2::splat(1.0))
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .allow_axis_zoom_drag(false)
        .set_margin_fraction(Vec2::ZERO)
}
