//! Messages: toasts that fade, and the list where they can be read again.

use egui::{
    Align, Align2, Area, CornerRadius, Frame, Id, Layout, Margin, RichText, ScrollArea, Stroke, Ui, vec2,
};
use protocol::{Addition, Level, Message};

use crate::controls::{self, icon_button_sized};
use crate::icons::Icon;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, additions, words};

/// Most toasts at once: the score must stay in view. Older ones are counted below them.
const MOST_TOASTS: usize = 2;

/// Letters of a toast; the list has the rest.
const MOST_LETTERS: usize = 240;

/// How long a toast takes to fade.
const FADE_SECS: f64 = 0.4;

/// How long a message stays: longer the worse it is.
fn stay_secs(level: Level) -> f64 {
    match level {
        Level::Info => 5.0,
        Level::Warning => 9.0,
        Level::Error => 20.0,
    }
}

/// The toasts on screen.
#[derive(Debug, Default)]
pub struct Toasts {
    /// How many messages of the model have had their toast.
    seen: usize,
    /// In the order in which they came; only the last of them are drawn.
    waiting: Vec<Toast>,
    /// Hints of the face itself, for the next frame.
    said: Vec<String>,
    /// How many toasts there were.
    count: u64,
}

#[derive(Debug)]
struct Toast {
    message: Message,
    /// What can be got, so that it would have been done.
    lacks: Option<Addition>,
    /// Whether the shell told it; else the face itself said it.
    is_told: bool,
    /// Its number among all toasts.
    number: u64,
    /// How long it has been on screen with nobody's pointer on it.
    age_secs: f64,
}

impl Toasts {
    /// Tells something that needs no place in the list: why a command does nothing now.
    pub fn say(&mut self, text: impl Into<String>) {
        self.said.push(text.into());
    }

    /// Draws them.
    pub fn ui(&mut self, ctx: &egui::Context, model: &Model, out: &mut Outbox) {
        if self.take_in(model) {
            // Where they stand depends on how high they are, which this frame finds out.
            ctx.request_repaint();
        }
        if self.waiting.is_empty() {
            return;
        }
        let mut closed = None;
        let mut is_hovered = false;
        let folded = self.waiting.len().saturating_sub(MOST_TOASTS);
        Area::new(Id::unique("toasts"))
            .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -44.0))
            .order(egui::Order::Tooltip)
            .show(ctx, |ui| {
                ui.set_width(360.0);
                for (k, toast) in self.waiting.iter().enumerate().skip(folded) {
                    let left_secs = stay_secs(toast.message.level) - toast.age_secs;
                    let name = ("toast", toast.number);
                    controls::steady(ui, name, |ui| {
                        ui.set_opacity((left_secs / FADE_SECS).clamp(0.0, 1.0) as f32);
                        let (response, is_closed) = toast_ui(ui, toast, model, out);
                        is_hovered |= response.contains_pointer();
                        if is_closed {
                            closed = Some(k);
                        }
                    });
                }
                if folded > 0 && folded_ui(ui, folded).clicked() {
                    out.run(UiCommand::Messages);
                }
            });
        if let Some(k) = closed {
            self.waiting.remove(k);
        }
        self.age(ctx, is_hovered);
    }

    /// Makes toasts of what is new; whether there was any.
    fn take_in(&mut self, model: &Model) -> bool {
        let had = (self.seen, self.said.len());
        // What was told about another document is no more in the model.
        self.waiting.retain(|t| !t.is_told || model.messages.iter().any(|told| told.message == t.message));
        let fresh = model.message_count.saturating_sub(self.seen).min(model.messages.len());
        let fresh = &model.messages[model.messages.len() - fresh..];
        let told = fresh.iter().map(|told| (told.message.clone(), told.lacks, true));
        let said = self.said.drain(..).map(|text| (Message { level: Level::Info, text }, None, false));
        for (message, lacks, is_told) in told.chain(said) {
            self.waiting.retain(|t| t.message != message);
            self.count += 1;
            self.waiting.push(Toast { message, lacks, is_told, number: self.count, age_secs: 0.0 });
        }
        self.seen = model.message_count;
        had != (self.seen, 0)
    }

    /// Time passes, except while the pointer rests on them.
    fn age(&mut self, ctx: &egui::Context, is_hovered: bool) {
        let passed_secs = f64::from(ctx.input(|i| i.unstable_dt)).min(0.25);
        let mut next_secs = f64::INFINITY;
        for toast in &mut self.waiting {
            if !is_hovered {
                toast.age_secs += passed_secs;
            }
            next_secs = next_secs.min(stay_secs(toast.message.level) - toast.age_secs);
        }
        self.waiting.retain(|t| t.age_secs < stay_secs(t.message.level));
        if !self.waiting.is_empty() {
            // Quick while something fades, else just often enough to keep the time.
            let wait = if next_secs < FADE_SECS * 2.0 { 0.016 } else { 0.2 };
            ctx.request_repaint_after_secs(wait);
        }
    }
}

