//! What a recording does otherwise than it is written, on the roll. Each kind has a shape of its own beside its colour.
//!
//! A note that was missed is an empty box with a cross, one that was meant an empty box; a key in its place is a triangle
//! that points towards it, a key besides a plus. A hesitation is a bar at the top edge over the time of the wait, with the
//! two bars of a pause at its end.

use egui::accesskit::{self, Role};
use egui::{Color32, Mesh, Pos2, Rect, Ui, pos2, vec2};
use protocol::SlipKind;

use crate::centre::paint;
use crate::centre::pitches::PitchAxis;
use crate::centre::scene::SceneSlip;
use crate::centre::slip_marks::ink;
use crate::centre::stage::Stage;

/// Half the size of a sign in points, at least and at most.
const SIZES: (f32, f32) = (3.5, 7.0);
/// Thickness of the lines.
const THICK: f32 = 1.75;
/// Height of the bar of a hesitation, and of its pause below.
const BAR: f32 = 5.0;
const PAUSE: f32 = 14.0;
/// A box is no narrower.
const NARROWEST: f32 = 6.0;
/// How near to a mark the pointer has to be.
const SLACK: f32 = 1.5;

/// Where a slip is on the screen.
struct Place {
    /// The box of the note that was meant.
    meant: Option<Rect>,
    /// The sign: at the key that is heard, in the box of a missed note, or at the top edge.
    sign: Rect,
}

/// The slips that are marked and in view, with where they are.
fn in_view<'a>(
    rect: Rect,
    stage: &Stage<'a>,
    pitches: &PitchAxis,
) -> impl Iterator<Item = (&'a SceneSlip, Place)> + use<'a> {
    let (strip, marked, scene, pitches) = (stage.strip, stage.slips, stage.scene, *pitches);
    let shown = move |slip: &&SceneSlip| {
        marked.has(slip.kind) && slip.start.min(slip.at) <= strip.end && slip.end.max(slip.at) >= strip.start
    };
    let row = pitches.row_height();
    let place = move |slip: &'a SceneSlip| {
        let middle = |pitch: u8| pitches.y(rect, f64::from(pitch)) + row / 2.0;
        let size = (row / 2.0).clamp(SIZES.0, SIZES.1);
        let [left, right, at] = [slip.start, slip.end, slip.at].map(|unit| strip.x(unit));
        if slip.kind == SlipKind::Hesitation {
            let sign = Rect::from_min_max(
                pos2(left, rect.top()),
                pos2(right.max(left + 8.0), rect.top() + BAR + PAUSE),
            );
            return Some((slip, Place { meant: None, sign }));
        }
        let meant = slip.meant.map(|pitch| {
            let half = vec2(0.0, size.max(row / 2.0));
            let (from, to) = (pos2(left, middle(pitch)), pos2(right.max(left + NARROWEST), middle(pitch)));
            Rect::from_min_max(from - half, to + half)
        });
        let centre = match slip.kind {
            SlipKind::Missed => meant?.left_center() + vec2(size + 1.0, 0.0),
            _ => pos2(at, middle(slip.pitch?)),
        };
        Some((slip, Place { meant, sign: Rect::from_center_size(centre, vec2(2.0 * size, 2.0 * size)) }))
    };
    scene.slips.iter().filter(shown).filter_map(place)
}

/// Draws the marks.
pub fn draw(mesh: &mut Mesh, rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis) {
    for (slip, place) in in_view(rect, stage, pitches) {
        let color = stage.tokens.layer(ink(slip.kind));
        if let Some(meant) = place.meant {
            paint::outline(mesh, meant, THICK, color);
        }
        let sign = place.sign;
        match slip.kind {
            SlipKind::Wrong => {
                // A lighter edge sets it apart from a note that is held there.
                triangle(mesh, sign.expand(1.5), slip.meant > slip.pitch, stage.tokens.canvas);
                triangle(mesh, sign, slip.meant > slip.pitch, color);
            }
            SlipKind::Missed => {
                stroke(mesh, [sign.left_top(), sign.right_bottom()], color);
                stroke(mesh, [sign.left_bottom(), sign.right_top()], color);
            }
            SlipKind::Extra => {
                for (grown, color) in [(THICK, stage.tokens.canvas), (0.0, color)] {
                    let (centre, thick) = (sign.center(), THICK + grown);
                    let level = vec2(sign.width() + grown, thick);
                    mesh.add_colored_rect(Rect::from_center_size(centre, level), color);
                    mesh.add_colored_rect(Rect::from_center_size(centre, vec2(level.y, level.x)), color);
                }
            }
            SlipKind::Hesitation => hesitation(mesh, sign, color),
        }
    }
}

fn hesitation(mesh: &mut Mesh, sign: Rect, color: Color32) {
    let (left, top, right) = (sign.left(), sign.top(), sign.right());
    mesh.add_colored_rect(Rect::from_min_max(pos2(left, top), pos2(right, top + BAR)), color);
    for x in [right - 7.0, right - 3.0] {
        let bar = Rect::from_min_max(pos2(x, top + BAR + 2.0), pos2(x + 2.0, sign.bottom()));
        mesh.add_colored_rect(bar, color);
    }
}

fn triangle(mesh: &mut Mesh, sign: Rect, is_up: bool, color: Color32) {
    let corners = if is_up {
        [sign.left_bottom(), sign.center_top(), sign.right_bottom()]
    } else {
        [sign.left_top(), sign.right_top(), sign.center_bottom()]
    };
    paint::convex(mesh, &corners, color);
}

fn stroke(mesh: &mut Mesh, [from, to]: [Pos2; 2], color: Color32) {
    let along = (to - from).normalized() * (THICK / 2.0);
    let across = vec2(-along.y, along.x);
    paint::convex(mesh, &[from + across, to + across, to - across, from - across], color);
}

/// What there is to say of the marks at a place on the screen.
pub fn at<'a>(rect: Rect, stage: &Stage<'a>, pitches: &PitchAxis, pos: Pos2) -> Vec<&'a str> {
    let is_here = |place: &Place| {
        let boxed = place.meant.is_some_and(|meant| meant.expand(SLACK).contains(pos));
        boxed || place.sign.expand(SLACK).contains(pos)
    };
    in_view(rect, stage, pitches)
        .filter(|(_, place)| is_here(place))
        .map(|(slip, _)| &slip.words[..])
        .collect()
}

/// Names the marks for who cannot see them.
pub fn name(ui: &Ui, rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis) {
    let id = ui.scope_id().with("slips on the roll");
    for (k, (slip, place)) in in_view(rect, stage, pitches).enumerate() {
        let seen = place.meant.map_or(place.sign, |meant| meant.union(place.sign)).intersect(rect);
        if !seen.is_positive() {
            continue;
        }
        let told = ui.ctx().accesskit_node_builder(id.with(k), |node| {
            node.set_role(Role::Group);
            node.set_label(slip.words.clone());
            node.set_bounds(accesskit::Rect {
                x0: seen.min.x.into(),
                y0: seen.min.y.into(),
                x1: seen.max.x.into(),
                y1: seen.max.y.into(),
            });
        });
        if told.is_none() {
            // Nobody asks for words.
            return;
        }
    }
}
