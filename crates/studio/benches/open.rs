//! How long it takes from asking for a score of 5,000 notes to its views, to the first system of its page, and to
//! change a view.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use application::sounds::{Loading, WantedPiano};
use protocol::{AboutView, Command, CurvePoint, Edit, Event, ScoreId, VersionId};
use sound::transport::OutputChoice;
use studio::roster::Registry;
use studio::speakers::Speakers;
use studio::{Config, Parts, Studio};

const NOTES: usize = 5_000;

fn main() {
    divan::main();
}

/// A score of two hands in eighths.
fn score(folder: &Path) -> PathBuf {
    let head = "<?xml version=\"1.0\"?><score-partwise version=\"4.0\"><part-list><score-part id=\"P1\">\
                <part-name>Piano</part-name></score-part></part-list><part id=\"P1\">";
    let attributes = "<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time>\
                      <staves>2</staves></attributes>";
    let mut xml = String::from(head);
    for measure in 0..NOTES / 16 {
        xml.push_str(&format!(
            "<measure number=\"{}\">{}",
            measure + 1,
            if measure == 0 { attributes } else { "" }
        ));
        for staff in 1..=2 {
            for k in 0..8 {
                let (step, octave) =
                    (["C", "D", "E", "F", "G", "A", "B"][(measure + 3 * k) % 7], 7 - 2 * staff);
                xml.push_str(&format!(
                    "<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>1</duration>\
                     <voice>{staff}</voice><type>eighth</type><staff>{staff}</staff></note>"
                ));
            }
            if staff == 1 {
                xml.push_str("<backup><duration>8</duration></backup>");
            }
        }
        xml.push_str("</measure>");
    }
    xml.push_str("</part></score-partwise>");
    let path = folder.join("long.musicxml");
    std::fs::write(&path, xml).expect("the score is written");
    path
}

/// A studio without performers and sound, a score in a folder, and what the studio says.
fn harness() -> (Studio, PathBuf, Receiver<Event>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = score(folder.path());
    let (send, events) = channel();
    let config = Config { data_folder: folder.path().join("data"), ..Config::default() };
    let parts = Parts {
        roster: Box::new(Registry::new(PathBuf::new())),
        playback: Box::new(Speakers::new(OutputChoice::Silent)),
        find_piano: Arc::new(|_: &WantedPiano, _: &Loading<'_>| Err("none".to_owned())),
        get_addition: studio::studio::get_addition(),
        read_recording: studio::recording::reader("no transcriber".into()),
        about: AboutView::default(),
    };
    let studio = Studio::start_with(config, parts, move |event| drop(send.send(event)));
    studio.send(Command::Hello);
    (studio, path, events, folder)
}

/// Waits for the notes of a version, as the text that the window gets.
fn version(events: &Receiver<Event>) -> Vec<u8> {
    let view = events.iter().find_map(|event| match event {
        Event::Version(view) => Some(view),
        Event::Message(message) if message.text != "none" => panic!("{}", message.text),
        _ => None,
    });
    let view = view.expect("the studio works");
    assert!(view.performance.notes.len() > NOTES - 16);
    serde_json::to_vec(&view).expect("it can be sent")
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn open_5000_notes(bencher: divan::Bencher) {
    let (studio, path, events, _folder) = harness();
    bencher.bench_local(|| {
        studio.send(Command::Open(path.clone()));
        divan::black_box(version(&events));
        studio.send(Command::Close);
        events.iter().find(|event| matches!(event, Event::Start(_))).expect("it closes");
    });
}

/// From asking for the score to the picture of the first system of its page, which comes while the rest is laid out.
/// Verovio runs in processes of its own, as in the window, if `espressivo-engraver` is built.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn first_system_of_5000_notes(bencher: divan::Bencher) {
    let (studio, path, events, _folder) = harness();
    let program = std::env::current_exe().ok();
    let program = program.and_then(|bench| Some(bench.parent()?.parent()?.join("espressivo-engraver")));
    match program.filter(|program| program.exists()) {
        Some(program) => studio::page::run_apart(program, Vec::new()),
        None => println!("without espressivo-engraver each page waits for the layout of the one before"),
    }
    let (score, width_spaces) = (ScoreId::default(), 100.0);
    bencher.bench_local(|| {
        studio.send(Command::Open(path.clone()));
        version(&events);
        studio.send(Command::ShowPage { score, width_spaces });
        let is_begun = |event: &Event| matches!(event, Event::Page(page) if !page.systems.is_empty());
        events.iter().find(is_begun).expect("it is engraved");
        studio.send(Command::DrawSystem { score, width_spaces, system: 0, pixels_per_space: 12.0 });
        events.iter().find(|event| matches!(event, Event::SystemDrawn(_))).expect("it is drawn");
        studio.send(Command::Close);
        events.iter().find(|event| matches!(event, Event::Start(_))).expect("it closes");
    });
}

/// A tempo curve over the first bars, which moves every note, kept in the project file.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn draw_tempo_in_5000_notes(bencher: divan::Bencher) {
    let (studio, path, events, _folder) = harness();
    studio.send(Command::Open(path));
    version(&events);
    studio.send(Command::Duplicate(VersionId::Deadpan));
    version(&events);
    let mut tempo = 60.0;
    bencher.bench_local(|| {
        tempo += 1.0;
        let points =
            vec![CurvePoint { quarters: 0.0, value: tempo }, CurvePoint { quarters: 16.0, value: 90.0 }];
        studio.send(Command::Edit(VersionId::Take(1), Edit::Tempo(points)));
        divan::black_box(version(&events));
    });
}
