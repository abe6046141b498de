//! A system as outlines: signs and words as paths, so that who shows it needs no fonts.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use resvg::tiny_skia::{Path as Line, PathSegment, Point, Transform};
use resvg::usvg::{Group, Node, Path};

/// An outline of something on a system. Lengths are in staff spaces from the left upper corner of the system to
/// the right and down, to a hundredth.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// What the attribute `d` of a `<path>` of SVG has.
    pub path: String,
    /// The box around it: left, top, right and bottom. The thickness of its line is left out.
    pub bounds: [f32; 4],
    /// Whether what is inside has ink.
    pub is_filled: bool,
    /// The line along it, if it has one.
    pub line: Option<OutlineLine>,
}

/// The line along an outline.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineLine {
    /// How thick it is.
    pub width: f32,
    /// Lengths of dashes and of the gaps between them, in turn; empty for a line without gaps.
    pub dashes: Vec<f32>,
}

/// Any place along a system.
pub(crate) const ANYWHERE: RangeInclusive<f32> = f32::NEG_INFINITY..=f32::INFINITY;

/// Adds the outlines in a group that reach into some of the width of its system; `place` is from the units of the
/// group to staff spaces.
pub(crate) fn add(
    group: &Group,
    place: Transform,
    within: &RangeInclusive<f32>,
    outlines: &mut Vec<Outline>,
) {
    for node in group.children() {
        match node {
            Node::Group(inner) => add(inner, place.pre_concat(inner.transform()), within, outlines),
            Node::Text(words) => {
                let letters = words.flattened();
                add(letters, place.pre_concat(letters.transform()), within, outlines);
            }
            Node::Path(path) if path.is_visible() => outlines.extend(outline(path, place, within)),
            // Verovio draws no pictures.
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

fn outline(path: &Path, place: Transform, within: &RangeInclusive<f32>) -> Option<Outline> {
    let line = path.stroke().map(|stroke| {
        let (across, down) = place.get_scale();
        let scaled = |length: f32| length * (across + down) / 2.0;
        let dashes = stroke.dasharray().unwrap_or_default().iter().map(|length| scaled(*length)).collect();
        OutlineLine { width: scaled(stroke.width().get()), dashes }
    });
    let is_filled = path.fill().is_some();
    if !is_filled && line.is_none() {
        return None;
    }
    let placed = path.data().clone().transform(place)?;
    let around = placed.compute_tight_bounds()?;
    let half = line.as_ref().map_or(0.0, |line| line.width / 2.0);
    if around.right() + half < *within.start() || around.left() - half > *within.end() {
        return None;
    }
    let bounds = [around.left(), around.top(), around.right(), around.bottom()];
    Some(Outline { path: written(&placed), bounds, is_filled, line })
}

/// A path in the words of SVG.
fn written(line: &Line) -> String {
    let mut text = String::new();
    for segment in line.segments() {
        match segment {
            PathSegment::MoveTo(to) => add_points(&mut text, 'M', &[to]),
            PathSegment::LineTo(to) => add_points(&mut text, 'L', &[to]),
            PathSegment::QuadTo(by, to) => add_points(&mut text, 'Q', &[by, to]),
            PathSegment::CubicTo(by, and, to) => add_points(&mut text, 'C', &[by, and, to]),
            PathSegment::Close => text.push('Z'),
        }
    }
    text
}

fn add_points(text: &mut String, letter: char, points: &[Point]) {
    text.push(letter);
    for (k, point) in points.iter().enumerate() {
        let gap = if k == 0 { "" } else { " " };
        // Written into memory, which does not fail. Adding 0 takes the sign from -0.
        let rounded = |at: f32| (at * 100.0).round() / 100.0 + 0.0;
        let _ = write!(text, "{gap}{} {}", rounded(point.x), rounded(point.y));
    }
}
