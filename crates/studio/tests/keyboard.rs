//! Recording from a MIDI keyboard: what is played becomes a version or takes the place of bars, and nothing of it
//! is lost.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use performance::midi::read_performance;
use performance::{Pedal, PlayedNote};
use protocol::{
    Bars, Command, Event, KeyboardSettings, Level, PlayState, PunchIn, RecordRequest, RecordState,
    RecordWith, Settings, VersionId,
};
use sound::keyboard::KeyAction;
use studio::playback::{HeardPlace, LostPort, PlayedKey};
use support::{Harness, minuet, request, score_of};

/// When recording begins on the keyboard's clock.
const BEGIN_SECS: f64 = 1000.0;

const NOW: RecordRequest = RecordRequest { replace: None, waits: false };

fn with(with: RecordWith) -> Command {
    let keyboard =
        KeyboardSettings { port: Some("Stage piano".to_owned()), with, ..KeyboardSettings::default() };
    Command::Settings(Settings { keyboard, ..Settings::default() })
}

/// The keys of some bars as the deadpan plays them, a little louder from note to note, with a pedal half-way.
fn keys(harness: &Harness, bars: Bars, velocity: u8, is_heard: bool) -> Vec<PlayedKey> {
    let score = score_of(&minuet());
    let deadpan = harness.played(VersionId::Deadpan);
    let mut keys = Vec::new();
    let inside = score.notes_in_measures(bars);
    let begin_secs = deadpan.notes[inside.start].onset_secs;
    for note in &deadpan.notes[inside] {
        let written = &score.notes[note.note as usize];
        let place = |secs: f64| {
            let quarters = written.onset.to_f64();
            is_heard.then_some(HeardPlace { version: VersionId::Deadpan, quarters, secs })
        };
        let pitch = written.pitch;
        let mut key = |secs: f64, action| {
            let at_secs = BEGIN_SECS + if is_heard { secs } else { secs - begin_secs };
            keys.push(PlayedKey { at_secs, action, heard: place(secs) });
        };
        key(note.onset_secs, KeyAction::Down { pitch, velocity });
        key(note.onset_secs + 0.9 * note.duration_secs, KeyAction::Up { pitch });
    }
    let half = KeyAction::Pedal { pedal: Pedal::Sustain, value: 47 };
    keys.push(PlayedKey { at_secs: keys[0].at_secs + 0.1, action: half, heard: None });
    keys.sort_by(|a, b| a.at_secs.total_cmp(&b.at_secs));
    keys
}

/// Keys that no piece has.
fn nonsense() -> Vec<PlayedKey> {
    let key = |k: u8| {
        let at_secs = BEGIN_SECS + 0.3 * f64::from(k);
        let down = KeyAction::Down { pitch: 22 + k % 3, velocity: 64 };
        let up = KeyAction::Up { pitch: 22 + k % 3 };
        let of = |at_secs, action| PlayedKey { at_secs, action, heard: None };
        [of(at_secs, down), of(at_secs + 0.1, up)]
    };
    (0..30).flat_map(key).collect()
}

fn play(harness: &Harness, keys: Vec<PlayedKey>) {
    let mut state = harness.playback.0.lock().unwrap();
    state.now_secs = keys.last().map_or(BEGIN_SECS, |key| key.at_secs + 1.0);
    state.played.extend(keys);
}

/// The files of what is kept.
fn files(harness: &Harness) -> Vec<PathBuf> {
    let folder = harness.folder.path().join("data").join("recordings");
    let places = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let inside = places.flat_map(|place| std::fs::read_dir(place.path()).into_iter().flatten().flatten());
    let is_midi = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "mid");
    inside.map(|file| file.path()).filter(is_midi).collect()
}

fn notes_of(path: &Path) -> usize {
    read_performance(&std::fs::read(path).unwrap()).unwrap().notes.len()
}

