//! The engraved page as a file to print.

use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use engraving::System;
use protocol::PrintRequest;
use protocol::limits::PAPER_SPACES;

use super::Session;
use super::exporting::{PAGE, with_extension};
use crate::page::PageKey;
use crate::print::{self, Heading, date};

/// How long a page is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Said where the page that was to be printed is not there.
const NOT_THERE: &str = "the page is not there any more; print it again";

impl Session {
    /// Writes the page that was engraved for paper last, with what the face draws on it.
    pub(super) fn print_page(&mut self, request: PrintRequest, path: &Path) {
        let path = with_extension(path, "html");
        let heading = match self.heading(&request) {
            Ok(heading) => heading,
            Err(why) => return self.exported(&path, Err(why), PAGE),
        };
        let page = PageKey { score: request.score, width_spaces: PAPER_SPACES };
        let waiting = self.paper.systems(page);
        let label = format!("Printing {}", heading.version);
        self.write(PAGE, label, path, move || {
            let systems = all_of(&waiting)?;
            print::page(&heading, &request, &systems).map(String::into_bytes)
        });
    }

    /// What stands above the music.
    fn heading(&self, request: &PrintRequest) -> Result<Heading, String> {
        let open = self.open.as_ref().ok_or("nothing is open")?;
        if !open.has_score(request.score) {
            return Err(NOT_THERE.to_owned());
        }
        if open.streaming(request.version).is_some() {
            return Err("this take is still being performed; wait until it is complete".to_owned());
        }
        if open.played(request.version).is_none() {
            return Err("there is no such take any more".to_owned());
        }
        let composer = open.entry(request.score).score.composer.clone();
        let (title, version) = (open.document.title(), open.name_of(request.version));
        Ok(Heading { title, composer, version, date: date::today() })
    }
}

fn all_of(waiting: &Receiver<Vec<System>>) -> Result<Vec<System>, String> {
    waiting.recv_timeout(PATIENCE).map_err(|_| NOT_THERE.to_owned())
}
