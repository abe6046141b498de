//! The panel at the left: the versions of the piece.

mod menu;

use egui::{Align, Label, Layout, RichText, ScrollArea, Sense, TextEdit, Ui, vec2};
use protocol::{Bars, Command, ProjectView, TakeView, VersionId};

use crate::controls::{self, icon_button_sized};
use crate::icons::Icon;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, best, own_sound, reading, take_away, words};
use menu::{Choice, Entry};

/// Height of a line of the list.
const ROW: f32 = 58.0;

/// What is kept of the list from frame to frame.
#[derive(Debug, Default)]
pub struct TakesPanel {
    renaming: Option<Renaming>,
    /// Whether the number keys hear something else.
    is_unnumbered: bool,
}

#[derive(Debug)]
struct Renaming {
    id: VersionId,
    name: String,
    is_new: bool,
}

/// What was chosen in the list and is for another part of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesAction {
    /// Set the *Perform* panel as it was for this take.
    UseSettings(VersionId),
}

impl TakesPanel {
    /// Leaves the number keys to something else, or takes them back.
    pub fn let_numbers_be(&mut self, is_unnumbered: bool) {
        self.is_unnumbered = is_unnumbered;
    }

    /// Starts to rename a take.
    pub fn rename(&mut self, id: VersionId, name: String) {
        self.renaming = Some(Renaming { id, name, is_new: true });
    }

    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        selection: Option<Bars>,
        out: &mut Outbox,
    ) -> Option<TakesAction> {
        let project = model.project.as_ref()?;
        let mut action = None;
        controls::panel_title(ui, "Versions");
        if let Some(found) = &project.reading {
            reading::ui(ui, model, found, out);
        }
        best::ui(ui, model, project, out);
        let passage = best::passage(model, selection.clone());
        ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
            take_away::ui(ui, model, project, selection, out);
            ui.add_space(space::SMALL);
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let rows = project.takes.len() + 1;
                ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW, rows, |ui, shown| {
                    for row in shown {
                        match row.checked_sub(1).and_then(|k| project.takes.get(k)) {
                            Some(take) => {
                                let has_keys = best::are_numbers_takes(model) && !self.is_unnumbered;
                                let number = has_keys.then_some(row).filter(|k| *k <= 9);
                                let row = Row {
                                    id: take.id,
                                    name: &take.name,
                                    project,
                                    number,
                                    passage: passage.as_ref(),
                                };
                                let chosen = self.take_ui(ui, model, &row, take, out);
                                action = chosen.or(action);
                            }
                            None => deadpan_ui(ui, model, project, passage.as_ref(), out),
                        }
                    }
                });
            });
        });
        action
    }

    fn take_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        row: &Row<'_>,
        take: &TakeView,
        out: &mut Outbox,
    ) -> Option<TakesAction> {
        let mut choice = None;
        let is_renaming = self.renaming.as_ref().is_some_and(|r| r.id == take.id);
        let entry = Entry { id: take.id, take: Some(take), passage: row.passage };
        let response = row.ui(ui, out, |ui, out| {
            if is_renaming {
                self.rename_ui(ui, out);
                return;
            }
            let tokens = theme::of(ui);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 5.0;
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let more =
                        icon_button_sized(ui, Icon::More, &format!("More about {}", take.name), false, 22.0);
                    let more = more.on_hover_text("Compare, star, rename, save, delete and more");
                    egui::Popup::menu(&more)
                        .show(|ui| choice = menu::show(ui, model, row.project, entry, out));
                    row.compare_button(ui, out);
                    row.star_button(ui, model, out);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        line_ui(ui, RichText::new(&take.name).color(row.ink(ui)));
                    });
                });
            });
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 5.0;
                if take.is_streaming {
                    ui.add(egui::Spinner::new().size(11.0).color(tokens.accent_text));
                }
                if take.is_edited {
                    controls::badge(ui, "Edited", tokens.accent_text).on_hover_text("Changed by hand");
                }
                own_sound::badge_ui(ui, take);
                line_ui(ui, RichText::new(model.description(take.id)).size(11.5).color(tokens.weak));
            });
        });
        response.context_menu(|ui| choice = menu::show(ui, model, row.project, entry, out));
        response.on_hover_ui(|ui| details_ui(ui, model, take));
        match choice? {
            Choice::Rename => {
                self.rename(take.id, take.name.clone());
                None
            }
            Choice::UseSettings => Some(TakesAction::UseSettings(take.id)),
        }
    }

    fn rename_ui(&mut self, ui: &mut Ui, out: &mut Outbox) {
        let Some(renaming) = &mut self.renaming else { return };
        let field = TextEdit::singleline(&mut renaming.name).desired_width(f32::INFINITY);
        let field = controls::text_field(ui, field).accessible_name("Name of the take");
        if std::mem::take(&mut renaming.is_new) {
            controls::edit_all(ui, &field, &renaming.name);
        }
        if field.lost_focus() {
            let is_cancelled = ui.input(|i| i.key_pressed(egui::Key::Escape));
            if let Some(Renaming { id, name, .. }) = self.renaming.take()
                && !is_cancelled
                && !name.trim().is_empty()
            {
                out.send(Command::Rename(id, name.trim().to_owned()));
            }
        }
    }
}

/// What all lines have in common.
struct Row<'a> {
    id: VersionId,
    name: &'a str,
    project: &'a ProjectView,
    /// The key that hears it now.
    number: Option<usize>,
    /// The bars that it can be starred in.
    passage: Option<&'a Bars>,
}

