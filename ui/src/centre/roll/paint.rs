//! How the roll looks: rows, lines, ghosts and notes in one mesh, marks in a second.

use std::sync::Arc;

use egui::{Color32, Mesh, Painter, Rect, Shape, Stroke, pos2};
use protocol::PinKind;

use crate::centre::axis::Strip;
use crate::centre::cached::Cached;
use crate::centre::gestures::Gesture;
use crate::centre::paint;
use crate::centre::pitches::{PitchAxis, is_black};
use crate::centre::roll::slips;
use crate::centre::scene::SceneNote;
use crate::centre::slip_marks::SlipMarks;
use crate::centre::stage::{Selection, Stage};

/// Beats closer than this many points are not drawn.
const BEATS_APART: f64 = 9.0;

/// What the still picture depends on.
#[derive(Clone, Debug, PartialEq)]
struct StillKey {
    scene: u64,
    strip: Strip,
    pitches: PitchAxis,
    rect: Rect,
    is_dark: bool,
}

/// The meshes of the last frame, kept while nothing changes.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    still: Cached<StillKey, Arc<Mesh>>,
    marks: Cached<(StillKey, Vec<u32>, SlipMarks), Arc<Mesh>>,
}

impl Pictures {
    /// Draws everything that does not move by itself.
    pub fn draw(
        &mut self,
        painter: &Painter,
        rect: Rect,
        stage: &Stage<'_>,
        pitches: &PitchAxis,
        selection: &Selection,
    ) {
        let key = StillKey {
            scene: stage.scene.revision,
            strip: stage.strip,
            pitches: *pitches,
            rect,
            is_dark: stage.tokens.is_dark,
        };
        let still = self.still.get(key.clone(), |_| Arc::new(still(rect, stage, pitches)));
        painter.add(Shape::Mesh(still.clone()));
        let marks = self.marks.get((key, selection.notes.clone(), stage.slips), |_| {
            Arc::new(marks(rect, stage, pitches, selection))
        });
        painter.add(Shape::Mesh(marks.clone()));
    }
}

/// Where a note lies on the screen.
pub fn note_rect(rect: Rect, strip: &Strip, pitches: &PitchAxis, note: &SceneNote) -> Rect {
    let row = pitches.row_height();
    let top = pitches.y(rect, f64::from(note.pitch));
    let left = strip.x(note.start);
    // Repeated notes stay apart, and the shortest stays visible.
    let right = (strip.x(note.end) - 1.0).max(left + 2.0);
    let gap = if row >= 6.0 { 1.0 } else { 0.0 };
    // The screen's own numbers end where a note is far outside.
    let (left, right) = (left.max(rect.left() - 50.0), right.min(rect.right() + 50.0));
    Rect::from_min_max(pos2(left, (top + gap).round()), pos2(right, (top + row).round()))
}

fn still(rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis) -> Mesh {
    let mut mesh = Mesh::default();
    rows(&mut mesh, rect, stage, pitches);
    lines(&mut mesh, rect, stage);
    let scene = stage.scene;
    let is_in_view = |r: &Rect| r.bottom() > rect.top() && r.top() < rect.bottom();
    for ghost in scene.compared.between(stage.strip.start, stage.strip.end) {
        let place = note_rect(rect, &stage.strip, pitches, ghost);
        if is_in_view(&place) {
            paint::edged(&mut mesh, place, stage.tokens.ghost, stage.tokens.ghost_edge);
        }
    }
    for note in scene.heard.between(stage.strip.start, stage.strip.end) {
        let place = note_rect(rect, &stage.strip, pitches, note);
        if is_in_view(&place) {
            paint::note(&mut mesh, place, stage.tokens.note(note.hand, note.velocity));
        }
    }
    mesh
}

fn rows(mesh: &mut Mesh, rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis) {
    mesh.add_colored_rect(rect, stage.tokens.canvas);
    for pitch in pitches.in_view(rect) {
        let top = pitches.y(rect, f64::from(pitch)).round();
        let bottom = pitches.y(rect, f64::from(pitch) - 1.0).round();
        if is_black(pitch) {
            let row = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), bottom));
            mesh.add_colored_rect(row, stage.tokens.black_key_row);
        }
        if pitch % 12 == 0 {
            paint::level(mesh, bottom, rect, stage.tokens.grid_line);
        }
    }
}

/// Lines between beats and between bars, for roll and lanes.
pub fn lines(mesh: &mut Mesh, rect: Rect, stage: &Stage<'_>) {
    let Strip { start, end, .. } = stage.strip;
    let in_view = |units: &[f64]| {
        let first = units.partition_point(|&u| u < start);
        let last = units.partition_point(|&u| u <= end);
        first..last.max(first)
    };
    let beats = &stage.scene.beats[in_view(&stage.scene.beats)];
    let width = f64::from(rect.width());
    if (beats.len() as f64) * BEATS_APART < width {
        for &beat in beats {
            paint::upright(mesh, stage.strip.x(beat), rect, stage.tokens.beat_line);
        }
    }
    let bars = &stage.scene.bars[in_view(&stage.scene.bars)];
    // With more bars than room for their lines only every second, fourth … is drawn.
    let step = ((bars.len() as f64 * 6.0 / width).ceil().max(1.0) as usize).next_power_of_two();
    let first = in_view(&stage.scene.bars).start;
    for (k, &bar) in bars.iter().enumerate() {
        if (first + k).is_multiple_of(step) {
            paint::upright(mesh, stage.strip.x(bar), rect, stage.tokens.bar_line);
        }
    }
}

