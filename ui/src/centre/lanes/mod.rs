//! The lanes under the roll, on its time axis: mood, velocity, tempo, articulation, pedal.
//!
//! One module per lane says what it draws and what the mouse does there. Here is what they share:
//! the frame with a name that folds it, the scale at the left, the height, and a plot of egui_plot
//! whose bounds are set from the axis in every frame.

mod articulation;
mod decimate;
mod marks;
mod menu;
mod mood;
mod pedal;
mod place;
mod tempo;
mod velocity;

use std::sync::Arc;

use egui::{
    Align2, CursorIcon, FontId, Mesh, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2,
};

use super::axis::Strip;
use super::cached::Cached;
use super::roll::paint as roll_paint;
use super::stage::{Stage, Touch};
use crate::{Model, controls};
pub use place::LaneRect;
use place::NAME_HEIGHT;

/// A lane is no lower and no higher than this.
const HEIGHTS: (f32, f32) = (36.0, 320.0);

/// Which lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// Words over time; there only while a mood is in its field or the version heard has one.
    Mood,
    /// How loud each note is.
    Velocity,
    /// Beats a minute.
    Tempo,
    /// Played over written duration.
    Articulation,
    /// The sustain pedal.
    Pedal,
}

impl LaneKind {
    /// From top to bottom.
    pub const ALL: [Self; 5] = [Self::Mood, Self::Velocity, Self::Tempo, Self::Articulation, Self::Pedal];

    /// Its name at the left.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mood => "Mood",
            Self::Velocity => "Velocity",
            Self::Tempo => "Tempo",
            Self::Articulation => "Articulation",
            Self::Pedal => "Pedal",
        }
    }

    fn first_height(self) -> f32 {
        match self {
            Self::Mood => 40.0,
            Self::Velocity => 104.0,
            Self::Tempo => 88.0,
            Self::Articulation => 84.0,
            Self::Pedal => 52.0,
        }
    }
}

/// What is remembered of a lane.
#[derive(Clone, Debug)]
struct Lane {
    kind: LaneKind,
    height: f32,
    is_folded: bool,
    /// Whether it takes no room at all.
    is_hidden: bool,
    /// Height of a second row that is there at times.
    second_row: f32,
    lines: Cached<(u64, Strip, Rect, bool), Arc<Mesh>>,
}

/// All lanes.
#[derive(Clone, Debug)]
pub struct Lanes {
    lanes: [Lane; 5],
    mood: mood::MoodLane,
    velocity: velocity::VelocityLane,
    tempo: tempo::TempoLane,
    articulation: articulation::ArticulationLane,
    pedal: pedal::PedalLane,
}

impl Default for Lanes {
    fn default() -> Self {
        let lanes = LaneKind::ALL.map(|kind| Lane {
            kind,
            height: kind.first_height(),
            is_folded: false,
            is_hidden: kind == LaneKind::Mood,
            second_row: 0.0,
            lines: Cached::default(),
        });
        Self {
            lanes,
            mood: mood::MoodLane::default(),
            velocity: velocity::VelocityLane::default(),
            tempo: tempo::TempoLane::default(),
            articulation: articulation::ArticulationLane::default(),
            pedal: pedal::PedalLane::default(),
        }
    }
}

impl Lanes {
    /// The height of all lanes if there are `available` points; they shrink before they push the
    /// roll away.
    pub fn height(&self, available: f32) -> f32 {
        let wanted: f32 = self.lanes.iter().map(Lane::height).sum();
        wanted.min(available.max(0.0))
    }

    /// Takes in what the model has that is new: the mood lane is there only with a mood, typed or heard.
    pub fn take_in(&mut self, model: &Model) {
        let has_typed = self.mood.take_in(model);
        let has_heard = model.mood_heard().is_some();
        for lane in self.lanes.iter_mut().filter(|l| l.kind == LaneKind::Mood) {
            lane.is_hidden = !(has_typed || has_heard);
            lane.second_row = if has_typed && has_heard { mood::HEARD_HEIGHT } else { 0.0 };
        }
    }

    /// Whether a card over the lanes is open.
    pub fn has_card(&self) -> bool {
        self.mood.has_card()
    }

    /// Opens a lane.
    pub fn unfold(&mut self, kind: LaneKind) {
        for lane in self.lanes.iter_mut().filter(|l| l.kind == kind) {
            lane.is_folded = false;
        }
    }

