//! How well the two versions agree on the whole, in words.

use egui::{RichText, ScrollArea, Ui};

use crate::theme::{self, space};

/// Draws one line for each sentence.
pub fn show(ui: &mut Ui, words: &[String]) {
    let tokens = theme::of(ui);
    ui.label(RichText::new("How well they agree").size(13.0).color(tokens.strong));
    ui.add_space(space::SMALL);
    ScrollArea::vertical().id_salt("agreement").auto_shrink(false).show(ui, |ui| {
        for words in words {
            ui.label(RichText::new(words).size(12.0).color(tokens.text));
            ui.add_space(space::SMALL);
        }
    });
}
