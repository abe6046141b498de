//! Coming back: projects, work without a name, other windows, strange files.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use performance::Performance;
use performers::device::DeviceChoice;
use performers::{BaseTempo, Controls, Job, Region, Request, Resources, take};
use protocol::{
    Amounts, Command, Edit, Event, Knobs, Level, PanelState, PerformRequest, Settings, Theme, VersionId,
    ViewState,
};
use studio::roster::Registry;
use support::{Harness, minuet, request, score_of};

const FIRST: VersionId = VersionId::Take(1);

fn edited(harness: &mut Harness) -> Performance {
    harness.open_minuet();
    harness.perform(request(2));
    harness.ask(Command::Edit(FIRST, Edit::Velocities(vec![(3, 99)])));
    harness.played(FIRST).clone()
}

#[test]
fn work_without_a_name_is_there_after_a_crash() {
    let mut harness = Harness::new();
    let played = edited(&mut harness);
    let folder = harness.crash();
    let mut harness = Harness::in_folder(folder);
    assert_eq!(harness.played(FIRST), &played);
    assert!(harness.face.messages.iter().any(|m| m.text.contains("ended unexpectedly")));
    assert_eq!(harness.project().undo.as_deref(), Some("Change velocities"));
    assert_eq!(harness.project().path, None);
    harness.ask(Command::Undo);
    harness.ask(Command::Undo);
    assert!(harness.project().takes.is_empty());
    // A proper end leads to the start page, which offers the work.
    harness.ask(Command::Redo);
    let folder = harness.folder.clone();
    drop(harness);
    let mut harness = Harness::in_folder(folder);
    assert!(harness.face.project.is_none());
    let recent = harness.face.start.clone().unwrap().recent;
    assert!(recent.iter().any(|r| r.is_untitled && r.name.contains("Minuet")), "{recent:?}");
    let work = recent.into_iter().find(|r| r.is_untitled).unwrap();
    harness.ask(Command::Open(work.path.into()));
    assert_eq!(harness.project().takes.len(), 1);
    assert_eq!(harness.project().path, None, "it still has no name");
}

#[test]
fn what_may_have_ended_the_app_is_named_and_not_opened_again() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let mut harness = Harness::in_folder(harness.crash());
    assert!(harness.face.project.is_none(), "it is not opened");
    let told =
        harness.face.messages.iter().find(|m| m.text.contains("ended unexpectedly")).expect("it is said");
    assert!(told.text.contains("Minuet"), "{told:?}");
    let recent = harness.face.start.clone().unwrap().recent;
    assert!(recent[0].is_untitled && recent[0].name.contains("Minuet"), "{recent:?}");
    harness.ask(Command::Open(recent[0].path.clone().into()));
    assert_eq!(harness.project().name, "Minuet in G major, BWV Anh. 114");
    // Once it was worked on it is harmless.
    harness.perform(request(2));
    let harness = Harness::in_folder(harness.crash());
    assert_eq!(harness.project().takes.len(), 1);
}

#[test]
fn what_ends_the_app_while_it_is_read_is_named_and_the_work_before_comes_back() {
    let mut harness = Harness::new();
    edited(&mut harness);
    let data = harness.folder.path().join("data");
    let open: serde_json::Value =
        serde_json::from_slice(&std::fs::read(data.join("open.json")).unwrap()).unwrap();
    assert!(open["project"].is_string() && open["opening"].is_null(), "{open}");
    // As it stands while a score is read.
    let mut reading = open.clone();
    reading["opening"] = serde_json::json!({ "name": "endless.mid", "path": "/music/endless.mid" });
    std::fs::write(data.join("open.json"), reading.to_string()).unwrap();
    let harness = Harness::in_folder(harness.crash());
    assert_eq!(harness.project().takes.len(), 1);
    assert!(
        harness.face.messages.iter().any(|m| m.text.contains("endless.mid")),
        "{:?}",
        harness.face.messages
    );
}

