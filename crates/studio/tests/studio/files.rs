//! Files that look like something else than what they are opened as.

use protocol::{Command, Edit, ExportRequest, Level, MidiMode, VersionId};

use crate::support::{Harness, request};

const FIRST: VersionId = VersionId::Take(1);

#[test]
fn a_file_that_looks_played_is_asked_about() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    // A player's hand: no two beats are equally long, and the tempo is not kept.
    let uneven = |n: &performance::PlayedNote| {
        (n.note, n.onset_secs + 0.4 * (n.onset_secs / 5.0).sin() + 0.02 * f64::from(n.note % 5))
    };
    let onsets = harness.played(FIRST).notes.iter().map(uneven).collect();
    harness.ask(Command::Edit(FIRST, Edit::Onsets(onsets)));
    let opened = harness.project().opening;
    for (mode, is_on_grid) in [(MidiMode::ExactTiming(120.0), false), (MidiMode::ScoreGrid, true)] {
        let path = harness.folder.path().join("played.mid");
        let wanted = ExportRequest { version: FIRST, bars: None, mode };
        harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
        harness.ask(Command::Open(path.clone()));
        let file = harness.face.played_file.take().unwrap();
        assert_eq!((&file.path, file.name.as_str(), file.is_on_grid), (&path, "played.mid", is_on_grid));
        assert_eq!(harness.project().opening, opened, "what was open stays open");
        // A page that comes later is asked, too, until something was done with the file.
        harness.ask(Command::Hello);
        assert_eq!(harness.face.played_file.take(), Some(file));
        harness.finish(Command::ImportRecording(Some(path.clone())));
        harness.ask(Command::Hello);
        assert!(harness.face.played_file.is_none());
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(harness.project().takes.len(), 3);

    // The deadpan is written, and what looks played is opened as a score if that is meant.
    let path = harness.folder.path().join("written.mid");
    let wanted = ExportRequest { version: VersionId::Deadpan, bars: None, mode: MidiMode::ScoreGrid };
    harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
    harness.ask(Command::Open(path));
    assert!(harness.face.played_file.is_none() && harness.project().opening > opened);
    let take = harness.folder.path().join("take.mid");
    harness.open_minuet();
    harness.perform(request(1));
    let onsets = harness.played(FIRST).notes.iter().map(uneven).collect();
    harness.ask(Command::Edit(FIRST, Edit::Onsets(onsets)));
    let wanted = ExportRequest { version: FIRST, bars: None, mode: MidiMode::ScoreGrid };
    harness.finish(Command::ExportMidi(wanted, Some(take.clone())));
    let before = harness.project().opening;
    harness.ask(Command::OpenAsScore(take));
    assert!(harness.face.played_file.is_none() && harness.project().opening > before);
}

#[test]
fn a_question_about_a_file_is_not_asked_again_once_it_was_answered_or_the_piece_is_closed() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    let uneven = |n: &performance::PlayedNote| (n.note, n.onset_secs + 0.02 * f64::from(n.note % 5));
    let onsets = harness.played(FIRST).notes.iter().map(uneven).collect();
    harness.ask(Command::Edit(FIRST, Edit::Onsets(onsets)));
    let path = harness.folder.path().join("played.mid");
    let wanted = ExportRequest { version: FIRST, bars: None, mode: MidiMode::ExactTiming(120.0) };
    harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
    let answers = [
        Command::DismissPlayedFile,
        Command::Close,
        Command::OpenAsScore(path.clone()),
        Command::OpenDemo("petzold_minuet_g.musicxml".to_owned()),
    ];
    for answer in answers {
        harness.ask(Command::Open(path.clone()));
        assert!(harness.face.played_file.take().is_some());
        harness.ask(answer.clone());
        harness.ask(Command::Hello);
        assert!(harness.face.played_file.take().is_none(), "{answer:?}");
    }
}

#[test]
fn files_that_are_no_scores_say_what_they_are() {
    let mut harness = Harness::new();
    let path = harness.folder.path().join("page.png");
    std::fs::write(&path, b"\x89PNG\r\n\x1a\n").unwrap();
    harness.ask(Command::Open(path));
    let message = harness.last_message();
    assert_eq!(message.level, Level::Error);
    assert!(message.text.contains("a picture (PNG)") && message.text.contains("page.png"), "{message:?}");
    assert!(harness.face.project.is_none());
}
