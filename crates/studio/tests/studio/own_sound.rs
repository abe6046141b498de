//! Recordings of sound, heard as they are or through the piano.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::{RecordingError, recording};
use notation::Score;
use protocol::{
    Command, Edit, Level, OwnSoundState, OwnSoundView, PerformRequest, Settings, VersionId, ViewState,
};
use studio::recording::OnProgress;

use crate::heard;
use crate::support::{Harness, request};

const LESSON: VersionId = VersionId::Recording(1);

/// A studio that finds in a sound what stands in the MIDI file of the same name.
fn studio() -> Harness {
    let read = |path: &Path, score: &Score, _: &mut OnProgress<'_>| -> Result<_, RecordingError> {
        recording::read_as_played(&path.with_extension("mid"), score)
    };
    Harness::with_reader(Arc::new(read))
}

/// A studio with the minuet and a recording of it, whose files are no more.
fn lesson() -> Harness {
    let mut harness = studio();
    harness.open_minuet();
    let path = heard::lesson(&harness);
    harness.finish(Command::ImportRecording(Some(path.clone())));
    std::fs::remove_file(path).unwrap();
    until_read(&mut harness);
    harness
}

fn own_sound(harness: &Harness) -> OwnSoundView {
    harness.project().takes[0].own_sound.clone().expect("it came from sound")
}

/// Waits until its own sound is there, or cannot be heard.
fn until_read(harness: &mut Harness) {
    let begin = Instant::now();
    while own_sound(harness).state == OwnSoundState::Reading {
        assert!(begin.elapsed() < Duration::from_secs(60), "it is never read");
        std::thread::sleep(Duration::from_millis(5));
        harness.settle();
    }
}

/// Whether the transport plays the recording as it is.
fn is_heard_as_it_is(harness: &Harness, id: VersionId) -> bool {
    harness.playback.0.lock().unwrap().recordings.contains(&id)
}

#[test]
fn a_recording_is_heard_as_it_is_or_through_the_piano_and_the_project_keeps_both() {
    let mut harness = lesson();
    assert_eq!(own_sound(&harness), OwnSoundView { is_chosen: true, state: OwnSoundState::Ready });
    assert!(is_heard_as_it_is(&harness, LESSON) && !is_heard_as_it_is(&harness, VersionId::Deadpan));
    harness.ask(Command::HearOwnSound(LESSON, false));
    assert_eq!(own_sound(&harness), OwnSoundView { is_chosen: false, state: OwnSoundState::Ready });
    assert!(!is_heard_as_it_is(&harness, LESSON));
    assert_eq!(harness.project().undo.as_deref(), Some("Import recording"), "it is no step");
    // What the window remembers of itself leaves it alone.
    harness.ask(Command::Remember(ViewState { in_seconds: true, ..ViewState::default() }));
    let saved = harness.folder.path().join("lesson.espressivo");
    harness.ask(Command::SaveAs(Some(saved.clone())));
    harness.ask(Command::Close);
    harness.ask(Command::Open(saved));
    assert!(!own_sound(&harness).is_chosen && !is_heard_as_it_is(&harness, LESSON));
    harness.ask(Command::HearOwnSound(LESSON, true));
    until_read(&mut harness);
    assert!(own_sound(&harness).is_heard() && is_heard_as_it_is(&harness, LESSON));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
}

#[test]
fn changes_by_hand_are_heard_on_the_piano() {
    let mut harness = lesson();
    harness.ask(Command::Duplicate(LESSON));
    let copy = VersionId::Take(2);
    assert!(is_heard_as_it_is(&harness, copy), "a copy plays the same");
    harness.ask(Command::Edit(LESSON, Edit::Velocities(vec![(3, 111)])));
    let OwnSoundState::Unavailable(why) = own_sound(&harness).state else { panic!("it has the change") };
    assert!(why.contains("changed by hand"), "{why}");
    let told =
        |harness: &Harness| harness.face.messages.iter().filter(|m| m.text.contains("own sound")).count();
    assert_eq!(told(&harness), 1, "{:?}", harness.face.messages);
    harness.ask(Command::Edit(LESSON, Edit::Velocities(vec![(4, 112)])));
    assert_eq!(told(&harness), 1, "it is said once");
    harness.ask(Command::Undo);
    assert!(!is_heard_as_it_is(&harness, LESSON) && is_heard_as_it_is(&harness, copy));
    harness.ask(Command::Undo);
    assert_eq!(own_sound(&harness).state, OwnSoundState::Ready);
    assert!(is_heard_as_it_is(&harness, LESSON));
    // What is performed anew never sounded so.
    harness.perform(PerformRequest { bars: Some(0..2), of: LESSON, ..request(3) });
    let performed = harness.project().takes.last().unwrap();
    assert_eq!(performed.own_sound, None);
    assert!(!is_heard_as_it_is(&harness, performed.id));
}

#[test]
fn notes_that_go_to_a_midi_port_are_no_sound_of_the_recording() {
    let mut harness = lesson();
    let settings = harness.face.settings.settings.clone();
    harness.ask(Command::Settings(Settings { midi_port: Some("Synth".to_owned()), ..settings.clone() }));
    let OwnSoundState::Unavailable(why) = own_sound(&harness).state else { panic!("notes go elsewhere") };
    assert!(why.contains("MIDI port"), "{why}");
    assert!(!is_heard_as_it_is(&harness, LESSON));
    harness.ask(Command::Settings(settings));
    assert!(own_sound(&harness).is_heard() && is_heard_as_it_is(&harness, LESSON));
}

#[test]
fn a_sound_that_cannot_be_heard_is_told_and_the_piano_plays() {
    let mut harness = studio();
    harness.open_minuet();
    let path = heard::lesson(&harness);
    // The head of a sound file, and nothing after it.
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..44]).unwrap();
    harness.finish(Command::ImportRecording(Some(path)));
    until_read(&mut harness);
    let OwnSoundState::Missing(why) = own_sound(&harness).state else { panic!("there is no sound") };
    let told = harness.face.messages.iter().find(|message| message.text.contains(&why));
    let told = told.expect("it is said");
    assert_eq!(told.level, Level::Warning);
    assert!(told.text.starts_with("lesson is heard on the piano"), "{}", told.text);
    assert!(!is_heard_as_it_is(&harness, LESSON));
}

#[test]
fn what_came_from_midi_has_no_sound_of_its_own() {
    let mut harness = studio();
    harness.open_minuet();
    let midi = heard::lesson(&harness).with_extension("mid");
    harness.finish(Command::ImportRecording(Some(midi)));
    assert_eq!(harness.project().takes[0].own_sound, None);
    harness.ask(Command::HearOwnSound(LESSON, true));
    harness.ask(Command::HearOwnSound(VersionId::Deadpan, false));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
}