#[test]
fn a_score_that_was_only_viewed_leaves_nothing_behind() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(Command::Close);
    let untitled = harness.folder.path().join("data/untitled");
    assert_eq!(std::fs::read_dir(untitled).unwrap().count(), 0);
    let recent = harness.face.start.clone().unwrap().recent;
    assert_eq!(recent.len(), 1);
    assert!(!recent[0].is_untitled && recent[0].path.ends_with(".musicxml"));
}

#[test]
fn a_mood_that_was_written_is_kept_before_anything_is_performed() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let text = "bars 1-8 gentle; bars 9-16 fierce";
    let panel = |mood: &str| Box::new(PanelState { mood: mood.into(), ..PanelState::default() });
    harness.ask(Command::RememberPanel(panel(text)));
    assert!(harness.studio.current().has_work, "no other file takes its place");
    harness.ask(Command::Close);
    let recent = harness.face.start.clone().unwrap().recent;
    assert!(recent[0].is_untitled && recent[0].name.contains("Minuet"), "{recent:?}");
    harness.ask(Command::Open(recent[0].path.clone().into()));
    assert_eq!(harness.project().view.panel.as_ref().unwrap().mood, text);
    // Without it nothing is left behind.
    harness.ask(Command::RememberPanel(panel("")));
    harness.ask(Command::Close);
    assert_eq!(std::fs::read_dir(harness.folder.path().join("data/untitled")).unwrap().count(), 0);
    let recent = harness.face.start.clone().unwrap().recent;
    assert!(recent.iter().all(|r| !r.is_untitled), "{recent:?}");
}

#[test]
fn a_saved_project_keeps_all_and_moves_on_under_its_name() {
    let mut harness = Harness::new();
    let played = edited(&mut harness);
    harness.ask(Command::Edit(FIRST, Edit::Pin(vec![1, 2], vec![protocol::PinKind::Onset])));
    let path = harness.folder.path().join("My minuet");
    harness.ask(Command::SaveAs(Some(path.clone())));
    let path = path.with_extension("espressivo");
    assert_eq!(harness.studio.current().path.as_deref(), Some(path.as_path()));
    assert_eq!(harness.project().name, "My minuet");
    assert_eq!(std::fs::read_dir(harness.folder.path().join("data/untitled")).unwrap().count(), 0);
    harness.ask(Command::Rename(FIRST, "the good one".into()));
    let view = ViewState { span_quarters: Some((3.0, 9.0)), in_seconds: true, ..ViewState::default() };
    let knobs = Knobs::from([("swing".to_owned(), 0.1_f64.into()), ("style".to_owned(), "pop".into())]);
    let panel = PanelState { mood: "dark".into(), knobs, seed: 7, takes: 3, ..PanelState::default() };
    harness.ask(Command::RememberPanel(Box::new(panel.clone())));
    harness.ask(Command::Remember(view.clone()));
    let view = ViewState { panel: Some(Box::new(panel)), ..view };
    let folder = harness.folder.clone();
    drop(harness);
    // The file alone is enough.
    let copy = folder.path().join("copy.espressivo");
    std::fs::copy(&path, &copy).unwrap();
    let mut harness = Harness::new();
    harness.ask(Command::Open(copy));
    assert_eq!(harness.played(FIRST), &played);
    assert_eq!(harness.project().takes[0].name, "the good one");
    assert_eq!(harness.face.versions[&FIRST].pins.len(), 2);
    assert_eq!(harness.project().view, view);
    for _ in 0..4 {
        harness.ask(Command::Undo);
    }
    assert!(harness.project().takes.is_empty() && harness.project().undo.is_none());
}

