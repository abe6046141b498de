//! The thread that engraves pages and draws their systems.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use engraving::{Engraver, System};
use protocol::{DrawnSystem, Event, PageView, ScoreId};

use super::orders::{Drawing, Order, Orders, PageKey, PageOrder};
use super::views::system_view;
use crate::parts::Sink;
use crate::queue::guarded;

/// The thread that engraves pages and draws their systems.
pub(super) struct EngraverThread {
    orders: Arc<Orders>,
    tell: Sink,
    /// The score that was engraved last, ready for another width.
    engraver: Option<(ScoreId, Engraver)>,
    /// The page that was engraved last, if it was finished.
    page: Option<Page>,
}

/// A page, as far as it is engraved.
struct Page {
    view: PageView,
    systems: Vec<System>,
}

impl Page {
    fn new(key: PageKey) -> Self {
        let view = PageView { score: key.score, width_spaces: key.width_spaces, ..PageView::default() };
        Self { view, systems: Vec::new() }
    }

    fn is(&self, key: PageKey) -> bool {
        self.view.score == key.score && self.view.width_spaces == key.width_spaces
    }

    /// There is nothing to look at, and this is why.
    fn fail(&mut self, what: &str, why: &str) {
        self.view.systems.clear();
        self.systems.clear();
        self.view.problem = Some(format!("This score cannot be {what}: {why}; the roll shows it."));
    }
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
                Order::Forget => (self.engraver, self.page) = (None, None),
                Order::End => return,
            }
        }
    }

    /// Engraves a page, or tells again the one that is there.
    fn show(&mut self, order: &PageOrder, number: u64) {
        if let Some(page) = self.page.as_ref().filter(|page| page.is(order.key)) {
            return self.tell_page(page, number);
        }
        self.page = None;
        let mut page = Page::new(order.key);
        let engraved = guarded(|| self.engrave(&mut page, order, number));
        if let Err(why) = engraved {
            page.fail("engraved", &why);
        }
        page.view.is_complete = true;
        if self.orders.is_current(number) {
            self.tell_page(&page, number);
            self.page = Some(page);
        }
    }

    fn engrave(&mut self, page: &mut Page, order: &PageOrder, number: u64) -> Result<(), String> {
        // What fails or breaks down is not used again.
        let mut engraver = match self.engraver.take() {
            Some((score, engraver)) if score == order.key.score => engraver,
            _ => Engraver::new(&order.written).map_err(|error| error.to_string())?,
        };
        let engraved = engraver.systems(order.key.width_spaces, |system| self.add(page, system, number));
        engraved.map_err(|error| error.to_string())?;
        self.engraver = Some((order.key.score, engraver));
        Ok(())
    }

    /// A system is engraved. The page is told whenever it has grown to twice its length, so that all it tells is
    /// no more than twice the whole.
    fn add(&self, page: &mut Page, system: System, number: u64) {
        if !self.orders.is_current(number) {
            return;
        }
        page.view.systems.push(system_view(&system.layout));
        page.systems.push(system);
        if page.systems.len().is_power_of_two() {
            self.tell_page(page, number);
        }
        while let Some(drawing) = self.orders.next_drawing(number) {
            self.draw(page, drawing, number);
        }
    }

    fn tell_page(&self, page: &Page, number: u64) {
        self.orders.tell(number, || (self.tell)(Event::Page(Box::new(page.view.clone()))));
    }

    /// Draws a system and tells it.
    fn draw(&self, page: &mut Page, drawing: Drawing, number: u64) {
        let Some(system) = page.systems.get(drawing.system as usize) else { return };
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
                page.fail("drawn", &why);
                self.tell_page(page, number);
            }
        }
    }
}

/// The ink of a system as a PNG in base64.
fn picture(system: &System, pixels_per_space: f32) -> Result<String, String> {
    let ink = system.draw(pixels_per_space).map_err(|error| error.to_string())?;
    let png = ink.to_png().map_err(|error| error.to_string())?;
    Ok(BASE64.encode(png))
}
