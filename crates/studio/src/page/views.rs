//! A system as the face gets it.

use engraving::Layout;
use protocol::{EngravedHead, EngravedMeasure, EngravedPass, SystemView};

/// Where everything of a system is. Lengths are told to a hundredth of a staff space, which is less than half a
/// pixel at the largest scale: longer numbers would take twice the room on their way to the face.
pub(super) fn system_view(layout: &Layout) -> SystemView {
    let pass =
        |pass: &engraving::Pass| EngravedPass { measure: pass.measure, start_quarters: pass.start.to_f64() };
    let measures = layout.measures.iter().map(|place| EngravedMeasure {
        passes: place.passes.iter().map(pass).collect(),
        length_quarters: place.length.to_f64(),
        left: rounded(place.left),
        right: rounded(place.right),
    });
    let heads = layout.heads.iter().map(|head| EngravedHead {
        notes: head.notes.clone(),
        left: rounded(head.left),
        top: rounded(head.top),
        right: rounded(head.right),
        bottom: rounded(head.bottom),
        is_tied_on: head.is_tied_on,
    });
    let mut heads: Vec<EngravedHead> = heads.collect();
    heads.sort_by(|a, b| a.notes.cmp(&b.notes).then(a.left.total_cmp(&b.left)));
    SystemView {
        width: rounded(layout.width),
        height: rounded(layout.height),
        staves_top: rounded(layout.staves_top),
        staves_bottom: rounded(layout.staves_bottom),
        measures: measures.collect(),
        heads,
    }
}

/// A number that is not finite would not reach the face.
fn rounded(spaces: f32) -> f32 {
    let rounded = (spaces * 100.0).round() / 100.0;
    if rounded.is_finite() { rounded } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn lengths_are_told_to_a_hundredth() {
        assert_eq!(serde_json::to_string(&rounded(12.345_678)).ok().as_deref(), Some("12.35"));
        assert_eq!([f32::NAN, f32::MAX].map(rounded), [0.0, 0.0]);
    }
}
