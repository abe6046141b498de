//! All keys and what the mouse does, on one page.

use egui::{Grid, RichText, ScrollArea, Ui};

use crate::commands::{GROUPS, key_text};
use crate::theme::{self, space};
use crate::{UiCommand, controls};

/// What the mouse, the arrow keys and, while bars repeat, the number keys do on the piano roll and its lanes.
const MOUSE: &[(&str, &str)] = &[
    ("Wheel", "Scroll up and down"),
    ("Shift + wheel", "Scroll through time"),
    ("Ctrl + wheel", "Zoom time at the pointer"),
    ("Ctrl + Shift + wheel", "Zoom the keyboard"),
    ("Middle button", "Drag the view"),
    ("Drag in the ruler", "Select bars"),
    ("Click in the ruler", "Go there"),
    ("The same on the page", "The same, or select notes"),
    ("Shift + click", "Add to the selection"),
    ("Arrow up, down", "Notes louder, softer"),
    ("Arrow left, right", "Notes earlier, later"),
    ("Shift + arrow", "Ten times as far"),
    ("1 to 9, looping", "Hear that version"),
    ("Right click", "What else can be done there"),
    ("Right click in a lane", "Pin it over bars"),
    ("Drag a mood's border", "Move it to another bar"),
    ("Double-click a mood", "Change its words"),
];

/// The page.
#[derive(Debug)]
pub struct ShortcutsPage;

impl ShortcutsPage {
    /// Draws it; `true` once it is done with.
    pub fn ui(&mut self, ui: &mut Ui) -> bool {
        let is_done = controls::dialog_title(ui, UiCommand::Shortcuts.text());
        ScrollArea::vertical().show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = space::LARGE;
            ui.columns(3, |columns| {
                // Groups of about equal height in three columns.
                let places = [&["File", "Tools", "Edit"][..], &["Versions", "Help"], &["Play", "View"]];
                for (ui, names) in columns.iter_mut().zip(places) {
                    for group in GROUPS.iter().filter(|g| names.contains(&g.name)) {
                        let keys = group.commands.iter().flatten().filter_map(|command| {
                            let all: Vec<String> =
                                command.shortcuts().iter().map(|s| key_text(s, ui.ctx())).collect();
                            let text = command.text().trim_end_matches('…');
                            (!all.is_empty()).then(|| (all.join(", "), text))
                        });
                        let keys: Vec<(String, &str)> = keys.collect();
                        group_ui(ui, group.name, keys.iter().map(|(k, t)| (k.as_str(), *t)));
                    }
                }
                group_ui(&mut columns[1], "Mouse, arrows and numbers", MOUSE.iter().copied());
            });
        });
        is_done
    }
}

fn group_ui<'a>(ui: &mut Ui, name: &str, lines: impl Iterator<Item = (&'a str, &'a str)>) {
    let tokens = theme::of(ui);
    ui.label(RichText::new(name).color(tokens.accent_text));
    Grid::new(("shortcuts", name))
        .num_columns(2)
        .spacing([12.0, 3.0])
        .min_col_width(116.0)
        .min_row_height(18.0)
        .show(ui, |ui| {
            for (keys, text) in lines {
                ui.label(RichText::new(keys).monospace().size(11.5).color(tokens.strong));
                ui.label(RichText::new(text).size(12.5));
                ui.end_row();
            }
        });
    ui.add_space(space::LARGE);
}
