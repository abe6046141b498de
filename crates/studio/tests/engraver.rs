//! A program that engraves, and hangs or fails: the page can be cancelled, and the piece is there without it.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::ffi::OsString;
use std::path::PathBuf;

use protocol::{Command, Event, Level, PrintRequest};
use support::{Harness, request};

#[test]
fn an_engraver_that_hangs_is_cancelled_and_one_that_fails_costs_the_page_alone() {
    let mut harness = Harness::new();
    // It hangs until there is this file, then it ends at once; there is one program for all tests of a process.
    let fails = harness.folder.path().join("fails");
    let script = "test -e \"$0\" && exit 1; exec sleep 60";
    let arguments = [OsString::from("-c"), OsString::from(script), fails.clone().into_os_string()];
    studio::page::run_apart(PathBuf::from("/bin/sh"), arguments.into());

    harness.open_minuet();
    let score = harness.face.scores[0].id;
    harness.ask(Command::EngravePaper(score));
    harness.ask(Command::EngravePaper(score));
    let [job] = &harness.face.jobs[..] else { panic!("one job, not {:?}", harness.face.jobs) };
    assert_eq!(job.label, "Engraving the page for paper");
    let job = job.id;
    harness.ask(Command::Cancel(job));
    assert!(harness.face.jobs.is_empty() && harness.face.paper.is_none());

    std::fs::write(&fails, "").unwrap();
    harness.send(Command::ShowPage { score, width_spaces: 100.0 });
    harness.until(|_, event| matches!(event, Event::Page(page) if page.is_complete));
    let page = harness.face.page.clone().unwrap();
    let problem = "Verovio, which engraves scores, failed on this one; the piano roll shows this score.";
    assert_eq!((page.problem.as_deref(), page.systems.len()), (Some(problem), 0));
    harness.send(Command::EngravePaper(score));
    harness.until(|_, event| matches!(event, Event::Paper(_)));
    assert_eq!(harness.face.paper.as_ref().unwrap().problem.as_deref(), Some(problem));
    harness.jobs_done();
    let path = harness.folder.path().join("page.html");
    let print = PrintRequest { score, ..PrintRequest::default() };
    harness.finish(Command::PrintPage(Box::new(print), Some(path.clone())));
    assert!(harness.last_message().level == Level::Error && !path.exists());

    assert!(!harness.face.scores[0].notes.is_empty());
    harness.perform(request(1));
    assert_eq!(harness.project().takes.len(), 1, "it is performed all the same");
}
