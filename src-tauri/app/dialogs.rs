//! Asking for a file: what each dialog is called, what it offers, and what the answer leads to.

use std::path::{Path, PathBuf};

use application::text::shown;
use protocol::{Command, MannerSource, VersionId};
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FilePath, MessageDialogButtons};

use crate::memory::Memory;
use crate::{automation, names};

/// A question for a file.
pub struct FileDialog {
    title: &'static str,
    /// Name of the kind of file, and its endings.
    kinds: Vec<(&'static str, &'static [&'static str])>,
    folder: Option<PathBuf>,
    /// The name to start with, without its ending; none if the file has to exist.
    name: Option<String>,
    /// What to do with the answer.
    then: Box<dyn FnOnce(PathBuf) -> Command + Send>,
}

const SCORES: &[&str] = &["musicxml", "xml", "mxl", "mid", "midi"];
const ALL: &[&str] = &[
    "espressivo",
    "musicxml",
    "xml",
    "mxl",
    "mid",
    "midi",
    "ESPRESSIVO",
    "MUSICXML",
    "XML",
    "MXL",
    "MID",
    "MIDI",
];

const RECORDINGS: &[&str] =
    &["mid", "midi", "wav", "flac", "mp3", "ogg", "oga", "MID", "MIDI", "WAV", "FLAC", "MP3", "OGG", "OGA"];

/// The dialog that must be answered before a command can be carried out; the command itself if none.
pub fn question(command: Command, memory: &Memory) -> Result<FileDialog, Box<Command>> {
    let open = |title, kinds, then| FileDialog { title, kinds, folder: None, name: None, then };
    let save = |title, kind: (&'static str, &'static [&'static str]), name, then| FileDialog {
        title,
        kinds: vec![kind],
        folder: memory.project_folder().map(Path::to_owned),
        name: Some(name),
        then,
    };
    let version = |id: VersionId| {
        names::readable(&format!("{} - {}", memory.project_name(), memory.version_name(id)), "performance")
    };
    let project = || names::readable(memory.project_name(), "untitled");
    Ok(match command {
        Command::OpenDialog => open(
            "Open a score or a project",
            vec![("Scores and projects", ALL), ("Projects", &ALL[..1]), ("Scores", SCORES)],
            Box::new(Command::Open),
        ),
        Command::ImportRecording(None) => open(
            "Open a recording of this piece",
            vec![("Recordings, MIDI or sound", RECORDINGS)],
            Box::new(|path| Command::ImportRecording(Some(path))),
        ),
        Command::ReadManner { performer, knob, of: MannerSource::File(None) } => open(
            "Choose a recording to play like",
            vec![("Recordings, MIDI or sound", RECORDINGS)],
            Box::new(move |path| Command::ReadManner { performer, knob, of: MannerSource::File(Some(path)) }),
        ),
        Command::ChooseSoundfont(None) => open(
            "Choose a piano",
            vec![("Soundfonts", &["sf2", "SF2"])],
            Box::new(|path| Command::ChooseSoundfont(Some(path))),
        ),
        Command::SaveAs(None) => save_project(save, project()),
        Command::Save if memory.is_untitled() => save_project(save, project()),
        Command::ExportMidi(request, None) => save(
            "Save MIDI",
            ("MIDI files", &["mid"]),
            version(request.version),
            Box::new(move |path| Command::ExportMidi(request, Some(path))),
        ),
        Command::ExportWav(request, None) => save(
            "Save WAV",
            ("WAV files", &["wav"]),
            version(request.version),
            Box::new(move |path| Command::ExportWav(request, Some(path))),
        ),
        Command::ExportReport(None) => save(
            "Save report",
            ("Web pages", &["html"]),
            names::readable(&format!("{} - comparison", memory.project_name()), "comparison"),
            Box::new(|path| Command::ExportReport(Some(path))),
        ),
        Command::PrintPage(request, None) => save(
            "Print the page",
            ("Web pages", &["html"]),
            version(request.version),
            Box::new(move |path| Command::PrintPage(request, Some(path))),
        ),
        Command::SaveKept(id, None) => save(
            "Save what was played",
            ("MIDI files", &["mid"]),
            names::readable(&format!("{} - recording", memory.project_name()), "recording"),
            Box::new(move |path| Command::SaveKept(id, Some(path))),
        ),
        other => return Err(Box::new(other)),
    })
}

type Then = Box<dyn FnOnce(PathBuf) -> Command + Send>;

fn save_project(
    save: impl FnOnce(&'static str, (&'static str, &'static [&'static str]), String, Then) -> FileDialog,
    name: String,
) -> FileDialog {
    save(
        "Save the project",
        ("Espressivo projects", &["espressivo"]),
        name,
        Box::new(|path| Command::SaveAs(Some(path))),
    )
}

/// Shows a dialog in a window, and passes on the command that the answer leads to; none if it is dismissed.
pub fn ask(
    app: &AppHandle,
    label: &str,
    question: FileDialog,
    follow: impl FnOnce(&AppHandle, Command) + Send + 'static,
) {
    if let Some(folder) = automation::folder() {
        if let Some(path) = question.automatic_answer(&folder) {
            follow(app, (question.then)(path));
        }
        return;
    }
    let mut dialog = app.dialog().file().set_title(question.title);
    for (kind, endings) in &question.kinds {
        dialog = dialog.add_filter(*kind, endings);
    }
    if let Some(window) = tauri::Manager::get_webview_window(app, label) {
        dialog = dialog.set_parent(&window);
    }
    if let Some(folder) = &question.folder {
        dialog = dialog.set_directory(folder);
    }
    let handle = app.clone();
    let Some(ending) = question.ending() else {
        dialog.pick_file(move |answer| {
            if let Some(path) = local(answer) {
                follow(&handle, (question.then)(path));
            }
        });
        return;
    };
    let name = question.name.as_deref().unwrap_or_default();
    dialog.set_file_name(format!("{name}.{ending}")).save_file(move |answer| {
        let Some(chosen) = local(answer) else { return };
        let path = names::with_ending(chosen.clone(), ending);
        // The dialog has asked whether to replace the file that was named, not about the one with our ending.
        if path == chosen || !path.exists() {
            return follow(&handle, (question.then)(path));
        }
        confirm_overwriting(&handle.clone(), &path.clone(), move || follow(&handle, (question.then)(path)));
    });
}

fn confirm_overwriting(app: &AppHandle, path: &Path, then: impl FnOnce() + Send + 'static) {
    let name = shown(&path.file_name().unwrap_or_default().to_string_lossy());
    let buttons = MessageDialogButtons::OkCancelCustom("Replace".into(), "Cancel".into());
    let dialog =
        app.dialog().message(format!("There is a file “{name}” already. Replace it?")).buttons(buttons);
    dialog.show(move |yes| {
        if yes {
            then();
        }
    });
}

/// The file, if it lies where programs can open it by its name.
fn local(answer: Option<FilePath>) -> Option<PathBuf> {
    answer?.into_path().ok()
}

impl FileDialog {
    /// The ending that a new file gets; none if the question is for a file that exists.
    fn ending(&self) -> Option<&'static str> {
        self.name.as_ref()?;
        self.kinds.first()?.1.first().copied()
    }

