//! Where the page is on the screen.

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use protocol::limits::PAGE_WIDTHS_SPACES;

/// Room at either side of the systems, in points.
pub const MARGIN: f32 = 14.0;
/// Room for the scroll bar at the right, in points.
pub const SCROLL_BAR: f32 = 12.0;
/// Scales are whole multiples of this many pixels, so that pictures fit to the pixel when the page is at rest.
const SCALE_STEP: f32 = 0.25;

/// How wide systems may be in a part of the window, in points.
fn room(rect: Rect) -> f32 {
    (rect.width() - 2.0 * MARGIN - SCROLL_BAR).max(1.0)
}

/// The scales, in points for a staff space, in which systems are neither too narrow nor too wide to engrave.
pub fn scales(rect: Rect) -> (f32, f32) {
    let (narrowest, widest) = (*PAGE_WIDTHS_SPACES.start(), *PAGE_WIDTHS_SPACES.end());
    (room(rect) / widest, room(rect) / narrowest)
}

/// The scale that is drawn for one that is wanted.
pub fn drawn_scale(wanted: f32, rect: Rect, pixels_per_point: f32) -> f32 {
    let (least, most) = scales(rect);
    let pixels = wanted.max(least).min(most) * pixels_per_point;
    (pixels / SCALE_STEP).round().max(1.0) * SCALE_STEP / pixels_per_point
}

/// The width of systems that fill a part of the window.
pub fn width_spaces(rect: Rect, scale: f32) -> f32 {
    (room(rect) / scale).floor().clamp(*PAGE_WIDTHS_SPACES.start(), *PAGE_WIDTHS_SPACES.end())
}

/// Where the page is on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The part of the window.
    pub rect: Rect,
    /// Left edge of the systems while nothing is scrolled sideways.
    pub left: f32,
    /// Points for a staff space.
    pub scale: f32,
    /// How far the view is from the left upper corner of the page, in points.
    pub scroll: Vec2,
    /// Pixels for a point.
    pub pixels_per_point: f32,
}

impl Placement {
    /// A page with systems of a width, in the middle if there is room.
    pub fn new(rect: Rect, width_spaces: f32, scale: f32, scroll: Vec2, pixels_per_point: f32) -> Self {
        let spare = rect.width() - SCROLL_BAR - width_spaces * scale;
        let left = rect.left() + (spare / 2.0).max(MARGIN);
        Self { rect, left, scale, scroll, pixels_per_point }
    }

    /// One endless system, which begins at the left.
    pub fn endless(rect: Rect, scale: f32, scroll: Vec2, pixels_per_point: f32) -> Self {
        Self { rect, left: rect.left() + MARGIN, scale, scroll, pixels_per_point }
    }

    /// Where a corner of a system is on the screen; on a whole pixel, so that pictures are sharp. Parts of an
    /// endless system are as many pixels apart as their pictures are wide.
    pub fn corner(&self, at_spaces: Vec2) -> Pos2 {
        let rounded = |x: f32| (x * self.pixels_per_point).round() / self.pixels_per_point;
        let left = rounded(self.left - self.scroll.x) + rounded(at_spaces.x * self.scale);
        pos2(left, rounded(self.rect.top() - self.scroll.y + at_spaces.y * self.scale))
    }

    /// Where something of a system is on the screen: left, top, right and bottom in staff spaces from the
    /// system's corner.
    pub fn rect_in(&self, corner: Pos2, [left, top, right, bottom]: [f32; 4]) -> Rect {
        let at = |x: f32, y: f32| corner + vec2(x, y) * self.scale;
        Rect::from_min_max(at(left, top), at(right, bottom))
    }

    /// A place on the screen in staff spaces from the left upper corner of the page.
    pub fn spaces(&self, pos: Pos2) -> Vec2 {
        (pos - pos2(self.left, self.rect.top()) + self.scroll) / self.scale
    }

    /// The corners of what is in view, in staff spaces from the left upper corner of the page.
    pub fn in_view(&self) -> (Vec2, Vec2) {
        (self.spaces(self.rect.min), self.spaces(self.rect.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(width: f32) -> Rect {
        Rect::from_min_size(pos2(10.0, 20.0), vec2(width, 300.0))
    }

    #[test]
    fn scales_are_steps_of_a_pixel_and_widths_can_be_engraved() {
        for width in [200.0, 700.0, 1900.0, 4000.0] {
            for pixels_per_point in [1.0, 1.25, 2.0] {
                for wanted in [1.0, 7.9, 8.03, 24.0, 100.0] {
                    let scale = drawn_scale(wanted, rect(width), pixels_per_point);
                    let steps = scale * pixels_per_point / SCALE_STEP;
                    assert!((steps - steps.round()).abs() < 1e-3 && steps >= 1.0);
                    let spaces = width_spaces(rect(width), scale);
                    assert!(PAGE_WIDTHS_SPACES.contains(&spaces) && spaces.fract() == 0.0, "{spaces}");
                }
            }
        }
        assert_eq!(drawn_scale(8.1, rect(700.0), 1.0), 8.0);
    }

    #[test]
    fn a_place_is_found_again() {
        let placement = Placement::new(rect(700.0), 80.0, 8.0, vec2(0.0, 37.0), 1.0);
        let spaces = placement.spaces(placement.corner(vec2(0.0, 12.0)) + vec2(40.0, 16.0));
        assert!((spaces - vec2(5.0, 14.0)).length() < 0.1, "{spaces:?}");
        let (from, to) = placement.in_view();
        assert_eq!((from.y, to.y), (37.0 / 8.0, 337.0 / 8.0));
    }

    #[test]
    fn parts_of_an_endless_system_are_whole_pixels_apart() {
        for (scale, pixels_per_point) in [(8.0, 1.0), (7.8, 1.25), (8.125, 2.0)] {
            let placement = Placement::endless(rect(700.0), scale, vec2(33.3, 0.0), pixels_per_point);
            let mut last = placement.corner(Vec2::ZERO).x;
            for x in [48.25, 99.5, 160.75] {
                let next = placement.corner(vec2(x, 0.0)).x;
                let pixels = (next - last) * pixels_per_point;
                assert!((pixels - pixels.round()).abs() < 1e-2, "{pixels} pixels at {x}");
                last = next;
            }
        }
    }
}
