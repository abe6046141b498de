//! From one layout of the page to the next, with the same music in view.

use std::sync::Arc;

use egui::{Rect, Ui, Vec2, vec2};
use protocol::PageView;

use super::asking::PageKey;
use super::inks::Inks;
use super::placement::{MARGIN, Placement};
use super::repeats::Chosen;
use super::sheet::Sheet;
use super::{Leaf, Page};
use crate::Model;
use crate::centre::stage::{Stage, Touch};

/// Longest wait for the pictures of what will be in view.
const PATIENCE_SECS: f64 = 1.0;

impl Leaf {
    fn new(key: PageKey, sheet: Sheet) -> Self {
        Self { key, sheet, inks: Inks::default() }
    }

    /// Where it is on the screen.
    pub(super) fn placement(&self, rect: Rect, scale: f32, scroll: Vec2, pixels_per_point: f32) -> Placement {
        if self.sheet.is_endless() {
            Placement::endless(rect, scale, scroll, pixels_per_point)
        } else {
            Placement::new(rect, self.sheet.width(), scale, scroll, pixels_per_point)
        }
    }

    /// There is more of it; less is what is told of the same page when it is engraved once more. Systems that are
    /// other ones now have no picture any more.
    fn grow(&mut self, sheet: Sheet) {
        if !sheet.is_complete() && sheet.systems().len() < self.sheet.systems().len() {
            return;
        }
        let pairs = self.sheet.systems().iter().zip(sheet.systems());
        for (number, _) in (0u32..).zip(pairs).filter(|(_, (old, new))| old != new) {
            self.inks.forget(number);
        }
        self.sheet = sheet;
    }
}

impl Page {
    /// Lets the page of a score go that is no longer there, with its pictures.
    pub(in crate::centre) fn let_go(&mut self) {
        (self.shown, self.next, self.next_since_secs) = (None, None, None);
        self.chosen = Chosen::default();
    }

    /// Whether the page in view is about to change: it still grows, or is engraved in another width.
    pub(super) fn is_engraving(&self) -> bool {
        let is_unready = |leaf: &Leaf| {
            leaf.sheet.problem().is_none()
                && (self.next.is_some() || !leaf.sheet.is_complete() || !self.asking.is_wanted(&leaf.key))
        };
        self.shown.as_ref().is_some_and(is_unready)
    }

    /// Takes in what the model has of the page that was asked for.
    pub(super) fn take_in(&mut self, model: &Model) {
        let told = (model.score_revision, model.page_revision);
        if std::mem::replace(&mut self.taken, told) == told {
            return;
        }
        let is_other_score = |leaf: &mut Leaf| leaf.key.score_revision != model.score_revision;
        self.shown.take_if(is_other_score);
        self.next.take_if(is_other_score);
        let (Some(view), Some(asked)) = (&model.page, self.asking.asked()) else { return };
        let PageView { score, width_spaces, .. } = **view;
        let key = PageKey { score_revision: model.score_revision, score, width_spaces };
        if key != asked {
            return;
        }
        let mut sheet = Sheet::new(Arc::clone(view), &model.score);
        sheet.set_room(self.layers.room());
        let has_nothing = self.shown.as_ref().is_none_or(|leaf| leaf.sheet.problem().is_some());
        if let Some(leaf) = self.shown.as_mut().filter(|leaf| leaf.key == key) {
            leaf.grow(sheet);
            self.next = None;
        } else if let Some(leaf) = self.next.as_mut().filter(|leaf| leaf.key == key) {
            leaf.grow(sheet);
        } else if has_nothing || sheet.problem().is_some() {
            self.shown = Some(Leaf::new(key, sheet));
            self.next = None;
            self.scroll = Vec2::ZERO;
            self.goal_quarters = Some(model.transport.position_quarters);
        } else {
            self.next = Some(Leaf::new(key, sheet));
            self.next_since_secs = None;
        }
    }

    /// Shows the next layout once there is enough of it to fill the view.
    pub(super) fn turn(&mut self, ui: &Ui, stage: &Stage<'_>, touch: &mut Touch<'_>) {
        if self.next.as_ref().is_some_and(|next| !self.asking.is_asked(&next.key)) {
            // Another width is wanted by now, and pictures of this one would never come.
            (self.next, self.next_since_secs) = (None, None);
        }
        let Some(scroll) = self.scroll_of_next(ui.pixels_per_point()) else { return };
        let (pixels, scale) = (self.pixels(ui.pixels_per_point()), self.scale);
        let Some(next) = &mut self.next else { return };
        let placement = next.placement(self.rect, scale, scroll, ui.pixels_per_point());
        let in_view = next.sheet.in_view(&placement);
        next.inks.take_in(ui.ctx());
        next.inks.ask(ui, &next.key, &next.sheet, in_view.clone(), (pixels, true), touch.out);
        let since_secs = *self.next_since_secs.get_or_insert(stage.now_secs);
        let left_secs = PATIENCE_SECS - (stage.now_secs - since_secs);
        if next.inks.has_all(in_view) || left_secs <= 0.0 {
            self.shown = self.next.take();
            self.next_since_secs = None;
            self.scroll = scroll;
        } else {
            ui.ctx().request_repaint_after_secs(left_secs as f32);
        }
    }

    /// How far the next layout has to be scrolled for the same music to be in view; none while that is not
    /// engraved yet.
    fn scroll_of_next(&self, pixels_per_point: f32) -> Option<Vec2> {
        let (shown, next) = (&self.shown.as_ref()?.sheet, &self.next.as_ref()?.sheet);
        let placement = self.placement(self.shown.as_ref()?, pixels_per_point);
        let at = placement.spaces(self.rect.min + self.fixed);
        let system = shown.system_at(at);
        let quarters = shown.quarters_at(system, at.x - shown.corner(system).x).unwrap_or(0.0);
        let (top, bottom) = shown.extent(system);
        let share = (at.y - top) / (bottom - top).max(0.1);
        let place = next.system_of(quarters);
        let (next_top, next_bottom) = next.extent(place);
        let to = if next.is_endless() {
            let x = next.corner(place).x + next.x_of(quarters).unwrap_or(0.0);
            vec2(MARGIN + x * self.scale - self.fixed.x, 0.0)
        } else {
            // The height in an endless system says nothing of the place on a page.
            let share = if shown.is_endless() { 0.0 } else { share };
            vec2(0.0, (next_top + share * (next_bottom - next_top)) * self.scale - self.fixed.y)
        };
        let is_endless = next.is_endless();
        let along = |v: Vec2| if is_endless { v.x } else { v.y };
        let (size, view) = (next.size() * self.scale, self.rect.size());
        let is_filled = next.is_complete() || along(size) >= along(to) + along(view);
        let most = (along(size) - along(view)).max(0.0);
        let scroll = along(to).min(most).max(0.0);
        let scroll = if is_endless { vec2(scroll, 0.0) } else { vec2(0.0, scroll) };
        (next.covers(quarters) && is_filled).then_some(scroll)
    }
}
