//! A panel at a side of the window, as wide as it was last made while the window has room for it.

use egui::{Panel, Response};

/// Width of a panel that nobody has resized yet.
const USUAL: f32 = 244.0;
/// A panel is not made narrower.
const NARROWEST: f32 = 170.0;

/// Remembers the width that a panel was given by hand, which a small window only borrows from.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    wanted: f32,
    /// The widest that the window allowed in the last frame.
    widest: f32,
}

impl Default for Side {
    fn default() -> Self {
        Self { wanted: USUAL, widest: 0.0 }
    }
}

impl Side {
    /// The panel in a window that allows it to be this wide.
    pub fn sized(&mut self, panel: Panel, widest: f32) -> Panel {
        let widest = widest.max(NARROWEST);
        if self.widest == widest {
            return panel.default_size(self.wanted).size_range(NARROWEST..=widest);
        }
        // egui remembers the width that the last window left of it.
        self.widest = widest;
        panel.exact_size(self.wanted.min(widest))
    }

    /// Takes note of the width that it was drawn with.
    pub fn drawn(&mut self, response: &Response) {
        let width = response.rect.width();
        if (width - self.wanted.min(self.widest)).abs() > 1.0 {
            self.wanted = width;
        }
    }
}
