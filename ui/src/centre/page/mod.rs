//! The engraved page: systems one under the other, or one endless system, with what is played shown on them.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`sheet`], `arrangement`, `times`, `playing` | a page as it is laid out, with what is looked up in it |
//! | [`repeats`], `passes`, `labels` | what is played several times, and which time is meant |
//! | [`placement`] | where it is on the screen |
//! | `asking` | which page the studio is asked for, and when |
//! | [`inks`] | pictures of its systems |
//! | `turning`, `work` | from one layout to the next, with the same music in view, and the sign of it |
//! | `moving`, `scroll_bar` | scrolling, zooming, following |
//! | `hand`, `menu` | what clicks and drags do |
//! | [`tints`] | what colours say |
//! | [`layers`] | what the version heard does, around the systems |
//! | `printing` | what is asked for to print the page |
//! | `painting`, `paint`, `marks`, `runs`, `headings`, `legend` | how it looks |
//! | `slip_tips` | what the marks of slips say |
//! | `named` | its parts in words, for who cannot see them |
//!
//! Each printed measure stands on the page once. Where a repeat has it played several times, the pass where the
//! playhead is is meant, else the one that a person chose. While the studio engraves the page in another width, the
//! one that is there stays in view, larger or smaller.

mod arrangement;
mod asking;
mod hand;
mod headings;
pub mod inks;
mod labels;
pub mod layers;
mod legend;
mod marks;
mod menu;
mod moving;
mod named;
mod paint;
mod painting;
mod passes;
pub mod placement;
mod playing;
mod printing;
pub mod repeats;
mod runs;
mod scroll_bar;
pub mod sheet;
mod slip_tips;
#[cfg(test)]
mod test_score;
mod times;
pub mod tints;
mod turning;
mod work;

use egui::{Align2, FontId, Pos2, Rect, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};
use protocol::DrawnSystem;
use protocol::limits::{ENDLESS_SPACES, PIXELS_PER_SPACE};

use super::gestures::Gesture;
use super::stage::{Stage, Touch};
use super::wheel::Wheel;
use crate::UiCommand;
use asking::{Asking, PageKey};
use inks::Inks;
use layers::Layers;
use painting::Painting;
use placement::Placement;
use repeats::Chosen;
use sheet::Sheet;
use tints::Tints;

/// Points for a staff space, until the page is zoomed.
const USUAL_ZOOM: f32 = 8.0;
/// Smallest and largest zoom, in points for a staff space.
const ZOOMS: (f32, f32) = (3.0, 24.0);

/// A page that is there, or on its way.
#[derive(Clone, Debug)]
struct Leaf {
    key: PageKey,
    sheet: Sheet,
    inks: Inks,
}

/// The page and what is remembered of how it is looked at.
#[derive(Clone, Debug)]
pub struct Page {
    /// Points for a staff space, as a person wants it.
    zoom: f32,
    /// The same as it is drawn: whole steps of a pixel, and no system wider than can be.
    scale: f32,
    /// When the scale became another, on the face's clock.
    scaled_at_secs: f64,
    /// Whether one endless system is wanted.
    is_endless: bool,
    /// How far the view is from the left upper corner of the page, in points.
    scroll: Vec2,
    /// Where in the view music stays where it is when the page is laid out anew, from its left upper corner.
    fixed: Vec2,
    /// A place in the score that is to come into view, once it is engraved.
    goal_quarters: Option<f64>,
    /// Where the transport was last.
    position_quarters: f64,
    shown: Option<Leaf>,
    next: Option<Leaf>,
    /// Since when all that would be in view of the next one is there but its pictures.
    next_since_secs: Option<f64>,
    asking: Asking,
    /// What was taken of the model: revisions of score and page.
    taken: (u64, u64),
    wheel: Wheel,
    /// Where it was drawn last.
    rect: Rect,
    /// Whether the pointer was over it last, and not over the roll.
    pub(super) is_pointed_at: bool,
    /// Which pass is meant of what is played several times.
    chosen: Chosen,
    /// Numbers of the notes that sound.
    lit: Vec<u32>,
    /// Colours of note heads.
    pub(super) tints: Tints,
    /// What the version heard does, around the systems.
    pub(super) layers: Layers,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            zoom: USUAL_ZOOM,
            scale: USUAL_ZOOM,
            scaled_at_secs: f64::NEG_INFINITY,
            is_endless: false,
            scroll: Vec2::ZERO,
            fixed: Vec2::ZERO,
            goal_quarters: None,
            position_quarters: 0.0,
            shown: None,
            next: None,
            next_since_secs: None,
            asking: Asking::default(),
            taken: (0, 0),
            wheel: Wheel::default(),
            rect: Rect::ZERO,
            is_pointed_at: false,
            chosen: Chosen::default(),
            lit: Vec::new(),
            tints: Tints::default(),
            layers: Layers::default(),
        }
    }
}