#[test]
fn what_is_played_to_the_metronome_becomes_a_version() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(Command::FindKeyboards);
    assert_eq!(harness.face.keyboard.ports, ["Midi Through:0", "Stage piano"]);
    assert_eq!(harness.face.keyboard.state, RecordState::Off);
    harness.ask(Command::SeekQuarters(6.0));
    harness.ask(Command::Record(NOW));
    assert_eq!(
        harness.face.settings.settings.keyboard.port.as_deref(),
        Some("Stage piano"),
        "nobody plays through"
    );
    assert_eq!(harness.face.keyboard.state, RecordState::Recording);
    {
        let state = harness.playback.0.lock().unwrap();
        assert_eq!((state.state, state.listening), (PlayState::Playing, Some(VersionId::Deadpan)));
        assert!(state.is_hushed && state.metronome && state.count_in && state.is_recorded);
        assert_eq!((state.quarters, state.looped), (6.0, None), "from the playhead on");
    }
    let played = keys(&harness, 2..10, 77, true);
    play(&harness, played);
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.notes > 0));
    harness.finish(Command::StopRecording);
    assert_eq!(harness.errors(), Vec::<&protocol::Message>::new());
    let id = VersionId::Recording(1);
    assert_eq!(harness.project().listening, id);
    assert_eq!(harness.project().takes[0].name, "Recording 1");
    let (deadpan, recorded) = (harness.played(VersionId::Deadpan), harness.played(id));
    let inside = score_of(&minuet()).notes_in_measures(2..10);
    assert_eq!(recorded.notes.len(), inside.len());
    for note in &recorded.notes {
        let PlayedNote { onset_secs, velocity, .. } = *note;
        assert!(inside.contains(&(note.note as usize)), "{note:?}");
        assert_eq!(velocity, 77);
        let heard_secs = deadpan.get(note.note).unwrap().onset_secs;
        assert!(
            (onset_secs - heard_secs).abs() < 1e-4,
            "the second that was heard: {onset_secs} {heard_secs}"
        );
    }
    assert!(recorded.pedals.iter().any(|pedal| pedal.value == 47), "half a pedal");
    {
        let state = harness.playback.0.lock().unwrap();
        assert!(!state.is_hushed && !state.metronome && !state.count_in && !state.is_recorded);
        assert_eq!(state.state, PlayState::Stopped);
    }
    assert_eq!(files(&harness), Vec::<PathBuf>::new(), "a version needs no copy");
    assert_eq!(harness.project().undo.as_deref(), Some("Record"));
    harness.ask(Command::Undo);
    assert!(harness.project().takes.is_empty());
}

#[test]
fn takes_that_are_ready_meanwhile_leave_a_recording_alone() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(with(RecordWith::Metronome));
    harness.ask(Command::Loop(Some(0..2)));
    harness.ask(Command::Record(NOW));
    harness.perform(request(1));
    assert_eq!(harness.project().takes.len(), 1);
    {
        let state = harness.playback.0.lock().unwrap();
        let plays = (state.listening, state.looped, state.state);
        assert_eq!(plays, (Some(VersionId::Deadpan), None, PlayState::Playing), "as it is written");
    }
    assert_eq!(harness.face.keyboard.state, RecordState::Recording);
    let played = keys(&harness, 2..10, 77, true);
    play(&harness, played);
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.notes > 0));
    harness.finish(Command::StopRecording);
    assert_eq!(harness.project().takes.len(), 2);
    let heard = harness.project().listening;
    assert!(matches!(heard, VersionId::Recording(_)), "{heard:?}");
    assert_eq!(harness.playback.0.lock().unwrap().listening, Some(heard), "then it is heard");
}

#[test]
fn a_free_recording_begins_with_the_first_key_and_plays_nothing() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(with(RecordWith::Free));
    harness.ask(Command::Record(NOW));
    assert_eq!(harness.face.keyboard.state, RecordState::Armed);
    assert_eq!(harness.playback.0.lock().unwrap().state, PlayState::Stopped);
    let played = keys(&harness, 0..8, 50, false);
    play(&harness, played);
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.state == RecordState::Recording));
    assert_eq!(harness.playback.0.lock().unwrap().state, PlayState::Stopped);
    harness.finish(Command::StopRecording);
    assert_eq!(harness.project().listening, VersionId::Recording(1));
    // Armed and stopped again, nothing has happened.
    harness.ask(Command::Record(NOW));
    harness.finish(Command::StopRecording);
    assert!(harness.last_message().text.contains("no key went down"));
    assert_eq!((harness.project().takes.len(), files(&harness).len()), (1, 0));
}

