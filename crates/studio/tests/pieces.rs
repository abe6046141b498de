//! New pieces: written, opened, performed; and pieces that go on.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use performance::PlayedNote;
use protocol::{Bars, Command, ContinueRequest, Event, Level, NewPieceRequest, VersionId};
use support::composer::{TOY, VaryingRoster};
use support::writer::STUCK;
use support::{FAIL, Harness, PANIC, SLOW, request, scores};

const TAKE: VersionId = VersionId::Take(1);

fn harness() -> Harness {
    Harness::with(Arc::new(tempfile::tempdir().unwrap()), VaryingRoster)
}

fn new_piece(bars: u16, seed: u64) -> Command {
    Command::NewPiece(NewPieceRequest { writer: TOY.into(), bars, seed, like: None })
}

fn more(of: VersionId, from: usize, seed: u64) -> Command {
    Command::ContinuePiece(ContinueRequest { writer: TOY.into(), of, from, bars: 4, seed })
}

/// What a version plays of some bars: bar, pitch, and everything else to the bit.
fn notes(harness: &Harness, id: VersionId, bars: Bars) -> Vec<(usize, u8, PlayedNote)> {
    let version = &harness.face.versions[&id];
    let score = harness.face.scores.iter().find(|s| s.id == version.score).unwrap();
    let note = |n: &PlayedNote| {
        let written = score.notes[n.note as usize];
        (written.measure as usize, written.pitch, PlayedNote { note: 0, ..*n })
    };
    version.performance.notes.iter().map(note).filter(|(bar, ..)| bars.contains(bar)).collect()
}

fn bars_of(harness: &Harness, id: VersionId) -> usize {
    let score = harness.face.versions[&id].score;
    harness.face.scores.iter().find(|s| s.id == score).unwrap().measures.len()
}

#[test]
fn a_new_piece_is_opened_without_a_name_and_performed() {
    let mut harness = harness();
    harness.finish(new_piece(8, 6));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    let project = harness.project();
    assert_eq!((&*project.name, &project.path, project.takes.len()), ("New piece 6", &None, 1));
    assert_eq!((project.listening, &*project.takes[0].performer), (TAKE, "fake"));
    let score = harness.face.score.clone().unwrap();
    assert_eq!((score.measures.len(), score.notes.len()), (8, 32));
    assert_eq!(score.composer.as_deref(), Some("Toy"));
    assert_eq!(score.notes[0].pitch, 61);
    assert_eq!(harness.played(TAKE).notes.len(), 32);
    let recent = harness.face.start.clone().unwrap().recent;
    assert!(recent[0].is_untitled && recent[0].name == "New piece 6", "{recent:?}");
    harness.finish(new_piece(500, 6));
    assert_eq!(harness.face.score.clone().unwrap().measures.len(), 64, "no more than are offered");
}

#[test]
fn a_new_piece_is_kept_even_if_it_was_never_performed() {
    let mut harness = harness();
    harness.send(new_piece(8, SLOW));
    harness.until(|_, event| matches!(event, Event::Project(Some(project)) if !project.takes.is_empty()));
    harness.settle();
    let job = harness.face.jobs[0].id;
    harness.finish(Command::Cancel(job));
    assert!(harness.project().takes.is_empty());
    // Closed once more, it is kept as well.
    for _ in 0..2 {
        harness.ask(Command::Close);
        let recent = harness.face.start.clone().unwrap().recent;
        assert!(recent.first().is_some_and(|first| first.is_untitled), "{recent:?}");
        harness.ask(Command::Open(recent[0].path.clone().into()));
        assert_eq!(harness.face.score.clone().unwrap().measures.len(), 8);
    }
}

#[test]
fn a_new_piece_takes_no_place_where_takes_were_asked_for_meanwhile() {
    let mut harness = harness();
    harness.open_minuet();
    let opening = harness.project().opening;
    // Takes of another window come first.
    let mut other = harness.beside();
    other.ask(Command::Open(scores().join("chopin_prelude_op28_7.musicxml")));
    other.send(Command::Perform(request(SLOW)));
    // Not any job: reading the file was one, too.
    other.until(|_, event| matches!(event, Event::Project(Some(project)) if !project.takes.is_empty()));
    harness.ask(new_piece(8, 6));
    harness.ask(Command::Perform(request(3)));
    let job = other.face.jobs[0].id;
    other.finish(Command::Cancel(job));
    harness.jobs_done();
    assert_eq!((harness.project().opening, harness.project().takes.len()), (opening, 1));
    let told = harness.face.messages.iter().any(|m| m.text.contains("“New piece 6” is written"));
    assert!(told, "{:?}", harness.face.messages);
    let recent = harness.face.start.clone().unwrap().recent;
    let piece = recent.iter().find(|r| r.is_untitled && r.name == "New piece 6").unwrap();
    harness.ask(Command::Open(piece.path.clone().into()));
    assert_eq!(harness.face.score.clone().unwrap().measures.len(), 8);
}

