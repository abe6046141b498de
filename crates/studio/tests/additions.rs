//! Getting what others have published: it is offered where it is missing, and used as soon as it is there.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use protocol::{Addition, Command, Event, Lacking, Presence};
use studio::parts::GetAddition;
use support::{Harness, minuet};

/// Gets something that is none of it, once the flag is set.
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
        std::fs::write(folder.join("model.safetensors"), "none").map_err(|error| error.to_string())?;
        Ok(true)
    })
}

fn ready() -> Harness {
    Harness::with_additions(gets_when(Arc::new(AtomicBool::new(true))))
}

#[test]
fn sound_that_cannot_be_heard_names_what_would_hear_it() {
    let mut harness = ready();
    harness.ask(Command::Open(minuet()));
    let lesson = harness.folder.path().join("lesson.flac");
    std::fs::write(&lesson, include_bytes!("../../sound/tests/fixtures/tone.flac")).unwrap();
    harness.finish(Command::ImportRecording(Some(lesson.clone())));
    let [Lacking { addition, text }] = &harness.face.lacking[..] else {
        panic!("{:?} {:?}", harness.face.lacking, harness.face.messages)
    };
    assert_eq!(*addition, Addition::Transcriber);
    assert!(text.contains("lesson.flac"), "{text}");
    assert!(harness.errors().is_empty(), "it is told once");
    // What is no sound has nothing to do with it.
    std::fs::write(&lesson, b"fLaC").unwrap();
    harness.finish(Command::ImportRecording(Some(lesson)));
    assert_eq!(harness.face.lacking.len(), 1);
    assert_eq!(harness.errors().len(), 1);
}

#[test]
fn each_is_got_by_one_window_at_a_time_and_all_windows_know() {
    let ready = Arc::new(AtomicBool::new(false));
    let mut first = Harness::with_additions(gets_when(ready.clone()));
    let mut second = first.beside();
    let presence = |harness: &Harness| harness.face.settings.additions.of(Addition::Transcriber);
    first.ask(Command::Get(Addition::Transcriber));
    let job = first.face.jobs[0].clone();
    assert_eq!(job.label, "Getting the transcriber");
    second.ask(Command::Get(Addition::Transcriber));
    assert!(second.last_message().text.contains("on its way"));
    assert_eq!(
        (presence(&first), presence(&second)),
        (Presence::Arriving(job.id), Presence::Arriving(job.id))
    );
    first.finish(Command::Cancel(job.id));
    assert!(first.last_message().text.contains("goes on where it was"), "{:?}", first.face.messages);
    assert_eq!(presence(&first), Presence::Missing);
    // Two at a time do not disturb each other.
    first.send(Command::Get(Addition::Transcriber));
    second.send(Command::Get(Addition::TextEncoder));
    ready.store(true, Ordering::Relaxed);
    first.jobs_done();
    second.jobs_done();
    first.settle();
    for harness in [&first, &second] {
        let additions = harness.face.settings.additions;
        assert_eq!((additions.transcriber, additions.text_encoder), (Presence::There, Presence::There));
        assert_eq!(additions.grand_piano, Presence::Missing);
        assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    }
}

/// What is said of how a mood is read.
fn note(harness: &mut Harness) -> String {
    harness.send(Command::ReadMood { text: "sad".into(), bars: None });
    let mut note = None;
    harness.until(|_, event| match event {
        Event::Mood(view) => {
            note.clone_from(&view.note);
            true
        }
        _ => false,
    });
    note.unwrap()
}

#[test]
fn the_text_encoder_reads_as_soon_as_it_is_there() {
    let mut harness = ready();
    harness.ask(Command::Open(minuet()));
    assert!(note(&mut harness).contains("is not on this computer"));
    harness.finish(Command::Get(Addition::TextEncoder));
    // What was got here is none, which shows only when it is read.
    let later = note(&mut harness);
    assert!(!later.contains("is not on this computer"), "{later}");
}