#[test]
fn an_armed_recording_begins_when_playing_does_and_plays_the_version_that_is_heard() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    harness.ask(Command::Listen(VersionId::Take(1)));
    harness.ask(with(RecordWith::Version));
    harness.ask(Command::Record(RecordRequest { replace: None, waits: true }));
    assert_eq!(harness.face.keyboard.state, RecordState::Armed);
    harness.ask(Command::TogglePlay);
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.state == RecordState::Recording));
    {
        let mut state = harness.playback.0.lock().unwrap();
        assert_eq!((state.state, state.listening), (PlayState::Playing, Some(VersionId::Take(1))));
        assert!(!state.is_hushed && !state.metronome);
        // The piece comes to its end.
        state.played.extend(keys(&harness, 0..36, 60, true));
    }
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.notes > 0));
    harness.playback.0.lock().unwrap().state = PlayState::Stopped;
    harness.until(|_, event| matches!(event, Event::Project(Some(view)) if view.takes.len() == 2));
}

#[test]
fn bars_that_are_played_anew_take_the_place_of_those_of_a_take_in_one_step() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    let of = VersionId::Take(1);
    let before = harness.played(of).clone();
    harness.ask(with(RecordWith::Metronome));
    let score = score_of(&minuet());
    // The second pass of the first bars, which sound as the first one does.
    let second = score.measures.iter().position(|measure| measure.pass == 2).unwrap();
    let bars = second + 2..second + 4;
    let (start, end) = (score.measures[bars.start].start.to_f64(), score.measures[bars.end - 1].end.to_f64());
    harness.ask(Command::Record(RecordRequest {
        replace: Some(PunchIn { bars: bars.clone(), of }),
        waits: false,
    }));
    assert_eq!(harness.face.keyboard.replaces, Some(PunchIn { bars: bars.clone(), of }));
    {
        let state = harness.playback.0.lock().unwrap();
        assert_eq!((state.listening, state.quarters), (Some(of), start), "the count leads into the bars");
        assert!(state.is_hushed && state.metronome && state.count_in, "in the tempo of the take");
    }
    let played = keys(&harness, bars.clone(), 111, true);
    play(&harness, played);
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.notes > 0));
    // The bars have been heard: it ends by itself.
    harness.playback.0.lock().unwrap().quarters = end + 0.01;
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.state == RecordState::Off));
    harness.jobs_done();
    assert_eq!(harness.errors(), Vec::<&protocol::Message>::new());
    let after = harness.played(of).clone();
    let inside = score.notes_in_measures(bars);
    assert_eq!(after.notes.len(), before.notes.len());
    for (old, new) in before.notes.iter().zip(&after.notes) {
        if inside.contains(&(new.note as usize)) {
            assert_eq!(new.velocity, 111);
        } else {
            assert_eq!(old, new, "outside nothing changes");
        }
    }
    assert!(harness.project().undo.as_deref().unwrap().starts_with("Record bars"));
    assert_eq!(harness.project().takes.len(), 1);
    harness.ask(Command::Undo);
    assert_eq!(harness.played(of), &before);
    assert_eq!(files(&harness), Vec::<PathBuf>::new());
}

#[test]
fn the_deadpan_stays_as_it_is_when_its_bars_are_recorded() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(with(RecordWith::Version));
    let of = VersionId::Deadpan;
    harness.ask(Command::Record(RecordRequest { replace: Some(PunchIn { bars: 4..6, of }), waits: false }));
    let before = harness.played(of).clone();
    let played = keys(&harness, 4..6, 99, true);
    play(&harness, played);
    harness.finish(Command::StopRecording);
    assert_eq!(harness.played(of), &before);
    assert_eq!(harness.project().listening, VersionId::Take(1));
    let louder = harness.played(VersionId::Take(1)).notes.iter().filter(|note| note.velocity == 99).count();
    assert_eq!(louder, score_of(&minuet()).notes_in_measures(4..6).len());
}

