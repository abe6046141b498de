//! Manners: read of a version or of a recording, remembered by the takes that are played in them.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::PathBuf;

use protocol::{
    Command, ExportRequest, KnobValue, Knobs, Level, Manner, MannerSource, MidiMode, PanelState,
    PerformRequest, VersionId,
};
use support::{FAKE, FakeRoster, Harness, minuet, request};

const LIKE: &str = "like";
const FIRST: VersionId = VersionId::Take(1);
const SECOND: VersionId = VersionId::Take(2);

/// A studio with the minuet and a take of it.
fn studio() -> Harness {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    harness
}

fn reading(of: MannerSource) -> Command {
    Command::ReadManner { performer: FAKE.into(), knob: LIKE.into(), of }
}

/// The manner that is read, which must be told for the knob that it was asked for.
fn read(harness: &mut Harness, of: MannerSource) -> Manner {
    harness.finish(reading(of));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    let (performer, knob, manner) = harness.face.manners.pop().unwrap();
    assert_eq!((performer.as_str(), knob.as_str()), (FAKE, LIKE));
    assert!(harness.face.jobs.is_empty() && harness.face.manners.is_empty());
    manner
}

/// What is said when a manner cannot be read, and how badly.
fn refused(harness: &mut Harness, command: Command) -> (Level, String) {
    harness.face.messages.clear();
    harness.finish(command);
    assert!(harness.face.manners.is_empty(), "{:?}", harness.face.manners);
    let message = harness.last_message();
    (message.level, message.text.clone())
}

fn mean_velocity(harness: &Harness, id: VersionId) -> f32 {
    let notes = &harness.played(id).notes;
    (notes.iter().map(|note| f32::from(note.velocity)).sum::<f32>() / notes.len() as f32).round()
}

fn played_like(manner: &Manner) -> PerformRequest {
    let knobs = Knobs::from([(LIKE.to_owned(), KnobValue::Manner(manner.clone()))]);
    PerformRequest { knobs, ..request(5) }
}

/// The first take as a MIDI file of any piece.
fn recorded(harness: &mut Harness, name: &str) -> PathBuf {
    let path = harness.folder.path().join(name);
    let exact = ExportRequest { version: FIRST, bars: None, mode: MidiMode::ExactTiming(120.0) };
    harness.finish(Command::ExportMidi(exact, Some(path.clone())));
    path
}

#[test]
fn a_take_is_played_like_another_and_remembers_it() {
    let mut harness = studio();
    let manner = read(&mut harness, MannerSource::Version(FIRST));
    let notes = harness.played(FIRST).notes.len() as f32;
    assert_eq!(
        (manner.name.as_str(), manner.numbers.as_slice()),
        ("Take 1", &[mean_velocity(&harness, FIRST), notes][..])
    );
    harness.perform(played_like(&manner));
    let velocity = manner.numbers[0] as u8;
    assert!(harness.played(SECOND).notes.iter().all(|note| note.velocity == velocity));
    let take = harness.project().takes[1].clone();
    assert_eq!(take.knobs[LIKE].manner(), Some(&manner));
    assert!(take.origin.contains("like Take 1"), "{}", take.origin);

    // The manner is in the project: it needs the take no more, and a crash does not take it away.
    harness.ask(Command::Delete(FIRST));
    let mut harness = Harness::in_folder(harness.crash());
    let take = harness.project().takes[0].clone();
    assert_eq!((take.id, take.knobs[LIKE].manner()), (SECOND, Some(&manner)));
    harness.ask(Command::Undo);
    assert_eq!(harness.project().takes.len(), 2);
    harness.ask(Command::Undo);
    let left: Vec<VersionId> = harness.project().takes.iter().map(|take| take.id).collect();
    assert_eq!(left, [FIRST]);
    harness.ask(Command::Redo);
    assert_eq!(harness.project().takes[1].knobs[LIKE].manner(), Some(&manner));
}

#[test]
fn a_recording_of_any_piece_is_read_without_becoming_a_version() {
    let mut harness = studio();
    let path = recorded(&mut harness, "Clara, live.mid");
    let undo = harness.project().undo.clone();
    let manner = read(&mut harness, MannerSource::File(Some(path.clone())));
    assert_eq!(manner.name, "Clara, live");
    // Ornaments have more keys than they are written with.
    assert!((manner.numbers[0] - mean_velocity(&harness, FIRST)).abs() < 5.0, "{manner:?}");
    assert_eq!((harness.project().takes.len(), &harness.project().undo), (1, &undo));
    // That its score is not known is told.
    let told = harness.last_message();
    assert_eq!(told.level, Level::Info);
    assert!(
        told.text.contains("the beats are estimated") && told.text.ends_with("Clara, live.mid"),
        "{told:?}"
    );
    // Without the file the manner stays.
    std::fs::remove_file(path).unwrap();
    harness.perform(played_like(&manner));
    assert_eq!(mean_velocity(&harness, SECOND), manner.numbers[0]);
}

