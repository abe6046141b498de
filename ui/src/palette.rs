//! Find a command by a few letters of it.

use egui::{Align, Key, Layout, Modifiers, RichText, ScrollArea, Sense, TextEdit, Ui, vec2};

use crate::centre::cached::Cached;
use crate::controls;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, actions};

/// Height of a line.
const ROW: f32 = 30.0;

/// What other programs call some commands: whoever looks for them under that name finds them.
const OTHER_NAMES: [(UiCommand, &str); 15] = [
    (UiCommand::SaveMidi, "Export MIDI"),
    (UiCommand::SaveWav, "Export audio"),
    (UiCommand::SaveWav, "Bounce"),
    (UiCommand::SaveWav, "Render"),
    (UiCommand::ExportReport, "Export report"),
    (UiCommand::PrintPage, "Export PDF"),
    (UiCommand::ShowExported, "Show exported file"),
    (UiCommand::Settings, "Preferences"),
    (UiCommand::Settings, "Options"),
    (UiCommand::Loop, "Repeat"),
    (UiCommand::LoopSelection, "Repeat the selection"),
    (UiCommand::PreviousBar, "Previous measure"),
    (UiCommand::NextBar, "Next measure"),
    (UiCommand::GoToBar, "Go to measure"),
    (UiCommand::SwapCompared, "A/B"),
];

/// A command that is found under another name comes behind those that are called so.
const OTHER_SCORES_LESS: i32 = 12;

/// What was typed and which line is chosen.
#[derive(Debug, Default)]
pub struct Palette {
    query: String,
    chosen: usize,
    /// The commands that fit the query.
    found: Cached<String, Vec<UiCommand>>,
}

impl Palette {
    /// Draws it; `true` once a command was chosen.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let (down, up, enter) = ui.input_mut(|i| {
            (
                i.count_and_consume_key(Modifiers::NONE, Key::ArrowDown),
                i.count_and_consume_key(Modifiers::NONE, Key::ArrowUp),
                i.consume_key(Modifiers::NONE, Key::Enter),
            )
        });
        let field = TextEdit::singleline(&mut self.query)
            .hint_text("What to do")
            .margin(vec2(10.0, 8.0))
            .desired_width(f32::INFINITY);
        let field = controls::text_field(ui, field).accessible_name("Find an action");
        field.request_focus();
        if field.changed() {
            self.chosen = 0;
        }
        let found = self.found.get(self.query.clone(), |query| matches(query));
        let last = found.len().saturating_sub(1);
        self.chosen = (self.chosen + down).saturating_sub(up).min(last);
        let has_moved = down + up > 0;
        ui.add_space(space::SMALL);
        if found.is_empty() {
            controls::weak(ui, "Nothing fits these letters");
            return false;
        }
        let mut picked = enter.then(|| found[self.chosen]);
        ScrollArea::vertical().max_height(ROW * 12.0).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (k, command) in found.iter().enumerate() {
                let response = row_ui(ui, *command, model, k == self.chosen);
                if k == self.chosen && has_moved {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    picked = Some(*command);
                }
            }
        });
        match picked {
            Some(command) if actions::why_not(command, model).is_none() => {
                out.run(command);
                true
            }
            _ => false,
        }
    }
}

fn row_ui(ui: &mut Ui, command: UiCommand, model: &Model, is_chosen: bool) -> egui::Response {
    let reason = actions::why_not(command, model);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let text = actions::text(command, model);
    response
        .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, reason.is_none(), is_chosen, &text));
    if ui.is_rect_visible(rect) {
        controls::row_ground(ui, rect, is_chosen, response.hovered());
        let tokens = theme::of(ui);
        let ink = if reason.is_none() { tokens.text } else { tokens.weak };
        let inner = rect.shrink2(vec2(10.0, 0.0));
        controls::inside(ui, inner, Layout::left_to_right(Align::Center), |ui| {
            let painter = ui.painter();
            let font = egui::FontId::proportional(13.5);
            let name = painter.text(inner.left_center(), egui::Align2::LEFT_CENTER, &text, font, ink);
            ui.add_space(name.width() + 12.0);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(command.shortcut_text(ui.ctx())).size(12.0).color(tokens.weak));
                let about = RichText::new(reason.unwrap_or(command.tooltip())).size(12.0).color(tokens.weak);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(egui::Label::new(about).truncate());
                });
            });
        });
    }
    response
}

/// The commands that fit what was typed, the best first; all of them if nothing was typed.
pub fn matches(query: &str) -> Vec<UiCommand> {
    let commands = UiCommand::all().filter(|c| *c != UiCommand::Palette);
    let mut found: Vec<(i32, UiCommand)> = commands.filter_map(|c| Some((score_of(query, c)?, c))).collect();
    // Stable: what fits alike stays in the order of the menus.
    found.sort_by_key(|(score, _)| -score);
    found.into_iter().map(|(_, c)| c).collect()
}

/// How well letters fit the name of a command, or less what other programs call it.
fn score_of(query: &str, command: UiCommand) -> Option<i32> {
    let others = OTHER_NAMES.iter().filter(|(of, _)| *of == command);
    let other =
        others.filter_map(|(_, name)| score(query, name)).max().map(|score| score - OTHER_SCORES_LESS);
    score(query, command.text()).max(other)
}

/// How well letters fit a text: all of them must come, in order; together and at the start of words
/// is better. None if they do not.
fn score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let mut total = 0;
    let mut from = 0;
    for letter in query.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let starts_word = |k: usize| k == 0 || !text[k - 1].is_alphanumeric();
        let rest = from..text.len();
        let next = rest.clone().find(|&k| text[k] == letter)?;
        // A later start of a word is worth a jump, unless the letter goes on right here.
        let at = if next == from {
            next
        } else {
            rest.clone().find(|&k| text[k] == letter && starts_word(k)).unwrap_or(next)
        };
        total += if at == from && from > 0 { 4 } else { 0 };
        total += if starts_word(at) { 6 } else { 0 };
        total -= (at - from).min(3) as i32;
        from = at + 1;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_find_their_command() {
        assert_eq!(matches("undo").first(), Some(&UiCommand::Undo));
        assert_eq!(matches("smi").first(), Some(&UiCommand::SaveMidi));
        assert_eq!(matches("sav wav").first(), Some(&UiCommand::SaveWav));
        assert_eq!(matches("ZOOM out").first(), Some(&UiCommand::ZoomOut));
        assert!(matches("xyzzy").is_empty());
    }

    #[test]
    fn commands_are_found_under_the_names_that_they_have_elsewhere() {
        assert!(matches("export").starts_with(&[UiCommand::SaveMidi, UiCommand::SaveWav]));
        assert_eq!(matches("bounce"), [UiCommand::SaveWav]);
        assert_eq!(matches("preferences"), [UiCommand::Settings]);
        assert_eq!(matches("next").first(), Some(&UiCommand::NextBar));
    }

    #[test]
    fn nothing_typed_shows_everything_but_itself() {
        assert_eq!(matches("").len(), UiCommand::all().count() - 1);
    }
}
