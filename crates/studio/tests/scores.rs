//! Versions that play different scores of a piece, and scores whose file is read differently today.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use notation::{ImportOptions, NoteId, Score, Unfold};
use performance::midi::read_performance;
use performance::{Performance, deadpan};
use protocol::{
    Command, Edit, ExportRequest, Level, MidiMode, PerformRequest, PinKind, PlayState, ScoreId, VersionId,
    ViewState,
};
use rusqlite::Connection;
use sound::transport::OutputChoice;
use studio::document::{Document, Origin, Source, Take};
use studio::edit;
use studio::history::{History, Step};
use studio::speakers::Speakers;
use studio::store::Store;
use studio::studio::find_piano;
use support::{FakeRoster, Harness, request};

const UNFOLDED: VersionId = VersionId::Take(1);
const WRITTEN: VersionId = VersionId::Take(2);
const VARIED: VersionId = VersionId::Take(3);

/// A piano part in 4/4 with quarters, a bar for each word; `|` behind a bar repeats all before it.
fn piece(bars: &str) -> Vec<u8> {
    let mut xml = String::from(
        "<score-partwise><part-list><score-part id=\"P1\"><part-name>Piano</part-name></score-part></part-list>\
         <part id=\"P1\">",
    );
    for (k, bar) in bars.split_whitespace().enumerate() {
        xml += &format!("<measure number=\"{}\">", k + 1);
        if k == 0 {
            xml += "<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>\
                    </attributes>";
        }
        for step in bar.chars().filter(|c| *c != '|') {
            xml += &format!(
                "<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>1</duration>\
                 <voice>1</voice></note>"
            );
        }
        if bar.ends_with('|') {
            xml += "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";
        }
        xml += "</measure>";
    }
    xml += "</part></score-partwise>";
    xml.into_bytes()
}

const PIECE: &str = "CDEF GABC| EGEC";

fn source(bars: &str) -> Source {
    Source { name: "piece.musicxml".into(), bytes: piece(bars), as_written: false }
}

fn read(bars: &str, unfold: Unfold) -> Score {
    let options = ImportOptions { unfold, ..ImportOptions::default() };
    notation::read_score("piece.musicxml", &piece(bars), &options).unwrap()
}

/// The deadpan of a score a bit faster, each note louder than the one before.
fn played(score: &Score, faster: f64) -> Performance {
    let mut played = deadpan(score);
    for (k, note) in played.notes.iter_mut().enumerate() {
        note.velocity = 40 + k as u8;
        note.onset_secs /= faster;
        note.duration_secs /= 2.0 * faster;
    }
    played
}

/// A project with a take of the piece with its repeat, one without, and one with another bar 2.
fn project(folder: &Path) -> PathBuf {
    let mut document = Document::new(source(PIECE)).unwrap();
    let mut history = History::default();
    let path = folder.join("three.espressivo");
    let mut store = Store::create(&path, &document, &history).unwrap();
    let scores = [
        read(PIECE, Unfold::Maximal),
        read(PIECE, Unfold::AsWritten),
        read("CDEF AAAAAA| EGEC", Unfold::Maximal),
    ];
    for (k, score) in (0..).zip(scores) {
        let id = document.scores.add(score);
        assert_eq!(id, ScoreId(k));
        let score = document.scores.get(id).score.clone();
        let take = Take {
            id: VersionId::Take(document.next_number),
            name: format!("Take of score {k}"),
            origin: Origin::default(),
            is_edited: false,
            score: id,
            pins: [(1, PinKind::Velocity)].into(),
            performance: Arc::new(played(&score, 1.0 + f64::from(k) / 4.0)),
        };
        let step = Step::new("Perform", edit::added(&document, vec![take], false));
        let step = history.push(&mut document, step);
        store.push(&document, &history, &step).unwrap();
    }
    path
}

fn harness() -> (Harness, PathBuf) {
    let mut harness = Harness::new();
    let path = project(harness.folder.path());
    harness.ask(Command::Open(path.clone()));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    (harness, path)
}

/// The harness with the real transport, which plays into silence.
fn sounding_harness() -> Harness {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let speakers = Speakers::new(OutputChoice::Silent);
    let mut harness = Harness::with_playback(
        folder,
        FakeRoster { on_gpu: false },
        speakers,
        find_piano(application::Folders::default()),
    );
    let path = project(harness.folder.path());
    harness.ask(Command::Open(path));
    harness
}

