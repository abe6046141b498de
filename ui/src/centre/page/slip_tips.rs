//! What the marks of slips on the page say: to the pointer, and to who cannot see them.

use egui::{Pos2, Rect, Ui};

use super::layers::Layers;
use super::named::node;
use super::painting::Painting;

/// The marks in view with where they are on the screen.
fn in_view<'a>(painting: &Painting<'a>) -> impl Iterator<Item = (&'a str, Rect)> {
    let layers: &'a Layers = painting.layers;
    painting.sheet.in_view(&painting.placement).flat_map(move |system| {
        let corner = painting.corner(system);
        let place = move |edges: [f32; 4]| painting.placement.rect_in(corner, edges);
        layers.marks_of_system(system).iter().map(move |mark| (&mark.words[..], place(mark.edges)))
    })
}

/// What there is to say of the marks at a place on the screen.
pub(super) fn at<'a>(painting: &Painting<'a>, pos: Pos2) -> Vec<&'a str> {
    in_view(painting).filter(|(_, place)| place.contains(pos)).map(|(words, _)| words).collect()
}

/// Names the marks.
pub(super) fn name(ui: &Ui, painting: &Painting<'_>) {
    let id = ui.scope_id().with("slips on the page");
    for (k, (words, place)) in in_view(painting).enumerate() {
        if !node(ui, painting, id.with(k), place, || format!("{words}, on the page")) {
            return;
        }
    }
}
