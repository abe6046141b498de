//! The variations that were made last, a line for each.

use egui::{
    Align, Align2, CornerRadius, FontId, Label, Layout, Popup, Rect, RichText, Role, Sense, Ui, WidgetInfo,
    pos2, vec2,
};
use protocol::{Command, ProjectView, SimilarityView, VariationState, VariationView, VariationsView};

use super::hearing::hear;
use super::{menu, passage};
use crate::controls::{self, icon_button_sized};
use crate::icons::Icon;
use crate::theme::{self, space};
use crate::{Model, Outbox, best, words};

/// Height of a line.
const ROW: f32 = 46.0;
/// The bar that says how similar one is, at most so wide.
const WIDEST_BAR: f32 = 110.0;

/// Draws what they were made of, and the list.
pub fn ui(ui: &mut Ui, model: &Model, project: &ProjectView, made: &VariationsView, out: &mut Outbox) {
    controls::steady(ui, "variations", |ui| heading(ui, model, made, out));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for (k, variation) in made.list.iter().enumerate() {
            let number = best::are_numbers_takes(model).then_some(k + 1).filter(|number| *number <= 9);
            let row = Row { model, project, made, variation, number };
            controls::steady(ui, ("variation", variation.number), |ui| row.ui(ui, out));
        }
    });
}

/// Which bars of which version they are of, and a way to forget them.
fn heading(ui: &mut Ui, model: &Model, made: &VariationsView, out: &mut Outbox) {
    let bars = words::bars_and_pass(passage::score(model, made), &made.request.bars);
    let of = words::version(model.project.as_ref(), made.request.of);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let forget = icon_button_sized(ui, Icon::Close, "Forget the variations", false, 20.0);
            if forget.on_hover_text("Forget those that are not kept").clicked() {
                out.send(Command::DropVariations);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let ink = theme::weak(ui);
                let text = RichText::new(format!("Of {bars}, {of}")).size(12.0).color(ink);
                ui.add(Label::new(text).truncate());
            });
        });
    });
}

/// A line of the list.
struct Row<'a> {
    model: &'a Model,
    project: &'a ProjectView,
    made: &'a VariationsView,
    variation: &'a VariationView,
    /// The key that hears it now.
    number: Option<usize>,
}

impl Row<'_> {
    fn is_heard(&self) -> bool {
        self.project.listening == self.variation.version
    }

    fn name(&self) -> String {
        format!("Variation {}", self.variation.number)
    }

    /// A click hears it.
    fn ui(&self, ui: &mut Ui, out: &mut Outbox) {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
        let label = format!("Listen to {}", self.name());
        response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), self.is_heard(), &label));
        if response.clicked() {
            hear(self.model, self.made, self.variation.number, out);
        }
        let ground = rect.shrink2(vec2(0.0, 1.0));
        controls::row_ground(ui, ground, self.is_heard(), response.hovered());
        controls::focus_edge(ui, ground, &response);
        self.picture_ui(ui, ground);
        let inner =
            Rect::from_min_max(ground.left_top() + vec2(36.0, 4.0), ground.right_bottom() - vec2(6.0, 4.0));
        controls::inside(ui, inner, Layout::top_down(Align::Min), |ui| {
            ui.set_clip_rect(ui.clip_rect().intersect(ground));
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.spacing_mut().interact_size.y = 20.0;
            self.name_ui(ui, out);
            similarity_ui(ui, self.variation.similarity.overall);
        });
        response.context_menu(|ui| self.menu_ui(ui, out));
        controls::hint(response, || details(&self.variation.similarity));
    }

    /// What stands at the left: whether it is heard, or the key that hears it.
    fn picture_ui(&self, ui: &Ui, ground: Rect) {
        let tokens = theme::of(ui);
        let ink = if self.is_heard() { tokens.accent_text } else { tokens.weak };
        let left = Rect::from_center_size(ground.left_center() + vec2(18.0, 0.0), vec2(16.0, 16.0));
        match self.number {
            Some(number) => {
                let font = FontId::proportional(14.0);
                ui.painter().text(left.center(), Align2::CENTER_CENTER, number.to_string(), font, ink);
            }
            None if self.is_heard() => Icon::Volume.paint(ui.painter(), left, ink),
            None => Icon::Note.paint(ui.painter(), left, ink),
        }
    }

    fn name_ui(&self, ui: &mut Ui, out: &mut Outbox) {
        let tokens = theme::of(ui);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let label = format!("More about {}", self.name());
                let more = icon_button_sized(ui, Icon::More, &label, false, 20.0);
                let more = more.on_hover_text("Keep it, put it into the piece, save or delete it");
                Popup::menu(&more).show(|ui| self.menu_ui(ui, out));
                let became = match self.variation.state {
                    VariationState::New => None,
                    VariationState::Kept => Some(("Kept", "It is among the takes")),
                    VariationState::Put => Some(("In the piece", "The piece has these notes")),
                };
                if let Some((word, hint)) = became {
                    controls::badge(ui, word, tokens.accent_text).on_hover_text(hint);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let ink = if self.is_heard() { tokens.strong } else { tokens.text };
                    let name = Label::new(RichText::new(self.name()).color(ink)).truncate();
                    ui.add(name.show_tooltip_when_elided(false));
                });
            });
        });
    }

    fn menu_ui(&self, ui: &mut Ui, out: &mut Outbox) {
        menu::show(ui, self.model, self.project, (self.made, self.variation), out);
    }
}

/// A bar and a number for how similar a variation is to what is written.
fn similarity_ui(ui: &mut Ui, share: f64) {
    let tokens = theme::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 14.0;
        let width = (ui.available_width() - 68.0).clamp(0.0, WIDEST_BAR);
        let (rect, _) = ui.allocate_exact_size(vec2(width, 6.0), Sense::hover());
        let radius = CornerRadius::same(3);
        ui.painter().rect_filled(rect, radius, tokens.control);
        let right = rect.left() + rect.width() * share.clamp(0.0, 1.0) as f32;
        let part = Rect::from_min_max(rect.min, pos2(right, rect.bottom()));
        ui.painter().rect_filled(part, radius, tokens.accent);
        ui.add_space(space::SMALL);
        let ink = theme::weak(ui);
        let text = RichText::new(format!("{} alike", percent(share))).size(11.5).color(ink);
        ui.add(Label::new(text).truncate().show_tooltip_when_elided(false));
    });
}

/// How similar a variation is in which respect, for the tooltip.
fn details(similarity: &SimilarityView) -> String {
    let SimilarityView { overall, pitch, onset, duration, equal } = *similarity;
    format!(
        "{} alike on the whole\nPitches {}\nOnsets {}\nLengths {}\nThe same notes {}\nClick to hear it in its place",
        percent(overall),
        percent(pitch),
        percent(onset),
        percent(duration),
        percent(equal)
    )
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
