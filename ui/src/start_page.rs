//! What is shown while no piece is open.

use egui::{
    Align, Align2, Button, FontId, Label, Layout, Pos2, RichText, ScrollArea, Sense, Shape, Stroke, Ui, vec2,
};
use protocol::Command;

use crate::controls;
use crate::icons::Icon;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, new_piece, piano};

/// Width of the page.
const WIDTH: f32 = 760.0;

/// Height of a line of a list.
const ROW: f32 = 50.0;

/// Draws the page.
pub fn ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let whole = ui.max_rect();
    let width = WIDTH.min(whole.width() - 48.0);
    let page = egui::Rect::from_center_size(whole.center(), vec2(width, whole.height()));
    ui.scope_builder(egui::UiBuilder::new().max_rect(page), |ui| {
        ui.add_space((whole.height() * 0.10).min(110.0));
        head_ui(ui, model, out);
        ui.add_space(36.0);
        ui.spacing_mut().item_spacing.x = 40.0;
        ui.columns(2, |columns| {
            for ui in columns.iter_mut() {
                ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 2.0);
            }
            recent_ui(&mut columns[0], model, out);
            demos_ui(&mut columns[1], model, out);
        });
    });
}

fn head_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let tokens = theme::of(ui);
    ui.vertical_centered(|ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 62.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, "Espressivo"));
        let font = FontId::proportional(46.0);
        let name = ui.painter().text(rect.center(), Align2::CENTER_CENTER, "Espressivo", font, tokens.strong);
        hairpins(ui, name.center_bottom() + vec2(0.0, 10.0), name.width(), tokens.accent);
        ui.add_space(14.0);
        ui.label(
            RichText::new("From the written score to an expressive performance")
                .size(15.0)
                .color(tokens.weak),
        );
        ui.add_space(22.0);
        let open = controls::primary_button(ui, UiCommand::Open.text(), vec2(180.0, 40.0));
        if controls::hint(open, || UiCommand::Open.tooltip_with_shortcut(ui.ctx())).clicked() {
            out.run(UiCommand::Open);
        }
        ui.add_space(6.0);
        let reason = new_piece::writer(model).err();
        let button = Button::new(UiCommand::NewPiece.text()).min_size(vec2(180.0, 30.0));
        let new = ui.add_enabled(reason.is_none(), button);
        let new = new.on_disabled_hover_text(reason.unwrap_or_default());
        if controls::hint(new, || UiCommand::NewPiece.tooltip_with_shortcut(ui.ctx())).clicked() {
            out.run(UiCommand::NewPiece);
        }
        ui.add_space(6.0);
        controls::weak(ui, "Or drop a MusicXML, MIDI or Espressivo file on this window");
        piano::offer_ui(ui, model, out);
    });
}

/// Louder and softer again, as a score writes it.
fn hairpins(ui: &Ui, centre: Pos2, width: f32, color: egui::Color32) {
    let stroke = Stroke::new(2.0, color);
    let (half, gap, open) = (width / 2.0, 9.0, 5.0);
    for side in [-1.0, 1.0] {
        let tip = centre + vec2(side * half, 0.0);
        for y in [-open, open] {
            ui.painter().add(Shape::line_segment([tip, centre + vec2(side * gap, y)], stroke));
        }
    }
}

fn recent_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let tokens = theme::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Recent").size(15.0).color(tokens.strong));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let is_any = !model.start.recent.is_empty();
            if is_any && controls::quiet_button(ui, "Clear").on_hover_text("Forget this list").clicked() {
                out.send(Command::ClearRecent);
            }
            let hint = "Put back what was cleared";
            if model.start.cleared > 0 && controls::quiet_button(ui, "Undo").on_hover_text(hint).clicked() {
                out.send(Command::RestoreRecent);
            }
        });
    });
    if model.start.recent.is_empty() {
        controls::weak(ui, "What you open will be listed here");
        return;
    }
    let rows = model.start.recent.len();
    let list = ScrollArea::vertical().id_salt("recent").auto_shrink([false, true]);
    list.show_rows(ui, ROW, rows, |ui, shown| {
        for recent in model.start.recent.get(shown).unwrap_or_default() {
            let icon = if recent.is_untitled { Icon::Pencil } else { Icon::Note };
            let about = if recent.is_untitled {
                format!("Not saved under a name · {}", recent.when)
            } else {
                format!("{} · {}", recent.when, recent.path)
            };
            if row_ui(ui, icon, &recent.name, &about).on_hover_text(&recent.path).clicked() {
                out.send(Command::Open(recent.path.clone().into()));
            }
        }
    });
}

fn demos_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let tokens = theme::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Pieces to try").size(15.0).color(tokens.strong));
        // As high as the other head, which has a button.
        ui.allocate_exact_size(vec2(0.0, space::CONTROL), Sense::hover());
    });
    let rows = model.start.demos.len();
    let list = ScrollArea::vertical().id_salt("demos").auto_shrink([false, true]);
    list.show_rows(ui, ROW, rows, |ui, shown| {
        for demo in model.start.demos.get(shown).unwrap_or_default() {
            if row_ui(ui, Icon::Note, &demo.title, &demo.composer).clicked() {
                out.send(Command::OpenDemo(demo.name.clone()));
            }
        }
    });
}

fn row_ui(ui: &mut Ui, icon: Icon, name: &str, about: &str) -> egui::Response {
    let tokens = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    controls::row_ground(ui, rect, false, response.hovered());
    controls::focus_edge(ui, rect, &response);
    let picture = egui::Rect::from_center_size(rect.left_center() + vec2(20.0, 0.0), vec2(18.0, 18.0));
    icon.paint(ui.painter(), picture, tokens.accent_text);
    let inner =
        egui::Rect::from_min_max(rect.left_top() + vec2(42.0, 9.0), rect.right_bottom() - vec2(8.0, 4.0));
    controls::inside(ui, inner, Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.add(Label::new(RichText::new(name).color(tokens.text)).truncate());
        ui.add(Label::new(RichText::new(about).size(12.0).color(tokens.weak)).truncate());
    });
    response
}

/// Laid over everything while a file hangs over the window.
pub fn drop_hint(ctx: &egui::Context) {
    let tokens = if ctx.global_style().visuals.dark_mode { &theme::DARK } else { &theme::LIGHT };
    let painter = ctx.layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
    let rect = ctx.content_rect();
    painter.rect_filled(rect, 0.0, tokens.canvas.gamma_multiply(0.85));
    let radius = egui::CornerRadius::same(space::RADIUS_LARGE);
    let stroke = Stroke::new(2.0, tokens.accent);
    painter.rect_stroke(rect.shrink(20.0), radius, stroke, egui::StrokeKind::Inside);
    let font = FontId::proportional(24.0);
    painter.text(rect.center(), Align2::CENTER_CENTER, "Drop it to open it", font, tokens.strong);
}
