//! Marks at note heads: values that are pinned, and notes of the page that a recording does not have.

use protocol::{EngravedHead, LayerInk, LayerShape, LegendLine, PinKind, VersionId};

use super::places::rounded;
use crate::Model;
use crate::centre::page::sheet::Sheet;

/// Half the size of the mark of a pin, and how far to the right of its head it is.
const PIN: f32 = 0.42;
const BESIDE: f32 = 0.35;
/// How far a cross reaches over its head, and how thick it is.
const OVER: f32 = 0.25;
const THICK: f32 = 0.2;

/// The notes of the version heard with a pinned velocity, onset or length, in order.
pub(super) fn pinned(model: &Model) -> Vec<u32> {
    let pins = model.listening().map_or(&[][..], |version| &version.pins[..]);
    let of_note = pins.iter().filter(|pin| pin.kind != PinKind::Pedal);
    let mut notes: Vec<u32> = of_note.map(|pin| pin.note).collect();
    notes.sort_unstable();
    notes.dedup();
    notes
}

/// The notes of the page that a recording does not have, in order; none for what was performed.
pub(super) fn missed(model: &Model) -> Vec<u32> {
    let recording = model.listening().filter(|version| matches!(version.id, VersionId::Recording(_)));
    let Some(recording) = recording else { return Vec::new() };
    let is_missed = |note: &u32| recording.performance.get(*note).is_none();
    (0u32..).take(model.score.notes.len()).filter(is_missed).collect()
}

/// What the marks of pins mean.
pub(super) fn pinned_legend() -> LegendLine {
    let words = "pinned: kept when these bars are performed anew".to_owned();
    LegendLine::Shapes { shapes: vec![diamond((2.0, 1.0))], words }
}

/// What the crosses mean, and what a recording does not tell.
pub(super) fn missed_legend(model: &Model, count: usize) -> Option<LegendLine> {
    let version = model.listening()?;
    if !matches!(version.id, VersionId::Recording(_)) {
        return None;
    }
    // Of wrong and extra notes a project keeps nothing.
    let unknown = "notes that are not on the page are left out of a recording";
    let (shapes, words) = match count {
        0 => (Vec::new(), format!("no note was missed; {unknown}")),
        _ => (cross([1.4, 0.5, 2.6, 1.5]).to_vec(), format!("not played; {unknown}")),
    };
    Some(LegendLine::Shapes { shapes, words })
}

/// Marks the pinned notes of a system.
pub(super) fn draw_pinned(notes: &[u32], sheet: &Sheet, system: usize, shapes: &mut Vec<LayerShape>) {
    for head in first_heads(notes, sheet, system) {
        shapes.push(diamond((head.right + BESIDE, head.top)));
    }
}

/// Crosses the missed notes of a system out.
pub(super) fn draw_missed(notes: &[u32], sheet: &Sheet, system: usize, shapes: &mut Vec<LayerShape>) {
    for head in first_heads(notes, sheet, system) {
        shapes.extend(cross([head.left - OVER, head.top - OVER, head.right + OVER, head.bottom + OVER]));
    }
}

/// Where notes begin in a system; `notes` are in order.
fn first_heads<'a>(
    notes: &'a [u32],
    sheet: &'a Sheet,
    system: usize,
) -> impl Iterator<Item = &'a EngravedHead> {
    let heads = sheet.systems().get(system).map_or(&[][..], |place| &place.heads[..]);
    heads.iter().filter(|head| !head.is_tied_on && notes.binary_search(&head.note).is_ok())
}

fn diamond((x, y): (f32, f32)) -> LayerShape {
    let corners = [(x, y - PIN), (x + PIN, y), (x, y + PIN), (x - PIN, y)];
    LayerShape::Area { points: corners.map(|(x, y)| (rounded(x), rounded(y))).to_vec(), ink: LayerInk::Pin }
}

fn cross(edges: [f32; 4]) -> [LayerShape; 2] {
    let [left, top, right, bottom] = edges.map(rounded);
    let line = |points: [(f32, f32); 2]| LayerShape::Line {
        points: points.to_vec(),
        width: THICK,
        ink: LayerInk::Missed,
    };
    [line([(left, top), (right, bottom)]), line([(left, bottom), (right, top)])]
}
