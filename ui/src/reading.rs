//! What is shown where the score's file is read differently today than when the project was made.

use egui::{RichText, Ui};
use protocol::ReadingView;

use crate::controls;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, actions};

/// Draws the offer to take over the new reading.
pub fn ui(ui: &mut Ui, model: &Model, reading: &ReadingView, out: &mut Outbox) {
    let tokens = theme::of(ui);
    controls::card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new("The score is read differently now").color(tokens.text));
        controls::weak(ui, format!("{}. The project keeps its own score.", differences(reading)));
        ui.add_space(space::SMALL);
        let command = UiCommand::UseNewReading;
        let reason = actions::why_not(command, model);
        let button = ui.add_enabled(reason.is_none(), egui::Button::new(command.text()));
        let button = button.on_hover_text(command.tooltip());
        if button.on_disabled_hover_text(reason.unwrap_or_default()).clicked() {
            out.run(command);
        }
    });
    ui.add_space(space::SMALL);
}

/// `3 bars instead of 2, 1 note new, 4 gone`.
fn differences(reading: &ReadingView) -> String {
    let bars = if reading.new_bars == 1 { "bar" } else { "bars" };
    let mut parts = Vec::new();
    if reading.bars != reading.new_bars {
        parts.push(format!("{} {bars} instead of {}", reading.new_bars, reading.bars));
    }
    for (count, what) in [(reading.new, "new"), (reading.gone, "gone")] {
        match count {
            0 => {}
            1 => parts.push(format!("1 note is {what}")),
            n => parts.push(format!("{n} notes are {what}")),
        }
    }
    if reading.new == 0 && reading.gone == 0 {
        parts.push("all notes are there, with other signs or times".to_owned());
    }
    let text = parts.join(", ");
    crate::words::capitalised(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_in_words() {
        let reading = ReadingView { kept: 9, new: 1, gone: 4, bars: 2, new_bars: 3 };
        assert_eq!(differences(&reading), "3 bars instead of 2, 1 note is new, 4 notes are gone");
        let same = ReadingView { kept: 9, bars: 2, new_bars: 2, ..ReadingView::default() };
        assert_eq!(differences(&same), "All notes are there, with other signs or times");
    }
}
