//! The line at the bottom: what is being done, with a way to stop it, and the last message.

use egui::{Align, Label, Layout, ProgressBar, RichText, Sense, Ui, vec2};
use protocol::{Bars, Command, JobView};

use crate::controls::{self, icon_button_sized};
use crate::icons::Icon;
use crate::theme;
use crate::{Model, Outbox, UiCommand, words};

/// Width that a job with its own bar takes.
const JOB_WIDTH: f32 = 340.0;

/// What it takes more if it is said how long it will take.
const LEFT_WIDTH: f32 = 130.0;

/// Draws the line, `first` what stands at its left: the selected notes or bars.
pub fn ui(ui: &mut Ui, model: &Model, first: impl FnOnce(&mut Ui, &mut Outbox), out: &mut Outbox) {
    ui.horizontal_centered(|ui| {
        first(ui, out);
        let is_told = model.jobs.iter().any(|job| job.left_secs.is_some());
        let width = if is_told { JOB_WIDTH + LEFT_WIDTH } else { JOB_WIDTH };
        let most = ((ui.available_width() * 0.8 / width) as usize).max(1);
        for job in model.jobs.iter().take(most) {
            controls::steady(ui, ("job", job.id), |ui| job_ui(ui, job, out));
            ui.add_space(theme::space::MEDIUM);
        }
        if model.jobs.len() > most {
            let tokens = theme::of(ui);
            let text = format!("and {} more", model.jobs.len() - most);
            ui.label(RichText::new(text).size(12.0).color(tokens.weak));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            controls::steady(ui, "last message", |ui| last_message_ui(ui, model, out));
        });
    });
}

/// What is chosen.
pub fn bars_ui(ui: &mut Ui, model: &Model, selection: Option<Bars>) {
    let tokens = theme::of(ui);
    let text = match (&model.project, selection) {
        (None, _) => String::new(),
        (Some(_), Some(bars)) => {
            format!("{} selected", words::capitalised(&words::bars(&model.score, &bars)))
        }
        (Some(_), None) => {
            let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
            let bars = count(model.score.measures.len(), "bar");
            format!("{bars} · {}", count(model.score.notes.len(), "note"))
        }
    };
    ui.label(RichText::new(text).size(12.0).color(tokens.weak));
}

fn job_ui(ui: &mut Ui, job: &JobView, out: &mut Outbox) {
    let tokens = theme::of(ui);
    ui.label(RichText::new(&job.label).size(12.0));
    match job.progress {
        Some(share) => {
            let bar = ProgressBar::new(share).desired_width(120.0).desired_height(6.0).fill(tokens.accent);
            ui.add(bar).on_hover_text(format!("{:.0} %", share * 100.0));
        }
        None => {
            ui.add(egui::Spinner::new().size(14.0).color(tokens.accent));
        }
    }
    if let Some(secs) = job.left_secs {
        ui.label(RichText::new(words::left(secs)).size(12.0).color(tokens.weak));
    }
    let cancel = icon_button_sized(ui, Icon::Close, &format!("Cancel: {}", job.label), false, 20.0);
    if cancel.on_hover_text("Cancel").clicked() {
        out.send(Command::Cancel(job.id));
    }
}

fn last_message_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let messages = icon_button_sized(ui, Icon::Message, UiCommand::Messages.text(), false, 22.0);
    if controls::hint(messages, || UiCommand::Messages.tooltip_with_shortcut(ui.ctx())).clicked() {
        out.run(UiCommand::Messages);
    }
    let Some(last) = model.messages.last() else { return };
    let tokens = theme::of(ui);
    let text = RichText::new(&last.message.text).size(12.0).color(tokens.weak);
    let label = Label::new(text).truncate().sense(Sense::click());
    let width = (ui.available_width() - 8.0).clamp(0.0, 460.0);
    ui.allocate_ui_with_layout(vec2(width, 22.0), Layout::right_to_left(Align::Center), |ui| {
        if ui.add(label).clicked() {
            out.run(UiCommand::Messages);
        }
    });
}