impl Row<'_> {
    fn is_heard(&self) -> bool {
        self.project.listening == self.id
    }

    fn ink(&self, ui: &Ui) -> egui::Color32 {
        let tokens = theme::of(ui);
        if self.is_heard() { tokens.strong } else { tokens.text }
    }

    /// The line, which is the same one whatever comes or goes above it.
    fn ui(
        &self,
        ui: &mut Ui,
        out: &mut Outbox,
        content: impl FnOnce(&mut Ui, &mut Outbox),
    ) -> egui::Response {
        controls::steady(ui, ("version", self.id), |ui| self.content_ui(ui, out, content))
    }

    /// The ground, the picture at the left, and `content` beside it. A click listens.
    fn content_ui(
        &self,
        ui: &mut Ui,
        out: &mut Outbox,
        content: impl FnOnce(&mut Ui, &mut Outbox),
    ) -> egui::Response {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
        let label = format!("Listen to {}", self.name);
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::Button, ui.is_enabled(), self.is_heard(), &label)
        });
        if response.clicked() {
            out.send(Command::Listen(self.id));
        }
        let ground = rect.shrink2(vec2(0.0, 1.0));
        controls::row_ground(ui, ground, self.is_heard(), response.hovered());
        controls::focus_edge(ui, ground, &response);
        let tokens = theme::of(ui);
        let picture = match self.id {
            _ if self.is_heard() => Icon::Volume,
            VersionId::Recording(_) => Icon::Recording,
            _ => Icon::Note,
        };
        let ink = if self.is_heard() { tokens.accent_text } else { tokens.weak };
        let left = egui::Rect::from_center_size(ground.left_center() + vec2(18.0, 0.0), vec2(16.0, 16.0));
        match self.number {
            Some(number) => {
                let font = egui::FontId::proportional(14.0);
                ui.painter().text(left.center(), egui::Align2::CENTER_CENTER, number.to_string(), font, ink);
            }
            None => picture.paint(ui.painter(), left, ink),
        }
        let inner = egui::Rect::from_min_max(
            ground.left_top() + vec2(36.0, 6.0),
            ground.right_bottom() - vec2(6.0, 6.0),
        );
        controls::inside(ui, inner, Layout::top_down(Align::Min), |ui| {
            ui.set_clip_rect(ui.clip_rect().intersect(ground));
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.spacing_mut().interact_size.y = 20.0;
            content(ui, out);
        });
        response
    }

    /// The version that is heard can be starred in some bars.
    fn star_button(&self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        let Some(bars) = self.passage.filter(|_| self.is_heard()) else { return };
        let is_starred = best::is_starred(self.project, bars, self.id);
        let label = format!("Star {} in {}", self.name, words::bars(&model.score, bars));
        let command = UiCommand::StarPassage;
        let button = icon_button_sized(ui, Icon::Star, &label, is_starred, 22.0);
        let hint = || match is_starred {
            true => format!("Take the star away ({})", command.shortcut_text(ui.ctx())),
            false => command.tooltip_with_shortcut(ui.ctx()),
        };
        if controls::hint(button, hint).clicked() {
            best::star(self.project, bars.clone(), out);
        }
    }

    fn compare_button(&self, ui: &mut Ui, out: &mut Outbox) {
        let is_compared = self.project.compared == Some(self.id);
        if self.is_heard() {
            return;
        }
        let label = format!("Compare with {}", self.name);
        let button = icon_button_sized(ui, Icon::Compare, &label, is_compared, 22.0);
        let hint =
            if is_compared { "Stop comparing" } else { "Compare: show it behind the version that is heard" };
        if button.on_hover_text(hint).clicked() {
            out.send(Command::Compare((!is_compared).then_some(self.id)));
        }
    }
}

fn deadpan_ui(ui: &mut Ui, model: &Model, project: &ProjectView, passage: Option<&Bars>, out: &mut Outbox) {
    const ABOUT: &str = "The score played literally";
    let id = VersionId::Deadpan;
    let row = Row { id, name: "Deadpan", project, number: None, passage };
    let response = row.ui(ui, out, |ui, out| {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                row.compare_button(ui, out);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    line_ui(ui, RichText::new("Deadpan").color(row.ink(ui)));
                });
            });
        });
        let tokens = theme::of(ui);
        line_ui(ui, RichText::new(ABOUT).size(11.5).color(tokens.weak));
    });
    let entry = Entry { id, take: None, passage };
    response.context_menu(|ui| {
        // It has no name to change, and no settings.
        menu::show(ui, model, project, entry, out);
    });
    response.on_hover_ui(|ui| {
        ui.set_max_width(300.0);
        ui.label(RichText::new("Deadpan").strong());
        ui.label(format!("{ABOUT}: nothing but what is written"));
    });
}

/// A line of the list, cut where the panel ends. The tooltip of the whole entry has all of it.
fn line_ui(ui: &mut Ui, text: RichText) {
    ui.add(Label::new(text).truncate().show_tooltip_when_elided(false));
}

/// Everything about a take, for the tooltip.
fn details_ui(ui: &mut Ui, model: &Model, take: &TakeView) {
    ui.set_max_width(300.0);
    ui.label(RichText::new(&take.name).strong());
    ui.label(model.description(take.id));
    if let Some(parent) = take.parent {
        controls::weak(ui, format!("Made from {}", words::version(model.project.as_ref(), parent)));
    }
    if let Some(bars) = &take.bars {
        controls::weak(ui, format!("Performed anew: {}", words::bars(&model.score, bars)));
    }
    controls::weak(ui, format!("Length {}", words::length(take.length_secs)));
}
