//! Versions and licences.

use egui::{Grid, RichText, ScrollArea, Spinner, Ui};

use crate::theme::{self, space};
use crate::{Model, controls};

/// The page.
#[derive(Debug)]
pub struct About;

impl About {
    /// Draws it; `true` once it is done with.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model) -> bool {
        let is_done = controls::dialog_title(ui, "Espressivo");
        let Some(about) = &model.about else {
            ui.add(Spinner::new());
            return is_done;
        };
        let tokens = theme::of(ui);
        ui.label(format!("Version {}", about.version));
        ui.label(
            RichText::new("Turns a written score into an expressive piano performance").color(tokens.weak),
        );
        ui.add_space(space::MEDIUM);
        Grid::new("parts").num_columns(2).spacing([24.0, 2.0]).min_row_height(18.0).show(ui, |ui| {
            for (name, version) in &about.parts {
                ui.label(RichText::new(name).color(tokens.weak));
                ui.label(version);
                ui.end_row();
            }
        });
        ui.add_space(space::MEDIUM);
        ui.label(RichText::new("Licences").color(tokens.accent_text));
        let row = 18.0;
        ui.spacing_mut().interact_size.y = row;
        ui.spacing_mut().item_spacing.y = 2.0;
        let rows = about.licences.len();
        let list = ScrollArea::vertical().max_height(240.0).auto_shrink([false, true]);
        list.show_rows(ui, row, rows, |ui, shown| {
            for licence in about.licences.get(shown).unwrap_or_default() {
                ui.horizontal(|ui| {
                    ui.label(&licence.of);
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.label(RichText::new(&licence.name).size(12.0).color(tokens.weak));
                    });
                });
            }
        });
        is_done
    }
}