#[test]
fn a_project_that_is_open_elsewhere_can_be_read_and_saved_as_another() {
    let mut harness = Harness::new();
    edited(&mut harness);
    let path = harness.folder.path().join("shared.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    let mut second = Harness::in_folder(harness.folder.clone());
    second.ask(Command::Open(path.clone()));
    assert!(second.project().read_only.as_ref().unwrap().contains("another window"));
    second.ask(Command::Undo);
    assert_eq!(second.last_message().level, Level::Warning);
    assert_eq!(second.project().takes.len(), 1, "nothing is changed");
    second.ask(Command::Perform(request(9)));
    assert!(second.face.jobs.is_empty());
    let other = harness.folder.path().join("mine.espressivo");
    second.ask(Command::SaveAs(Some(other)));
    assert_eq!(second.project().read_only, None);
    second.ask(Command::Undo);
    assert!(!second.project().takes[0].is_edited);
    harness.ask(Command::Rename(FIRST, "still mine".into()));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    harness.ask(Command::SaveAs(Some(harness.folder.path().join("mine.espressivo"))));
    assert_eq!(harness.last_message().level, Level::Error, "the other window has it open");
}

#[test]
fn a_damaged_project_leaves_open_what_was_open() {
    let mut harness = Harness::new();
    edited(&mut harness);
    let path = harness.folder.path().join("damaged.espressivo");
    std::fs::write(&path, b"SQLite format 3\0 and then nothing good").unwrap();
    harness.ask(Command::Open(path));
    assert_eq!(harness.last_message().level, Level::Error);
    assert!(harness.last_message().text.contains("damaged.espressivo"));
    assert_eq!(harness.project().takes.len(), 1);
}

#[test]
fn settings_are_kept_for_the_next_time() {
    let mut harness = Harness::new();
    harness.ask(Command::Settings(Settings { theme: Theme::Dark, ..Settings::default() }));
    let folder = harness.folder.clone();
    drop(harness);
    let harness = Harness::in_folder(folder);
    harness.studio.send(Command::Hello);
    let found = harness.events.iter().find_map(|event| match event {
        Event::Settings(view) => Some(view.settings.theme),
        _ => None,
    });
    assert_eq!(found, Some(Theme::Dark));
}

#[test]
fn a_data_folder_that_cannot_be_written_is_told_of_and_work_goes_on() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("data"), b"a file where the folder should be").unwrap();
    let mut harness = Harness::in_folder(folder);
    harness.open_minuet();
    assert!(harness.errors().iter().any(|m| m.text.contains("memory only")), "{:?}", harness.face.messages);
    assert_eq!(harness.studio.current().unsaved, None, "a score that was only looked at can be left");
    harness.perform(request(1));
    harness.ask(Command::Undo);
    harness.ask(Command::Redo);
    assert_eq!(harness.project().takes.len(), 1);
    assert!(harness.studio.current().unsaved.is_some(), "leaving it would lose work");
    let path = harness.folder.path().join("saved.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    assert!(path.is_file());
    assert_eq!(harness.studio.current().unsaved, None);
}

#[test]
fn the_app_gives_the_take_that_the_command_line_gives() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut harness = Harness::with(folder, Registry::new("nowhere".into()));
    harness.open_minuet();
    let amounts = Amounts { rubato: 1.5, pedal: 0.5, ..Amounts::default() };
    let wanted = PerformRequest { performer: "rules".into(), amounts, ..request(11) };
    harness.perform(wanted.clone());
    harness.perform(PerformRequest { bars: Some(2..6), of: FIRST, seed: 12, ..wanted });

    // What `espressivo perform` calls.
    let score = score_of(&minuet());
    let resources = Resources { models: "nowhere".as_ref(), device: DeviceChoice::Cpu };
    let rules = application::systems::registry().load("rules", &resources).unwrap();
    let play = |seed, region: &Region, context: Option<&Performance>| {
        let base_tempo = BaseTempo::Free;
        let controls = Controls { seed, base_tempo, amounts, ..Controls::default() };
        let request = Request { score: &score, region, context, controls: &controls };
        take::perform(&*rules, &request, &Job::default()).unwrap()
    };
    let whole = play(11, &Region::All, None);
    let same = |id: VersionId, expected: &Performance| {
        let played = harness.played(id);
        let other = played.notes.iter().zip(&expected.notes).find(|(a, b)| a != b);
        assert!(other.is_none() && played.notes.len() == expected.notes.len(), "{other:?}");
        let other = played.pedals.iter().zip(&expected.pedals).find(|(a, b)| a != b);
        assert!(other.is_none() && played.pedals.len() == expected.pedals.len(), "{other:?}");
    };
    same(FIRST, &whole);
    same(VersionId::Take(2), &play(12, &Region::Measures(2..6), Some(&whole)));
}
