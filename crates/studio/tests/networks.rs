//! The networks in the studio: takes stream in, a cancel is quick, the seed is the take.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use notation::{ImportOptions, Marks};
use performance::midi::{match_to_score, read_performance};
use protocol::{Command, Event, ExportRequest, MidiMode, PerformRequest, VersionId};
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

/// Signs whose other keys are added when a take is written.
const SIGNS: Marks = Marks::TRILL.union(Marks::MORDENT).union(Marks::TURN).union(Marks::TREMOLO);

/// What a musician does in the window with each committed piece: no note is lost, none added.
#[test]
fn the_pianist_transformer_keeps_every_note_of_committed_pieces() {
    let mut pieces: Vec<PathBuf> =
        std::fs::read_dir(scores()).unwrap().map(|entry| entry.unwrap().path()).collect();
    pieces.retain(|path| path.extension().is_some_and(|extension| extension == "musicxml"));
    assert!(pieces.len() >= 6, "{pieces:?}");
    pieces.iter().for_each(|piece| keeps_every_note(piece));
}

#[test]
#[ignore = "needs the data folder"]
fn the_pianist_transformer_keeps_every_note_of_published_pieces_needs_data() {
    let data = application::Folders::find().data.unwrap();
    for name in ["gymnopedie_1", "burgmuller_arabesque", "schubert_moment_3"] {
        keeps_every_note(&data.join("public-domain-scores").join(name).with_extension("musicxml"));
    }
}

fn keeps_every_note(piece: &Path) {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let mut harness = Harness::with(Arc::new(tempfile::tempdir().unwrap()), Registry::new(models));
    harness.ask(Command::Open(piece.to_owned()));
    let score = notation::read_score("x", &std::fs::read(piece).unwrap(), &ImportOptions::default()).unwrap();
    let wanted = PerformRequest { performer: "pianist-transformer".into(), ..request(3) };
    harness.perform(wanted.clone());
    let [first, second] = [VersionId::Take(1), VersionId::Take(2)];
    let measure = |number: &str| score.measures.iter().position(|measure| measure.number == number).unwrap();
    let bars = measure("5")..measure("8") + 1;
    harness.perform(PerformRequest { bars: Some(bars.clone()), of: first, seed: 4, ..wanted });
    assert!(harness.errors().is_empty(), "{}: {:?}", piece.display(), harness.face.messages);
    let inside = score.notes_in_measures(bars);
    let (old, new) = (harness.played(first).clone(), harness.played(second).clone());
    assert_eq!(new.notes.len(), score.notes.len());
    for (old, new) in old.notes.iter().zip(&new.notes) {
        assert!(old == new || inside.contains(&(new.note as usize)), "{}: {old:?} {new:?}", piece.display());
    }
    for mode in [MidiMode::ScoreGrid, MidiMode::ExactTiming(120.0)] {
        let path = harness.folder.path().join("take.mid");
        let export = ExportRequest { version: second, bars: None, mode };
        harness.finish(Command::ExportMidi(export, Some(path.clone())));
        let midi = read_performance(&std::fs::read(&path).unwrap()).unwrap();
        let found = match_to_score(&score, &midi);
        assert!(
            found.notes.iter().map(|note| note.note).eq(0..score.notes.len() as u32),
            "{}",
            piece.display()
        );
        if score.notes.iter().all(|note| !note.marks.intersects(SIGNS)) {
            assert_eq!(midi.notes.len(), score.notes.len(), "{}", piece.display());
        }
        std::fs::remove_file(path).unwrap();
    }
}
