//! The signs of the music font, Leipzig: their outlines, and the boxes around them.
//!
//! Verovio reads outlines from one file a sign when it draws. It is given none, so its pages refer to
//! signs that they do not have; they are added when a page is drawn.

use std::collections::HashMap;
use std::sync::OnceLock;

/// A box around a sign, in units of the font, to the right and up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct GlyphBox {
    pub left: f32,
    pub bottom: f32,
    pub right: f32,
    pub top: f32,
}

/// The box of a sign by its code point in hexadecimal digits, such as `E0A4`.
pub(crate) fn bounds(code: &str) -> Option<GlyphBox> {
    static BOXES: OnceLock<HashMap<String, GlyphBox>> = OnceLock::new();
    BOXES.get_or_init(|| text("Leipzig.xml").map(read_boxes).unwrap_or_default()).get(code).copied()
}

/// The outline of a sign as a `<g>` of SVG, without an identifier.
pub(crate) fn outline(code: &str) -> Option<&'static str> {
    let file = text(&format!("Leipzig/{code}.xml"))?;
    let (start, end) = (file.find("<path")?, file.rfind("</g>")?);
    file.get(start..end)
}

/// A file of `verovio-data`.
pub(crate) fn text(path: &str) -> Option<&'static str> {
    verovio_data::DATA.get_file(path)?.contents_utf8()
}

fn read_boxes(text: &str) -> HashMap<String, GlyphBox> {
    let Ok(document) = roxmltree::Document::parse(text) else { return HashMap::new() };
    let signs = document.root_element().children().filter(|node| node.has_tag_name("g"));
    let read = |node: roxmltree::Node<'_, '_>| {
        let number = |name: &str| node.attribute(name)?.parse::<f32>().ok();
        let (left, bottom) = (number("x")?, number("y")?);
        let (right, top) = (left + number("w")?, bottom + number("h")?);
        Some((node.attribute("c")?.to_owned(), GlyphBox { left, bottom, right, top }))
    };
    signs.filter_map(read).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_quarter_is_as_high_as_a_staff_space() {
        // A staff space is a quarter of the 1000 units of the font.
        let head = bounds("E0A4").unwrap();
        assert!((head.top - head.bottom - 250.0).abs() < 30.0 && head.right > 250.0, "{head:?}");
        assert!(outline("E0A4").unwrap().starts_with("<path"));
        assert_eq!((bounds("0041"), outline("0041")), (None, None));
    }
}
