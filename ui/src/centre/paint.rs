//! Shapes in one mesh: thousands of notes and lines in a single call of the painter.

use egui::{Color32, Mesh, Pos2, Rect, pos2};

/// A note: a box with cut corners where there is room for them.
pub fn note(mesh: &mut Mesh, rect: Rect, color: Color32) {
    let cut = 1.5;
    if rect.width() < 6.0 || rect.height() < 5.0 {
        mesh.add_colored_rect(rect, color);
        return;
    }
    let (l, t, r, b) = (rect.left(), rect.top(), rect.right(), rect.bottom());
    let corners = [
        pos2(l + cut, t),
        pos2(r - cut, t),
        pos2(r, t + cut),
        pos2(r, b - cut),
        pos2(r - cut, b),
        pos2(l + cut, b),
        pos2(l, b - cut),
        pos2(l, t + cut),
    ];
    convex(mesh, &corners, color);
}

/// A box with an edge of one point, which is all there is of a small one.
pub fn edged(mesh: &mut Mesh, rect: Rect, fill: Color32, edge: Color32) {
    mesh.add_colored_rect(rect, edge);
    if rect.width() > 3.0 && rect.height() > 3.0 {
        mesh.add_colored_rect(rect.shrink(1.0), fill);
    }
}

/// A convex shape.
pub fn convex(mesh: &mut Mesh, corners: &[Pos2], color: Color32) {
    let first = mesh.vertices.len() as u32;
    for &corner in corners {
        mesh.colored_vertex(corner, color);
    }
    for k in 2..corners.len() as u32 {
        mesh.add_triangle(first, first + k - 1, first + k);
    }
}

/// The outline of a box, inside it.
pub fn outline(mesh: &mut Mesh, rect: Rect, width: f32, color: Color32) {
    let (l, t, r, b) = (rect.left(), rect.top(), rect.right(), rect.bottom());
    let width = width.min(rect.width() / 2.0).min(rect.height() / 2.0);
    mesh.add_colored_rect(Rect::from_min_max(pos2(l, t), pos2(r, t + width)), color);
    mesh.add_colored_rect(Rect::from_min_max(pos2(l, b - width), pos2(r, b)), color);
    mesh.add_colored_rect(Rect::from_min_max(pos2(l, t + width), pos2(l + width, b - width)), color);
    mesh.add_colored_rect(Rect::from_min_max(pos2(r - width, t + width), pos2(r, b - width)), color);
}

/// An upright line of one point, sharp.
pub fn upright(mesh: &mut Mesh, x: f32, over: Rect, color: Color32) {
    let x = x.round();
    let line = Rect::from_min_max(pos2(x, over.top()), pos2(x + 1.0, over.bottom()));
    mesh.add_colored_rect(line, color);
}

/// A level line of one point, sharp.
pub fn level(mesh: &mut Mesh, y: f32, over: Rect, color: Color32) {
    let y = y.round();
    let line = Rect::from_min_max(pos2(over.left(), y), pos2(over.right(), y + 1.0));
    mesh.add_colored_rect(line, color);
}

/// Slanted lines over a box. `phase` keeps them in place while the box moves.
pub fn hatch(mesh: &mut Mesh, rect: Rect, phase: f32, color: Color32) {
    let (gap, width, height) = (12.0, 2.0, rect.height());
    let mut x = rect.left() - height + phase.rem_euclid(gap);
    while x < rect.right() && rect.width() < 20_000.0 {
        let corners = [
            pos2(x, rect.bottom()),
            pos2(x + width, rect.bottom()),
            pos2(x + height + width, rect.top()),
            pos2(x + height, rect.top()),
        ];
        convex(mesh, &corners, color);
        x += gap;
    }
}