/// Outlines of selected notes, marks of pinned values and of slips.
fn marks(rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis, selection: &Selection) -> Mesh {
    let mut mesh = Mesh::default();
    let Strip { start, end, .. } = stage.strip;
    let tokens = stage.tokens;
    if !selection.notes.is_empty() {
        for note in stage.scene.heard.between(start, end).filter(|n| selection.has(n.note)) {
            let place = note_rect(rect, &stage.strip, pitches, note);
            paint::outline(&mut mesh, place.expand(1.5), 1.5, tokens.selected_note);
        }
    }
    // Pinned pedalling is shown in its lane.
    for &(note, kind) in stage.scene.pins.iter().filter(|pin| pin.1 != PinKind::Pedal) {
        let Some(note) = stage.scene.heard.get(note) else { continue };
        if note.end < start || note.start > end {
            continue;
        }
        let place = note_rect(rect, &stage.strip, pitches, note);
        pin(&mut mesh, place, kind, tokens.pin, tokens.canvas);
    }
    slips::draw(&mut mesh, rect, stage, pitches);
    mesh
}

/// A pinned onset marks the left edge, a duration the right edge, a velocity the middle.
fn pin(mesh: &mut Mesh, note: Rect, kind: PinKind, color: Color32, edge: Color32) {
    let x = match kind {
        PinKind::Onset => note.left(),
        PinKind::Velocity | PinKind::Pedal => note.center().x,
        PinKind::Duration => note.right(),
    };
    let radius = (note.height() / 2.0).clamp(2.5, 4.5);
    for (radius, color) in [(radius + 1.0, edge), (radius, color)] {
        let c = pos2(x, note.center().y);
        let corners = [
            pos2(c.x, c.y - radius),
            pos2(c.x + radius, c.y),
            pos2(c.x, c.y + radius),
            pos2(c.x - radius, c.y),
        ];
        paint::convex(mesh, &corners, color);
    }
}

/// The part that has not been performed yet.
pub fn unready(painter: &Painter, rect: Rect, stage: &Stage<'_>) {
    let Some(ready) = stage.scene.ready else { return };
    let left = stage.strip.x(ready).clamp(rect.left(), rect.right());
    if left >= rect.right() {
        return;
    }
    let region = Rect::from_min_max(pos2(left, rect.top()), rect.max);
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(region, stage.tokens.unready);
    paint::hatch(&mut mesh, region, 0.0, stage.tokens.border);
    painter.with_clip_rect(region.intersect(painter.clip_rect())).add(Shape::mesh(mesh));
}

/// The gesture under way, as it would come out.
pub fn preview(painter: &Painter, rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis, gesture: &Gesture) {
    let heard = &stage.scene.heard;
    let unit_of_secs = |secs| stage.axis.unit_of_secs(secs);
    let mut mesh = Mesh::default();
    let mut add = |note: SceneNote| {
        let place = note_rect(rect, &stage.strip, pitches, &note);
        paint::note(&mut mesh, place, stage.tokens.note(note.hand, note.velocity));
        paint::outline(&mut mesh, place.expand(1.0), 2.0, stage.tokens.drawn);
    };
    match gesture {
        Gesture::Onset(gesture) => {
            for (number, onset_secs) in gesture.onsets() {
                let Some(note) = heard.get(number) else { continue };
                let (start, end) = (unit_of_secs(onset_secs), unit_of_secs(onset_secs + note.duration_secs));
                add(SceneNote { start, end, ..*note });
            }
        }
        Gesture::Length(gesture) => {
            for (number, duration_secs) in gesture.durations() {
                let Some(note) = heard.get(number) else { continue };
                add(SceneNote { end: unit_of_secs(note.onset_secs + duration_secs), ..*note });
            }
        }
        Gesture::Velocity(gesture) => {
            for (number, velocity) in gesture.velocities() {
                let Some(note) = heard.get(number) else { continue };
                add(SceneNote { velocity, ..*note });
            }
        }
        Gesture::Select(band) => {
            let ((from, to), (low, high)) = (band.units(), band.pitches());
            let area = Rect::from_min_max(
                pos2(stage.strip.x(from), pitches.y(rect, high - 1.0)),
                pos2(stage.strip.x(to), pitches.y(rect, low - 1.0)),
            );
            painter.rect(
                area,
                1,
                stage.tokens.selection_fill,
                Stroke::new(1.0, stage.tokens.selection_edge),
                egui::StrokeKind::Inside,
            );
        }
        Gesture::Curve(_) | Gesture::Pedal(_) | Gesture::Bars(_) | Gesture::Mood(_) => {}
    }
    painter.add(Shape::mesh(mesh));
}

/// Selected bars, over roll and lanes.
pub fn selected_bars(painter: &Painter, rect: Rect, stage: &Stage<'_>, selection: &Selection) {
    let Some((from, to)) = selection.bars.as_ref().and_then(|b| stage.scene.bar_span(b)) else { return };
    let area = Rect::from_min_max(
        pos2(stage.strip.x(from).max(rect.left()), rect.top()),
        pos2(stage.strip.x(to).min(rect.right()), rect.bottom()),
    );
    if area.is_positive() {
        painter.rect_filled(area, 0, stage.tokens.selection_fill);
    }
}

/// The playhead, over ruler, roll and lanes.
pub fn playhead(painter: &Painter, rect: Rect, stage: &Stage<'_>) {
    let x = stage.strip.x(stage.playhead);
    if rect.x_range().contains(x) {
        painter.vline(x, rect.y_range(), Stroke::new(1.5, stage.tokens.playhead));
    }
}
