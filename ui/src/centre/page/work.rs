//! The sign that the page is about to be another one, in the corner beside the music.

use egui::{Rect, Role, Sense, Spinner, Ui, Vec2, WidgetInfo, vec2};

use super::placement::{MARGIN, SCROLL_BAR};

/// Its size in points: as wide as the margin, where no music is.
const SIZE: f32 = MARGIN;

/// Draws it.
pub(super) fn show(ui: &Ui, rect: Rect) {
    let corner = rect.right_top() + vec2(-SCROLL_BAR - SIZE, 0.0);
    let place = Rect::from_min_size(corner, Vec2::splat(SIZE));
    Spinner::new().paint_at(ui, place.shrink(1.0));
    let response = ui.interact(place, ui.scope_id().with("sign of work"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "Engraving…"));
    response.on_hover_text("The page is engraved anew, or still grows");
}
