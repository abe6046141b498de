//! The look of egui's own widgets, made of the tokens.

use egui::style::{HandleShape, Interaction, ScrollStyle, WidgetVisuals};
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2};

use super::{DARK, DISABLED, LIGHT, Tokens, space};

/// Gives egui's own widgets the look of the tokens, in both themes.
pub fn install(ctx: &egui::Context) {
    for (theme, tokens) in [(egui::Theme::Dark, &DARK), (egui::Theme::Light, &LIGHT)] {
        ctx.style_mut_of(theme, |style| {
            style.visuals = visuals(tokens);
            style.text_styles = [
                (TextStyle::Small, FontId::new(11.5, FontFamily::Proportional)),
                (TextStyle::Body, FontId::new(13.5, FontFamily::Proportional)),
                (TextStyle::Button, FontId::new(13.5, FontFamily::Proportional)),
                (TextStyle::Heading, FontId::new(19.0, FontFamily::Proportional)),
                (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
            ]
            .into();
            let spacing = &mut style.spacing;
            spacing.item_spacing = Vec2::new(space::MEDIUM, 6.0);
            spacing.button_padding = Vec2::new(10.0, 4.0);
            spacing.interact_size = Vec2::new(36.0, space::CONTROL);
            spacing.window_margin = Margin::same(16);
            spacing.menu_margin = Margin::same(6);
            spacing.slider_rail_height = 4.0;
            spacing.icon_width = 16.0;
            spacing.icon_width_inner = 9.0;
            spacing.combo_width = 80.0;
            // Bars have a place of their own, so that they cover no field.
            spacing.scroll = ScrollStyle {
                bar_width: 8.0,
                floating_allocated_width: 8.0,
                dormant_handle_opacity: 0.4,
                ..ScrollStyle::floating()
            };
            style.interaction = Interaction { selectable_labels: false, ..style.interaction.clone() };
        });
    }
    // The scale is a setting: the keys for it are commands like all others.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
}

fn visuals(t: &Tokens) -> egui::Visuals {
    let mut v = if t.is_dark { egui::Visuals::dark() } else { egui::Visuals::light() };
    let widget = |fill: Color32, edge: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: CornerRadius::same(space::RADIUS),
        fg_stroke: Stroke::new(1.25, text),
        expansion: 0.0,
    };
    v.widgets.noninteractive = widget(t.panel, t.border, t.text);
    v.widgets.inactive = widget(t.control, t.control, t.text);
    v.widgets.hovered = widget(t.control_hovered, t.control_hovered, t.strong);
    v.widgets.active = widget(t.control_active, t.control_active, t.strong);
    v.widgets.open = widget(t.control_hovered, t.control_hovered, t.strong);
    v.weak_text_color = Some(t.weak);
    v.selection.bg_fill = t.accent;
    v.selection.stroke = Stroke::new(1.0, t.on_accent);
    v.hyperlink_color = t.accent_text;
    v.faint_bg_color = t.raised;
    v.extreme_bg_color = t.canvas;
    v.text_edit_bg_color = Some(t.canvas);
    v.code_bg_color = t.control;
    v.warn_fg_color = t.warning;
    v.error_fg_color = t.error;
    v.window_fill = t.raised;
    v.window_stroke = Stroke::new(1.0, t.border);
    v.window_corner_radius = CornerRadius::same(space::RADIUS_LARGE);
    v.menu_corner_radius = CornerRadius::same(space::RADIUS);
    let shade = Color32::from_black_alpha(if t.is_dark { 110 } else { 38 });
    v.window_shadow = Shadow { offset: [0, 8], blur: 28, spread: 0, color: shade };
    v.popup_shadow = Shadow { offset: [0, 4], blur: 14, spread: 0, color: shade };
    v.panel_fill = t.panel;
    v.slider_trailing_fill = true;
    v.handle_shape = HandleShape::Circle;
    v.interact_cursor = None;
    v.disabled_alpha = DISABLED;
    v
}
