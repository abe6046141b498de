//! The engraved page as one HTML page to print: the systems as paths, with what a version does around them.
//!
//! There is no script in it and nothing from elsewhere. Signs and words of the music are outlines, so they look the
//! same without our fonts; the words around the music are in a font of the reader's. The paper is white whatever
//! the theme of the window. What `write!` answers is let go: writing into a string cannot fail.

pub(crate) mod date;
mod ink;
mod svg;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use engraving::System;
use protocol::limits::PAPER_STAFF_MM;
use protocol::{LayerRoom, LegendLine, PrintRequest, SystemLayers};

use crate::plot::escape;

/// A staff space on paper, in millimetres: all staves are of one size, however long their systems are.
const MM_PER_SPACE: f32 = PAPER_STAFF_MM / 4.0;
/// Most room around a system, in staff spaces.
const MOST_ROOM: f32 = 60.0;

const STYLE: &str = "
@page { margin: 12mm; } html { color-scheme: light; background: #fff; }
body { font: 11pt/1.4 system-ui, sans-serif; color: #14161c; background: #fff; max-width: 186mm; margin: 8mm auto;
       print-color-adjust: exact; -webkit-print-color-adjust: exact; }
h1 { font-size: 17pt; margin: 0; text-align: center; } p { margin: 0; }
p.who { color: #444; text-align: right; } p.end { color: #646b79; font-size: 8pt; margin-top: 4mm; }
p.legend { font-size: 9pt; margin: 3mm 0; break-after: avoid; }
p.legend span { display: inline-block; margin-right: 6mm; white-space: nowrap; }
p.legend svg { vertical-align: middle; margin: 0 1.5mm; }
header { break-after: avoid; } div.system { break-inside: avoid; margin: 2mm 0; max-width: 100%; } div.system svg { display: block; width: 100%; height: auto; }
svg text { font-family: system-ui, sans-serif; }
@media print { body { margin: 0; max-width: none; } }
";

/// What stands above the music.
pub struct Heading {
    /// The title of the piece.
    pub title: String,
    /// Who wrote it.
    pub composer: Option<String>,
    /// The name of the version that the shapes tell of.
    pub version: String,
    /// When it was printed, in words.
    pub date: String,
}

/// The whole page.
///
/// # Errors
/// In words, if there is no system or one cannot be read.
pub fn page(heading: &Heading, request: &PrintRequest, systems: &[System]) -> Result<String, String> {
    if systems.is_empty() {
        return Err("there is no music on the page".to_owned());
    }
    let (title, version) = (escape(&heading.title), escape(&heading.version));
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{title}: {version}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1>\n<p class=\"who\">"
    );
    if let Some(composer) = &heading.composer {
        write!(html, "{}<br/>", escape(composer)).ok();
    }
    writeln!(html, "{version}, {}</p></header>", escape(&heading.date)).ok();
    legend(&mut html, &request.legend);
    let (room, nothing) = (possible(request.room), SystemLayers::default());
    for (number, system) in systems.iter().enumerate() {
        let layers = request.systems.get(number).unwrap_or(&nothing);
        let outlines = system.outlines().map_err(|error| error.to_string())?;
        let layout = &system.layout;
        let width_mm = layout.width * MM_PER_SPACE;
        let (top, height) = (0.0 - room.above, room.above + layout.height + room.below);
        write!(
            html,
            "<div class=\"system\" style=\"width:{width_mm:.1}mm\"><svg viewBox=\"0 {top:.2} {:.2} {height:.2}\" \
             role=\"img\" aria-label=\"System {}\">",
            layout.width,
            number + 1,
        )
        .ok();
        svg::music(&mut html, &outlines, &layers.tints);
        svg::shapes(&mut html, &layers.shapes);
        html.push_str("</svg></div>\n");
    }
    html.push_str("<p class=\"end\">Made with Espressivo</p>\n</body>\n</html>\n");
    Ok(html)
}

/// What colours and shapes mean.
fn legend(html: &mut String, lines: &[LegendLine]) {
    if lines.is_empty() {
        return;
    }
    html.push_str("<p class=\"legend\">");
    for line in lines {
        html.push_str("<span>");
        match line {
            LegendLine::Tint { less, more } => {
                html.push_str(&escape(less));
                svg::strip(html);
                html.push_str(&escape(more));
            }
            LegendLine::Shapes { shapes, words } => {
                if !shapes.is_empty() {
                    svg::sign(html, shapes);
                }
                html.push_str(&escape(words));
            }
        }
        html.push_str("</span>\n");
    }
    html.push_str("</p>\n");
}

/// Room that can be: the request comes from outside.
fn possible(room: LayerRoom) -> LayerRoom {
    let within = |spaces: f32| if spaces.is_finite() { spaces.clamp(0.0, MOST_ROOM) } else { 0.0 };
    LayerRoom { above: within(room.above), below: within(room.below) }
}