#[test]
fn what_does_not_fit_the_score_is_kept_and_can_be_saved() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(with(RecordWith::Free));
    harness.ask(Command::Record(NOW));
    play(&harness, nonsense());
    harness.finish(Command::StopRecording);
    assert!(harness.project().takes.is_empty() && harness.errors().is_empty());
    assert!(
        harness.face.messages.iter().any(|m| m.level == Level::Warning && m.text.contains("of its 30 notes"))
    );
    assert!(
        !harness.face.messages.iter().any(|m| m.text.contains("Recording 1.mid")),
        "nobody asked where it is"
    );
    let kept = harness.face.keyboard.kept.clone();
    assert_eq!((kept.len(), kept[0].notes), (1, 30));
    let path = harness.folder.path().join("mine.mid");
    harness.ask(Command::SaveKept(kept[0].id.clone(), Some(path.clone())));
    harness.until(|_, event| matches!(event, Event::Keyboard(view) if view.kept.is_empty()));
    assert_eq!((notes_of(&path), files(&harness).len()), (30, 0));

    harness.ask(Command::Record(NOW));
    play(&harness, nonsense());
    harness.finish(Command::StopRecording);
    let id = harness.face.keyboard.kept[0].id.clone();
    harness.ask(Command::DropKept(id.clone()));
    assert!(harness.face.keyboard.kept.is_empty() && files(&harness).is_empty());
    harness.ask(Command::AddKept(id));
    assert!(harness.last_message().text.contains("not kept any more"));
}

#[test]
fn a_kill_loses_no_more_than_some_seconds_and_the_next_start_offers_the_rest() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(with(RecordWith::Free));
    harness.ask(Command::Record(NOW));
    let played = keys(&harness, 0..8, 50, false);
    play(&harness, played);
    let begin = std::time::Instant::now();
    while files(&harness).is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(10), "nothing is written");
        std::thread::sleep(Duration::from_millis(50));
    }
    let folder = harness.crash();
    let mut harness = Harness::in_folder(folder);
    let kept = harness.face.keyboard.kept.clone();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].name.starts_with("Recording 1 of"), "{}", kept[0].name);
    harness.open_minuet();
    harness.finish(Command::AddKept(kept[0].id.clone()));
    assert_eq!(harness.project().listening, VersionId::Recording(1));
    assert_eq!(harness.played(VersionId::Recording(1)).notes.len(), kept[0].notes);
    assert!(harness.face.keyboard.kept.is_empty() && files(&harness).is_empty());
}

#[test]
fn closing_the_project_or_unplugging_the_keyboard_loses_nothing() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(with(RecordWith::Free));
    harness.ask(Command::Record(NOW));
    let played = keys(&harness, 0..8, 50, false);
    play(&harness, played.clone());
    harness.ask(Command::Close);
    assert_eq!(harness.face.keyboard.kept.len(), 1);
    assert_eq!(files(&harness).len(), 1);

    harness.open_minuet();
    harness.ask(Command::Record(NOW));
    play(&harness, played);
    {
        let mut state = harness.playback.0.lock().unwrap();
        let why = "the MIDI keyboard Stage piano is not connected any more".to_owned();
        state.lost_keyboard = Some(LostPort { name: "Stage piano".to_owned(), why });
        state.is_unplugged = true;
    }
    harness.until(|_, event| matches!(event, Event::Project(Some(view)) if view.takes.len() == 1));
    harness.settle();
    let told =
        |level| harness.face.messages.iter().any(|m| m.level == level && m.text.contains("Stage piano"));
    assert!(told(Level::Warning));
    harness.ask(Command::Record(NOW));
    assert_eq!(harness.last_message().level, Level::Info, "no keyboard is no error");
    assert!(harness.last_message().text.contains("not plugged in"));
    assert_eq!(harness.face.keyboard.state, RecordState::Off);
}

#[test]
fn the_keyboard_is_chosen_in_the_settings_and_kept() {
    let mut harness = Harness::new();
    harness.ask(with(RecordWith::Free));
    assert_eq!(harness.playback.0.lock().unwrap().keyboard, (Some("Stage piano".to_owned()), true));
    let folder: Arc<tempfile::TempDir> = harness.folder.clone();
    drop(harness);
    let mut harness = Harness::in_folder(folder);
    assert_eq!(harness.playback.0.lock().unwrap().keyboard.0.as_deref(), Some("Stage piano"));
    assert!(harness.face.keyboard.is_connected);
    let silent = KeyboardSettings { thru: false, ..harness.face.settings.settings.keyboard.clone() };
    harness.ask(Command::Settings(Settings { keyboard: silent, ..Settings::default() }));
    assert_eq!(harness.playback.0.lock().unwrap().keyboard, (Some("Stage piano".to_owned()), false));
}
