//! Files that look like something else than what they are opened as.

use protocol::{Command, Edit, ExportRequest, Level, MidiMode, VersionId};

use crate::support::{Desk, request};

const FIRST: VersionId = VersionId::Take(1);

#[test]
fn a_file_that_looks_played_is_asked_about() {
    let mut desk = Desk::new();
    desk.open_minuet();
    desk.perform(request(1));
    // A player's hand: no two beats are equally long.
    let uneven = |n: &performance::PlayedNote| (n.note, n.onset_secs + 0.02 * f64::from(n.note % 5));
    let onsets = desk.played(FIRST).notes.iter().map(uneven).collect();
    desk.ask(Command::Edit(FIRST, Edit::Onsets(onsets)));
    let opened = desk.project().opening;
    for (mode, is_on_grid) in [(MidiMode::ExactTiming(120.0), false), (MidiMode::ScoreGrid, true)] {
        let path = desk.folder.path().join("played.mid");
        let wanted = ExportRequest { version: FIRST, bars: None, mode };
        desk.finish(Command::ExportMidi(wanted, Some(path.clone())));
        desk.ask(Command::Open(path.clone()));
        let file = desk.face.played_file.take().unwrap();
        assert_eq!((&file.path, file.name.as_str(), file.is_on_grid), (&path, "played.mid", is_on_grid));
        assert_eq!(desk.project().opening, opened, "what was open stays open");
        // A page that comes later is asked, too, until something was done with the file.
        desk.ask(Command::Hello);
        assert_eq!(desk.face.played_file.take(), Some(file));
        desk.finish(Command::ImportRecording(Some(path.clone())));
        desk.ask(Command::Hello);
        assert!(desk.face.played_file.is_none());
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(desk.project().takes.len(), 3);

    // The deadpan is written, and what looks played is opened as a score if that is meant.
    let path = desk.folder.path().join("written.mid");
    let wanted = ExportRequest { version: VersionId::Deadpan, bars: None, mode: MidiMode::ScoreGrid };
    desk.finish(Command::ExportMidi(wanted, Some(path.clone())));
    desk.ask(Command::Open(path));
    assert!(desk.face.played_file.is_none() && desk.project().opening > opened);
    let take = desk.folder.path().join("take.mid");
    desk.open_minuet();
    desk.perform(request(1));
    let onsets = desk.played(FIRST).notes.iter().map(uneven).collect();
    desk.ask(Command::Edit(FIRST, Edit::Onsets(onsets)));
    let wanted = ExportRequest { version: FIRST, bars: None, mode: MidiMode::ScoreGrid };
    desk.finish(Command::ExportMidi(wanted, Some(take.clone())));
    let before = desk.project().opening;
    desk.ask(Command::OpenAsScore(take));
    assert!(desk.face.played_file.is_none() && desk.project().opening > before);
}

#[test]
fn a_question_about_a_file_is_not_asked_again_once_it_was_answered_or_the_piece_is_closed() {
    let mut desk = Desk::new();
    desk.open_minuet();
    desk.perform(request(1));
    let uneven = |n: &performance::PlayedNote| (n.note, n.onset_secs + 0.02 * f64::from(n.note % 5));
    let onsets = desk.played(FIRST).notes.iter().map(uneven).collect();
    desk.ask(Command::Edit(FIRST, Edit::Onsets(onsets)));
    let path = desk.folder.path().join("played.mid");
    let wanted = ExportRequest { version: FIRST, bars: None, mode: MidiMode::ExactTiming(120.0) };
    desk.finish(Command::ExportMidi(wanted, Some(path.clone())));
    let answers = [
        Command::DismissPlayedFile,
        Command::Close,
        Command::OpenAsScore(path.clone()),
        Command::OpenDemo("petzold_minuet_g.musicxml".to_owned()),
    ];
    for answer in answers {
        desk.ask(Command::Open(path.clone()));
        assert!(desk.face.played_file.take().is_some());
        desk.ask(answer.clone());
        desk.ask(Command::Hello);
        assert!(desk.face.played_file.take().is_none(), "{answer:?}");
    }
}

#[test]
fn files_that_are_no_scores_say_what_they_are() {
    let mut desk = Desk::new();
    let path = desk.folder.path().join("page.png");
    std::fs::write(&path, b"\x89PNG\r\n\x1a\n").unwrap();
    desk.ask(Command::Open(path));
    let message = desk.last_message();
    assert_eq!(message.level, Level::Error);
    assert!(message.text.contains("a picture (PNG)") && message.text.contains("page.png"), "{message:?}");
    assert!(desk.face.project.is_none());
}
