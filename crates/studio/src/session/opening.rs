//! Opening scores and projects.

use std::path::{Path, PathBuf};
use std::time::Instant;

use application::limits::SCORE_BYTES;
use application::text::shown;
use application::{FileKind, files};
use notation::Warning;
use notation::smf::{self, Looks};
use protocol::{Event, Level, PlayedFileView};

use super::Session;
use super::open::Open;
use super::pieces::SOURCE_NAME;
use crate::demos;
use crate::document::{Document, Source};
use crate::history::History;
use crate::names::{file_name, file_stem};
use crate::project_file::ProjectFile;
use crate::reading::{self, Reading};
use crate::recording;
use crate::store::schema::MAGIC;
use crate::untitled::EXTENSION;
use crate::views::warning;

/// The message for a project on a full disk.
const FULL: &str = "the disk is full, so changes do not come into the project file; until there is room they \
                    are kept in Espressivo's own folder; make room, or save under a name on another disk";

impl Session {
    /// Opens a score or a project. If that fails, what was open stays open. Sound is a recording of what is open.
    pub(super) fn open_file(&mut self, path: &Path) {
        self.played_file = None;
        if recording::is_sound(path) {
            return self.import_recording(path);
        }
        let is_open = |open: &Open| {
            let same = |a: &Path| {
                std::fs::canonicalize(a).is_ok_and(|a| std::fs::canonicalize(path).is_ok_and(|b| a == b))
            };
            open.file.path().is_some_and(same)
        };
        if self.open.as_ref().is_some_and(is_open) {
            return self.tell_opened();
        }
        if self.is_elsewhere(path) {
            return;
        }
        let result = if is_project(path) { self.open_project(path) } else { self.open_written(path) };
        self.say_not_opened(path, result);
    }

    /// Opens a score even if it looks like a recording.
    pub(super) fn open_as_score(&mut self, path: &Path) {
        self.played_file = None;
        if self.is_elsewhere(path) {
            return;
        }
        let result = self.read_score(path).and_then(|source| self.open_score(path, source, true));
        self.say_not_opened(path, result);
    }

    /// Brings the window to the front that has a file open already, if there is one: two would write into
    /// one project.
    fn is_elsewhere(&self, path: &Path) -> bool {
        let holder = self.shared.windows().claim(self.id, path);
        if let Some(other) = holder {
            self.say(Level::Info, format!("open in another window already: {}", path.display()));
            self.shared.bring_to_front(other);
        }
        holder.is_some()
    }

    fn say_not_opened(&mut self, path: &Path, result: Result<(), String>) {
        if let Err(why) = result {
            self.recent_failed(path);
            self.say(Level::Error, why);
        }
    }

    /// Opens a score, unless it looks like a recording: then a question is shown.
    fn open_written(&mut self, path: &Path) -> Result<(), String> {
        let source = self.read_score(path)?;
        // Whatever is no MIDI file was written; a name that is not Unicode does not reach the face.
        let is_told = path.to_str().is_some();
        let looks = smf::looks(&source.bytes).ok().filter(|_| is_told);
        match looks.unwrap_or(Looks::Written) {
            Looks::Written => self.open_score(path, source, true),
            looks => {
                let is_on_grid = looks == Looks::PlayedOnGrid;
                let view = PlayedFileView { path: path.to_owned(), name: shown(&source.name), is_on_grid };
                self.played_file = Some(view.clone());
                self.emit(Event::PlayedFile(view));
                Ok(())
            }
        }
    }

    pub(super) fn open_demo(&mut self, name: &str) {
        self.played_file = None;
        let scores = self.shared.config.folders.scores.as_deref();
        let Some(path) = scores.and_then(|folder| demos::path(folder, name)) else {
            return self.say(Level::Error, format!("there is no demo of that name: {name}"));
        };
        let result = self.read_score(&path).and_then(|source| self.open_score(&path, source, false));
        if let Err(why) = result {
            self.say(Level::Error, why);
        }
    }

