//! The velocity lane: a stem for each note, as high as the note is loud.
//!
//! With the select tool a stem is dragged up or down: the selected notes, or the nearest. With the
//! velocity tool a line is drawn and the loudest note of every chord under it takes its height; with
//! the dynamics tool the line is what the mean of each chord follows. The notes of a chord keep their
//! differences.

use std::sync::Arc;

use egui::{
    Align2, Color32, CursorIcon, FontId, Mesh, Painter, Pos2, Rect, Response, Shape, Stroke, Ui, pos2,
};
use protocol::{CurvePoint, PinKind};

use super::decimate::Taken;
use super::marks::Marks;
use super::menu;
use super::place::{LaneRect, plot, scale};
use crate::centre::axis::Strip;
use crate::centre::cached::Cached;
use crate::centre::drive::drive;
use crate::centre::gestures::{Chord, DragVelocities, DrawCurve, Gesture, Target, chords};
use crate::centre::paint;
use crate::centre::scene::SceneNote;
use crate::centre::stage::{Selection, Stage, Tool, Touch};

/// The scale, with room above the loudest head.
const RANGE: (f64, f64) = (0.0, 134.0);
/// How far from a stem it is taken hold of.
const REACH_POINTS: f32 = 12.0;
/// Drawn points are at least this far apart.
const GRAIN_POINTS: f64 = 4.0;

/// What the stems depend on.
type StemsKey = (u64, Strip, Rect, bool, Vec<u32>);

/// The velocity lane's own memory.
#[derive(Clone, Debug, Default)]
pub struct VelocityLane {
    stems: Cached<StemsKey, Arc<Mesh>>,
}

impl VelocityLane {
    /// Draws the stems and follows the mouse.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        place: LaneRect,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
    ) -> Response {
        let ticks = [32.0, 64.0, 96.0, 127.0].into_iter().rev();
        scale(ui, place, RANGE, stage, ticks.map(|v| (v, format!("{v:.0}"))));
        let rect = place.plot;
        let key =
            (stage.scene.revision, stage.strip, rect, stage.tokens.is_dark, touch.selection.notes.clone());
        let stems = self.stems.get(key, |_| Arc::new(stems(rect, stage, touch.selection))).clone();
        let (response, _) = plot(ui, rect, "Velocity", stage.strip, RANGE, |plot_ui| {
            plot_ui.add(Marks::new("stems", stems));
        });
        click(&response, rect, stage, touch);
        drag(ui, &response, rect, stage, touch);
        preview(&ui.painter_at(rect), rect, stage, touch);
        menu::show(&response, (PinKind::Velocity, "velocity"), stage, touch, |_| {});
        let cursor = if stage.tool == Tool::Select || stage.tool == Tool::Tempo || stage.tool == Tool::Pedal {
            CursorIcon::ResizeVertical
        } else {
            CursorIcon::Crosshair
        };
        response.on_hover_cursor(cursor)
    }
}

fn y_of(rect: Rect, velocity: f64) -> f32 {
    rect.bottom() - ((velocity - RANGE.0) / (RANGE.1 - RANGE.0)) as f32 * rect.height()
}

fn velocity_at(rect: Rect, y: f32) -> f64 {
    RANGE.0 + f64::from((rect.bottom() - y) / rect.height()) * (RANGE.1 - RANGE.0)
}

/// A stem and its head.
fn stem(mesh: &mut Mesh, rect: Rect, x: f32, velocity: f64, width: f32, color: Color32) {
    let (x, y) = (x.round(), y_of(rect, velocity).round());
    mesh.add_colored_rect(Rect::from_min_max(pos2(x, y), pos2(x + width, rect.bottom())), color);
    let head = width + 1.0;
    let middle = x + width / 2.0;
    mesh.add_colored_rect(
        Rect::from_min_max(pos2(middle - head, y - 2.0), pos2(middle + head, y + 2.0)),
        color,
    );
}

