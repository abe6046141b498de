//! The studio with the real transport and a real piano, but no device.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use application::Folders;
use protocol::{
    AboutView, Command, Edit, Event, ExportRequest, MidiMode, PlayState, TransportView, VersionId,
};
use sound::transport::OutputChoice;
use studio::speakers::Speakers;
use studio::studio::find_piano;
use studio::{Config, Parts, Studio};
use support::{FakeRoster, minuet};

/// Waits for an event that `pick` accepts; what it makes of it.
fn wait<T>(events: &std::sync::mpsc::Receiver<Event>, mut pick: impl FnMut(Event) -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        let left = Duration::from_secs(60).saturating_sub(start.elapsed());
        if let Some(found) = pick(events.recv_timeout(left).expect("it does not happen")) {
            return found;
        }
    }
}

#[test]
fn versions_are_played_switched_measured_and_written() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let (send, events) = channel();
    let config = Config { data_folder: folder.path().join("data"), ..Config::default() };
    let parts = Parts {
        roster: Box::new(FakeRoster { on_gpu: false }),
        playback: Box::new(Speakers::new(OutputChoice::Silent)),
        // The grand piano would take long to load.
        find_piano: find_piano(Folders { piano: "nowhere".into(), ..Folders::find() }),
        get_addition: studio::studio::get_addition(),
        read_recording: studio::recording::reader("no transcriber".into()),
        about: AboutView::default(),
    };
    let studio = Studio::start_with(config, parts, move |event| drop(send.send(event)));
    studio.send(Command::Hello);
    studio.send(Command::Open(minuet()));
    // Played before the piano is there, it sounds as soon as it is.
    studio.send(Command::TogglePlay);
    let transport = |wanted: fn(&TransportView) -> bool| {
        wait(&events, |e| match e {
            Event::Transport(view) if wanted(&view) => Some(view),
            _ => None,
        })
    };
    let playing = transport(|t| t.state == PlayState::Playing && t.position_quarters > 0.5);
    assert_eq!(playing.version, VersionId::Deadpan);
    let loud = Edit::Velocities((0..200).map(|n| (n, 127)).collect());
    studio.send(Command::Edit(VersionId::Deadpan, loud));
    let switched = transport(|t| t.version == VersionId::Take(1) && t.state == PlayState::Playing);
    assert!(switched.position_quarters >= playing.position_quarters, "at the same place in the score");
    studio.send(Command::Compare(Some(VersionId::Deadpan)));
    let loudness = wait(&events, |e| match e {
        Event::Comparison(Some(view)) => view.loudness_lufs[0].zip(view.loudness_lufs[1]),
        _ => None,
    });
    assert!(loudness.0 > loudness.1 + 3.0, "127 is louder than 64: {loudness:?}");
    studio.send(Command::SeekQuarters(30.0));
    transport(|t| t.position_quarters >= 30.0 && t.position_quarters < 33.0);
    // The version that is heard goes, the music goes on.
    studio.send(Command::Undo);
    transport(|t| {
        t.version == VersionId::Deadpan && t.state == PlayState::Playing && t.position_quarters > 30.5
    });
    studio.send(Command::Redo);
    studio.send(Command::Stop);
    transport(|t| t.state == PlayState::Stopped);

    let path = folder.path().join("bars.wav");
    let request = ExportRequest { version: VersionId::Take(1), bars: Some(0..1), mode: MidiMode::ScoreGrid };
    studio.send(Command::ExportWav(request.clone(), Some(path.clone())));
    wait(&events, |e| matches!(e, Event::Message(m) if m.text.contains("is written")).then_some(()));
    assert!(path.metadata().unwrap().len() > 100_000);
    assert_eq!(studio.current().exported, Some(path));

    let cancelled = folder.path().join("cancelled.wav");
    let all = ExportRequest { bars: None, ..request };
    studio.send(Command::ExportWav(all, Some(cancelled.clone())));
    let job = wait(&events, |e| match e {
        Event::Jobs(jobs) => jobs.first().map(|j| j.id),
        _ => None,
    });
    studio.send(Command::Cancel(job));
    wait(&events, |e| matches!(e, Event::Jobs(jobs) if jobs.is_empty()).then_some(()));
    assert!(!cancelled.exists());
}
