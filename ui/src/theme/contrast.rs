//! Whether words can be read on what they stand on, in both themes.

use egui::Color32;

use super::{DARK, DISABLED, LIGHT, rgb};

/// Relative luminance of an opaque colour, after WCAG 2.2.
fn luminance(color: Color32) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

/// Contrast of two opaque colours, after WCAG 2.2.
fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn contrast_is_reckoned_as_published() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
    // The lightest grey on white that the guideline allows.
    assert!((contrast(rgb(0x767676), Color32::WHITE) - 4.54).abs() < 0.01);
}

#[test]
fn text_is_readable_also_where_it_is_greyed() {
    for tokens in [&DARK, &LIGHT] {
        for ground in [tokens.panel, tokens.raised, tokens.canvas, tokens.control] {
            // As the screen lays a faint colour over another.
            let greyed = ground.lerp_to_gamma(tokens.text, DISABLED);
            for ink in [tokens.text, tokens.strong, greyed] {
                let found = contrast(ink, ground);
                assert!(found >= 4.5, "{ink:?} on {ground:?}: {found:.2}, dark: {}", tokens.is_dark);
            }
        }
        for ground in [tokens.panel, tokens.raised] {
            let found = contrast(tokens.weak, ground);
            assert!(found >= 4.5, "hints on {ground:?}: {found:.2}, dark: {}", tokens.is_dark);
        }
    }
}
