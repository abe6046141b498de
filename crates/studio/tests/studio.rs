//! The studio from the outside: commands in, views out.
#![allow(clippy::unwrap_used)]

#[path = "studio/files.rs"]
mod files;
#[path = "studio/heard.rs"]
mod heard;
#[path = "studio/own_sound.rs"]
mod own_sound;
#[path = "studio/pins.rs"]
mod pins;
#[path = "studio/recordings.rs"]
mod recordings;
mod support;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use notation::Score;
use protocol::{
    Command, Edit, Event, ExportRequest, Level, MidiMode, PerformRequest, PlayState, Settings, VersionId,
};
use studio::recording::OnProgress;
use support::{BREAKS, BROKEN, FAIL, FakeRoster, Harness, PANIC, SLOW, minuet, request, score_of};

const FIRST: VersionId = VersionId::Take(1);

#[test]
fn a_score_is_opened_performed_undone_and_redone() {
    let mut harness = Harness::new();
    assert!(harness.face.start.as_ref().unwrap().demos.len() >= 3);
    harness.open_minuet();
    let score = score_of(&minuet());
    let view = harness.face.score.clone().unwrap();
    assert_eq!((view.notes.len(), view.measures.len()), (score.notes.len(), score.measures.len()));
    assert_eq!(harness.project().listening, VersionId::Deadpan);
    assert_eq!(harness.project().path, None, "it has no name yet");

    harness.perform(request(3));
    assert_eq!(harness.project().takes.len(), 1);
    assert_eq!(harness.project().listening, FIRST);
    assert_eq!(harness.project().undo.as_deref(), Some("Perform"));
    let played = harness.played(FIRST).clone();
    assert_eq!(played.notes.len(), score.notes.len());
    assert_eq!(harness.face.versions[&FIRST].ready_quarters, view.end_quarters);

    harness.ask(Command::Undo);
    assert!(harness.project().takes.is_empty() && !harness.face.versions.contains_key(&FIRST));
    assert_eq!(harness.project().listening, VersionId::Deadpan);
    assert_eq!(harness.project().redo.as_deref(), Some("Perform"));
    harness.ask(Command::Redo);
    assert_eq!(harness.played(FIRST), &played, "the same to the last bit");
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
}

#[test]
fn several_takes_are_one_step_and_differ() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(PerformRequest { takes: 3, ..request(5) });
    let seeds: Vec<u64> = harness.project().takes.iter().map(|t| t.seed).collect();
    assert_eq!(seeds, [5, 6, 7]);
    assert_ne!(harness.played(VersionId::Take(1)), harness.played(VersionId::Take(2)));
    harness.ask(Command::Undo);
    assert!(harness.project().takes.is_empty());
}

#[test]
fn bars_are_performed_anew_and_the_others_stay_to_the_bit() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    let amounts = protocol::Amounts { dynamics: 1.5, rubato: 0.5, ..Default::default() };
    harness.perform(PerformRequest { bars: Some(4..8), of: FIRST, amounts, ..request(2) });
    let take = harness.project().takes[1].clone();
    assert_eq!((take.parent, take.bars.clone()), (Some(FIRST), Some(4..8)));
    assert!(take.origin.contains("bars 5–8 of Take 1"), "{}", take.origin);
    let region = score_of(&minuet()).notes_in_measures(4..8);
    let (old, new) = (harness.played(FIRST), harness.played(take.id));
    let mut changed = 0;
    for (a, b) in old.notes.iter().zip(&new.notes) {
        if region.contains(&(a.note as usize)) { changed += usize::from(a != b) } else { assert_eq!(a, b) }
    }
    assert!(changed > region.len() / 2);
}