impl Page {
    /// Draws the page and follows the mouse on it. Says whether a person has moved it.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
        is_following: bool,
    ) -> bool {
        self.tints.refresh(stage.model);
        self.layers.refresh(stage.model);
        let tint = self.tints.legend();
        let rect = legend::strip(ui, rect, tint.iter().chain(self.layers.legend()));
        ui.painter_at(rect).rect_filled(rect, 0, stage.tokens.page);
        let response = ui.interact(rect, ui.scope_id().with("page"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Engraved page"));
        self.rect = rect;
        let is_selecting = matches!(&*touch.gesture, Some(Gesture::Bars(_)));
        let is_moved =
            self.move_by_hand(ui, &response) || (is_selecting && self.scroll_at_edge(ui, &response));
        self.settle(ui.pixels_per_point(), stage.now_secs);
        self.take_in(stage.model);
        self.make_room();
        self.ask(ui, stage, touch);
        self.lit.clear();
        self.lit.extend(stage.sounding().map(|note| note.note));
        self.turn(ui, stage, touch);
        self.hear(stage);
        self.go_along(stage);
        // What is held stays below the pointer.
        self.come_into_view(stage, is_following && !is_moved && !response.dragged());
        self.clamp_scroll();
        let is_dragged = self.show_scroll_bar(ui, stage.tokens);
        let Some(leaf) = self.shown.as_ref().filter(|leaf| leaf.sheet.problem().is_none()) else {
            self.say_why(ui, stage, touch);
            return is_moved || is_dragged;
        };
        self.layers.draw(stage.model, (&leaf.sheet, &self.chosen));
        let placement = self.placement(leaf, ui.pixels_per_point());
        let spot_at = |pos: Pos2| leaf.sheet.spot(&placement, pos, &self.chosen);
        hand::click(&response, stage, touch, spot_at);
        hand::drag(ui, &response, stage, touch, (&leaf.sheet, |pos: Pos2| spot_at(rect.clamp(pos))));
        let (sheet, inks, chosen) = (&leaf.sheet, &leaf.inks, &self.chosen);
        let (lit, tints, layers) = (&self.lit[..], &self.tints, &self.layers);
        let painting = Painting { placement, sheet, chosen, inks, stage, lit, tints, layers };
        paint::page(&ui.painter_at(rect), &painting, touch.selection);
        headings::show(ui, &painting);
        let choice = passes::show(ui, &painting);
        if self.is_engraving() {
            work::show(ui, rect);
        }
        named::name(ui, &painting);
        slip_tips::name(ui, &painting);
        let hovered = response.hover_pos().filter(|_| touch.gesture.is_none());
        let slips = hovered.map_or_else(Vec::new, |pos| slip_tips::at(&painting, pos));
        hand::tell(response, stage, touch, (hovered.and_then(spot_at), &slips[..]));
        if let Some((stretch, pass)) = choice
            && let Some(stretch) = leaf.sheet.repeats().stretch(stretch)
        {
            self.chosen.choose(stretch, pass);
        }
        is_moved || is_dragged
    }

    /// Works out the scale in which the page is drawn here.
    fn settle(&mut self, pixels_per_point: f32, now_secs: f64) {
        let scale = placement::drawn_scale(self.zoom, self.rect, pixels_per_point);
        if scale != self.scale {
            self.scroll = (self.scroll + self.fixed) / self.scale * scale - self.fixed;
            self.scale = scale;
            self.scaled_at_secs = now_secs;
        }
    }

    /// Asks for the page if it is another one, and for pictures of what is in view.
    fn ask(&mut self, ui: &Ui, stage: &Stage<'_>, touch: &mut Touch<'_>) {
        let wanted = PageKey {
            score_revision: stage.model.score_revision,
            score: stage.model.score.id,
            width_spaces: if self.is_endless {
                ENDLESS_SPACES
            } else {
                placement::width_spaces(self.rect, self.scale)
            },
        };
        if !stage.model.score.measures.is_empty() {
            self.asking.ask(ui, wanted, stage.now_secs, touch.out);
        }
        let pixels_per_point = ui.pixels_per_point();
        let Some(leaf) = &self.shown else { return };
        let placement = self.placement(leaf, pixels_per_point);
        let pixels = self.pixels(pixels_per_point);
        let is_settled = self.is_scale_settled(stage.now_secs);
        // Not while a page of another width is about to take its place.
        let is_asked = leaf.key == wanted && self.asking.is_asked(&wanted);
        let Some(leaf) = &mut self.shown else { return };
        leaf.inks.take_in(ui.ctx());
        if is_asked {
            let systems = leaf.sheet.with_neighbours(&placement);
            leaf.inks.ask(ui, &leaf.key, &leaf.sheet, systems, (pixels, is_settled), touch.out);
        }
        if !is_settled {
            ui.ctx().request_repaint_after_secs(inks::SETTLE_SECS);
        }
    }

    /// The scale of pictures, in pixels for a staff space.
    fn pixels(&self, pixels_per_point: f32) -> f32 {
        (self.scale * pixels_per_point).clamp(*PIXELS_PER_SPACE.start(), *PIXELS_PER_SPACE.end())
    }

    fn is_scale_settled(&self, now_secs: f64) -> bool {
        now_secs - self.scaled_at_secs >= f64::from(inks::SETTLE_SECS)
    }

    fn placement(&self, leaf: &Leaf, pixels_per_point: f32) -> Placement {
        leaf.placement(self.rect, self.scale, self.scroll, pixels_per_point)
    }

    /// What is said where there is no page.
    fn say_why(&self, ui: &mut Ui, stage: &Stage<'_>, touch: &mut Touch<'_>) {
        let problem = self.shown.as_ref().and_then(|leaf| leaf.sheet.problem());
        let Some(problem) = problem else {
            let (at, font) = (self.rect.center(), FontId::proportional(13.5));
            let words = "Engraving the page…";
            ui.painter_at(self.rect).text(at, Align2::CENTER_CENTER, words, font, stage.tokens.weak);
            return;
        };
        let room = self.rect.shrink2(egui::vec2(self.rect.width() * 0.15, self.rect.height() * 0.3));
        let layout = egui::Layout::top_down(egui::Align::Center);
        ui.scope_builder(UiBuilder::new().max_rect(room).id_salt("no page").layout(layout), |ui| {
            ui.add(egui::Label::new(problem).wrap());
            ui.add_space(8.0);
            let button = ui.button("Show the piano roll");
            if button.on_hover_text(UiCommand::ViewRoll.tooltip()).clicked() {
                touch.out.run(UiCommand::ViewRoll);
            }
        });
    }

    /// Whether one endless system is wanted.
    pub fn is_endless(&self) -> bool {
        self.is_endless
    }

    /// Chooses between pages and one endless system.
    pub(super) fn set_endless(&mut self, is_endless: bool) {
        self.is_endless = is_endless;
    }

    /// A system was drawn.
    pub(super) fn take_drawing(&mut self, drawn: DrawnSystem) {
        let is_of =
            |leaf: &&mut Leaf| leaf.key.score == drawn.score && leaf.key.width_spaces == drawn.width_spaces;
        if let Some(leaf) = self.next.iter_mut().chain(&mut self.shown).find(is_of) {
            leaf.inks.put(drawn);
        }
    }

    /// Numbers of the notes that are lit, as they sound.
    pub fn lit(&self) -> &[u32] {
        &self.lit
    }

    /// Colours of note heads.
    pub fn tints(&self) -> &Tints {
        &self.tints
    }

    /// What the version heard does, around the systems.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// The page that is in view, as it is laid out.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.shown.as_ref().map(|leaf| &leaf.sheet)
    }

    /// Pictures of the systems of that page.
    pub fn inks(&self) -> Option<&Inks> {
        self.shown.as_ref().map(|leaf| &leaf.inks)
    }

    /// Where that page was drawn last.
    pub fn place(&self, pixels_per_point: f32) -> Option<Placement> {
        self.shown.as_ref().map(|leaf| self.placement(leaf, pixels_per_point))
    }
}
