//! Two windows: each with a document of its own, over one set of performers, one device, one list of files.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use protocol::{
    Command, Edit, Event, Level, PerformRequest, PlayState, Settings, Theme, TransportView, VersionId,
};
use sound::transport::OutputChoice;
use studio::WindowId;
use studio::speakers::Speakers;
use studio::studio::find_piano;
use support::{FakeRoster, Harness, SLOW, minuet, request, scores};

const FIRST: VersionId = VersionId::Take(1);

/// Another piece.
fn prelude() -> PathBuf {
    scores().join("chopin_prelude_op28_7.musicxml")
}

/// A window with the minuet and one with the prelude.
fn two() -> (Harness, Harness) {
    let mut first = Harness::new();
    let mut second = first.beside();
    first.ask(Command::Open(minuet()));
    second.ask(Command::Open(prelude()));
    (first, second)
}

/// The windows that are brought to the front.
fn in_front(harness: &Harness) -> Receiver<WindowId> {
    let (tell, told) = channel();
    harness.shared.bring_to_front_with(move |id| tell.send(id).unwrap());
    told
}

fn name(harness: &Harness) -> String {
    harness.project().name.clone()
}

#[test]
fn each_window_has_its_own_document_takes_and_undo() {
    let (mut first, mut second) = two();
    assert_ne!(name(&first), name(&second));
    assert_ne!(first.studio.id(), second.studio.id());
    first.ask(Command::Perform(request(SLOW)));
    second.send(Command::Perform(request(5)));
    first.settle();
    second.settle();
    let jobs = [&first, &second].map(|harness| {
        let job = harness.face.jobs.first();
        job.unwrap_or_else(|| panic!("{:?} has no job: {:?}", name(harness), harness.face.messages)).id
    });
    assert_ne!(jobs[0], jobs[1], "a job is known by its number");
    // A job of one window is nothing to the other.
    second.ask(Command::Cancel(jobs[0]));
    first.ask(Command::Cancel(jobs[0]));
    second.jobs_done();
    assert!(first.project().takes.is_empty());
    assert_eq!(second.project().takes.len(), 1);
    first.perform(request(2));
    second.ask(Command::Edit(FIRST, Edit::Velocities(vec![(3, 99)])));
    first.ask(Command::Undo);
    assert!(first.project().takes.is_empty());
    assert_eq!(second.project().undo.as_deref(), Some("Change velocities"));
    assert_eq!(second.played(FIRST).notes[3].velocity, 99);
    assert!(first.errors().is_empty() && second.errors().is_empty());
}

#[test]
fn a_file_that_is_open_in_another_window_comes_to_the_front_there() {
    let (mut first, mut second) = two();
    let in_front = in_front(&first);
    first.perform(request(2));
    // The score is what the first window has open as long as its work has no name.
    second.ask(Command::Open(minuet()));
    assert_eq!(in_front.try_iter().collect::<Vec<_>>(), [first.studio.id()]);
    assert!(name(&second).contains("Prélude"), "{}", name(&second));
    assert_eq!(second.last_message().level, Level::Info);

    let path = first.folder.path().join("mine.espressivo");
    first.ask(Command::SaveAs(Some(path.clone())));
    assert_eq!(first.shared.holder(&path), Some(first.studio.id()));
    second.ask(Command::Open(path.clone()));
    assert_eq!(in_front.try_iter().collect::<Vec<_>>(), [first.studio.id()]);
    assert_eq!(second.project().read_only, None);
    assert!(name(&second).contains("Prélude"));
    // Now the score is free for another project.
    second.ask(Command::Open(minuet()));
    assert!(second.project().takes.is_empty() && name(&second).contains("Minuet"));

    // In the window that has it nothing happens, and when it is closed another can open it.
    first.ask(Command::Open(path.clone()));
    assert_eq!(first.project().takes.len(), 1);
    first.ask(Command::Close);
    second.ask(Command::Open(path));
    assert_eq!(second.project().takes.len(), 1);
    assert_eq!(second.project().read_only, None, "it can be changed there");
    assert_eq!(in_front.try_iter().count(), 0);
}

#[test]
fn what_cannot_be_opened_belongs_to_nobody() {
    let (mut first, mut second) = two();
    let path = first.folder.path().join("late.musicxml");
    first.ask(Command::Open(path.clone()));
    assert_eq!(first.last_message().level, Level::Error);
    std::fs::copy(minuet(), &path).unwrap();
    second.ask(Command::Open(path.clone()));
    assert_eq!(second.shared.holder(&path), Some(second.studio.id()));
    assert!(name(&second).contains("Minuet"));
}