#[test]
fn takes_stream_in_and_can_be_cancelled_at_once() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.send(Command::Perform(PerformRequest { takes: 2, ..request(SLOW) }));
    harness.until(|_, e| matches!(e, Event::Version(v) if v.id == FIRST && v.performance.notes.len() > 3));
    harness.settle();
    let view = &harness.face.versions[&FIRST];
    assert!(view.ready_quarters > 0.0 && view.ready_quarters < 20.0, "{}", view.ready_quarters);
    assert!(harness.project().takes[0].is_streaming && harness.project().listening == FIRST);
    assert_eq!(harness.playback.0.lock().unwrap().listening, Some(FIRST), "it can be heard already");
    let job = harness.face.jobs[0].id;
    let start = Instant::now();
    harness.ask(Command::Cancel(job));
    assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
    assert!(
        harness.face.jobs.is_empty()
            && harness.project().takes.is_empty()
            && harness.project().undo.is_none()
    );
    assert_eq!(harness.project().listening, VersionId::Deadpan);
    // The worker is free again.
    let start = Instant::now();
    harness.perform(request(1));
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    assert_eq!(harness.project().takes.len(), 1);
}

#[test]
fn a_take_plays_by_itself_if_that_is_wished() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(Command::Settings(Settings { autoplay: true, ..Settings::default() }));
    harness.ask(Command::TogglePlay);
    harness.send(Command::Perform(request(SLOW)));
    harness.until(|_, e| matches!(e, Event::Transport(t) if t.version == FIRST));
    assert_eq!(harness.face.transport.state, PlayState::Playing);
    // What a person chooses then stays chosen while the take grows.
    harness.ask(Command::Listen(VersionId::Deadpan));
    let notes = harness.face.versions[&FIRST].performance.notes.len();
    harness.until(|_, e| matches!(e, Event::Version(v) if v.performance.notes.len() > notes + 3));
    harness.settle();
    assert_eq!(harness.project().listening, VersionId::Deadpan);
    // Undo and redo do not touch what is being performed.
    harness.ask(Command::Duplicate(VersionId::Deadpan));
    harness.ask(Command::Undo);
    assert!(harness.project().takes.len() == 1 && harness.project().takes[0].is_streaming);
    harness.ask(Command::Close);
    assert!(harness.face.jobs.is_empty() && harness.face.project.is_none());
}

#[test]
fn a_base_tempo_reaches_the_take_and_is_kept_with_it() {
    use protocol::BaseTempo;
    let mut harness = Harness::new();
    harness.open_minuet();
    assert_eq!(
        harness.face.scores[0].beat,
        protocol::BeatView { name: "quarter".into(), marked: Some(112.0), quarters: 1.0 }
    );
    for base_tempo in [BaseTempo::Bpm(60.0), BaseTempo::AsMarked, BaseTempo::Free] {
        harness.perform(PerformRequest { base_tempo, ..request(1) });
    }
    let takes = harness.project().takes.clone();
    assert_eq!(takes[0].base_tempo, BaseTempo::Bpm(60.0));
    assert!(takes[0].origin.contains("quarter = 60"), "{}", takes[0].origin);
    assert!(takes[2].origin.contains("not as marked"), "{}", takes[2].origin);
    assert!(takes[0].length_secs > 1.5 * takes[1].length_secs, "{takes:?}");
}

#[test]
fn a_change_of_the_deadpan_is_a_take_of_its_own() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let deadpan = harness.played(VersionId::Deadpan).clone();
    harness.ask(Command::Edit(VersionId::Deadpan, Edit::Velocities(vec![(0, 99), (1, 98)])));
    assert_eq!(harness.project().listening, FIRST);
    assert!(harness.project().takes[0].is_edited);
    assert!(harness.last_message().text.contains("Undo removes it"), "{:?}", harness.last_message());
    assert_eq!(harness.played(FIRST).notes[0].velocity, 99);
    assert_eq!(harness.played(VersionId::Deadpan), &deadpan);
    harness.ask(Command::Undo);
    assert!(harness.project().takes.is_empty());
}

#[test]
fn failures_are_told_and_nothing_is_lost() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    let broken = PerformRequest { performer: BROKEN.into(), ..request(1) };
    for wanted in [request(PANIC), broken, request(FAIL)] {
        harness.face.messages.clear();
        harness.perform(wanted);
        assert_eq!(harness.last_message().level, Level::Error);
        assert_eq!(harness.project().takes.len(), 1);
    }
    harness.face.messages.clear();
    let broken = harness.folder.path().join("broken.musicxml");
    std::fs::write(&broken, "<score-partwise><part-list>").unwrap();
    for path in [broken, harness.folder.path().join("missing.mid"), harness.folder.path().to_owned()] {
        harness.ask(Command::Open(path.clone()));
        let message = harness.last_message();
        assert_eq!(message.level, Level::Error);
        assert!(message.text.contains(path.file_name().unwrap().to_str().unwrap()), "{}", message.text);
        assert_eq!(harness.project().takes.len(), 1, "what was open stays open");
    }
}

