//! The networks in the studio: takes stream in, a cancel is quick, the seed is the take.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::{Command, Event, PerformRequest, VersionId};
use studio::roster::Registry;
use support::{Harness, request, scores};

#[test]
fn pianoflow_streams_its_take_and_stops_at_once() {
    streams_and_stops("pianoflow");
}

#[test]
fn the_pianist_transformer_streams_its_take_and_stops_at_once() {
    streams_and_stops("pianist-transformer");
}

fn streams_and_stops(performer: &str) {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let mut harness = Harness::with(Arc::new(tempfile::tempdir().unwrap()), Registry::new(models));
    harness.ask(Command::Open(scores().join("bach_prelude_c_bwv846.musicxml")));
    let wanted = PerformRequest { performer: performer.into(), ..request(3) };
    harness.send(Command::Perform(wanted.clone()));
    harness
        .until(|_, e| matches!(e, Event::Jobs(jobs) if jobs.first().is_some_and(|j| j.progress > Some(0.0))));
    let start = Instant::now();
    harness.ask(Command::Cancel(1));
    assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
    assert!(harness.project().takes.is_empty());

    let first = VersionId::Take(2);
    harness.send(Command::Perform(wanted.clone()));
    let mut parts = Vec::new();
    harness.until(|_, event| match event {
        Event::Version(view) if view.id == first => {
            parts.push((view.performance.notes.len(), view.ready_quarters));
            false
        }
        Event::Jobs(jobs) => jobs.is_empty(),
        _ => false,
    });
    harness.settle();
    assert!(parts.is_sorted_by(|a, b| a <= b), "a take only grows: {parts:?}");
    assert!(parts.len() >= 2 && parts[0].1 < parts[1].1, "{parts:?}");
    let played = harness.played(first).clone();
    assert_eq!(played.notes.len(), harness.face.score.as_ref().unwrap().notes.len());
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    harness.perform(wanted);
    assert_eq!(harness.played(VersionId::Take(3)), &played, "the same seed gives the same take");
}
