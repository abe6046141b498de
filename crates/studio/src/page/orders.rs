//! What is asked of the thread that engraves, and still waits.

use std::collections::VecDeque;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use engraving::System;
use notation::Score;
use protocol::ScoreId;

/// Which page: a score in a width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageKey {
    /// The score.
    pub score: ScoreId,
    /// Width of its systems in staff spaces, or [`protocol::limits::ENDLESS_SPACES`].
    pub width_spaces: f32,
}

/// A page that is to be engraved.
pub struct PageOrder {
    /// Which one.
    pub key: PageKey,
    /// What is written.
    pub written: Arc<Score>,
}

/// A system that is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// The page.
    pub page: PageKey,
    /// Which of its systems, from 0.
    pub system: u32,
    /// Scale.
    pub pixels_per_space: f32,
}

/// The whole of a page that somebody waits for. Who asked for another page meanwhile gets nothing.
pub struct Wanted {
    /// The page.
    pub page: PageKey,
    /// Who waits.
    pub reply: Sender<Vec<System>>,
}

/// What the thread does next.
pub enum Order {
    /// Engrave a page. The number says which one it is: see [`Orders::is_current`].
    Page(PageOrder, u64),
    /// Give all systems of a page.
    Give(Wanted),
    /// Draw a system of the page with this number.
    Draw(Drawing, u64),
    /// Let go of everything: the document is no more.
    Forget,
    /// End.
    End,
}

/// What was asked for and waits, between the studio's thread and the one that engraves.
#[derive(Default)]
pub struct Orders {
    waiting: Mutex<Waiting>,
    news: Condvar,
}

#[derive(Default)]
struct Waiting {
    /// The page that was asked for last; none if the document is no more.
    wanted: Option<PageKey>,
    /// Rises when another page is asked for, or none.
    number: u64,
    page: Option<PageOrder>,
    /// Pages that are waited for.
    given: VecDeque<Wanted>,
    /// In the order in which they are drawn; one for each system at most.
    drawings: VecDeque<Drawing>,
    is_forgotten: bool,
    is_over: bool,
}

impl Orders {
    /// Asks for a page; what was asked for of another one no longer counts.
    pub fn show(&self, order: PageOrder) {
        self.change(|waiting| {
            if waiting.wanted != Some(order.key) {
                waiting.wanted = Some(order.key);
                waiting.number += 1;
                waiting.drawings.clear();
                waiting.given.clear();
            }
            waiting.page = Some(order);
        });
    }

    /// Asks for a system of the page that was asked for last. It takes the place of the same system in another
    /// scale; systems in the scale asked for last come first.
    pub fn draw(&self, drawing: Drawing) {
        self.change(|waiting| {
            if waiting.wanted != Some(drawing.page) {
                return;
            }
            let drawings = &mut waiting.drawings;
            if drawings.contains(&drawing) {
                return;
            }
            drawings.retain(|older| older.system != drawing.system);
            let is_other_scale = |d: &Drawing| d.pixels_per_space != drawing.pixels_per_space;
            let place = drawings.iter().position(is_other_scale).unwrap_or(drawings.len());
            drawings.insert(place, drawing);
        });
    }

    /// Asks for all systems of the page that was asked for last.
    pub fn give(&self, wanted: Wanted) {
        self.change(|waiting| {
            if waiting.wanted == Some(wanted.page) {
                waiting.given.push_back(wanted);
            }
        });
    }

    /// Nothing is asked for any more, and nothing of the document is kept.
    pub fn forget(&self) {
        self.change(|waiting| {
            *waiting = Waiting {
                number: waiting.number + 1,
                is_forgotten: true,
                is_over: waiting.is_over,
                ..Waiting::default()
            };
        });
    }

    /// The thread is to end.
    pub fn end(&self) {
        self.change(|waiting| waiting.is_over = true);
    }

    /// Waits for what is to be done next.
    pub fn next(&self) -> Order {
        let mut waiting = self.lock();
        loop {
            let number = waiting.number;
            if waiting.is_over {
                return Order::End;
            }
            if std::mem::take(&mut waiting.is_forgotten) {
                return Order::Forget;
            }
            if let Some(page) = waiting.page.take() {
                return Order::Page(page, number);
            }
            if let Some(wanted) = waiting.given.pop_front() {
                return Order::Give(wanted);
            }
            if let Some(drawing) = waiting.drawings.pop_front() {
                return Order::Draw(drawing, number);
            }
            waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next system to draw of the page with this number, if one waits that can be drawn; others go on
    /// waiting.
    pub fn next_drawing(&self, number: u64, can_be_drawn: impl Fn(u32) -> bool) -> Option<Drawing> {
        let mut waiting = self.lock();
        if waiting.number != number || waiting.is_over {
            return None;
        }
        let place = waiting.drawings.iter().position(|drawing| can_be_drawn(drawing.system))?;
        waiting.drawings.remove(place)
    }

    /// Whether the page with this number is the one that was asked for last.
    pub fn is_current(&self, number: u64) -> bool {
        let waiting = self.lock();
        waiting.number == number && !waiting.is_over
    }

    /// Tells something of the page with this number, unless it no longer counts. Whoever asks for another page
    /// meanwhile waits, so nothing of this one is told afterwards.
    pub fn tell(&self, number: u64, tell: impl FnOnce()) {
        let waiting = self.lock();
        if waiting.number == number && !waiting.is_over {
            tell();
        }
    }

    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.lock());
        self.news.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;
