//! Music and shapes as elements of SVG; one unit is a staff space. What `write!` answers is let go: writing into a
//! string cannot fail.

use std::fmt::Write as _;

use engraving::Outline;
use protocol::{LayerShape, SIGN_SPACES, TintedHead};

use super::ink;
use crate::plot::escape;

/// How far an outline may reach out of the box of the head that it is.
const SLACK: f32 = 0.1;
/// A staff space of the signs in the legend, in millimetres.
const SIGN_MM: f32 = 2.0;
/// Steps of the strip of colours.
const STEPS: usize = 9;

/// The music of a system, its heads in their colours.
pub(super) fn music(svg: &mut String, outlines: &[Outline], tints: &[TintedHead]) {
    let color = ink::music();
    write!(svg, "<g fill=\"{color}\">").ok();
    for outline in outlines {
        write!(svg, "<path d=\"{}\"", outline.path).ok();
        let tint = tints.iter().find(|head| outline.is_filled && is_of(head, outline.bounds));
        match tint {
            Some(head) => write!(svg, " fill=\"{}\"", ink::tint(head.value)).ok(),
            None if !outline.is_filled => write!(svg, " fill=\"none\"").ok(),
            None => None,
        };
        if let Some(line) = &outline.line {
            write!(svg, " stroke=\"{color}\" stroke-width=\"{}\"", number(line.width)).ok();
            if !line.dashes.is_empty() {
                let dashes: Vec<String> = line.dashes.iter().map(|dash| number(*dash).to_string()).collect();
                write!(svg, " stroke-dasharray=\"{}\"", dashes.join(" ")).ok();
            }
        }
        svg.push_str("/>");
    }
    svg.push_str("</g>");
}

/// Whether an outline is that of a head.
fn is_of(head: &TintedHead, [left, top, right, bottom]: [f32; 4]) -> bool {
    left >= head.left - SLACK
        && top >= head.top - SLACK
        && right <= head.right + SLACK
        && bottom <= head.bottom + SLACK
}

/// Shapes, the first the lowest.
pub(super) fn shapes(svg: &mut String, shapes: &[LayerShape]) {
    for shape in shapes {
        match shape {
            LayerShape::Line { points, width, ink } => {
                let (color, width) = (ink::layer(*ink), number(*width));
                write!(
                    svg,
                    "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" \
                     stroke-linejoin=\"round\"/>",
                    corners(points)
                )
                .ok();
            }
            LayerShape::Area { points, ink } => {
                let color = ink::layer(*ink);
                write!(svg, "<polygon points=\"{}\" fill=\"{color}\"/>", corners(points)).ok();
            }
            LayerShape::Text { at, size, text, ink } => {
                let (x, y, size) = (number(at.0), number(at.1), number(*size));
                let (color, text) = (ink::layer(*ink), escape(text));
                write!(
                    svg,
                    "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" dominant-baseline=\"central\" \
                     fill=\"{color}\">{text}</text>"
                )
                .ok();
            }
        }
    }
}

/// The shapes that a line of the legend begins with.
pub(super) fn sign(svg: &mut String, content: &[LayerShape]) {
    let (width, height) = SIGN_SPACES;
    open_sign(svg, width, height);
    shapes(svg, content);
    svg.push_str("</svg>");
}

/// All colours of heads from one end to the other.
pub(super) fn strip(svg: &mut String) {
    let (width, height) = (2.0 * SIGN_SPACES.0, SIGN_SPACES.1);
    open_sign(svg, width, height);
    for step in 0..STEPS {
        let color = ink::tint(2.0 * step as f32 / (STEPS - 1) as f32 - 1.0);
        let (x, wide) = (width * step as f32 / STEPS as f32, width / STEPS as f32);
        let (x, wide) = (number(x), number(wide));
        write!(svg, "<rect x=\"{x}\" y=\"0.5\" width=\"{wide}\" height=\"1\" fill=\"{color}\"/>").ok();
    }
    svg.push_str("</svg>");
}

fn open_sign(svg: &mut String, width: f32, height: f32) {
    let [wide, high] = [width, height].map(|spaces| spaces * SIGN_MM);
    write!(svg, "<svg width=\"{wide}mm\" height=\"{high}mm\" viewBox=\"0 0 {width} {height}\">").ok();
}

fn corners(points: &[(f32, f32)]) -> String {
    let text: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
    text.join(" ")
}

/// A length to a hundredth; what is no number would not be SVG.
fn number(spaces: f32) -> f32 {
    let rounded = (spaces * 100.0).round() / 100.0 + 0.0;
    if rounded.is_finite() { rounded } else { 0.0 }
}