fn stems(rect: Rect, stage: &Stage<'_>, selection: &Selection) -> Mesh {
    let mut mesh = Mesh::default();
    let Strip { start, end, .. } = stage.strip;
    let slack = 4.0 / stage.strip.points_per_unit();
    let notes = stage.scene.heard.starting(start - slack, end + slack);
    // Thin stems where there are many.
    let width = if (notes.len() as f32) < rect.width() / 3.0 { 2.0 } else { 1.0 };
    let mut taken = Taken::default();
    for note in notes {
        let (x, velocity) = (stage.strip.x(note.start).round(), f64::from(note.velocity));
        if taken.take(x, y_of(rect, velocity).round(), note.hand) {
            stem(&mut mesh, rect, x, velocity, width, stage.tokens.note(note.hand, note.velocity));
        }
    }
    // Selected and pinned ones lie above the others.
    for note in notes {
        let x = stage.strip.x(note.start);
        if selection.has(note.note) {
            let color = stage.tokens.note(note.hand, note.velocity);
            stem(&mut mesh, rect, x, f64::from(note.velocity), width, color);
            let head = pos2(x.round() + width / 2.0, y_of(rect, f64::from(note.velocity)).round());
            let head = Rect::from_center_size(head, egui::vec2(2.0 * width + 4.0, 6.0));
            mesh.add_colored_rect(head, stage.tokens.selected_note);
        }
        if stage.scene.is_pinned(note.note, PinKind::Velocity) {
            let c = pos2(x.round() + width / 2.0, y_of(rect, f64::from(note.velocity)).round());
            let corners =
                [pos2(c.x, c.y - 5.0), pos2(c.x + 5.0, c.y), pos2(c.x, c.y + 5.0), pos2(c.x - 5.0, c.y)];
            paint::convex(&mut mesh, &corners, stage.tokens.pin);
        }
    }
    mesh
}

/// The note whose stem is nearest to the pointer, and near enough.
fn nearest<'a>(rect: Rect, stage: &Stage<'a>, pos: Pos2) -> Option<&'a SceneNote> {
    let slack = f64::from(REACH_POINTS) / stage.strip.points_per_unit();
    let unit = stage.strip.unit(pos.x);
    // Notes of a chord share a stem's place: the head's height decides between them.
    let distance = |n: &&SceneNote| {
        let across = (stage.strip.x(n.start) - pos.x).abs();
        across * 3.0 + (y_of(rect, f64::from(n.velocity)) - pos.y).abs()
    };
    let near = stage.scene.heard.starting(unit - slack, unit + slack).iter();
    near.min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

fn click(response: &Response, rect: Rect, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let Some(pos) = response.interact_pointer_pos().filter(|_| response.clicked()) else { return };
    let adds = response.ctx.input(|i| i.modifiers.shift);
    match nearest(rect, stage, pos) {
        Some(note) if adds => touch.selection.toggle(note.note),
        Some(note) => touch.selection.only(note.note),
        None if !adds => touch.selection.notes.clear(),
        None => {}
    }
}

fn drag(ui: &Ui, response: &Response, rect: Rect, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let begin = |touch: &mut Touch<'_>, pos: Pos2| begin(rect, stage, touch, pos);
    let follow = |touch: &mut Touch<'_>, pos: Pos2| follow(rect, stage, touch, pos);
    drive(ui, response).draw(stage, touch, begin, follow);
}

fn begin(rect: Rect, stage: &Stage<'_>, touch: &mut Touch<'_>, pos: Pos2) -> Option<Gesture> {
    let target = match stage.tool {
        Tool::Dynamics => Target::Dynamics,
        Tool::Velocity => Target::Velocities(placed_chords(stage)),
        Tool::Select | Tool::Tempo | Tool::Pedal => return grab(rect, stage, touch, pos),
    };
    let grain = GRAIN_POINTS / stage.strip.points_per_unit();
    let unit = stage.strip.unit(pos.x);
    let grain_quarters = stage.axis.quarters_at(unit + grain) - stage.axis.quarters_at(unit);
    Some(Gesture::Curve(DrawCurve::new(target, (1.0, 127.0), grain_quarters, point(rect, stage, pos))))
}