    pub(super) fn open_project(&mut self, path: &Path) -> Result<(), String> {
        self.begin_opening(&file_name(path), path);
        let (file, saved) =
            ProjectFile::open(&self.shared.config.data_folder, path).map_err(|error| error.to_string())?;
        if let Some(why) = file.read_only() {
            self.say(
                Level::Warning,
                format!("opened for reading only, because {why}; save it under another name to change it"),
            );
        }
        let name = if file.is_untitled() { saved.document.title() } else { file_stem(path) };
        self.change_list(|recent| recent.add(&name, path, file.is_untitled()));
        let is_full = file.is_behind() && file.read_only().is_none();
        self.opened(saved.document, saved.history, file, None);
        if is_full {
            self.say(Level::Warning, format!("{FULL}: {}", path.display()));
        }
        if let Some(notice) = saved.notice {
            self.say(Level::Warning, notice);
        }
        self.read_again();
        Ok(())
    }

    fn read_score(&mut self, path: &Path) -> Result<Source, String> {
        let name = file_name(path);
        if let Some(kind) = FileKind::of(path) {
            return Err(format!("cannot open this as a score: it is {kind}: {}", path.display()));
        }
        self.begin_opening(&name, path);
        let bytes = files::read(path, SCORE_BYTES)
            .map_err(|why| format!("cannot open the score ({why}): {}", path.display()))?;
        Ok(Source { name, bytes, as_written: false })
    }

    /// Opens a score that was `chosen` by a person, or comes with the app.
    fn open_score(&mut self, path: &Path, source: Source, chosen: bool) -> Result<(), String> {
        let document = Document::new(source).map_err(|error| format!("{error}: {}", path.display()))?;
        self.change_list(|recent| recent.add(&document.title(), path, false));
        let history = History::default();
        let (file, message) = ProjectFile::untitled(&self.shared.config.data_folder, &document, &history);
        let repairs = repairs(&document.score().warnings);
        self.opened(document, history, file, chosen.then(|| path.to_owned()));
        self.say_if(message);
        if let Some(repairs) = repairs {
            self.say(Level::Warning, repairs);
        }
        Ok(())
    }

    /// Shows a document in place of the one that was open.
    pub(super) fn opened(
        &mut self,
        document: Document,
        history: History,
        file: ProjectFile,
        from: Option<PathBuf>,
    ) {
        self.put_away();
        let looped = document.view.looped.clone();
        let shown_score = document.score_id(document.listening);
        let is_written_here = from.is_none() && document.source.name == SOURCE_NAME;
        let is_only_here = file.is_untitled() && is_written_here;
        self.openings += 1;
        self.open = Some(Open {
            opening: self.openings,
            document,
            history,
            file,
            from,
            streaming: Vec::new(),
            variations: None,
            heard: None,
            compared_variation: None,
            shown_score,
            told_scores: Vec::new(),
            reading: None,
            is_view_new: false,
            since: Instant::now(),
            was_worked_on: false,
            is_only_here,
        });
        self.note_open();
        self.tell_opened();
        self.load_versions();
        self.set_loop(looped);
        self.follow_listening();
        if self.own_sounds.is_reading() {
            self.tell_project();
        }
        self.playback.seek_quarters(0.0);
        self.tell_transport();
    }

    /// Reads the source of the project again. Where that gives another score than the project has,
    /// a message offers it.
    fn read_again(&mut self) {
        let Some(open) = &mut self.open else { return };
        open.reading = Reading::again(&open.document);
        let offer = open.reading.as_ref().and_then(|found| found.offer(&open.document));
        if let Some(view) = offer {
            let notice = reading::notice(&view, &open.document.source);
            self.tell_project();
            self.say(Level::Warning, notice);
        }
    }
}

/// What the importer had to guess or leave out, in a message: the first of it, and how much more there is.
fn repairs(warnings: &[Warning]) -> Option<String> {
    let first = warnings.first()?;
    let first = warning(first);
    Some(match warnings.len() - 1 {
        0 => format!("the file was read with a guess: {first}"),
        more => format!("the file was read with guesses: {first}; and {more} more, shown at the title"),
    })
}

/// Whether a file is to be opened as a project. One that cannot be read is not; the reason is reported when
/// it is read as a score.
fn is_project(path: &Path) -> bool {
    use std::io::Read;
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case(EXTENSION)) {
        return true;
    }
    let mut start = Vec::new();
    let is_file = path.is_file();
    let read = is_file.then(|| std::fs::File::open(path).ok()).flatten();
    read.is_some_and(|f| f.take(MAGIC.len() as u64).read_to_end(&mut start).is_ok() && start == MAGIC)
}