/// One toast; whether its cross was clicked.
fn toast_ui(ui: &mut Ui, toast: &Toast, model: &Model, out: &mut Outbox) -> (egui::Response, bool) {
    let tokens = theme::of(ui);
    let message = &toast.message;
    let color = tokens.level(message.level);
    let mut is_closed = false;
    let frame = Frame::new()
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, tokens.border))
        .corner_radius(CornerRadius::same(space::RADIUS_LARGE))
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::symmetric(12, 9));
    let response = frame
        .show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let cross = icon_button_sized(ui, Icon::Close, "Dismiss", false, 20.0);
                is_closed = cross.on_hover_text("Dismiss this message").clicked();
                ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), egui::Sense::hover());
                    level_icon(message.level).paint(ui.painter(), rect, color);
                    let text = words::shortened(&message.text, MOST_LETTERS);
                    ui.add(egui::Label::new(RichText::new(text).color(tokens.text)).wrap());
                });
            });
            if let Some(addition) = toast.lacks {
                additions::get_ui(ui, addition, model, out);
            }
        })
        .response;
    (response, is_closed)
}

/// How many more there are; a click opens the list.
fn folded_ui(ui: &mut Ui, count: usize) -> egui::Response {
    let tokens = theme::of(ui);
    let text = RichText::new(format!("{count} more")).size(12.0).color(tokens.text);
    ui.vertical_centered(|ui| ui.add(egui::Button::new(text).corner_radius(CornerRadius::same(10)).small()))
        .inner
        .on_hover_text(UiCommand::Messages.tooltip())
}

fn level_icon(level: Level) -> Icon {
    match level {
        Level::Info => Icon::Message,
        Level::Warning | Level::Error => Icon::Warning,
    }
}

/// Everything that was told about this document, the last first.
#[derive(Debug)]
pub struct History;

impl History {
    /// Draws the list; `true` once it is done with.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let is_done = controls::dialog_title(ui, UiCommand::Messages.text());
        if model.messages.is_empty() {
            crate::controls::weak(ui, "There are no messages yet");
            return is_done;
        }
        ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).show(ui, |ui| {
            for told in model.messages.iter().rev() {
                let (tokens, message) = (theme::of(ui), &told.message);
                ui.horizontal_top(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), egui::Sense::hover());
                    level_icon(message.level).paint(ui.painter(), rect, tokens.level(message.level));
                    ui.add(egui::Label::new(&message.text).wrap().selectable(true));
                });
                if let Some(addition) = told.lacks {
                    additions::get_ui(ui, addition, model, out);
                }
                ui.separator();
            }
        });
        if ui.button("Copy all").clicked() {
            let texts: Vec<&str> = model.messages.iter().map(|t| t.message.text.as_str()).collect();
            ui.ctx().copy_text(texts.join("\n"));
        }
        is_done
    }
}