/// All chords, each at the place of its loudest note, whose head is what the line is drawn through.
fn placed_chords(stage: &Stage<'_>) -> Vec<(Chord, f64)> {
    let notes = stage.scene.heard.all().iter().map(|n| (n.note, n.velocity));
    let placed = chords(&stage.model.score, notes).into_iter().filter_map(|chord| {
        let loudest = chord.iter().max_by_key(|n| n.1)?;
        let place = stage.axis.quarters_at(stage.scene.heard.get(loudest.0)?.start);
        Some((chord, place))
    });
    placed.collect()
}

/// Takes hold of the selected notes, or of the nearest if that is not selected.
fn grab(rect: Rect, stage: &Stage<'_>, touch: &mut Touch<'_>, pos: Pos2) -> Option<Gesture> {
    if let Some(note) = nearest(rect, stage, pos).filter(|n| !touch.selection.has(n.note)) {
        touch.selection.only(note.note);
    }
    let notes = touch.selection.notes.iter().filter_map(|&n| stage.scene.heard.get(n));
    let chords = chords(&stage.model.score, notes.map(|n| (n.note, n.velocity)));
    (!chords.is_empty()).then(|| Gesture::Velocity(DragVelocities::new(velocity_at(rect, pos.y), chords)))
}

fn point(rect: Rect, stage: &Stage<'_>, pos: Pos2) -> CurvePoint {
    let quarters = stage.axis.quarters_at(stage.strip.unit(pos.x));
    CurvePoint { quarters, value: velocity_at(rect, pos.y) }
}

fn follow(rect: Rect, stage: &Stage<'_>, touch: &mut Touch<'_>, pos: Pos2) {
    match touch.gesture {
        Some(Gesture::Velocity(gesture)) => gesture.follow(velocity_at(rect, pos.y)),
        Some(Gesture::Curve(curve)) if !matches!(curve.target(), Target::Tempo { .. }) => {
            curve.follow(point(rect, stage, pos));
        }
        _ => {}
    }
}

fn preview(painter: &Painter, rect: Rect, stage: &Stage<'_>, touch: &Touch<'_>) {
    let mut mesh = Mesh::default();
    let mut add = |velocities: &mut dyn Iterator<Item = (u32, u8)>| {
        let mut loudest = None;
        for (note, velocity) in velocities {
            let Some(note) = stage.scene.heard.get(note) else { continue };
            let x = stage.strip.x(note.start);
            stem(&mut mesh, rect, x, f64::from(velocity), 2.0, stage.tokens.drawn);
            loudest = loudest.max(Some((velocity, x as i32)));
        }
        loudest
    };
    match touch.shown() {
        Some(Gesture::Velocity(gesture)) => {
            let loudest = add(&mut gesture.velocities());
            painter.add(Shape::mesh(mesh));
            if let Some((velocity, x)) = loudest {
                let at = pos2(x as f32 + 8.0, y_of(rect, f64::from(velocity)).max(rect.top() + 8.0));
                let font = FontId::proportional(12.0);
                painter.text(at, Align2::LEFT_CENTER, velocity.to_string(), font, stage.tokens.strong);
            }
        }
        Some(Gesture::Curve(curve)) if !matches!(curve.target(), Target::Tempo { .. }) => {
            add(&mut curve.velocities().into_iter());
            painter.add(Shape::mesh(mesh));
            let place = |p: &CurvePoint| {
                pos2(stage.strip.x(stage.axis.unit_of_quarters(p.quarters)), y_of(rect, p.value))
            };
            let line = curve.points().iter().map(place).collect();
            painter.add(Shape::line(line, Stroke::new(2.0, stage.tokens.drawn)));
        }
        _ => {}
    }
}
