//! What is on screen, in words: the face's `automation` module.

use serde::Deserialize;

use crate::window::{Window, try_to_wait, wait_for};

/// A widget of the last frame.
#[derive(Clone, Debug, Deserialize)]
pub struct Widget {
    pub role: String,
    pub label: String,
    pub value: String,
    /// Left, top, width, height in pixels of the page.
    pub rect: [f64; 4],
    pub is_disabled: bool,
}

impl Widget {
    pub fn centre(&self) -> (f64, f64) {
        (self.rect[0] + self.rect[2] / 2.0, self.rect[1] + self.rect[3] / 2.0)
    }

    fn area(&self) -> f64 {
        self.rect[2] * self.rect[3]
    }
}

impl Window<'_> {
    /// All widgets of the last frame.
    pub fn widgets(&self) -> Vec<Widget> {
        wait_for("the face", || {
            // After the next frame, so that what was done before is on screen.
            let answer = self.ask(
                "requestAnimationFrame(() => setTimeout(() => done(window.face?.automation_widgets() ?? null), 0));",
            );
            serde_json::from_str(answer.as_str()?).ok()
        })
    }

    /// A widget by what it is called, as soon as it is there and can be used.
    pub fn find(&self, label: &str) -> Widget {
        self.find_where(&format!("{label:?}"), |w| w.label == label)
    }

    /// A widget that can be used, as soon as it has stood still for a frame: what is aimed at while the window still
    /// arranges itself is elsewhere when the button goes down. The largest, since a menu may have the name of a button.
    pub fn find_where(&self, what: &str, is_it: impl Fn(&Widget) -> bool) -> Widget {
        let mut last = Vec::new();
        let mut before = None;
        let found = try_to_wait(&mut || {
            last = self.widgets();
            let called = last.iter().filter(|w| is_it(w) && !w.is_disabled);
            let widget = called.max_by(|a, b| a.area().total_cmp(&b.area())).cloned();
            let place = widget.as_ref().map(|w| w.rect);
            let is_still = std::mem::replace(&mut before, place) == place;
            widget.filter(|_| is_still)
        });
        found.unwrap_or_else(|| {
            let labels: Vec<_> = last.iter().map(|w| (&w.role, &w.label, &w.value, w.is_disabled)).collect();
            panic!("there is no {what} that can be used; there are {labels:?}")
        })
    }

    /// Of several widgets of the same name the one beside another: a dialog's button is beside
    /// *Cancel*.
    pub fn find_beside(&self, label: &str, neighbour: &str) -> Widget {
        let (x, y) = self.find(neighbour).centre();
        let called = self.widgets().into_iter().filter(|w| w.label == label && !w.is_disabled);
        let distance = |w: &Widget| (w.centre().0 - x).hypot(w.centre().1 - y);
        let nearest = called.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.unwrap_or_else(|| panic!("there is no {label:?} beside {neighbour:?}"))
    }

    /// Whether something of this name is on screen.
    pub fn shows(&self, label: &str) -> bool {
        self.widgets().iter().any(|w| w.label.contains(label) || w.value.contains(label))
    }

    /// Clicks on a widget.
    pub fn click(&self, label: &str) {
        let (x, y) = self.find(label).centre();
        self.click_at(x, y);
    }
}
