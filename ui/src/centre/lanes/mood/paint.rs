//! How moods look.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use protocol::Bars;

use super::layout::{Block, Layout, LayoutKey};
use crate::centre::axis::Strip;
use crate::centre::cached::Cached;
use crate::centre::stage::Stage;
use crate::theme::Tokens;

/// Narrower blocks have no words.
const LEAST_FOR_WORDS: f32 = 18.0;

/// The blocks of the last frame, kept while nothing changes.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    blocks: Cached<(LayoutKey, Strip, Rect, bool), Arc<Mesh>>,
}

impl Picture {
    /// Draws blocks and their words.
    pub fn draw(
        &mut self,
        painter: &Painter,
        rect: Rect,
        layout: &Layout,
        key: LayoutKey,
        stage: &Stage<'_>,
    ) {
        let tokens = stage.tokens;
        let key = (key, stage.strip, rect, tokens.is_dark);
        let mesh = self.blocks.get(key, |_| Arc::new(blocks(rect, layout, stage)));
        painter.add(Shape::Mesh(mesh.clone()));
        for (_, block) in layout.in_view(stage.strip) {
            words(painter, block.rect(rect, &stage.strip).intersect(rect), &block.words, tokens);
        }
    }
}

fn blocks(rect: Rect, layout: &Layout, stage: &Stage<'_>) -> Mesh {
    let mut mesh = Mesh::default();
    let tokens = stage.tokens;
    let color = |b: &Block| tokens.mood(b.stir, b.sureness);
    let x = |unit: f64| stage.strip.x(unit).clamp(rect.left() - 50.0, rect.right() + 50.0);
    for (k, block) in layout.in_view(stage.strip) {
        let place = block.rect(rect, &stage.strip);
        // Half a bar at either side may belong to the slope.
        let (left, right) = (x(block.from + block.comes_in), x(block.to - block.goes_out));
        if right > left {
            mesh.add_colored_rect(Rect::from_x_y_ranges(left..=right, place.y_range()), color(block));
        }
        if block.comes_in > 0.0
            && let Some(before) = k.checked_sub(1).map(|b| &layout.blocks[b])
        {
            let slope = (x(block.from - before.goes_out), x(block.from + block.comes_in));
            gradient(&mut mesh, slope, place, (color(before), color(block)));
        }
    }
    // The slope after the last block in view.
    let last = layout.in_view(stage.strip).last().filter(|(_, b)| b.goes_out > 0.0);
    if let Some((k, block)) = last
        && let Some(after) = layout.blocks.get(k + 1)
    {
        let slope = (x(block.to - block.goes_out), x(block.to + after.comes_in));
        gradient(&mut mesh, slope, block.rect(rect, &stage.strip), (color(block), color(after)));
    }
    for handle in &layout.handles {
        let x = stage.strip.x(handle.unit).round();
        if rect.x_range().contains(x) {
            let line = Rect::from_x_y_ranges(x..=x + 1.0, rect.top() + 4.0..=rect.bottom() - 3.0);
            mesh.add_colored_rect(line, tokens.weak);
        }
    }
    mesh
}

/// From one colour on the left to another on the right.
fn gradient(mesh: &mut Mesh, (left, right): (f32, f32), over: Rect, colors: (Color32, Color32)) {
    let first = mesh.vertices.len() as u32;
    mesh.colored_vertex(pos2(left, over.top()), colors.0);
    mesh.colored_vertex(pos2(right, over.top()), colors.1);
    mesh.colored_vertex(pos2(right, over.bottom()), colors.1);
    mesh.colored_vertex(pos2(left, over.bottom()), colors.0);
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}

/// Words inside a block, cut where it ends.
fn words(painter: &Painter, place: Rect, words: &str, tokens: &Tokens) {
    if place.width() < LEAST_FOR_WORDS {
        return;
    }
    let format = TextFormat::simple(FontId::proportional(12.0), tokens.strong);
    let mut job = LayoutJob::single_section(words.to_owned(), format);
    job.wrap = TextWrapping::truncate_at_width(place.width() - 10.0);
    let galley = painter.layout_job(job);
    let at = pos2(place.left() + 7.0, place.center().y - galley.size().y / 2.0);
    painter.with_clip_rect(place.intersect(painter.clip_rect())).galley(at, galley, tokens.strong);
}

/// Bars that a new mood is for, or that are being edited.
pub fn marked(painter: &Painter, rect: Rect, bars: &Bars, stage: &Stage<'_>) {
    let Some((from, to)) = stage.scene.bar_span(bars) else { return };
    let left = stage.strip.x(from).max(rect.left() - 8.0);
    let right = stage.strip.x(to).min(rect.right() + 8.0);
    let place = Rect::from_min_max(pos2(left, rect.top() + 4.0), pos2(right.max(left), rect.bottom() - 3.0));
    let edge = Stroke::new(2.0, stage.tokens.drawn);
    painter.rect(place, 0, Color32::TRANSPARENT, edge, StrokeKind::Inside);
}

/// A border under the pointer, or one that moves.
pub fn handle(painter: &Painter, rect: Rect, x: f32, color: Color32) {
    painter.vline(x.round() + 0.5, rect.y_range(), Stroke::new(3.0, color));
}

/// Words beside the pointer.
pub fn beside(painter: &Painter, rect: Rect, at: Pos2, text: String, tokens: &Tokens) {
    let galley = painter.layout_no_wrap(text, FontId::proportional(12.0), tokens.strong);
    let size = galley.size() + vec2(10.0, 4.0);
    // Left of the pointer where there is no room at its right.
    let left = if at.x + 12.0 + size.x > rect.right() { at.x - 12.0 - size.x } else { at.x + 12.0 };
    let place = Rect::from_center_size(pos2(left + size.x / 2.0, rect.center().y), size);
    painter.rect(place, 4, tokens.raised, Stroke::new(1.0, tokens.drawn), StrokeKind::Inside);
    painter.galley(place.center() - galley.size() / 2.0, galley, tokens.strong);
}
