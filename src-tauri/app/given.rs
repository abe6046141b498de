//! The files that a person has chosen. The page names files too, in lists of recent ones and when it repeats
//! a command, but it may not read or write any path it likes.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use protocol::{Command, MannerSource};

use crate::memory::Memory;

/// The files that dialogs gave in this run.
#[derive(Default)]
pub struct Given {
    to_read: HashSet<PathBuf>,
    to_write: HashSet<PathBuf>,
}

/// What a command does with the file that it names.
enum Named<'a> {
    Read(&'a Path),
    Write(&'a Path),
}

impl Given {
    /// Takes note of a command that a dialog has led to.
    pub fn note(&mut self, command: &Command) {
        match named(command) {
            Some(Named::Read(path)) => self.to_read.insert(path.to_owned()),
            Some(Named::Write(path)) => self.to_write.insert(path.to_owned()),
            None => return,
        };
    }

    /// The file that a command of the page names though it was not chosen: neither in a dialog, nor is
    /// it the project's own, in the list of recent files, or in the settings already.
    pub fn stranger<'a>(&self, command: &'a Command, memory: &Memory) -> Option<&'a Path> {
        match named(command)? {
            Named::Read(path) => {
                let is_known = self.to_read.contains(path) || memory.knows(path);
                (!is_known).then_some(path)
            }
            Named::Write(path) => {
                let is_own = matches!(command, Command::SaveAs(_)) && memory.project_path() == Some(path);
                (!is_own && !self.to_write.contains(path)).then_some(path)
            }
        }
    }
}