fn export(harness: &mut Harness, version: VersionId, bars: Option<protocol::Bars>) -> Vec<u8> {
    let path = harness.folder.path().join("out.mid");
    let wanted = ExportRequest { version, bars, mode: MidiMode::ExactTiming(120.0) };
    harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
    let midi = read_performance(&std::fs::read(&path).unwrap()).unwrap();
    std::fs::remove_file(path).unwrap();
    midi.notes.iter().map(|n| n.pitch).collect()
}

#[test]
fn every_version_plays_its_own_score() {
    let (mut harness, _) = harness();
    let scores: Vec<(ScoreId, usize)> =
        harness.face.scores.iter().map(|s| (s.id, s.measures.len())).collect();
    assert_eq!(scores, [(ScoreId(0), 5), (ScoreId(1), 3), (ScoreId(2), 5)]);
    let of = |id: VersionId| harness.face.versions[&id].score;
    assert_eq!([of(VersionId::Deadpan), of(UNFOLDED), of(WRITTEN), of(VARIED)], [0, 0, 1, 2].map(ScoreId));
    let (c, g) = ([60, 62, 64, 65], [67, 69, 71, 60]);
    let (e, a) = ([64, 67, 64, 60], [69; 6]);
    assert_eq!(export(&mut harness, UNFOLDED, None), [&c[..], &g, &c, &g, &e].concat());
    assert_eq!(export(&mut harness, WRITTEN, None), [&c[..], &g, &e].concat());
    assert_eq!(export(&mut harness, VARIED, None), [&c[..], &a, &c, &a, &e].concat());
    // Bars are those of the score that the version plays.
    assert_eq!(export(&mut harness, WRITTEN, Some(2..3)), e);
    assert_eq!(export(&mut harness, UNFOLDED, Some(2..3)), c);
    assert_eq!(export(&mut harness, VARIED, Some(1..2)), a);
    let wanted = ExportRequest { version: WRITTEN, bars: Some(3..4), mode: MidiMode::ScoreGrid };
    harness.finish(Command::ExportMidi(wanted, Some(harness.folder.path().join("none.mid"))));
    assert!(harness.last_message().text.contains("no such bars"));
}

#[test]
fn versions_are_compared_bar_by_printed_bar() {
    let (mut harness, _) = harness();
    harness.ask(Command::Listen(UNFOLDED));
    harness.ask(Command::Compare(Some(WRITTEN)));
    let view = harness.face.comparison.clone().unwrap();
    let numbers: Vec<(&str, u8)> = view.bars.iter().map(|b| (b.number.as_str(), b.pass)).collect();
    assert_eq!(numbers, [("1", 1), ("2", 1), ("1", 2), ("2", 2), ("3", 1)]);
    let written: Vec<f64> = view.bars.iter().map(|b| b.values[1].unwrap().velocity).collect();
    assert_eq!(written, [41.5, 45.5, 41.5, 45.5, 49.5], "each pass beside the one that is played");
    let unfolded: Vec<f64> = view.bars.iter().map(|b| b.values[0].unwrap().velocity).collect();
    assert_eq!(unfolded, [41.5, 45.5, 49.5, 53.5, 57.5]);
    let shared: Vec<[f64; 3]> =
        view.shared.iter().map(|s| [s.from_quarters, s.to_quarters, s.there_quarters]).collect();
    assert_eq!(shared, [[0.0, 8.0, 0.0], [8.0, 20.0, 0.0]]);
    harness.ask(Command::SwapCompared);
    let view = harness.face.comparison.clone().unwrap();
    assert_eq!((view.versions, view.bars.len()), ([WRITTEN, UNFOLDED], 3));
    assert_eq!(view.bars[2].values[1].unwrap().velocity, 57.5);
    harness.ask(Command::Compare(Some(VARIED)));
    let view = harness.face.comparison.clone().unwrap();
    assert!(view.bars[1].values[1].unwrap().velocity > 45.5, "six notes instead of four");
    let path = harness.folder.path().join("report.html");
    harness.finish(Command::ExportReport(Some(path.clone())));
    assert!(std::fs::read_to_string(path).unwrap().contains("Take of score 2"));
}

