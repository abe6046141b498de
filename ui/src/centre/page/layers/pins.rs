//! Marks at the heads of notes with a pinned value.

use protocol::{LayerInk, LayerShape, LegendLine, PinKind};

use super::places::{Part, first_heads, rounded};
use crate::Model;

/// Half the size of a mark, and how far to the right of its head it is.
const SIZE: f32 = 0.42;
const BESIDE: f32 = 0.35;

/// The notes of the version heard with a pinned velocity, onset or length, in order.
pub(super) fn pinned(model: &Model) -> Vec<u32> {
    let pins = model.listening().map_or(&[][..], |version| &version.pins[..]);
    let of_note = pins.iter().filter(|pin| pin.kind != PinKind::Pedal);
    let mut notes: Vec<u32> = of_note.map(|pin| pin.note).collect();
    notes.sort_unstable();
    notes.dedup();
    notes
}

/// What the marks mean.
pub(super) fn legend() -> LegendLine {
    let words = "pinned: kept when these bars are performed anew".to_owned();
    LegendLine::Shapes { shapes: vec![diamond((2.0, 1.0))], words }
}

/// Marks the pinned notes of a system.
pub(super) fn draw(notes: &[u32], part: Part<'_>, shapes: &mut Vec<LayerShape>) {
    for (_, head) in first_heads(part).filter(|(note, _)| notes.binary_search(note).is_ok()) {
        shapes.push(diamond((head.right + BESIDE, head.top)));
    }
}

fn diamond((x, y): (f32, f32)) -> LayerShape {
    let corners = [(x, y - SIZE), (x + SIZE, y), (x, y + SIZE), (x - SIZE, y)];
    LayerShape::Area { points: corners.map(|(x, y)| (rounded(x), rounded(y))).to_vec(), ink: LayerInk::Pin }
}
