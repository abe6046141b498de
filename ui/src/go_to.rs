//! The field in the place display: the number of a bar to go to.

use egui::{Align, Key, Layout, Popup, Rect, RichText, TextEdit, Ui};
use protocol::{Command, ScoreView};

use crate::{Outbox, controls, theme};

/// The field while it is open.
#[derive(Debug)]
pub struct GoToBar {
    text: String,
    /// Why the last number led nowhere.
    problem: Option<String>,
    is_new: bool,
}

impl GoToBar {
    /// With the bar where the playhead is, to be typed over.
    pub fn new(here: &str) -> Self {
        Self { text: here.to_owned(), problem: None, is_new: true }
    }

    /// Draws the field in a rectangle; `true` once it is done with.
    pub fn ui(&mut self, ui: &mut Ui, rect: Rect, score: &ScoreView, out: &mut Outbox) -> bool {
        let mut is_done = false;
        controls::inside(ui, rect, Layout::left_to_right(Align::Center), |ui| {
            let field = TextEdit::singleline(&mut self.text).hint_text("Bar").desired_width(rect.width());
            let field = controls::text_field(ui, field).accessible_name("Go to bar");
            if std::mem::take(&mut self.is_new) {
                return controls::edit_all(ui, &field, &self.text);
            }
            if field.changed() {
                self.problem = None;
            }
            if let Some(problem) = &self.problem {
                let color = theme::of(ui).warning;
                Popup::from_response(&field).show(|ui| ui.label(RichText::new(problem).color(color)));
            }
            if field.has_focus() {
                return;
            }
            match find(score, &self.text) {
                _ if !ui.input(|i| i.key_pressed(Key::Enter)) => is_done = true,
                Ok(bar) => {
                    out.send(Command::SeekQuarters(score.measures[bar].start_quarters));
                    is_done = true;
                }
                Err(problem) => {
                    self.problem = Some(problem);
                    controls::edit_all(ui, &field, &self.text);
                }
            }
        });
        is_done
    }
}

/// The index of the measure that a number names: `12` is the first time that bar 12 is played, `12.2`
/// the second. Else a sentence that says which bars there are.
pub fn find(score: &ScoreView, text: &str) -> Result<usize, String> {
    let text = text.trim().trim_start_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
    let first = |number: &str| score.measures.iter().position(|m| m.number == number);
    if let Some(bar) = first(text) {
        return Ok(bar);
    }
    let (number, pass) = text.split_once('.').unwrap_or((text, "1"));
    if first(number).is_none() {
        return Err(match &score.measures[..] {
            [] => "The piece has no bars".to_owned(),
            [only] => format!("The piece has only bar {}", only.number),
            [first, .., last] => format!("The piece has bars {} to {}", first.number, last.number),
        });
    }
    let played = || score.measures.iter().filter(|m| m.number == number);
    let bar = score.measures.iter().position(|m| m.number == number && m.pass.to_string() == pass);
    bar.ok_or_else(|| match played().count() {
        1 => format!("Bar {number} is played once"),
        times => format!("Bar {number} is played {times} times"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::MeasureView;

    /// Bars 0, 1, 2, 1, 2, 3.
    fn score() -> ScoreView {
        let measure = |(k, (number, pass)): (usize, (&str, u8))| MeasureView {
            start_quarters: k as f64 * 4.0,
            end_quarters: k as f64 * 4.0 + 4.0,
            number: number.to_owned(),
            pass,
            metre: (4, 4),
            beat_quarters: 1.0,
        };
        let bars = [("0", 1), ("1", 1), ("2", 1), ("1", 2), ("2", 2), ("3", 1)];
        ScoreView { measures: bars.into_iter().enumerate().map(measure).collect(), ..ScoreView::default() }
    }

    #[test]
    fn bars_are_found_by_their_printed_number_and_pass() {
        let score = score();
        for (text, bar) in [("2", 2), (" 2 ", 2), ("2.2", 4), ("2.1", 2), ("0", 0), ("bar 3", 5)] {
            assert_eq!(find(&score, text), Ok(bar), "{text}");
        }
    }

    #[test]
    fn wrong_numbers_say_which_bars_there_are() {
        let score = score();
        for text in ["40", "", "4.2", "-1"] {
            assert_eq!(find(&score, text), Err("The piece has bars 0 to 3".to_owned()), "{text}");
        }
        assert_eq!(find(&score, "2.3"), Err("Bar 2 is played 2 times".to_owned()));
        assert_eq!(find(&score, "3.2"), Err("Bar 3 is played once".to_owned()));
        assert_eq!(find(&score, "2.x"), Err("Bar 2 is played 2 times".to_owned()));
        assert_eq!(find(&ScoreView::default(), "1"), Err("The piece has no bars".to_owned()));
    }
}
