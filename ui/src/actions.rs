//! When a command can be done, and what it is called.

use protocol::{ProjectView, RecordState, VersionId};

use crate::{Model, UiCommand, own_sound};

use UiCommand as C;

/// Smallest and largest size of the window's parts.
pub const SCALES: std::ops::RangeInclusive<f32> = 0.6..=2.4;

/// Why nothing can be changed in a project that can only be read.
pub const READ_ONLY: &str = "This project can only be read: save it under another name";

/// Why a command cannot be carried out now, in words; none if it can.
pub fn why_not(command: UiCommand, model: &Model) -> Option<&'static str> {
    let always = matches!(
        command,
        C::Open
            | C::NewWindow
            | C::CloseWindow
            | C::Quit
            | C::Palette
            | C::Shortcuts
            | C::Messages
            | C::Settings
            | C::About
            | C::ScaleUp
            | C::ScaleDown
            | C::ScaleReset
    );
    if always {
        return None;
    }
    if command == C::ShowExported {
        return (!model.has_exported).then_some("No MIDI, WAV, report or page was saved yet");
    }
    if command == C::NewPiece {
        return no_writer(model);
    }
    if command == C::KeptRecordings {
        return model.keyboard.kept.is_empty().then_some("Nothing is kept: what you recorded is a version");
    }
    let Some(project) = &model.project else {
        return Some("Open a piece first");
    };
    let is_deadpan = project.listening == VersionId::Deadpan;
    let changes = matches!(
        command,
        C::Undo
            | C::Redo
            | C::Perform
            | C::PinSelected
            | C::UnpinSelected
            | C::DuplicateTake
            | C::RenameTake
            | C::DeleteTake
            | C::ImportRecording
            | C::Record
            | C::ArmRecording
            | C::RecordBars
            | C::UseNewReading
            | C::MakeBest
            | C::Continue
            | C::Save
    );
    if changes && project.read_only.is_some() {
        return Some(READ_ONLY);
    }
    match command {
        C::Undo if project.undo.is_none() => Some("There is nothing to undo"),
        C::Redo if project.redo.is_none() => Some("There is nothing to do again"),
        C::UseNewReading if project.reading.is_none() => {
            Some("The score's file is read as it is in the project")
        }
        C::RenameTake | C::DeleteTake if is_deadpan => Some("Listen to a take first"),
        C::SwapCompared if other_version(project).is_none() => {
            Some("There is only one version: perform the piece first")
        }
        C::Continue => no_writer(model),
        C::OwnSound if own_sound::heard(model).is_none() => Some(
            "Listen to a recording of sound first: takes and recordings in MIDI have no sound of their own",
        ),
        C::MakeBest if project.view.best.is_empty() => {
            Some("Loop some bars, hear the takes and star the best one first")
        }
        C::ExportReport if project.compared.is_none() => Some("Choose a version to compare with first"),
        _ => None,
    }
}

/// Why no piece can be written; none if one can.
fn no_writer(model: &Model) -> Option<&'static str> {
    let is_able = model.settings.writers.iter().any(|writer| writer.unavailable.is_none());
    (!is_able).then_some("What writes pieces is missing: reinstall the models folder")
}

/// The version that *Switch versions* goes to: the one compared with; else from a take the one that it
/// was made from, from anything else the deadpan, and from the deadpan the newest complete take. None
/// while there is only one.
pub fn other_version(project: &ProjectView) -> Option<VersionId> {
    let newest = || project.takes.iter().rev().find(|t| !t.is_streaming).map(|t| t.id);
    match (project.compared, project.listening) {
        (Some(compared), _) => Some(compared),
        (None, VersionId::Deadpan) => newest(),
        (None, heard) => {
            let is_there = |id: &VersionId| project.takes.iter().any(|t| t.id == *id && !t.is_streaming);
            let mut all = project.takes.iter().chain(&project.previews);
            let parent = all.find(|t| t.id == heard).and_then(|t| t.parent);
            Some(parent.filter(is_there).unwrap_or(VersionId::Deadpan))
        }
    }
}

/// Whether something that is on or off is on; none for other commands.
pub fn is_on(command: UiCommand, model: &Model) -> Option<bool> {
    match command {
        C::Loop => Some(model.transport.looped.is_some()),
        C::Metronome => Some(model.transport.metronome),
        C::CountIn => Some(model.transport.count_in),
        C::OwnSound => Some(own_sound::heard(model).is_some_and(|(_, own)| own_sound::is_on(own))),
        C::Record => Some(is_recording(model)),
        C::ArmRecording => Some(model.keyboard.state == RecordState::Armed),
        _ => None,
    }
}

/// Whether what is played on the keyboard is recorded now.
pub fn is_recording(model: &Model) -> bool {
    matches!(model.keyboard.state, RecordState::CountIn | RecordState::Recording)
}

/// The words of a command as they fit now: *Undo* says what it would undo.
pub fn text(command: UiCommand, model: &Model) -> String {
    if command == C::Record && is_recording(model) {
        return "Stop recording".to_owned();
    }
    let project = model.project.as_ref();
    let step = match command {
        C::Undo => project.and_then(|p| p.undo.as_deref()),
        C::Redo => project.and_then(|p| p.redo.as_deref()),
        _ => None,
    };
    match step {
        Some(step) => format!("{}: {step}", command.text()),
        None => command.text().to_owned(),
    }
}
