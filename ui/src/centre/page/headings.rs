//! What is printed above the music besides what the engraver prints: title and composer over the first system,
//! and numbers of bars over an endless one, which has no beginnings of systems to print them at.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, FontId, Painter, Ui, pos2, vec2};

use super::arrangement::TITLE;
use super::named;
use super::painting::Painting;
use super::sheet::has_title;

/// Size of the letters, in staff spaces.
const TITLE_LETTERS: f32 = 2.2;
const COMPOSER_LETTERS: f32 = 1.4;
/// Room between title and composer, in staff spaces.
const APART: f32 = 2.0;
/// How far above the staff and behind the bar line a number of a bar is, in staff spaces.
const NUMBER_AT: [f32; 2] = [0.4, 1.0];

/// Draws what is in view of it.
pub(super) fn show(ui: &Ui, painting: &Painting<'_>) {
    let painter = ui.painter_at(painting.placement.rect);
    if painting.sheet.is_endless() {
        numbers(&painter, painting);
    } else {
        title(ui, &painter, painting);
    }
}

/// The title in the middle of the page, the composer at its right edge.
fn title(ui: &Ui, painter: &Painter, painting: &Painting<'_>) {
    let (placement, score) = (&painting.placement, &painting.stage.model.score);
    if painting.sheet.systems().is_empty() || !has_title(score) {
        return;
    }
    // Above the room of the first system.
    let (left, top) = (painting.sheet.corner(0).x, painting.sheet.extent(0).0);
    let corner = placement.corner(vec2(left, top - TITLE));
    let room = placement.rect_in(corner, [0.0, 0.0, painting.sheet.width(), TITLE]);
    if !room.intersects(placement.rect) {
        return;
    }
    let ink = painting.stage.tokens.page_ink;
    let composer = score.composer.as_deref().unwrap_or_default();
    let font = FontId::proportional((COMPOSER_LETTERS * placement.scale).round());
    let composer = painter.layout_no_wrap(composer.to_owned(), font, ink);
    // In the middle there is as much room as the composer leaves on both sides.
    let beside = composer.size().x + APART * placement.scale;
    let most = (room.width() - 2.0 * beside).max(room.width() / 3.0);
    let font = FontId::proportional((TITLE_LETTERS * placement.scale).round());
    let mut job = LayoutJob::single_section(score.title.clone(), TextFormat::simple(font, ink));
    job.wrap = TextWrapping::truncate_at_width(most);
    let title = painter.layout_job(job);
    let at = room.center() - title.size() / 2.0;
    let base = at.y + title.size().y;
    painter.galley(at, title, ink);
    let at = pos2(room.right() - composer.size().x, base - composer.size().y);
    painter.galley(at, composer, ink);
    let words = || {
        let title = if score.title.is_empty() { "Music" } else { &score.title };
        match &score.composer {
            Some(composer) => format!("{title} by {composer}, above the page"),
            None => format!("{title}, above the page"),
        }
    };
    named::node(ui, painting, ui.scope_id().with("title of the page"), room, words);
}

/// The number of the first bar of each part but the first.
fn numbers(painter: &Painter, painting: &Painting<'_>) {
    let scale = painting.placement.scale;
    let font = FontId::proportional((scale * 1.5).clamp(9.0, 15.0));
    for system in painting.sheet.in_view(&painting.placement).filter(|system| *system > 0) {
        let Some(place) = painting.sheet.systems().get(system) else { continue };
        let first = place.measures.first().and_then(|engraved| engraved.passes.first());
        let first = first.map(|pass| pass.measure as usize);
        let measure = first.and_then(|first| painting.stage.model.score.measures.get(first));
        let Some(measure) = measure else { continue };
        let [right, up] = NUMBER_AT;
        let at = painting.corner(system) + vec2(right, place.staves_top - up) * scale;
        let color = painting.stage.tokens.page_ink;
        painter.text(at, Align2::LEFT_BOTTOM, &measure.number, font.clone(), color);
    }
}
