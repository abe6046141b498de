//! The page that a window shows: engraved and drawn on a thread of its own.
//!
//! A score of many notes takes seconds to engrave, so the page is told as it grows, and pictures of its first
//! systems are drawn in between. The thread is started when a page is first asked for.

mod engraver_thread;
mod growing;
mod orders;
mod views;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use engraving::System;
use notation::Score;
use protocol::{Event, PageView, ScoreId};

use crate::parts::Sink;
use engraver_thread::EngraverThread;
pub use engraving::{run_apart, serve};
pub use orders::{Drawing, PageKey};
use orders::{Orders, PageOrder, Wanted};

/// How long the end waits for the thread, so that nothing is engraved any more when the program ends.
const PATIENCE: Duration = Duration::from_secs(2);

/// The page of a window.
pub struct Pages {
    tell: Sink,
    orders: Arc<Orders>,
    /// None until a page is first asked for.
    thread: Option<JoinHandle<()>>,
}

impl Pages {
    /// No page yet; what is asked for later is told here.
    pub fn new(tell: Sink) -> Self {
        Self { tell, orders: Arc::default(), thread: None }
    }

    /// The same for a page that is printed: it is told as [`protocol::Event::Paper`], once it is whole or cannot be
    /// engraved. `done` is called just before.
    pub fn for_paper(tell: Sink, done: impl Fn() + Send + Sync + 'static) -> Self {
        Self::new(Arc::new(move |event: Event| match event {
            Event::Page(view) if view.is_complete => {
                done();
                tell(Event::Paper(view));
            }
            // Nobody looks at it while it grows.
            _ => {}
        }))
    }

    /// Engraves a score; [`protocol::Event::Page`] tells it. What was asked for before is given up, unless it
    /// is the same page: then it is told again.
    pub fn show(&mut self, score: ScoreId, written: &Arc<Score>, width_spaces: f32) {
        self.orders.show(PageOrder { key: PageKey { score, width_spaces }, written: written.clone() });
        if self.thread.is_none() {
            let worker = EngraverThread::new(self.orders.clone(), self.tell.clone());
            let builder = thread::Builder::new().name("engraving".into());
            match builder.spawn(move || worker.run()) {
                Ok(thread) => self.thread = Some(thread),
                Err(error) => (self.tell)(Event::Page(Box::new(PageView {
                    score,
                    width_spaces,
                    is_complete: true,
                    problem: Some(format!("The page cannot be engraved: {error}")),
                    ..PageView::default()
                }))),
            }
        }
    }

    /// Draws a system of the page that was asked for last; [`protocol::Event::SystemDrawn`] tells it.
    pub fn draw(&self, drawing: Drawing) {
        self.orders.draw(drawing);
    }

    /// All systems of the page that was asked for last, once they are there. The receiver is given nothing if the
    /// page is another one or cannot be engraved.
    pub fn systems(&self, page: PageKey) -> Receiver<Vec<System>> {
        let (reply, systems) = mpsc::channel();
        self.orders.give(Wanted { page, reply });
        systems
    }

    /// The page is no longer wanted, or the document is no more: what is being engraved is given up, and nothing is
    /// told of it from now on.
    pub fn forget(&self) {
        self.orders.forget();
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.orders.end();
        let Some(thread) = self.thread.take() else { return };
        let since = Instant::now();
        while !thread.is_finished() && since.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
    }
}
