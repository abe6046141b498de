//! How the two versions are told apart.

use egui::Color32;
use egui_plot::LineStyle;

use crate::theme::Tokens;

/// Colour, and a line whole or broken.
#[derive(Clone, Copy)]
pub struct Look {
    /// Of line and name.
    pub color: Color32,
    /// Whole or broken.
    pub style: LineStyle,
    /// In points.
    pub width: f32,
}

/// The looks of the version heard and of the one compared with.
pub fn looks(tokens: &Tokens) -> [Look; 2] {
    [
        Look { color: tokens.curve, style: LineStyle::Solid, width: 2.0 },
        Look { color: tokens.curve_compared, style: LineStyle::Dashed { length: 6.0 }, width: 1.75 },
    ]
}
