//! What a page of Verovio's says: where measures, staves and note heads stand.

use std::collections::BTreeSet;

use notation::musicxml::write::{measure_of, note_of};
use roxmltree::{Document, Node};

use crate::copy::{Named, NamedMeasure};
use crate::error::EngravingError;
use crate::glyphs;
use crate::layout::{Head, Layout, MeasurePlace};
use crate::verovio::SPACE;

/// What a page says.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub layout: Layout,
    /// What stands after the code point in the identifiers of signs.
    pub suffix: String,
    /// The code points of the signs that are on it, in hexadecimal digits.
    pub signs: BTreeSet<String>,
}

/// Reads a page; `named` says what the numbers in its `id`s mean.
pub(crate) fn read(svg: &str, named: &Named) -> Result<Reading, EngravingError> {
    let document = Document::parse(svg).map_err(|error| EngravingError::Page(error.to_string()))?;
    let missing = |what: &str| EngravingError::Page(format!("it has no {what}"));
    let root = document.root_element();
    let area = root.children().find(|node| node.has_tag_name("svg")).ok_or_else(|| missing("area"))?;
    let size = area.attribute("viewBox").map(numbers).unwrap_or_default();
    let &[_, _, width, height] = &size[..] else { return Err(missing("size")) };
    let margin = area.children().find(|node| node.has_tag_name("g")).ok_or_else(|| missing("margin"))?;
    let origin = margin.attribute("transform").map(numbers).unwrap_or_default();
    let &[x, y] = &origin[..] else { return Err(missing("origin")) };
    let mut reader = Reader { named, x, y, page: Reading::default(), top: f32::MAX, bottom: f32::MIN };
    reader.system(margin)?;
    let Reader { mut page, top, bottom, .. } = reader;
    page.suffix = root.attribute("id").unwrap_or_default().to_owned();
    let order = |a: &Head, b: &Head| a.notes.cmp(&b.notes).then(a.is_tied_on.cmp(&b.is_tied_on));
    page.layout.heads.sort_by(order);
    page.layout = Layout {
        width: width / SPACE,
        height: height / SPACE,
        staves_top: top,
        staves_bottom: bottom,
        ..page.layout
    };
    Ok(page)
}

struct Reader<'n> {
    named: &'n Named,
    /// The corner that coordinates count from.
    x: f32,
    y: f32,
    page: Reading,
    /// The outermost lines of the staves.
    top: f32,
    bottom: f32,
}

impl Reader<'_> {
    fn system(&mut self, margin: Node<'_, '_>) -> Result<(), EngravingError> {
        for node in margin.descendants() {
            match class(node) {
                Some("measure") => self.measure(node)?,
                Some("note") => self.note(node),
                _ => {}
            }
            if let Some(sign) = sign(node) {
                self.page.signs.insert(sign.to_owned());
            }
        }
        Ok(())
    }

    /// A measure has its part of the lines of each staff.
    fn measure(&mut self, node: Node<'_, '_>) -> Result<(), EngravingError> {
        let id = node.attribute("id").unwrap_or_default();
        let found = measure_of(id).and_then(|(written, _)| {
            let printed = written as usize;
            Some((printed, self.named.measures.get(printed)?.clone()))
        });
        let (printed, NamedMeasure { passes, length }) =
            found.ok_or_else(|| EngravingError::Page(format!("no measure is called {id}")))?;
        let mut edges = None;
        let staves = node.children().filter(|node| class(*node) == Some("staff"));
        for line in staves.flat_map(|staff| staff.children().filter(|node| node.has_tag_name("path"))) {
            let ends = line.attribute("d").map(numbers).unwrap_or_default();
            let &[left, y, right, _] = &ends[..] else { continue };
            let (left, y, right) = ((left + self.x) / SPACE, (y + self.y) / SPACE, (right + self.x) / SPACE);
            edges.get_or_insert((left, right));
            (self.top, self.bottom) = (self.top.min(y), self.bottom.max(y));
        }
        let (left, right) = edges.ok_or_else(|| EngravingError::Page(format!("{id} has no lines")))?;
        self.page.layout.measures.push(MeasurePlace { printed, passes, length, left, right });
        Ok(())
    }

    fn note(&mut self, node: Node<'_, '_>) {
        let Some((id, number)) = node.attribute("id").and_then(note_of) else { return };
        let Some(notes) = self.named.notes.get(id.written as usize).cloned() else { return };
        let heads = node.children().filter(|node| class(*node) == Some("notehead"));
        let parts = heads.flat_map(|head| head.children()).filter_map(|part| self.part_box(part));
        let Some([left, top, right, bottom]) = parts.reduce(around) else { return };
        let is_tied_on = number > 1;
        self.page.layout.heads.push(Head { notes, left, top, right, bottom, is_tied_on });
    }

    /// The box around a sign, or around a part of the heads that are drawn with lines, since they last
    /// longer than a breve: left, top, right and bottom.
    fn part_box(&self, node: Node<'_, '_>) -> Option<[f32; 4]> {
        let number = |name: &str| node.attribute(name)?.parse::<f32>().ok();
        let [left, top, right, bottom] = match node.tag_name().name() {
            "use" => {
                let bounds = glyphs::bounds(sign(node)?)?;
                let &[x, y, wide, high] = &numbers(node.attribute("transform")?)[..] else { return None };
                let [top, bottom] = [bounds.top, bounds.bottom].map(|up| y - up * high);
                [x + bounds.left * wide, top, x + bounds.right * wide, bottom]
            }
            "rect" => {
                let (x, y) = (number("x")?, number("y")?);
                [x, y, x + number("width")?, y + number("height")?]
            }
            "polygon" => {
                let points = numbers(node.attribute("points")?);
                let corners =
                    points.chunks_exact(2).map(|corner| [corner[0], corner[1], corner[0], corner[1]]);
                corners.reduce(around)?
            }
            _ => return None,
        };
        let place = [left + self.x, top + self.y, right + self.x, bottom + self.y];
        Some(place.map(|at| at / SPACE))
    }
}

/// The box around two.
fn around(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// What an element is: the first of its classes.
fn class<'d>(node: Node<'d, '_>) -> Option<&'d str> {
    node.attribute("class")?.split(' ').next()
}

/// The code point of the sign that a `<use>` draws.
fn sign<'d>(node: Node<'d, '_>) -> Option<&'d str> {
    let name = node.has_tag_name("use").then(|| node.attribute("href"))??.strip_prefix('#')?;
    name.split('-').next()
}

/// All numbers in a text, such as `translate(3527, 1760) scale(0.72, 0.72)`.
fn numbers(text: &str) -> Vec<f32> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-');
    text.split(|c| !is_part(c)).filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_attributes() {
        assert_eq!(numbers("translate(3527, -17) scale(0.72, 0.5)"), [3527.0, -17.0, 0.72, 0.5]);
        assert_eq!(numbers("M1510 1040 L4245 1040"), [1510.0, 1040.0, 4245.0, 1040.0]);
        assert_eq!(numbers("0 0 18000 4450"), [0.0, 0.0, 18000.0, 4450.0]);
    }

    #[test]
    fn what_is_no_page_is_refused() {
        assert!(read("<svg", &Named::default()).is_err());
        let empty = "<svg xmlns='http://www.w3.org/2000/svg' width='0px' height='0px'/>";
        assert!(read(empty, &Named::default()).is_err());
    }
}
