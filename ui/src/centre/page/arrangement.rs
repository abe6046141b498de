//! How systems stand on the page: below one another, or as the parts of one endless system beside one another.

use std::ops::Range;

use egui::{Vec2, vec2};
use protocol::limits::ENDLESS_SPACES;
use protocol::{LayerRoom, PageView};

/// Room above the first system, in staff spaces.
pub const ABOVE: f32 = 1.5;
/// Room for the title above that.
pub const TITLE: f32 = 4.0;
/// Room between systems.
pub const BETWEEN: f32 = 1.0;
/// Room below the last one, and behind the end of an endless system.
pub const BELOW: f32 = 4.0;

/// Where systems stand, in staff spaces from the left upper corner of the page.
#[derive(Clone, Debug, Default)]
pub struct Arrangement {
    /// Left upper corner of each.
    corners: Vec<Vec2>,
    size: Vec2,
    is_endless: bool,
    has_title: bool,
    /// Room around each system.
    room: LayerRoom,
}

impl Arrangement {
    /// Arranges what is there of a page, with room around each system; above the first there may be a title.
    pub fn new(view: &PageView, has_title: bool, room: LayerRoom) -> Self {
        let is_endless = view.width_spaces == ENDLESS_SPACES;
        let top = if has_title && !is_endless { ABOVE + TITLE } else { ABOVE };
        let mut corners = Vec::with_capacity(view.systems.len());
        let mut next = vec2(0.0, top);
        let mut bottom = top;
        for place in &view.systems {
            corners.push(next + vec2(0.0, room.above));
            bottom = bottom.max(next.y + room.above + place.height + room.below);
            if is_endless {
                next.x += place.width;
            } else {
                next.y = bottom + BETWEEN;
            }
        }
        let size = if is_endless {
            vec2(next.x + BELOW, bottom + ABOVE)
        } else {
            vec2(view.width_spaces, next.y + BELOW)
        };
        Self { corners, size, is_endless, has_title, room }
    }

    /// The same page with other room around each system.
    pub fn with_room(&self, view: &PageView, room: LayerRoom) -> Self {
        Self::new(view, self.has_title, room)
    }

    /// Room around each system.
    pub fn room(&self) -> LayerRoom {
        self.room
    }

    /// Whether it is one endless system.
    pub fn is_endless(&self) -> bool {
        self.is_endless
    }

    /// Width and height of the whole.
    pub fn size(&self) -> Vec2 {
        self.size
    }

    /// The left upper corner of a system.
    pub fn corner(&self, system: usize) -> Vec2 {
        self.corners.get(system).copied().unwrap_or(vec2(0.0, ABOVE))
    }

    /// The system at a place of the page, or the nearest.
    pub fn nearest(&self, at: Vec2) -> usize {
        let is_before = |corner: &Vec2| {
            let begins = self.begins(*corner);
            if self.is_endless { begins <= at.x } else { begins <= at.y + BETWEEN / 2.0 }
        };
        self.corners.partition_point(is_before).saturating_sub(1)
    }

    /// The systems that reach into a part of the page.
    pub fn between(&self, from: Vec2, to: Vec2) -> Range<usize> {
        let along = |at: Vec2| if self.is_endless { at.x } else { at.y };
        let last = self.corners.partition_point(|corner| self.begins(*corner) < along(to));
        let before = self.corners.partition_point(|corner| self.begins(*corner) <= along(from));
        before.saturating_sub(1).min(last)..last
    }

    /// Where a system with this corner begins in the direction in which they follow one another, with its room.
    fn begins(&self, corner: Vec2) -> f32 {
        if self.is_endless { corner.x } else { corner.y - self.room.above }
    }
}

#[cfg(test)]
mod tests {
    use protocol::SystemView;

    use super::*;

    fn page(width_spaces: f32) -> PageView {
        let system = |width| SystemView { width, height: 10.0, ..SystemView::default() };
        let systems = vec![system(40.0), system(50.25), system(30.0)];
        PageView { width_spaces, systems, ..PageView::default() }
    }

    fn arranged(width_spaces: f32, has_title: bool) -> Arrangement {
        Arrangement::new(&page(width_spaces), has_title, LayerRoom::default())
    }

    #[test]
    fn parts_of_an_endless_system_stand_beside_one_another() {
        let line = arranged(ENDLESS_SPACES, false);
        let corners = [0, 1, 2].map(|system| line.corner(system));
        assert_eq!(corners, [vec2(0.0, ABOVE), vec2(40.0, ABOVE), vec2(90.25, ABOVE)]);
        assert_eq!(line.size(), vec2(120.25 + BELOW, ABOVE + 10.0 + ABOVE));
        let nearest = [-5.0, 39.9, 40.0, 90.0, 500.0].map(|x| line.nearest(vec2(x, 70.0)));
        assert_eq!(nearest, [0, 0, 1, 1, 2]);
        assert_eq!(line.between(vec2(41.0, 0.0), vec2(80.0, 20.0)), 1..2);
        assert_eq!(line.between(vec2(10.0, 0.0), vec2(95.0, 20.0)), 0..3);
    }

    #[test]
    fn an_endless_system_has_room_above_and_below_once() {
        let room = LayerRoom { above: 3.0, below: 2.0 };
        let (plain, line) = (arranged(ENDLESS_SPACES, false), page(ENDLESS_SPACES));
        let roomy = plain.with_room(&line, room);
        let corners = [0, 2].map(|system| roomy.corner(system));
        assert_eq!(corners, [vec2(0.0, ABOVE + 3.0), vec2(90.25, ABOVE + 3.0)]);
        assert_eq!(roomy.size() - plain.size(), vec2(0.0, 5.0));
        assert_eq!((roomy.nearest(vec2(40.0, 0.0)), roomy.room()), (1, room));
    }

    #[test]
    fn a_title_has_room_above_the_first_system() {
        assert_eq!(arranged(60.0, true).corner(0).y - arranged(60.0, false).corner(0).y, TITLE);
        assert_eq!(arranged(60.0, true).size().y, arranged(60.0, false).size().y + TITLE);
        assert_eq!(arranged(ENDLESS_SPACES, true).corner(0).y, ABOVE, "beside the roll room is scarce");
    }
}