    /// The file to be written in this folder, or the first of a requested kind.
    fn automatic_answer(&self, folder: &Path) -> Option<PathBuf> {
        if let (Some(name), Some(ending)) = (&self.name, self.ending()) {
            return Some(folder.join(format!("{name}.{ending}")));
        }
        let endings = self.kinds.first()?.1;
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|e| e.path()).collect();
        files.sort();
        files.into_iter().find(|f| names::has_ending(f, endings))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use protocol::{Event, ExportRequest, MidiMode, ProjectView};

    use super::*;

    fn memory(path: Option<&str>) -> Memory {
        let mut memory = Memory::default();
        let project =
            ProjectView { name: "Prelude 7/1".into(), path: path.map(Into::into), ..ProjectView::default() };
        memory.note(&Event::Project(Some(Box::new(project))));
        memory
    }

    fn request() -> ExportRequest {
        ExportRequest { version: VersionId::Deadpan, bars: None, mode: MidiMode::ScoreGrid }
    }

    #[test]
    fn a_named_file_needs_no_question() {
        let command = Command::ExportMidi(request(), Some("a.mid".into()));
        assert_eq!(*question(command.clone(), &memory(None)).err().unwrap(), command);
    }

    #[test]
    fn saving_asks_only_for_a_project_without_a_place() {
        assert!(question(Command::Save, &memory(None)).is_ok());
        assert!(question(Command::Save, &memory(Some("/music/a.espressivo"))).is_err());
        assert!(question(Command::SaveAs(None), &memory(Some("/music/a.espressivo"))).is_ok());
        assert!(question(Command::Save, &Memory::default()).is_err());
    }

    #[test]
    fn names_tell_piece_and_version_and_the_folder_is_the_projects() {
        let asked = question(Command::ExportMidi(request(), None), &memory(Some("/music/a.espressivo")))
            .ok()
            .unwrap();
        assert_eq!(asked.name.as_deref(), Some("Prelude 7 1 - Deadpan"));
        assert_eq!(asked.folder.as_deref(), Some(Path::new("/music")));
        assert_eq!(asked.ending(), Some("mid"));
        let command = (asked.then)("/x/b.mid".into());
        assert_eq!(command, Command::ExportMidi(request(), Some("/x/b.mid".into())));
    }

    #[test]
    fn automation_answers_with_a_file_of_the_kind() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.txt", "b.MXL", "c.sf2"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let answer = |command| question(command, &memory(None)).ok().unwrap().automatic_answer(folder.path());
        assert_eq!(answer(Command::OpenDialog), Some(folder.path().join("b.MXL")));
        assert_eq!(answer(Command::ChooseSoundfont(None)), Some(folder.path().join("c.sf2")));
        assert_eq!(answer(Command::ImportRecording(None)), None);
        std::fs::write(folder.path().join("lesson.Mp3"), "").unwrap();
        assert_eq!(answer(Command::ImportRecording(None)), Some(folder.path().join("lesson.Mp3")));
        assert_eq!(answer(Command::SaveAs(None)), Some(folder.path().join("Prelude 7 1.espressivo")));
    }
}