/// Every command stands here, so that a new one is not forgotten.
fn named(command: &Command) -> Option<Named<'_>> {
    use Command as C;
    match command {
        C::Open(path) | C::OpenAsScore(path) => Some(Named::Read(path)),
        C::ImportRecording(path) | C::ChooseSoundfont(path) => path.as_deref().map(Named::Read),
        C::Settings(settings) => settings.soundfont.as_deref().map(Named::Read),
        C::ReadManner { of: MannerSource::File(path), .. } => path.as_deref().map(Named::Read),
        C::ReadManner { of: MannerSource::Version(_), .. } => None,
        C::SaveAs(path)
        | C::ExportMidi(_, path)
        | C::ExportWav(_, path)
        | C::ExportReport(path)
        | C::PrintPage(_, path)
        | C::SaveKept(_, path) => path.as_deref().map(Named::Write),
        C::Hello
        | C::Get(_)
        | C::OpenDialog
        | C::OpenDemo(_)
        | C::Save
        | C::Close
        | C::ClearRecent
        | C::RestoreRecent => None,
        C::DragOut(_) | C::ShowExported | C::FindMidiPorts | C::About => None,
        C::NewWindow | C::CloseWindow | C::Quit => None,
        C::TogglePlay | C::Stop | C::SeekQuarters(_) | C::Loop(_) | C::Rate(_) | C::Volume(_) => None,
        C::Metronome(_) | C::CountIn(_) | C::Audition(..) => None,
        C::Record(_) | C::StopRecording | C::FindKeyboards | C::AddKept(_) | C::DropKept(_) => None,
        C::Listen(_)
        | C::HearOwnSound(..)
        | C::Compare(_)
        | C::SwapCompared
        | C::Perform(_)
        | C::ReadMood { .. }
        | C::ReadMoodOf(_)
        | C::DismissPlayedFile
        | C::Cancel(_) => None,
        C::Edit(..) | C::Rename(..) | C::Delete(_) | C::Duplicate(_) | C::Star(..) | C::MakeBest(_) => None,
        C::MakeVariations(_)
        | C::PreviewVariation(_)
        | C::KeepVariation(_)
        | C::PutVariation(_)
        | C::DropVariations => None,
        C::NewPiece(_) | C::ContinuePiece(_) => None,
        C::Undo | C::Redo | C::AdoptReading => None,
        C::Remember(_) | C::RememberPanel(_) | C::RememberVariations(_) => None,
        C::ShowPage { .. } | C::EngravePaper(_) | C::DrawSystem { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use protocol::{
        Event, ExportRequest, MidiMode, PlayedFileView, ProjectView, RecentView, Settings, StartView,
        VersionId,
    };

    use super::*;

    fn midi(path: &str) -> Command {
        let request = ExportRequest { version: VersionId::Deadpan, bars: None, mode: MidiMode::ScoreGrid };
        Command::ExportMidi(request, Some(path.into()))
    }

    fn writes(path: &str) -> [Command; 4] {
        [
            Command::SaveAs(Some(path.into())),
            midi(path),
            Command::ExportReport(Some(path.into())),
            Command::PrintPage(Box::default(), Some(path.into())),
        ]
    }

    #[test]
    fn the_page_writes_only_where_a_dialog_or_the_project_is() {
        let mut given = Given::default();
        let mut memory = Memory::default();
        let path = Some("/music/a.espressivo".to_owned());
        memory.note(&Event::Project(Some(Box::new(ProjectView { path, ..ProjectView::default() }))));
        for command in writes("/home/clara/.bashrc") {
            assert_eq!(given.stranger(&command, &memory), Some(Path::new("/home/clara/.bashrc")));
        }
        assert_eq!(given.stranger(&Command::SaveAs(Some("/music/a.espressivo".into())), &memory), None);
        assert!(given.stranger(&midi("/music/a.espressivo"), &memory).is_some(), "not with something else");
        // What was chosen to be read may not be written.
        given.note(&Command::Open("/music/a.mid".into()));
        assert!(given.stranger(&midi("/music/a.mid"), &memory).is_some());
        given.note(&midi("/music/b.mid"));
        assert_eq!(given.stranger(&midi("/music/b.mid"), &memory), None);
        assert_eq!(given.stranger(&Command::Save, &memory), None);
    }

    #[test]
    fn the_page_reads_what_a_dialog_gave_and_what_it_was_shown() {
        let mut given = Given::default();
        let mut memory = Memory::default();
        let open = |path: &str| Command::Open(path.into());
        assert!(given.stranger(&open("/etc/passwd"), &memory).is_some());
        assert!(given.stranger(&Command::OpenAsScore("/etc/passwd".into()), &memory).is_some());
        let recent = vec![RecentView { path: "/music/old.mid".into(), ..RecentView::default() }];
        memory.note(&Event::Start(StartView { recent, ..StartView::default() }));
        assert_eq!(given.stranger(&open("/music/old.mid"), &memory), None);
        let piano =
            |path: &str| Command::Settings(Settings { soundfont: Some(path.into()), ..Settings::default() });
        assert!(given.stranger(&piano("/x.sf2"), &memory).is_some());
        assert!(given.stranger(&Command::ChooseSoundfont(Some("/x.sf2".into())), &memory).is_some());
        given.note(&Command::ChooseSoundfont(Some("/x.sf2".into())));
        assert_eq!(given.stranger(&piano("/x.sf2"), &memory), None);
        assert_eq!(given.stranger(&Command::Settings(Settings::default()), &memory), None);
        // A file with an open question may be named, however it came: dropped, or named at the start.
        let answers =
            [Command::ImportRecording(Some("/r.mid".into())), Command::OpenAsScore("/r.mid".into())];
        assert!(answers.iter().all(|answer| given.stranger(answer, &memory).is_some()));
        memory
            .note(&Event::PlayedFile(PlayedFileView { path: "/r.mid".into(), ..PlayedFileView::default() }));
        assert!(answers.iter().all(|answer| given.stranger(answer, &memory).is_none()));
        // Once it is open the question is answered.
        let project = ProjectView { opening: 7, ..ProjectView::default() };
        memory.note(&Event::Project(Some(Box::new(project))));
        assert!(answers.iter().all(|answer| given.stranger(answer, &memory).is_some()));
    }
}