#[test]
fn switching_stays_at_the_same_bar_and_takes_loop_and_selection_along() {
    let mut harness = sounding_harness();
    harness.ask(Command::Listen(UNFOLDED));
    let mut switch = |from: VersionId, seek: f64, to: VersionId, expected: f64| {
        harness.ask(Command::Listen(from));
        harness.ask(Command::SeekQuarters(seek));
        harness.ask(Command::Listen(to));
        let close = |q: f64| (q - expected).abs() < 1e-3;
        harness.wait_transport(|t| t.version == to && close(t.position_quarters));
    };
    switch(UNFOLDED, 5.0, WRITTEN, 5.0);
    switch(UNFOLDED, 9.0, WRITTEN, 1.0);
    switch(UNFOLDED, 17.5, WRITTEN, 9.5);
    switch(WRITTEN, 9.5, UNFOLDED, 17.5);
    // Bar 2 of the other version has six quarters.
    switch(WRITTEN, 8.0, VARIED, 20.0);
    switch(VARIED, 21.0, UNFOLDED, 17.0);
    harness.ask(Command::Loop(Some(4..5)));
    harness.ask(Command::Remember(ViewState {
        selection: Some(4..5),
        span_quarters: Some((16.0, 20.0)),
        looped: Some(4..5),
        ..ViewState::default()
    }));
    harness.ask(Command::TogglePlay);
    harness.wait_transport(|t| t.state == PlayState::Playing && t.position_quarters > 17.1);
    harness.ask(Command::Listen(WRITTEN));
    harness.wait_transport(|t| t.version == WRITTEN && (8.9..10.0).contains(&t.position_quarters));
    assert_eq!(harness.face.transport.state, PlayState::Playing, "without a stop");
    assert_eq!(harness.face.transport.looped, Some(2..3));
    let view = harness.project().view.clone();
    assert_eq!((view.selection, view.looped), (Some(2..3), Some(2..3)));
    assert_eq!(view.span_quarters, Some((8.0, 12.0)));
    // It goes round in the loop of its own score: the last bar, from 8 to 12.
    harness.wait_transport(|t| t.position_quarters > 11.5);
    harness.wait_transport(|t| t.position_quarters < 9.0);
    assert!(harness.face.transport.position_quarters >= 8.0);
}

#[test]
fn versions_are_edited_performed_kept_and_undone_in_their_own_score() {
    let (mut harness, path) = harness();
    let before = harness.played(WRITTEN).clone();
    harness.ask(Command::Edit(WRITTEN, Edit::Velocities(vec![(11, 120), (12, 121)])));
    assert_eq!(harness.played(WRITTEN).notes[11].velocity, 120);
    assert_eq!(harness.played(WRITTEN).notes.len(), 12, "it has no note 12");
    harness.perform(PerformRequest { of: WRITTEN, bars: Some(2..3), ..request(5) });
    let take = harness.project().takes[3].clone();
    assert!(take.origin.contains("bar 3 of Take of score 1"), "{}", take.origin);
    assert_eq!(harness.face.versions[&take.id].score, ScoreId(1));
    assert_eq!(harness.played(take.id).notes[..8], harness.played(WRITTEN).notes[..8]);
    harness.perform(PerformRequest { of: VersionId::Deadpan, ..request(6) });
    assert_eq!(harness.face.versions[&harness.project().takes[4].id].score, ScoreId(0));
    harness.ask(Command::Duplicate(VARIED));
    harness.ask(Command::Undo);
    let state = |harness: &Harness| -> Vec<(VersionId, ScoreId, Performance, usize)> {
        let versions = harness.face.versions.values();
        versions.map(|v| (v.id, v.score, v.performance.clone(), v.pins.len())).collect()
    };
    let end = state(&harness);
    harness.ask(Command::Close);
    harness.ask(Command::Open(path));
    assert_eq!(state(&harness), end, "to the bit");
    assert_eq!(harness.project().redo.as_deref(), Some("Duplicate Take of score 2"));
    for _ in 0..3 {
        harness.ask(Command::Undo);
    }
    assert_eq!(harness.played(WRITTEN), &before);
    for _ in 0..3 {
        harness.ask(Command::Undo);
    }
    assert!(harness.project().takes.is_empty() && harness.project().undo.is_none());
    for _ in 0..6 {
        harness.ask(Command::Redo);
    }
    assert_eq!(state(&harness), end);
}

