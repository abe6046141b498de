//! The view moves: by the zoom commands, the wheel and the middle button.

use egui::{Response, Ui, Vec2};

use super::axis::Strip;
use super::wheel::{self, Moves};
use super::{Centre, Places};
use crate::Model;

impl Centre {
    /// Zooms about the playhead if it is in view, else about the middle.
    pub(super) fn zoom(&mut self, factor: f64, model: &Model) {
        let playhead = self.axis.unit_of_quarters(model.transport.position_quarters);
        let is_in_view = (self.axis.start()..=self.axis.end()).contains(&playhead);
        let middle = (self.axis.start() + self.axis.end()) / 2.0;
        self.axis.zoom(factor, if is_in_view { playhead } else { middle });
        self.follow.let_go();
    }

    /// Scrolls and zooms as the wheel asks.
    pub(super) fn move_by_wheel(&mut self, ui: &Ui, places: &Places) {
        let over = places.corner.union(places.lanes).union(places.ruler);
        let moves = self.wheel.read(ui, over);
        let Some(pointer) = ui.input(|i| i.pointer.hover_pos()).filter(|_| !moves.is_none()) else { return };
        let Moves { scroll, zoom_time, zoom_pitch } = moves;
        let strip = Strip::new(&self.axis, places.roll);
        if zoom_time != 1.0 {
            self.axis.zoom(zoom_time, strip.unit(pointer.x.clamp(strip.left, strip.right)));
        }
        if zoom_pitch != 1.0 {
            self.pitches.zoom(zoom_pitch, places.roll, pointer.y.min(places.roll.bottom()));
        }
        let is_over_pitches = places.roll.union(places.keyboard).contains(pointer);
        let sideways = if is_over_pitches { scroll.x } else { scroll.x + scroll.y };
        if sideways != 0.0 {
            self.axis.scroll(-f64::from(sideways) / strip.points_per_unit());
        }
        if is_over_pitches {
            self.pitches.scroll(-scroll.y);
        }
        self.pitches.settle(places.roll.height(), self.scene.pitches);
        if zoom_time != 1.0 || sideways != 0.0 {
            self.follow.let_go();
        }
    }

    /// Moves the view along with what is dragged with the middle button.
    pub(super) fn pan(&mut self, roll: &Response, others: &[Response], strip: Strip) {
        let of_roll = wheel::panned(roll);
        let sideways = others.iter().map(wheel::panned).fold(of_roll, |a, b| a + Vec2::new(b.x, 0.0));
        self.pitches.scroll(-sideways.y);
        if sideways.x != 0.0 {
            self.axis.scroll(-f64::from(sideways.x) / strip.points_per_unit());
            self.follow.let_go();
        }
    }
}