#[test]
fn playing_in_one_window_rests_the_other_where_it_is() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let speakers = Speakers::new(OutputChoice::Silent);
    let piano = find_piano(application::Folders::default());
    let mut first = Harness::with_playback(folder, FakeRoster { on_gpu: false }, speakers, piano);
    let mut second = first.beside();
    first.ask(Command::Open(minuet()));
    second.ask(Command::Open(prelude()));
    let wait = |harness: &mut Harness, wanted: &dyn Fn(&TransportView) -> bool| {
        harness.until(|_, event| matches!(event, Event::Transport(view) if wanted(view)));
        harness.face.transport.clone()
    };
    let plays_from = |from: f64| {
        move |view: &TransportView| view.state == PlayState::Playing && view.position_quarters > from
    };
    first.send(Command::TogglePlay);
    wait(&mut first, &plays_from(1.0));
    second.send(Command::SeekQuarters(4.0));
    second.send(Command::Rate(50.0));
    second.send(Command::TogglePlay);
    let playing = wait(&mut second, &plays_from(4.2));
    assert!(playing.position_quarters < 8.0 && playing.rate_percent == 50.0, "{playing:?}");
    let rests = wait(&mut first, &|view| view.state == PlayState::Paused);
    assert!(rests.position_quarters >= 1.0 && rests.rate_percent == 100.0, "{rests:?}");

    // It can be moved while the other plays, and goes on from there.
    first.ask(Command::SeekQuarters(12.0));
    first.ask(Command::Audition(60, 80));
    second.settle();
    let still = second.face.transport.state;
    assert_eq!(still, PlayState::Playing, "nothing but playing takes the sound away");
    first.send(Command::TogglePlay);
    let goes_on = wait(&mut first, &plays_from(12.0));
    assert!(goes_on.position_quarters < 15.0, "{goes_on:?}");
    let rests = wait(&mut second, &|view| view.state == PlayState::Paused);
    assert!(rests.position_quarters >= 4.2 && rests.version == VersionId::Deadpan, "{rests:?}");
    // A window that is closed does not stop the other, and leaves it the sound.
    drop(second);
    wait(&mut first, &plays_from(goes_on.position_quarters + 0.5));
}

#[test]
fn a_take_that_is_ready_does_not_interrupt_the_other_window() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let speakers = Speakers::new(OutputChoice::Silent);
    let piano = find_piano(application::Folders::default());
    let mut first = Harness::with_playback(folder, FakeRoster { on_gpu: false }, speakers, piano);
    let mut second = first.beside();
    first.ask(Command::Settings(Settings { autoplay: true, ..Settings::default() }));
    first.ask(Command::Open(minuet()));
    second.ask(Command::Open(prelude()));
    let playing = |event: &Event, from: f64| matches!(event, Event::Transport(view) if view.state == PlayState::Playing && view.position_quarters > from);
    first.send(Command::TogglePlay);
    first.until(|_, event| playing(event, 0.5));
    let here = first.face.transport.position_quarters;
    second.perform(request(4));
    assert_eq!(second.project().listening, FIRST, "it is chosen, but not started");
    first.until(|_, event| playing(event, here + 0.5));
    assert_ne!(second.face.transport.state, PlayState::Playing);
}

#[test]
fn settings_and_recent_files_are_one_and_neither_window_loses_the_others() {
    let (mut first, mut second) = two();
    first.ask(Command::Settings(Settings { theme: Theme::Dark, ..Settings::default() }));
    second.settle();
    assert_eq!(second.face.settings.settings.theme, Theme::Dark, "it is seen at once");
    let larger = Settings { scale: 1.5, ..second.face.settings.settings.clone() };
    second.ask(Command::Settings(larger));
    first.settle();
    let settings = first.face.settings.settings.clone();
    assert_eq!((settings.theme, settings.scale), (Theme::Dark, 1.5));

    let listed = |harness: &Harness| -> Vec<String> {
        harness.face.start.clone().unwrap().recent.into_iter().map(|r| r.name).collect()
    };
    let both = |names: &[String]| ["Minuet", "Prélude"].map(|name| names.iter().any(|n| n.contains(name)));
    assert_eq!(both(&listed(&first)), [true, true], "{:?}", listed(&first));
    let folder = first.folder.clone();
    drop((first, second));
    let mut harness = Harness::in_folder(folder);
    assert_eq!(both(&listed(&harness)), [true, true], "{:?}", listed(&harness));
    harness.settle();
    let settings = harness.face.settings.settings.clone();
    assert_eq!((settings.theme, settings.scale), (Theme::Dark, 1.5));
}

#[test]
fn a_soundfont_that_was_chosen_changes_nothing_that_another_window_has_changed_meanwhile() {
    let (mut first, mut second) = two();
    first.send(Command::Settings(Settings { theme: Theme::Dark, ..Settings::default() }));
    let soundfont = PathBuf::from("/pianos/grand.sf2");
    second.ask(Command::ChooseSoundfont(Some(soundfont.clone())));
    first.settle();
    second.settle();
    for harness in [&first, &second] {
        let settings = &harness.face.settings.settings;
        assert_eq!((settings.theme, settings.soundfont.as_ref()), (Theme::Dark, Some(&soundfont)));
    }
}