/// A project of a piece with a take, an edit and pins, whose file is then read as another piece.
fn read_differently(bars: &str, today: &str) -> (Harness, PathBuf) {
    let mut harness = Harness::new();
    let path = harness.folder.path().join("piece.musicxml");
    std::fs::write(&path, piece(bars)).unwrap();
    harness.ask(Command::Open(path.clone()));
    harness.perform(request(3));
    harness.ask(Command::Edit(UNFOLDED, Edit::Velocities(vec![(5, 111)])));
    harness.ask(Command::Edit(UNFOLDED, Edit::Pin(vec![0, 5, 6], vec![PinKind::Velocity])));
    harness.perform(PerformRequest { of: UNFOLDED, bars: Some(2..3), ..request(4) });
    let midi = harness.folder.path().join("pupil.mid");
    let wanted = ExportRequest { version: UNFOLDED, bars: None, mode: MidiMode::ExactTiming(120.0) };
    harness.finish(Command::ExportMidi(wanted, Some(midi.clone())));
    harness.finish(Command::ImportRecording(Some(midi)));
    let project = harness.folder.path().join("piece.espressivo");
    harness.ask(Command::SaveAs(Some(project.clone())));
    harness.ask(Command::Close);
    // The same as an importer that has changed: what is stored was read from something else.
    put_source(&project, piece(today));
    harness.face.messages.clear();
    (harness, project)
}

/// Puts another file in the place of the one that a project's score was read from.
fn put_source(project: &Path, bytes: Vec<u8>) {
    let (_, saved) = Store::open(project).unwrap();
    let mut document = saved.document;
    let source = studio::document::Source { bytes, ..(*document.source).clone() };
    document.source = std::sync::Arc::new(source);
    std::fs::remove_file(project).unwrap();
    Store::create(project, &document, &saved.history).unwrap();
}

/// The pitches that a version plays, from what the face has.
fn pitches(harness: &Harness, id: VersionId) -> Vec<(u8, u8)> {
    let version = &harness.face.versions[&id];
    let score = harness.face.scores.iter().find(|s| s.id == version.score).unwrap();
    version.performance.notes.iter().map(|n| (score.notes[n.note as usize].pitch, n.velocity)).collect()
}

#[test]
fn a_project_whose_file_is_read_differently_keeps_its_score_and_says_so() {
    let (mut harness, project) = read_differently("CDEF GABC EGEC", "CDEF AAAA GABC EGEC");
    harness.ask(Command::Open(project));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    let message = harness.last_message().clone();
    assert_eq!(message.level, Level::Warning);
    assert!(
        message.text.contains("read differently") && message.text.contains("4 bars instead of 3"),
        "{message:?}"
    );
    let offer = harness.project().reading.unwrap();
    assert_eq!((offer.bars, offer.new_bars), (3, 4));
    assert_eq!(harness.face.score.as_ref().unwrap().measures.len(), 3);
    let first: Vec<u8> = pitches(&harness, UNFOLDED).iter().map(|p| p.0).collect();
    assert_eq!(first, [60, 62, 64, 65, 67, 69, 71, 60, 64, 67, 64, 60]);
    assert_eq!(pitches(&harness, UNFOLDED)[5], (69, 111));
    harness.ask(Command::Undo);
    harness.ask(Command::Redo);
    assert!(harness.project().reading.is_some());
}

#[test]
fn the_new_reading_is_taken_over_note_by_note_and_undone_to_the_bit() {
    let (mut harness, project) = read_differently("CDEF GABC EGEC", "CDEF GGBC EGEC GGGG");
    harness.ask(Command::Open(project.clone()));
    let recording = harness.project().takes[2].id;
    let state = |harness: &Harness| {
        let versions = harness.face.versions.values();
        let all: Vec<_> = versions.map(|v| (v.id, v.score, v.performance.clone(), v.pins.clone())).collect();
        (all, harness.project().takes.clone())
    };
    let before = state(&harness);
    let old = harness.played(UNFOLDED).clone();
    harness.ask(Command::AdoptReading);
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    let text = &harness.last_message().text;
    assert!(
        text.contains("5 notes new") && text.contains("1 note gone") && text.contains("11 notes kept"),
        "{text}"
    );
    assert_eq!(harness.project().reading, None);
    assert_eq!(harness.face.score.as_ref().unwrap().measures.len(), 4);
    assert!(harness.face.versions.values().all(|v| v.score == ScoreId(1)));
    let new = harness.played(UNFOLDED).clone();
    assert_eq!(new.notes.len(), 16);
    assert_eq!(new.notes[..5], old.notes[..5]);
    assert_eq!(new.notes[6..12], old.notes[6..12], "what did not change is as it was");
    let (a, b, c) = (new.notes[4], new.notes[5], new.notes[6]);
    assert!(
        a.onset_secs < b.onset_secs && b.onset_secs < c.onset_secs,
        "the new note is between its neighbours"
    );
    assert_eq!(b.velocity, a.velocity);
    assert!(new.notes[12..].iter().is_sorted_by(|a, b| a.onset_secs < b.onset_secs));
    assert!(new.notes[12].onset_secs > new.notes[11].onset_secs);
    assert_eq!(harness.played(recording).notes.len(), 11, "nobody recorded the new notes");
    let pins: Vec<u32> = harness.face.versions[&UNFOLDED].pins.iter().map(|p| p.note).collect();
    assert_eq!(pins, [0, 6], "the pin of the note that is gone is gone");
    assert_eq!(harness.project().undo.as_deref(), Some("Take over the new reading"));
    let after = state(&harness);

    harness.ask(Command::Undo);
    assert_eq!(state(&harness), before, "to the bit");
    assert!(harness.project().reading.is_some(), "and offered again");
    harness.ask(Command::Redo);
    assert_eq!(state(&harness), after);
    harness.ask(Command::Edit(UNFOLDED, Edit::Velocities(vec![(15, 99)])));
    harness.ask(Command::Close);
    harness.face.messages.clear();
    harness.ask(Command::Open(project));
    assert_eq!(harness.project().reading, None, "the project has this reading now");
    assert!(harness.face.messages.iter().all(|m| !m.text.contains("read differently")));
    assert_eq!(harness.played(UNFOLDED).notes[15].velocity, 99);
    harness.ask(Command::Undo);
    assert_eq!(state(&harness), after);
    harness.ask(Command::Undo);
    assert_eq!(state(&harness), before);
    harness.ask(Command::AdoptReading);
    assert_eq!(state(&harness), after, "the same score is not kept twice");
}