    /// Draws the lanes one under the other. Gives the responses of their plots.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        plot_left: f32,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
    ) -> Vec<Response> {
        let squeeze = self.squeeze(rect.height());
        let mut responses = Vec::new();
        let mut top = rect.top();
        for k in 0..self.lanes.len() {
            let lane = &mut self.lanes[k];
            if lane.is_hidden {
                continue;
            }
            let height = lane.height() * if lane.is_firm() { squeeze.firm } else { squeeze.others };
            let bottom = (top + height).round().min(rect.bottom());
            let whole = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), bottom));
            let place = LaneRect { gutter: whole.with_max_x(plot_left), plot: whole.with_min_x(plot_left) };
            lane.frame(ui, whole, place, stage);
            if !lane.is_folded {
                responses.push(match lane.kind {
                    LaneKind::Mood => self.mood.show(ui, place, stage, touch),
                    LaneKind::Velocity => self.velocity.show(ui, place, stage, touch),
                    LaneKind::Tempo => self.tempo.show(ui, place, stage, touch),
                    LaneKind::Articulation => self.articulation.show(ui, place, stage, touch),
                    LaneKind::Pedal => self.pedal.show(ui, place, stage, touch),
                });
                let painter = ui.painter_at(place.plot);
                roll_paint::unready(&painter, place.plot, stage);
                roll_paint::selected_bars(&painter, place.plot, stage, touch.selection);
                roll_paint::playhead(&painter, place.plot, stage);
            }
            self.lanes[k].resize(ui, whole);
            top = bottom;
        }
        responses
    }

    /// How much lower lanes are where they have less room than they want. Those with words in them are lower only
    /// when nothing is left of the others.
    fn squeeze(&self, room: f32) -> Squeeze {
        let sum = |is_firm: bool| -> f32 {
            self.lanes.iter().filter(|lane| lane.is_firm() == is_firm).map(Lane::height).sum()
        };
        let (firm, others) = (sum(true), sum(false));
        Squeeze {
            firm: (room / firm.max(1.0)).min(1.0),
            others: ((room - firm) / others.max(1.0)).clamp(0.0, 1.0),
        }
    }
}

/// Shares of the heights that lanes want.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Squeeze {
    firm: f32,
    others: f32,
}

impl Lane {
    /// Whether it has words in it, which would be cut.
    fn is_firm(&self) -> bool {
        self.is_folded || self.kind == LaneKind::Mood
    }

    fn height(&self) -> f32 {
        match (self.is_hidden, self.is_folded) {
            (true, _) => 0.0,
            (_, true) => NAME_HEIGHT,
            _ => self.height + self.second_row,
        }
    }

    /// Ground, bar lines and the name, which folds the lane.
    fn frame(&mut self, ui: &mut Ui, whole: Rect, place: LaneRect, stage: &Stage<'_>) {
        let tokens = stage.tokens;
        let painter = ui.painter_at(whole);
        painter.rect_filled(place.gutter, 0, tokens.panel);
        if self.is_folded {
            painter.rect_filled(place.plot, 0, tokens.panel);
        } else {
            let key = (stage.scene.revision, stage.strip, place.plot, tokens.is_dark);
            let lines = self.lines.get(key, |_| {
                let mut mesh = Mesh::default();
                mesh.add_colored_rect(place.plot, tokens.canvas);
                roll_paint::lines(&mut mesh, place.plot, stage);
                Arc::new(mesh)
            });
            painter.add(Shape::Mesh(lines.clone()));
            painter.vline(place.plot.left() - 0.5, whole.y_range(), Stroke::new(1.0, tokens.border));
        }
        painter.hline(whole.x_range(), whole.top() + 0.5, Stroke::new(1.0, tokens.border));
        let name = Rect::from_min_size(
            place.gutter.min,
            Vec2::new(place.gutter.width(), NAME_HEIGHT.min(whole.height())),
        );
        self.name(ui, name, stage);
    }

    fn name(&mut self, ui: &mut Ui, rect: Rect, stage: &Stage<'_>) {
        let name = self.kind.name();
        let response = ui.interact(rect, ui.scope_id().with(("fold", name)), Sense::click());
        let is_open = !self.is_folded;
        response.widget_info(|| {
            let words = if is_open { "Fold" } else { "Unfold" };
            let words = format!("{words} {} lane", name.to_lowercase());
            WidgetInfo::selected(Role::DisclosureTriangle, true, is_open, words)
        });
        if response.clicked() {
            self.is_folded = !self.is_folded;
        }
        let tokens = stage.tokens;
        controls::focus_edge(ui, rect.shrink(1.0), &response);
        let color = if response.hovered() { tokens.strong } else { tokens.text };
        let c = pos2(rect.left() + 9.0, rect.center().y);
        let corners = if self.is_folded {
            [pos2(c.x - 2.0, c.y - 4.0), pos2(c.x + 3.0, c.y), pos2(c.x - 2.0, c.y + 4.0)]
        } else {
            [pos2(c.x - 4.0, c.y - 2.0), pos2(c.x + 4.0, c.y - 2.0), pos2(c.x, c.y + 3.0)]
        };
        let painter = ui.painter_at(rect);
        painter.add(Shape::convex_polygon(corners.to_vec(), color, Stroke::NONE));
        let at = pos2(rect.left() + 18.0, rect.center().y);
        painter.text(at, Align2::LEFT_CENTER, name, FontId::proportional(11.5), color);
        let hint = if is_open { "Click to fold this lane" } else { "Click to unfold this lane" };
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(hint);
    }

    /// The upper edge of a lane is dragged to make it higher.
    fn resize(&mut self, ui: &mut Ui, whole: Rect) {
        if self.is_folded {
            return;
        }
        let edge = Rect::from_x_y_ranges(whole.x_range(), whole.top() - 3.0..=whole.top() + 3.0);
        let response = ui.interact(edge, ui.scope_id().with(("height", self.kind.name())), Sense::DRAG);
        if response.dragged() {
            self.height = (self.height - response.drag_delta().y).clamp(HEIGHTS.0, HEIGHTS.1);
        }
        response.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
    }
}