#[test]
fn each_window_says_whether_it_has_work_and_whether_that_would_be_lost() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("data"), b"a file where the folder should be").unwrap();
    let mut first = Harness::in_folder(folder);
    let mut second = first.beside();
    assert!(!first.studio.current().has_work);
    first.ask(Command::Open(minuet()));
    second.ask(Command::Open(prelude()));
    assert!(!first.studio.current().has_work, "a score that was only looked at gives way");
    for harness in [&mut first, &mut second] {
        harness.perform(request(1));
        let current = harness.studio.current();
        assert!(current.has_work && current.unsaved.as_ref() == Some(&current.name), "{current:?}");
    }
    let path = first.folder.path().join("saved.espressivo");
    first.ask(Command::SaveAs(Some(path)));
    let unsaved = [&first, &second].map(|harness| harness.studio.current().unsaved.is_some());
    assert_eq!(unsaved, [false, true], "each is asked about its own");
    assert!(first.studio.current().has_work);
    drop(second);
    first.ask(Command::Undo);
    assert!(first.project().takes.is_empty(), "the other is as it was");
}

#[test]
fn what_two_windows_had_open_comes_back_in_two() {
    let (mut first, mut second) = two();
    first.perform(request(2));
    second.perform(request(3));
    let played = [&first, &second].map(|harness| harness.played(FIRST).clone());
    let names = [&first, &second].map(name);
    let mut first = Harness::in_folder(first.crash());
    assert_eq!(first.shared.waiting(), 1);
    assert!(first.studio.current().has_work, "nothing else takes its place");
    // Killed again, at work, before there was another window: nothing is forgotten.
    first.perform(request(9));
    let first = Harness::in_folder(first.crash());
    let second = first.beside();
    assert_eq!([&first, &second].map(name), names);
    assert_eq!([&first, &second].map(|harness| harness.played(FIRST).clone()), played);
    assert_eq!(first.shared.waiting(), 0);
    assert!(first.beside().face.project.is_none(), "a third window begins empty");
    // After a proper end nothing comes back by itself.
    let folder = first.folder.clone();
    drop((first, second));
    assert!(Harness::in_folder(folder).face.project.is_none());
}

#[test]
fn what_may_have_ended_the_app_stays_closed_and_the_other_window_comes_back() {
    let (mut first, second) = two();
    first.perform(request(2));
    // The second has only just opened its piece.
    let suspect = name(&second);
    let first = Harness::in_folder(first.crash());
    assert_eq!((first.project().takes.len(), first.shared.waiting()), (1, 0));
    let told = first.face.messages.iter().filter(|m| m.text.contains(&suspect)).count();
    assert_eq!(told, 1, "{:?}", first.face.messages);
    assert!(first.beside().face.project.is_none());
    let recent = first.face.start.clone().unwrap().recent;
    assert!(recent.iter().any(|r| r.name.contains("Prélude")), "{recent:?}");
}

#[test]
fn closing_one_window_leaves_the_other_at_work() {
    let (mut first, mut second) = two();
    first.send(Command::Perform(request(SLOW)));
    first.settle();
    drop(first);
    second.perform(request(7));
    assert_eq!(second.project().takes.len(), 1);
    second.ask(Command::Open(minuet()));
    assert!(name(&second).contains("Minuet"), "what was open there can be opened here");
}

#[test]
fn a_window_says_that_it_performs_and_what_is_complete_is_kept_when_it_is_closed() {
    let (mut first, mut second) = two();
    assert_eq!(second.studio.current().performing, None);
    // The second take is slow; the first is there at once.
    second.send(Command::Perform(PerformRequest { takes: 2, ..request(SLOW - 1) }));
    second.until(|_, event| matches!(event, Event::Version(view) if view.id == FIRST));
    second.settle();
    assert_eq!(second.studio.current().performing, Some(name(&second)));
    assert_eq!(first.studio.current().performing, None, "each window says it of its own");
    let played = second.played(FIRST).clone();
    drop(second);
    first.settle();
    let recent = first.face.start.clone().unwrap().recent;
    let kept = recent.iter().find(|r| r.is_untitled && r.name.contains("Prélude"));
    first.ask(Command::Open(kept.unwrap_or_else(|| panic!("{recent:?}")).path.clone().into()));
    assert_eq!((first.project().takes.len(), first.played(FIRST)), (1, &played));
    assert_eq!(first.studio.current().performing, None);
}

#[test]
fn a_piece_is_in_the_list_of_recent_files_while_it_is_open_in_any_window() {
    let mut first = Harness::new();
    let mut second = first.beside();
    second.ask(Command::OpenDemo("petzold_minuet_g.musicxml".to_owned()));
    first.settle();
    let listed = |harness: &Harness| harness.face.start.clone().unwrap().recent;
    for harness in [&first, &second] {
        assert!(listed(harness)[0].name.contains("Minuet"), "{:?}", listed(harness));
    }
    // Closed before its take is complete, it can be found again.
    second.send(Command::Perform(request(SLOW)));
    second.settle();
    drop(second);
    first.settle();
    first.ask(Command::Open(listed(&first)[0].path.clone().into()));
    assert!(name(&first).contains("Minuet"), "{:?}", first.face.messages);
}