#[test]
fn a_command_that_breaks_down_is_told_of_and_the_studio_goes_on() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    harness.ask(Command::Audition(BREAKS, 64));
    assert!(harness.last_message().text.contains("your work is kept"), "{:?}", harness.last_message());
    harness.ask(Command::Undo);
    assert!(harness.project().takes.is_empty());
}

#[test]
fn a_missing_model_and_a_lost_graphics_processor_are_made_good() {
    let mut harness = Harness::new();
    harness.open_minuet();
    // With a knob that only the performer whose model is missing has, and one that cannot stand there.
    let knobs = protocol::Knobs::from([
        ("variety".to_owned(), 0.5_f64.into()),
        ("style".to_owned(), "baroque".into()),
    ]);
    harness.perform(PerformRequest { performer: "missing".into(), knobs, ..request(1) });
    assert_eq!(harness.project().takes.len(), 1);
    assert!(harness.face.messages.iter().any(|m| m.text.contains("plays instead")));

    let folder = std::sync::Arc::new(tempfile::tempdir().unwrap());
    let mut harness = Harness::with(folder, FakeRoster { on_gpu: true });
    harness.open_minuet();
    harness.perform(request(1));
    assert_eq!(harness.project().takes.len(), 1);
    assert!(harness.face.messages.iter().any(|m| m.text.contains("graphics processor was lost")));
}

#[test]
fn the_transport_follows_and_the_loop_is_kept() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(Command::TogglePlay);
    assert_eq!(harness.face.transport.state, PlayState::Playing);
    harness.perform(request(1));
    assert_eq!(harness.project().listening, VersionId::Deadpan, "nobody is interrupted");
    harness.ask(Command::Listen(FIRST));
    harness.ask(Command::Compare(Some(VersionId::Deadpan)));
    assert!(harness.face.comparison.is_some());
    harness.ask(Command::SwapCompared);
    assert_eq!((harness.project().listening, harness.project().compared), (VersionId::Deadpan, Some(FIRST)));
    assert_eq!(harness.playback.0.lock().unwrap().listening, Some(VersionId::Deadpan));
    // Going to the other one by its name keeps the two a pair.
    harness.ask(Command::Listen(FIRST));
    assert_eq!((harness.project().listening, harness.project().compared), (FIRST, Some(VersionId::Deadpan)));
    harness.ask(Command::Listen(VersionId::Deadpan));
    assert_eq!((harness.project().listening, harness.project().compared), (VersionId::Deadpan, Some(FIRST)));
    harness.ask(Command::Loop(Some(2..4)));
    assert_eq!(harness.playback.0.lock().unwrap().looped, Some((6.0, 12.0)));
    harness.ask(Command::Rate(1000.0));
    assert_eq!(harness.face.transport.rate_percent, 200.0);
    harness.ask(Command::SeekQuarters(f64::NAN));
    harness.ask(Command::SeekQuarters(1e9));
    assert_eq!(harness.face.transport.position_quarters, harness.face.score.as_ref().unwrap().end_quarters);
    let path = harness.folder.path().join("minuet.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    harness.ask(Command::Close);
    assert!(harness.face.project.is_none() && harness.face.transport.state == PlayState::Stopped);
    harness.ask(Command::Open(path));
    assert_eq!(harness.face.transport.looped, Some(2..4));
    assert_eq!(harness.project().compared, Some(FIRST));
}

