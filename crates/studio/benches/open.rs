//! How long it takes from asking for a score of 5,000 notes to all of its views.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use protocol::{AboutView, Command, Event};
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

#[divan::bench(sample_count = 20, sample_size = 1)]
fn open_5000_notes(bencher: divan::Bencher) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = score(folder.path());
    let (send, events) = channel();
    let config = Config { data_folder: folder.path().join("data"), ..Config::default() };
    let parts = Parts {
        roster: Box::new(Registry::new(PathBuf::new())),
        player: Box::new(Speakers::new(OutputChoice::Silent)),
        find_piano: Arc::new(|_| Err("none".to_owned())),
        about: AboutView::default(),
    };
    let studio = Studio::start_with(config, parts, move |event| drop(send.send(event)));
    studio.send(Command::Hello);
    bencher.bench_local(|| {
        studio.send(Command::Open(path.clone()));
        // The comparison is the last view of an opened project.
        let wait = || events.iter().find(|event| matches!(event, Event::Version(_) | Event::Message(_)));
        let Some(Event::Version(view)) = wait() else { panic!("it does not open") };
        assert!(view.performance.notes.len() > NOTES - 16);
        // What the window gets is text.
        divan::black_box(serde_json::to_vec(&view).expect("it can be sent"));
        studio.send(Command::Close);
        events.iter().find(|event| matches!(event, Event::Start(_))).expect("it closes");
    });
}
