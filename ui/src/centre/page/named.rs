//! The parts of the page in words: for screen readers, and for programs that drive the window.

use egui::accesskit::{self, Role};
use egui::{Id, Rect, Ui};

use super::painting::Painting;
use crate::centre::pitches;
use crate::centre::roll::bar_text;

/// Names systems and bars in view, and the note heads that sound.
pub(super) fn name(ui: &Ui, painting: &Painting<'_>) {
    let (sheet, stage) = (painting.sheet, painting.stage);
    let id = ui.scope_id().with("parts of the page");
    playhead(ui, painting, id);
    for system in sheet.in_view(&painting.placement) {
        let Some(place) = sheet.systems().get(system) else { continue };
        let corner = painting.corner(system);
        let rect_in = |edges: [f32; 4]| painting.placement.rect_in(corner, edges);
        let whole = rect_in([0.0, 0.0, place.width, place.height]);
        let is_told = node(ui, painting, id.with(system), whole, || format!("System {}", system + 1));
        if !is_told {
            // Nobody asks for words.
            return;
        }
        for (k, engraved) in place.measures.iter().enumerate() {
            let bar = engraved.passes.first().map(|first| first.measure as usize);
            let Some(measure) = bar.and_then(|bar| stage.model.score.measures.get(bar)) else { continue };
            let rect = rect_in([engraved.left, place.staves_top, engraved.right, place.staves_bottom]);
            // How often it is played is told by the rows of passes.
            let words = || format!("Bar {} on the page", bar_text(&measure.number, measure.pass));
            node(ui, painting, id.with((system, k)), rect, words);
        }
        for (k, head) in place.heads.iter().enumerate().filter(|(_, head)| painting.is_lit(head)) {
            let note = head.notes.first().and_then(|note| stage.model.score.notes.get(*note as usize));
            let Some(note) = note else { continue };
            let words = || format!("{} sounds", pitches::name(note.pitch));
            node(ui, painting, id.with((system, "head", k)), painting.head_rect(corner, head), words);
        }
    }
}

/// The playhead where it is on the page, with its moment in the version heard.
fn playhead(ui: &Ui, painting: &Painting<'_>, id: Id) {
    let (sheet, stage) = (painting.sheet, painting.stage);
    let quarters = stage.axis.quarters_at(stage.playhead);
    let system = sheet.system_of(quarters);
    let (Some(x), Some(place)) = (sheet.x_of(quarters), sheet.systems().get(system)) else { return };
    if sheet.covers(quarters) {
        let edges = [x - 0.1, place.staves_top, x + 0.1, place.staves_bottom];
        let rect = painting.placement.rect_in(painting.corner(system), edges);
        let words = || format!("Playhead on the page at {:.3} s", stage.axis.secs_at(stage.playhead));
        node(ui, painting, id.with("playhead"), rect, words);
    }
}

/// A part that can be read, cut to what is in view. Says whether anybody reads, as far as that is known.
pub(super) fn node(
    ui: &Ui,
    painting: &Painting<'_>,
    id: Id,
    rect: Rect,
    words: impl FnOnce() -> String,
) -> bool {
    let seen = rect.intersect(painting.placement.rect);
    if !seen.is_positive() {
        return true;
    }
    let told = ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::Group);
        node.set_label(words());
        node.set_bounds(accesskit::Rect {
            x0: seen.min.x.into(),
            y0: seen.min.y.into(),
            x1: seen.max.x.into(),
            y1: seen.max.y.into(),
        });
    });
    told.is_some()
}