#[test]
fn a_passage_that_is_repeated_now_is_played_twice() {
    let (mut harness, project) = read_differently("CDEF GABC EGEC", "CDEF GABC| EGEC");
    harness.ask(Command::Open(project));
    let region = harness.project().takes[1].bars.clone();
    assert_eq!(region, Some(2..3));
    let old = harness.played(UNFOLDED).clone();
    harness.ask(Command::AdoptReading);
    let new = harness.played(UNFOLDED).clone();
    assert_eq!(new.notes[..8], old.notes[..8]);
    let shift = new.notes[16].onset_secs - old.notes[8].onset_secs;
    assert!(shift > 3.0, "{shift}");
    for (old, new) in old.notes[8..].iter().zip(&new.notes[16..]) {
        assert!((new.onset_secs - old.onset_secs - shift).abs() < 1e-9);
        assert_eq!(new.velocity, old.velocity);
    }
    assert_eq!(harness.project().takes[1].bars, Some(4..5), "bar 3 is performed anew, wherever it is");
}

#[test]
fn a_file_that_cannot_be_read_any_more_changes_nothing() {
    let (mut harness, project) = read_differently(PIECE, PIECE);
    put_source(&project, vec![0]);
    harness.ask(Command::Open(project));
    assert!(harness.face.messages.iter().all(|m| m.level == Level::Info), "{:?}", harness.face.messages);
    assert_eq!(harness.played(UNFOLDED).notes.len(), 20);
    assert_eq!(harness.project().reading, None);
    harness.ask(Command::AdoptReading);
    assert!(harness.last_message().text.contains("as it is in the project"));
}

#[test]
fn files_hold_notes_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = project(folder.path());
    // Other names for the same notes in the stored score: the takes cannot be of it.
    let (_, saved) = Store::open(&path).unwrap();
    let mut score = (*saved.document.score()).as_ref().clone();
    score.notes[3].id = NoteId { written: 1000, pass: 1 };
    let renamed = Document::with_scores((*saved.document.source).clone(), studio::scores::Scores::new(score));
    let other = folder.path().join("other.espressivo");
    Store::create(&other, &renamed, &History::default()).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute("ATTACH ? AS other", [other.to_str().unwrap()]).unwrap();
    connection
        .execute_batch(
            "UPDATE scores SET (fingerprint, score, checksum) =
             (SELECT fingerprint, score, checksum FROM other.scores) WHERE id = 0",
        )
        .unwrap();
    drop(connection);
    let error = Store::open(&path).err().unwrap().to_string();
    assert!(error.contains("has no note n3-1"), "{error}");
}

/// Waits for the transport of the real playback.
trait Wait {
    fn wait_transport(&mut self, is_it: impl Fn(&protocol::TransportView) -> bool);
}

impl Wait for Harness {
    fn wait_transport(&mut self, is_it: impl Fn(&protocol::TransportView) -> bool) {
        let start = Instant::now();
        while !is_it(&self.face.transport) {
            assert!(start.elapsed() < Duration::from_secs(20), "{:?}", self.face.transport);
            self.settle();
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