#[test]
fn files_are_exported_whole_and_for_dragging() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    let score = score_of(&minuet());
    for mode in [MidiMode::ScoreGrid, MidiMode::ExactTiming(120.0), MidiMode::FixedTempo(100.0)] {
        for bars in [None, Some(2..5)] {
            let path = harness.folder.path().join("out.mid");
            let wanted = ExportRequest { version: FIRST, bars: bars.clone(), mode };
            harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
            let midi = performance::midi::read_performance(&std::fs::read(&path).unwrap()).unwrap();
            let expected = bars.map_or(score.notes.len(), |bars| score.notes_in_measures(bars).len());
            assert_eq!(midi.notes.len(), expected);
            std::fs::remove_file(path).unwrap();
        }
    }
    assert!(harness.project().has_exported);
    assert_eq!(harness.studio.current().exported.unwrap().file_name().unwrap(), "out.mid");
    let wanted = ExportRequest { version: FIRST, bars: Some(0..2), mode: MidiMode::ScoreGrid };
    let first = harness.studio.export_for_drag(wanted.clone()).unwrap();
    let second = harness.studio.export_for_drag(wanted).unwrap();
    assert_ne!(first, second);
    for path in [&first, &second] {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.is_ascii() && !name.contains(' ') && name.ends_with(".mid"), "{name}");
        assert!(std::fs::read(path).unwrap().starts_with(b"MThd"));
    }
    let gone = ExportRequest { version: VersionId::Take(9), bars: None, mode: MidiMode::ScoreGrid };
    assert!(harness.studio.export_for_drag(gone).is_err());
    drop(harness);
    assert!(!first.exists(), "the folder goes with the studio");
}

#[test]
fn a_recording_is_matched_or_refused() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(4));
    let path = harness.folder.path().join("pupil.mid");
    let wanted = ExportRequest { version: FIRST, bars: None, mode: MidiMode::ExactTiming(120.0) };
    harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
    harness.finish(Command::ImportRecording(Some(path)));
    let recording = harness.project().takes[1].clone();
    assert_eq!((recording.id, recording.name.as_str()), (VersionId::Recording(2), "pupil"));
    assert_eq!((harness.project().listening, harness.project().compared), (recording.id, Some(FIRST)));
    for (a, b) in harness.played(FIRST).notes.iter().zip(&harness.played(recording.id).notes) {
        assert!((a.onset_secs - b.onset_secs).abs() < 0.0011 && a.velocity == b.velocity);
    }
    let other = support::scores().join("chopin_prelude_op28_4.musicxml");
    let mut elsewhere = Harness::new();
    elsewhere.ask(Command::Open(other));
    let strange = harness.folder.path().join("strange.mid");
    let wanted = ExportRequest { version: VersionId::Deadpan, bars: None, mode: MidiMode::ScoreGrid };
    elsewhere.finish(Command::ExportMidi(wanted, Some(strange.clone())));
    harness.finish(Command::ImportRecording(Some(strange)));
    assert_eq!(harness.last_message().level, Level::Error);
    assert!(
        harness.last_message().text.contains("no performance of the score"),
        "{:?}",
        harness.last_message()
    );
    assert_eq!(harness.project().takes.len(), 2);
}

/// A studio whose recordings are read only when the test lets it, one for each message.
fn slow_reader() -> (Harness, Sender<()>) {
    let (go_on, gate) = channel();
    let gate = Mutex::new(gate);
    let read = move |path: &Path, score: &Score, _: &mut OnProgress<'_>| {
        gate.lock().unwrap().recv().ok();
        application::recording::read(path, score)
    };
    (Harness::with_reader(Arc::new(read)), go_on)
}

/// A recording of the minuet in the folder of the studio.
fn recorded(harness: &mut Harness) -> PathBuf {
    harness.open_minuet();
    let path = harness.folder.path().join("pupil.mid");
    let wanted = ExportRequest { version: VersionId::Deadpan, bars: None, mode: MidiMode::ScoreGrid };
    harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
    path
}

