//! The thread that engraves pages and draws their systems.

use std::cell::RefCell;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use engraving::{Engraver, System};
use protocol::limits::ENDLESS_SPACES;
use protocol::{DrawnSystem, Event, ScoreId};

use super::growing::GrowingPage;
use super::orders::{Drawing, Order, Orders, PageKey, PageOrder, Wanted};
use crate::parts::Sink;
use crate::queue::guarded;

/// The thread that engraves pages and draws their systems.
pub(super) struct EngraverThread {
    orders: Arc<Orders>,
    tell: Sink,
    /// The score that was engraved last, ready for another width.
    engraver: Option<(ScoreId, Engraver)>,
    /// The page that was engraved last, if it was finished.
    page: Option<GrowingPage>,
}

impl EngraverThread {
    pub(super) fn new(orders: Arc<Orders>, tell: Sink) -> Self {
        Self { orders, tell, engraver: None, page: None }
    }

    /// Works until the window is closed.
    pub(super) fn run(mut self) {
        // The sound that plays meanwhile goes first.
        sound::transport::lower_thread_priority();
        loop {
            match self.orders.next() {
                Order::Page(order, number) => self.show(&order, number),
                Order::Draw(drawing, number) => {
                    if let Some(mut page) = self.page.take() {
                        self.draw(&mut page, drawing, number);
                        self.page = Some(page);
                    }
                }
                Order::Give(wanted) => self.give(&wanted),
                Order::Forget => (self.engraver, self.page) = (None, None),
                Order::End => return,
            }
        }
    }

    /// Engraves a page, or tells again the one that is there.
    fn show(&mut self, order: &PageOrder, number: u64) {
        let key = order.key;
        let is_there = |page: &&mut GrowingPage| page.is(key.score, key.width_spaces) && !page.has_failed();
        if let Some(page) = self.page.as_mut().filter(is_there) {
            let view = page.told();
            return self.orders.tell(number, || (self.tell)(Event::Page(Box::new(view))));
        }
        self.page = None;
        let page = RefCell::new(GrowingPage::new(key.score, key.width_spaces));
        let engraved = guarded(|| self.engrave(&page, order, number));
        let mut page = page.into_inner();
        if let Err(why) = engraved {
            page.fail(&why);
        }
        page.finish();
        if self.orders.is_current(number) {
            self.tell_page(&mut page, number);
            self.page = Some(page);
        }
    }

    /// Gives all systems of a page, if it is the one that is there.
    fn give(&self, wanted: &Wanted) {
        let PageKey { score, width_spaces } = wanted.page;
        let is_there = |page: &&GrowingPage| page.is(score, width_spaces) && !page.has_failed();
        if let Some(page) = self.page.as_ref().filter(is_there) {
            // Who has stopped waiting needs no page.
            wanted.reply.send(page.systems().to_vec()).ok();
        }
    }

    fn engrave(&mut self, page: &RefCell<GrowingPage>, order: &PageOrder, number: u64) -> Result<(), String> {
        let score = order.key.score;
        if self.engraver.as_ref().is_none_or(|known| known.0 != score) {
            let engraver = Engraver::new(&order.written).map_err(|error| error.to_string())?;
            self.engraver = Some((score, engraver));
        }
        let Some((_, engraver)) = &self.engraver else { return Ok(()) };
        let is_stopped = || {
            // Asked all the time, also while a whole score is laid out: what is there already can be drawn.
            self.draw_waiting(&mut page.borrow_mut(), number);
            !self.orders.is_current(number)
        };
        let ready = |place: usize, system: System| {
            let mut page = page.borrow_mut();
            page.put(place, system);
            if page.is_worth_telling() {
                self.tell_page(&mut page, number);
            }
        };
        let width_spaces = order.key.width_spaces;
        let engraved = if width_spaces == ENDLESS_SPACES {
            engraver.line(is_stopped, ready)
        } else {
            engraver.systems(width_spaces, is_stopped, ready)
        };
        engraved.map_err(|error| error.to_string())
    }

    fn tell_page(&self, page: &mut GrowingPage, number: u64) {
        let view = page.told();
        self.orders.tell(number, || (self.tell)(Event::Page(Box::new(view))));
    }

    fn draw_waiting(&self, page: &mut GrowingPage, number: u64) {
        while let Some(drawing) = self.orders.next_drawing(number, |system| page.is_told(system)) {
            self.draw(page, drawing, number);
        }
    }

    /// Draws a system and tells it.
    fn draw(&self, page: &mut GrowingPage, drawing: Drawing, number: u64) {
        let Some(system) = page.system(drawing.system) else { return };
        match guarded(|| picture(system, drawing.pixels_per_space)) {
            Ok(ink_png) => {
                let drawn = DrawnSystem {
                    score: drawing.page.score,
                    width_spaces: drawing.page.width_spaces,
                    system: drawing.system,
                    pixels_per_space: drawing.pixels_per_space,
                    ink_png,
                };
                self.orders.tell(number, || (self.tell)(Event::SystemDrawn(Box::new(drawn))));
            }
            Err(why) => {
                page.fail(&why);
                self.tell_page(page, number);
            }
        }
    }
}

/// The ink of a system as a PNG in base64.
fn picture(system: &System, pixels_per_space: f32) -> Result<String, String> {
    let ink = system.draw(pixels_per_space).map_err(|error| error.to_string())?;
    Ok(BASE64.encode(ink.to_png()))
}