#[test]
fn the_panel_keeps_the_manner_with_the_project() {
    let mut harness = studio();
    let manner = read(&mut harness, MannerSource::Version(FIRST));
    let panel = PanelState { knobs: played_like(&manner).knobs, ..PanelState::default() };
    harness.ask(Command::RememberPanel(Box::new(panel.clone())));
    // What cannot be kept is not taken over.
    for numbers in [vec![f32::NAN], vec![0.0; 1_000_000]] {
        let hostile = Manner { numbers, ..manner.clone() };
        let panel = PanelState { knobs: played_like(&hostile).knobs, ..PanelState::default() };
        harness.ask(Command::RememberPanel(Box::new(panel)));
        harness.perform(played_like(&hostile));
        let take = harness.project().takes.last().unwrap().clone();
        assert!(take.knobs.is_empty(), "it is performed without");
        harness.ask(Command::Undo);
    }
    let path = harness.folder.path().join("kept.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    let folder = harness.folder.clone();
    drop(harness);
    let mut harness = Harness::in_folder(folder);
    harness.ask(Command::Open(path));
    assert_eq!(harness.project().view.panel.as_deref(), Some(&panel));
}

#[test]
fn what_shows_no_manner_says_so() {
    let mut harness = studio();
    let deadpan = reading(MannerSource::Version(VersionId::Deadpan));
    let (level, text) = refused(&mut harness, deadpan);
    assert!(level == Level::Warning && text.contains("has no manner"), "{text}");
    let (_, text) = refused(&mut harness, reading(MannerSource::Version(VersionId::Take(9))));
    assert!(text.contains("is gone"), "{text}");
    let (level, text) = refused(&mut harness, reading(MannerSource::File(Some(minuet()))));
    assert!(level == Level::Error && text.contains("a written score"), "{text}");
    assert!(text.ends_with("petzold_minuet_g.musicxml"), "{text}");
    let missing = harness.folder.path().join("missing.mid");
    let (_, text) = refused(&mut harness, reading(MannerSource::File(Some(missing))));
    assert!(text.starts_with("cannot read the recording"), "{text}");
    // A sound that nobody hears anything in, or that there is no network to hear with.
    let silent = harness.folder.path().join("silent.wav");
    std::fs::write(&silent, b"RIFF\x24\0\0\0WAVEfmt ").unwrap();
    let (level, text) = refused(&mut harness, reading(MannerSource::File(Some(silent))));
    assert!(level == Level::Error && text.ends_with("silent.wav"), "{text}");
    // The shell asks for a file where none is named.
    harness.finish(reading(MannerSource::File(None)));
    assert!(harness.face.manners.is_empty());
}

#[test]
fn only_performers_and_knobs_that_take_one_read_a_manner() {
    let mut harness = studio();
    let of = MannerSource::Version(FIRST);
    let read = |performer: &str, knob: &str| Command::ReadManner {
        performer: performer.into(),
        knob: knob.into(),
        of: of.clone(),
    };
    let (_, text) = refused(&mut harness, read("nobody", LIKE));
    assert!(text.contains("there is no performer `nobody`"), "{text}");
    let (_, text) = refused(&mut harness, read(FAKE, "swing"));
    assert!(text.contains("does not play like a recording"), "{text}");
    let (_, text) = refused(&mut harness, read(FAKE, "loudness"));
    assert!(text.contains("has no setting `loudness`"), "{text}");
    let (_, text) = refused(&mut harness, read("missing", LIKE));
    assert!(text.contains("the model is missing"), "{text}");
    // Without a piece nothing is read.
    let mut harness =
        Harness::with(std::sync::Arc::new(tempfile::tempdir().unwrap()), FakeRoster { on_gpu: false });
    harness.finish(read(FAKE, LIKE));
    assert!(harness.face.manners.is_empty() && harness.errors().is_empty());
}

#[test]
fn the_job_says_for_which_knob_it_reads_and_ends_with_the_piece() {
    let mut harness = studio();
    harness.send(reading(MannerSource::Version(FIRST)));
    let is_for = |jobs: &[protocol::JobView]| {
        jobs.iter().any(|job| job.reads_for == Some((FAKE.to_owned(), LIKE.to_owned())))
    };
    harness.until(|_, event| matches!(event, protocol::Event::Jobs(jobs) if is_for(jobs)));
    harness.jobs_done();
    let path = recorded(&mut harness, "lesson.mid");
    harness.face.manners.clear();
    harness.send(reading(MannerSource::File(Some(path))));
    harness.send(Command::Close);
    harness.jobs_done();
    assert!(harness.face.project.is_none() && harness.errors().is_empty());
}
