//! Which piano is heard, and getting the recorded grand piano.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use application::Folders;
use application::sounds::{Loading, WantedPiano};
use protocol::{
    Addition, Command, Event, ExportRequest, InstrumentSetting, MidiMode, PlayState, Presence, Settings,
    VersionId,
};
use sound::Piano;
use sound::transport::OutputChoice;
use studio::parts::{FindPiano, GetAddition};
use studio::speakers::Speakers;
use studio::studio::find_piano;
use support::{FakeRoster, Harness, grand, minuet};

/// The piano of our own code, which takes a second to compute.
static PIANO: LazyLock<Piano> = LazyLock::new(|| Piano::generated().unwrap());

/// Finds the same piano always, and says what was wanted.
fn asked() -> (FindPiano, Receiver<WantedPiano>) {
    let (tell, told) = channel();
    let find: FindPiano = Arc::new(move |wanted: &WantedPiano, _: &Loading<'_>| {
        tell.send(wanted.clone()).unwrap();
        Ok((PIANO.clone(), Vec::new()))
    });
    (find, told)
}

/// Gets a grand piano that has no sounds, once the flag is set.
fn gets_when(ready: Arc<AtomicBool>) -> GetAddition {
    Arc::new(move |_: Addition, folder: &Path, progress: &mut dyn FnMut(f32), stop: &AtomicBool| {
        progress(0.5);
        while !ready.load(Ordering::Relaxed) {
            if stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        std::fs::write(folder.join("piano.json"), "{}").map_err(|error| error.to_string())?;
        Ok(true)
    })
}

/// Waits for the next question for a piano.
fn next(told: &Receiver<WantedPiano>) -> WantedPiano {
    told.recv_timeout(Duration::from_secs(60)).unwrap()
}

#[test]
fn the_piano_of_the_settings_is_asked_for() {
    let (find, told) = asked();
    let mut harness = Harness::with_pianos(find, gets_when(Arc::default()));
    assert_eq!(next(&told), WantedPiano::Best);
    harness.until(|_, event| matches!(event, Event::Settings(view) if !view.piano.is_empty()));
    let with = |instrument| Settings { instrument, ..Settings::default() };
    harness.ask(Command::Settings(with(InstrumentSetting::Sampled)));
    assert_eq!(next(&told), WantedPiano::Sampled(None));
    harness.ask(Command::Settings(with(InstrumentSetting::Generated)));
    assert_eq!(next(&told), WantedPiano::Generated);
    let soundfont = PathBuf::from("/pianos/grand.sf2");
    harness.ask(Command::ChooseSoundfont(Some(soundfont.clone())));
    assert_eq!(next(&told), WantedPiano::Soundfont(Some(soundfont)));
    assert_eq!(harness.face.settings.settings.instrument, InstrumentSetting::Soundfont);
    harness.ask(Command::Settings(with(InstrumentSetting::Best)));
    assert_eq!(next(&told), WantedPiano::Best);
    assert_eq!(harness.face.settings.settings.soundfont, None);
}

#[test]
fn the_grand_piano_is_offered_got_and_heard() {
    let ready = Arc::new(AtomicBool::new(false));
    let (find, told) = asked();
    let mut first = Harness::with_pianos(find, gets_when(ready.clone()));
    assert_eq!(next(&told), WantedPiano::Best);
    let mut second = first.beside();
    let view =
        |harness: &Harness| (harness.face.settings.additions.grand_piano, harness.face.settings.offers_piano);
    assert_eq!(view(&first), (Presence::Missing, true));

    // It is stopped.
    first.ask(Command::Get(Addition::GrandPiano));
    let job = first.face.jobs[0].clone();
    assert_eq!(job.label, "Getting the grand piano");
    second.ask(Command::Get(Addition::GrandPiano));
    assert!(second.last_message().text.contains("on its way"));
    assert!(second.face.jobs.is_empty());
    for harness in [&first, &second] {
        assert_eq!(view(harness), (Presence::Arriving(job.id), false));
    }
    first.finish(Command::Cancel(job.id));
    assert!(first.last_message().text.contains("goes on where it was"), "{:?}", first.face.messages);
    assert_eq!(view(&first), (Presence::Missing, true));

    // It is got, and heard in both windows.
    first.send(Command::Get(Addition::GrandPiano));
    ready.store(true, Ordering::Relaxed);
    first.jobs_done();
    second.settle();
    for harness in [&first, &second] {
        assert_eq!(view(harness), (Presence::There, false));
    }
    assert_eq!(next(&told), WantedPiano::Best, "pianos are looked for anew");
    assert!(first.errors().is_empty(), "{:?}", first.face.messages);
    first.ask(Command::Get(Addition::GrandPiano));
    assert!(first.last_message().text.contains("already"));
}

#[test]
fn who_refuses_the_grand_piano_is_not_offered_it_again() {
    let (find, _told) = asked();
    let mut harness = Harness::with_pianos(find, gets_when(Arc::default()));
    assert!(harness.face.settings.offers_piano);
    harness.ask(Command::Settings(Settings { offers_piano: false, ..Settings::default() }));
    assert!(!harness.face.settings.offers_piano);
    assert_eq!(
        harness.face.settings.additions.grand_piano,
        Presence::Missing,
        "it can be got in the settings"
    );
    let settings = std::fs::read_to_string(harness.folder.path().join("data/settings.json")).unwrap();
    assert!(settings.contains("\"offers_piano\": false"), "{settings}");
}

#[test]
fn closing_the_window_stops_getting_it() {
    let (find, _told) = asked();
    let mut first = Harness::with_pianos(find, gets_when(Arc::default()));
    let mut second = first.beside();
    first.ask(Command::Get(Addition::GrandPiano));
    drop(first);
    for _ in 0..1000 {
        second.ask(Command::Settings(Settings::default()));
        if second.face.settings.additions.grand_piano == Presence::Missing {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it is still being got");
}

#[test]
fn a_sound_file_is_complete_once_its_window_is_closed() {
    LazyLock::force(&PIANO);
    let find: FindPiano = Arc::new(|_: &WantedPiano, _: &Loading<'_>| {
        // Nothing is written before the window begins to close.
        std::thread::sleep(Duration::from_secs(1));
        Ok((PIANO.clone(), Vec::new()))
    });
    let mut harness = Harness::with_pianos(find, gets_when(Arc::default()));
    harness.open_minuet();
    let folder = harness.folder.clone();
    let path = folder.path().join("bars.wav");
    let request = ExportRequest { version: VersionId::Deadpan, bars: Some(0..1), mode: MidiMode::ScoreGrid };
    harness.ask(Command::ExportWav(request, Some(path.clone())));
    assert!(harness.studio.current().writes_sound);
    drop(harness);
    assert!(path.metadata().unwrap().len() > 100_000);
}

#[test]
fn whoever_closes_a_window_can_know_that_sound_is_written() {
    let (find, _told) = asked();
    let mut harness = Harness::with_pianos(find, gets_when(Arc::default()));
    harness.open_minuet();
    assert!(!harness.studio.current().writes_sound);
    let path = harness.folder.path().join("bars.wav");
    let request = ExportRequest { version: VersionId::Deadpan, bars: Some(0..1), mode: MidiMode::ScoreGrid };
    harness.finish(Command::ExportWav(request, Some(path.clone())));
    assert!(path.is_file());
    assert!(!harness.studio.current().writes_sound, "it is written");
}

#[test]
fn a_recorded_piano_plays_and_the_sound_file_names_who_made_it() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let piano = folder.path().join("pianos/made-up");
    grand::put(&piano);
    let find = find_piano(Folders { piano, ..Folders::default() });
    let speakers = Speakers::new(OutputChoice::Silent);
    let mut harness = Harness::with_playback(folder, FakeRoster { on_gpu: false }, speakers, find);
    harness.send(Command::Open(minuet()));
    harness.send(Command::TogglePlay);
    let playing = |event: &Event| matches!(event, Event::Transport(view) if view.state == PlayState::Playing && view.position_quarters > 0.5);
    harness.until(|_, event| playing(event));
    harness.ask(Command::Stop);
    let path = harness.folder.path().join("bars.wav");
    let request = ExportRequest { version: VersionId::Deadpan, bars: Some(0..1), mode: MidiMode::ScoreGrid };
    harness.finish(Command::ExportWav(request, Some(path.clone())));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    let wav = std::fs::read(path).unwrap();
    assert!(String::from_utf8_lossy(&wav).contains(grand::CREDITS));
    assert_eq!(harness.face.settings.piano, "Made-up piano");
}
