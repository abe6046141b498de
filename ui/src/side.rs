//! The panels at the sides of the window: as wide as they were last made while the window has room for it, and one
//! at a time in a small one.

use egui::{Align, Layout, Panel, Response, Ui};

use crate::controls;

/// Width of a panel that nobody has resized yet.
const USUAL: f32 = 244.0;
/// A panel is not made narrower.
const NARROWEST: f32 = 170.0;

/// A window that is narrower, in points, has no room for both panels.
pub const ROOM_FOR_BOTH: f32 = 640.0;
/// The share of a window's width that a panel has, beside another and alone.
const SHARES: [f32; 2] = [0.27, 0.5];

/// The widest that a panel may be: the middle keeps most of the window.
pub fn widest(window: f32) -> f32 {
    let [beside, alone] = SHARES;
    let share = if window < ROOM_FOR_BOTH { alone } else { beside };
    (window * share).clamp(NARROWEST, 400.0)
}

/// Which panel is there where there is no room for both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// None: the middle has all the width.
    #[default]
    Neither,
    /// That of the takes.
    Takes,
    /// That which performs.
    Perform,
}

/// Two buttons that open the panels, and close them again.
pub fn choose(ui: &mut Ui, only: &mut Only) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (choice, name) in [(Only::Takes, "Versions panel"), (Only::Perform, "Perform panel")] {
            let is_open = *only == choice;
            let hint = if is_open { "Close this panel" } else { "Open this panel beside the music" };
            if controls::hint(controls::segment(ui, is_open, name), || hint.to_owned()).clicked() {
                *only = if is_open { Only::Neither } else { choice };
            }
        }
    });
}

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
