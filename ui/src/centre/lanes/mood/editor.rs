//! A card at the lane: the words of a mood, dividing it, taking it away.

use std::ops::Range;

use egui::{Frame, Key, Popup, PopupCloseBehavior, Pos2, Response, Stroke, TextEdit, Ui, vec2};

use crate::controls;
use crate::phrases::{self, Phrase, Printed};
use crate::theme::{self, space};

/// Width of the words.
const WIDTH: f32 = 220.0;

/// The card while it is open.
#[derive(Clone, Debug)]
pub struct Editor {
    /// All phrases as they were when it was opened.
    phrases: Vec<Phrase>,
    bars: Range<usize>,
    words: String,
    /// The phrase; none for a new one.
    phrase: Option<usize>,
    /// Where it would be divided: at the start of the bar that was clicked.
    line: Option<usize>,
    at: Pos2,
    is_fresh: bool,
}

/// What is to become of the phrases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// The words as they are now.
    Words,
    /// Two phrases.
    Split,
    /// One less.
    Remove,
}

/// What was asked of the card in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asked {
    /// Nothing yet.
    Nothing,
    /// To be gone.
    Close,
    /// To change something.
    Write(Change),
}

impl Editor {
    /// For a phrase, clicked in a bar.
    pub fn change(phrases: &[Phrase], phrase: usize, bar: usize, at: Pos2) -> Self {
        let (bars, words) = (phrases[phrase].bars.clone(), phrases[phrase].words.clone());
        let line = Some(bar).filter(|&line| line > bars.start);
        Self { phrases: phrases.to_vec(), bars, words, phrase: Some(phrase), line, at, is_fresh: true }
    }

    /// For a mood that is not there yet.
    pub fn new(phrases: &[Phrase], bars: Range<usize>, at: Pos2) -> Self {
        let phrases = phrases.to_vec();
        Self { phrases, bars, words: String::new(), phrase: None, line: None, at, is_fresh: true }
    }

    /// The bars that it is about.
    pub fn bars(&self) -> Range<usize> {
        self.bars.clone()
    }

    /// Draws the card.
    pub fn show(&mut self, ui: &Ui, lane: &Response, printed: &Printed) -> Asked {
        let mut is_open = true;
        let mut asked = Asked::Nothing;
        // The click that opened it is no click beside it.
        let behaviour = if self.is_fresh {
            PopupCloseBehavior::IgnoreClicks
        } else {
            PopupCloseBehavior::CloseOnClickOutside
        };
        Popup::new(ui.scope_id().with("mood editor"), ui.ctx().clone(), self.at, lane.layer_id)
            .open_bool(&mut is_open)
            .close_behavior(behaviour)
            .gap(2.0)
            .show(|ui| asked = self.card(ui, printed));
        self.is_fresh = false;
        if !is_open && asked == Asked::Nothing { Asked::Close } else { asked }
    }

    fn card(&mut self, ui: &mut Ui, printed: &Printed) -> Asked {
        let mut asked = Asked::Nothing;
        let bars = printed.words_for(&self.bars).unwrap_or_default().replace('-', "–");
        let label = controls::field_label(ui, &format!("Mood of {bars}"));
        let edge = Stroke::new(1.0, theme::of(ui).border);
        let frame = Frame::new().stroke(edge).corner_radius(space::RADIUS);
        let field = TextEdit::singleline(&mut self.words)
            .hint_text("tender")
            .margin(vec2(8.0, 6.0))
            .desired_width(WIDTH);
        let field = frame.show(ui, |ui| controls::text_field(ui, field).labelled_by(label.id)).inner;
        if self.is_fresh {
            field.request_focus();
        }
        if field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) {
            asked = self.set();
        }
        ui.horizontal(|ui| {
            if ui.button("Set").clicked() {
                asked = self.set();
            }
            if let Some(number) = self.line.and_then(|line| printed.number_after(line))
                && ui.button(format!("Split at bar {number}")).clicked()
            {
                asked = Asked::Write(Change::Split);
            }
            if self.phrase.is_some() && ui.button("Remove").clicked() {
                asked = Asked::Write(Change::Remove);
            }
        });
        asked
    }

    /// No words: nothing for a new mood, and one less else.
    fn set(&self) -> Asked {
        match (phrases::tidy(&self.words).is_empty(), self.phrase) {
            (false, _) => Asked::Write(Change::Words),
            (true, Some(_)) => Asked::Write(Change::Remove),
            (true, None) => Asked::Close,
        }
    }

    /// All phrases after a change.
    pub fn changed(&self, change: Change) -> Vec<Phrase> {
        let mut phrases = self.phrases.clone();
        let words = phrases::tidy(&self.words);
        let Some(k) = self.phrase else {
            phrases::insert(&mut phrases, Phrase { words, bars: self.bars.clone(), like: None });
            return phrases;
        };
        if change == Change::Remove {
            phrases.remove(k);
            return phrases;
        }
        if !words.is_empty() {
            phrases[k].words = words;
        }
        if let (Change::Split, Some(line)) = (change, self.line) {
            phrases::split(&mut phrases, k, line);
        }
        phrases
    }
}