#[test]
fn a_recording_that_takes_long_to_read_delays_no_edit() {
    let (mut harness, go_on) = slow_reader();
    let path = recorded(&mut harness);
    harness.ask(Command::ImportRecording(Some(path)));
    assert_eq!(harness.face.jobs[0].label, "Reading pupil.mid");
    harness.ask(Command::Edit(VersionId::Deadpan, Edit::Velocities(vec![(0, 99)])));
    assert_eq!(harness.played(FIRST).notes[0].velocity, 99, "the edit is done");
    assert_eq!(
        (harness.project().takes.len(), harness.face.jobs.len()),
        (1, 1),
        "and the recording still read"
    );
    go_on.send(()).unwrap();
    harness.jobs_done();
    let ids: Vec<VersionId> = harness.project().takes.iter().map(|take| take.id).collect();
    assert_eq!(ids, [FIRST, VersionId::Recording(2)], "it comes after what was done meanwhile");
    assert_eq!(harness.project().undo.as_deref(), Some("Import recording"));
    assert_eq!(
        (harness.project().listening, harness.project().compared),
        (FIRST, Some(VersionId::Recording(2))),
        "what was chosen meanwhile is heard"
    );
    harness.ask(Command::Undo);
    assert_eq!(harness.project().takes.len(), 1, "a step of its own");
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
}

#[test]
fn a_recording_that_was_cancelled_or_whose_project_is_closed_does_not_come() {
    let (mut harness, go_on) = slow_reader();
    let path = recorded(&mut harness);
    let import = Command::ImportRecording(Some(path));
    harness.ask(import.clone());
    let job = harness.face.jobs[0].id;
    harness.ask(Command::Cancel(job));
    assert!(harness.face.jobs.is_empty(), "nobody waits for the end of the reading");
    harness.ask(import.clone());
    harness.open_minuet();
    assert!(harness.face.jobs.is_empty());
    // What is read last comes last, so the two before have been heard by then.
    harness.send(import);
    (0..3).for_each(|_| go_on.send(()).unwrap());
    harness.jobs_done();
    assert_eq!(harness.project().takes.len(), 1, "only the one for this project");
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
}

#[test]
fn files_of_one_name_are_written_in_order_and_before_the_end() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let path = harness.folder.path().join("out.mid");
    let wanted = |bars| ExportRequest { version: VersionId::Deadpan, bars, mode: MidiMode::ScoreGrid };
    for bars in [None, Some(4..6), None, Some(0..3)] {
        harness.send(Command::ExportMidi(wanted(bars), Some(path.clone())));
        // What is done to the project afterwards does not change the file.
        harness.send(Command::Close);
        harness.send(Command::Open(minuet()));
    }
    let folder = harness.folder.clone();
    drop(harness);
    let midi = performance::midi::read_performance(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(midi.notes.len(), score_of(&minuet()).notes_in_measures(0..3).len());
    drop(folder);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_told_of_and_left_alone() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let path = harness.folder.path().join("out.mid");
    std::fs::write(&path, "mine").unwrap();
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let wanted = ExportRequest { version: VersionId::Deadpan, bars: None, mode: MidiMode::ScoreGrid };
    for command in
        [Command::ExportMidi(wanted.clone(), Some(path.clone())), Command::SaveAs(Some(path.clone()))]
    {
        harness.face.messages.clear();
        harness.finish(command);
        let message = harness.last_message();
        assert_eq!(message.level, Level::Error);
        assert!(message.text.contains("write-protected") && message.text.contains("out.mid"), "{message:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    }
    assert_eq!(harness.studio.current().exported, None);
}

#[test]
fn the_report_is_one_page_without_script() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(4));
    harness.ask(Command::Rename(FIRST, "<b>mine & \"yours\"</b>".into()));
    let path = harness.folder.path().join("report.html");
    harness.finish(Command::ExportReport(Some(path.clone())));
    assert_eq!(harness.last_message().level, Level::Error, "nothing is compared yet");
    harness.ask(Command::Compare(Some(VersionId::Deadpan)));
    harness.finish(Command::ExportReport(Some(path.clone())));
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains("&lt;b&gt;mine &amp; &quot;yours&quot;&lt;/b&gt;") && !page.contains("<b>mine"));
    assert!(!page.contains("<script") && !page.contains("http") && page.contains("@media print"));
    assert_eq!(page.matches("<svg").count(), 5);
    let bars = harness.face.score.as_ref().unwrap().measures.len();
    assert_eq!(page.matches("<tr><th>").count(), bars + 1, "the bars and the names of the versions");
    assert!(!page.contains("NaN"));
}