#[test]
fn a_new_piece_may_be_like_the_open_one() {
    let mut harness = harness();
    harness.open_minuet();
    let like = Some(VersionId::Deadpan);
    harness.finish(Command::NewPiece(NewPieceRequest { writer: TOY.into(), bars: 8, seed: 5, like }));
    assert_eq!(harness.face.score.clone().unwrap().notes[0].pitch, 72);
}

#[test]
fn what_cannot_be_written_says_why_and_leaves_everything_open() {
    let mut harness = harness();
    harness.open_minuet();
    let opening = harness.project().opening;
    for (command, words) in [
        (new_piece(8, FAIL), "nothing can be read; choose another score"),
        (new_piece(8, PANIC), "the writer of pieces broke down"),
        (more(VersionId::Deadpan, 8, FAIL), "nothing can be read; choose another score"),
    ] {
        harness.finish(command);
        let last = harness.last_message();
        assert!(last.level == Level::Error && last.text.contains(words), "{last:?}");
        assert_eq!((harness.project().opening, harness.project().takes.len()), (opening, 0));
    }
    for from in [0, 1000] {
        harness.finish(more(VersionId::Deadpan, from, 1));
        assert!(harness.last_message().text.contains("no such bars"), "{:?}", harness.last_message());
    }
    harness.finish(more(VersionId::Take(7), 8, 1));
    assert!(harness.last_message().text.contains("is gone"));
}

#[test]
fn writing_is_stopped() {
    let mut harness = harness();
    harness.send(new_piece(8, STUCK));
    harness.until(|_, event| matches!(event, Event::Jobs(jobs) if !jobs.is_empty()));
    assert_eq!(harness.face.jobs[0].label, "Toy writes a piece of 8 bars");
    let job = harness.face.jobs[0].id;
    harness.finish(Command::Cancel(job));
    assert!(harness.face.project.is_none() && harness.errors().is_empty());
}

#[test]
fn a_piece_that_goes_on_is_a_take_and_its_new_bars_are_performed() {
    let mut harness = harness();
    harness.open_minuet();
    harness.perform(request(3));
    let bars = bars_of(&harness, VersionId::Deadpan);
    let was = notes(&harness, TAKE, 0..8);
    let whole = harness.played(TAKE).clone();
    harness.finish(more(TAKE, 8, 2));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    let [written, performed] = [2, 3].map(VersionId::Take);
    let takes: Vec<VersionId> = harness.project().takes.iter().map(|take| take.id).collect();
    assert_eq!(takes, [TAKE, written, performed]);
    assert_eq!(harness.project().listening, performed);
    for id in [written, performed] {
        assert_eq!(bars_of(&harness, id), 12);
        assert_eq!(notes(&harness, id, 0..8), was, "what was before is played as it was");
        let pitches: Vec<u8> = notes(&harness, id, 8..9).iter().map(|(_, pitch, _)| *pitch).collect();
        assert_eq!(pitches, [62, 64, 66, 68]);
    }
    let take = &harness.project().takes[2];
    assert_eq!((&*take.performer, take.bars.clone(), take.parent), ("fake", Some(8..12), Some(written)));
    assert_eq!(harness.played(TAKE), &whole);

    let path = harness.folder.path().join("longer.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    let played = harness.played(performed).clone();
    harness.ask(Command::Close);
    harness.ask(Command::Open(path));
    assert_eq!((harness.played(performed), bars_of(&harness, performed)), (&played, 12));
    harness.ask(Command::Undo);
    harness.ask(Command::Undo);
    assert_eq!((harness.project().takes.len(), bars_of(&harness, VersionId::Deadpan)), (1, bars));
}

#[test]
fn the_deadpan_goes_on_and_is_performed_as_a_whole() {
    let mut harness = harness();
    harness.open_minuet();
    let bars = bars_of(&harness, VersionId::Deadpan);
    harness.finish(more(VersionId::Deadpan, bars, 2));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    let takes = &harness.project().takes;
    assert_eq!((takes.len(), takes[1].bars.clone()), (2, None));
    assert_eq!(bars_of(&harness, VersionId::Take(2)), bars + 4);
}
