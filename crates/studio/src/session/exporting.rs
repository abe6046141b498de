//! Taking versions away: MIDI, sound, a report, a file to drag.
//!
//! What a file is made of is taken at once, so that nothing done to the project meanwhile changes it;
//! the file is then written on another thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use application::files;
use protocol::{Bars, ExportRequest, Level, MidiMode};
use sound::SoundError;

use super::Session;
use super::input::Input;
use super::running::Kind;
use super::written::Written;
use crate::document::{Played, bars_text, existing};
use crate::queue::guarded;
use crate::{export, names, report};

const MIDI: &str = "the MIDI file";
const SOUND: &str = "the sound file";
const REPORT: &str = "the report";
/// Said otherwise than of other files.
pub(super) const PAGE: &str = "the printed page";

/// A version, or some bars of it, as it was when it was requested.
struct Content {
    played: Played,
    bars: Option<Bars>,
    /// Name of the version.
    name: String,
}

impl Content {
    fn midi(&self, mode: MidiMode) -> Result<Vec<u8>, String> {
        export::midi(self.played.score(), &self.played.performance, self.bars.clone(), mode)
    }
}

impl Session {
    /// What a request is about.
    fn content(&self, request: &ExportRequest) -> Result<Content, String> {
        let open = self.open.as_ref().ok_or("nothing is open")?;
        if open.streaming(request.version).is_some() {
            return Err("this take is still being performed; wait until it is complete".to_owned());
        }
        let played = open.played(request.version).ok_or("there is no such take any more")?;
        let bars = match &request.bars {
            None => None,
            Some(bars) => {
                Some(existing(played.score(), bars).ok_or("the score has no such bars; select others")?)
            }
        };
        Ok(Content { played, bars, name: open.name_of(request.version) })
    }

    pub(super) fn export_midi(&mut self, request: &ExportRequest, path: &Path) {
        let path = with_extension(path, "mid");
        let (content, mode) = match self.content(request) {
            Ok(content) => (content, request.mode),
            Err(why) => return self.exported(&path, Err(why), MIDI),
        };
        let label = format!("Writing {} as MIDI", content.name);
        self.write(MIDI, label, path, move || content.midi(mode));
    }

    pub(super) fn export_report(&mut self, path: &Path) {
        let path = with_extension(path, "html");
        let (Some(open), Some(compared)) = (&self.open, self.compared()) else {
            let why = "choose a version to compare with first".to_owned();
            return self.exported(&path, Err(why), REPORT);
        };
        let composer = compared.played[0].score().composer.clone();
        let origin = |id: &protocol::VersionId| open.document.take(*id).map(|take| take.origin.text.clone());
        let origins = compared.ids.each_ref().map(|id| origin(id).unwrap_or_default());
        let piece = report::Piece { title: open.document.title(), composer, origins };
        let page =
            move || Ok(report::page(&piece, &compared.view(), compared.played.each_ref()).into_bytes());
        self.write(REPORT, "Writing the report".to_owned(), path, page);
    }

    /// Works out and writes a file as a job. Files are written in the order of the requests, so that the
    /// last one of a name stays.
    pub(super) fn write(
        &mut self,
        what: &'static str,
        label: String,
        path: PathBuf,
        bytes: impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
    ) {
        let stop = Arc::new(AtomicBool::new(false));
        let job = self.list_job(label, None, Kind::Writing(stop.clone()));
        let inbox = self.inbox.clone();
        self.writing.add(move || {
            let is_stopped = || stop.load(Ordering::Relaxed);
            let result = guarded(|| {
                if is_stopped() {
                    return Ok(false);
                }
                let bytes = bytes()?;
                if is_stopped() {
                    return Ok(false);
                }
                files::replace(&path, &bytes).map(|()| true).map_err(|e| e.to_string())
            });
            // A window that is closed gets no reports any more.
            inbox.send(Input::Written(Written { job, what, path, result })).ok();
        });
    }

    /// Writes the sound as a job. It has a thread of its own: it takes much longer than other files.
    pub(super) fn export_wav(&mut self, request: &ExportRequest, path: &Path) {
        let path = with_extension(path, "wav");
        let content = match self.content(request) {
            Ok(content) => content,
            Err(why) => return self.exported(&path, Err(why), SOUND),
        };
        let stop = Arc::new(AtomicBool::new(false));
        let label = format!("Writing the sound of {}", content.name);
        let job = self.list_job(label, Some(0.0), Kind::Writing(stop.clone()));
        let (piano, inbox, target) = (self.piano_for_files(), self.inbox.clone(), path.clone());
        let work = move || {
            // A window that is closed gets no reports any more.
            let progress = |done| drop(inbox.send(Input::Progress(job, done)));
            let result = guarded(|| {
                let piano = piano()?;
                let (score, played) = (content.played.score(), &content.played.performance);
                match export::wav(&path, score, played, content.bars.as_ref(), &piano, &stop, progress) {
                    Ok(()) => Ok(true),
                    Err(SoundError::Cancelled) => Ok(false),
                    Err(error) => Err(error.to_string()),
                }
            });
            inbox.send(Input::Written(Written { job, what: SOUND, path, result })).ok();
        };
        match thread::Builder::new().name("sound file".into()).spawn(work) {
            Ok(thread) => self.sounds.push((job, thread)),
            Err(error) => {
                let result = Err(format!("the system gives no thread for it: {}", files::plain(&error)));
                self.written(Written { job, what: SOUND, path: target, result });
            }
        }
    }

    /// A file was written, or not.
    pub(super) fn written(&mut self, written: Written) {
        let Written { job, what, path, result } = written;
        self.jobs.retain(|running| running.view.id != job);
        self.sounds.retain(|(writing, _)| *writing != job);
        self.tell_jobs();
        match result {
            Ok(true) => self.exported(&path, Ok(()), what),
            Ok(false) => {}
            Err(why) => self.exported(&path, Err(why), what),
        }
    }

    pub(super) fn exported(&mut self, path: &Path, result: Result<(), String>, what: &str) {
        match result {
            Ok(()) => {
                self.current().exported = Some(path.to_owned());
                self.tell_project();
                let path = path.display();
                let words = if what == PAGE {
                    format!("printed to {path}")
                } else {
                    format!("{what} is written: {path}")
                };
                self.say(Level::Info, words);
            }
            Err(why) => {
                self.say(Level::Error, format!("{what} could not be written ({why}): {}", path.display()));
            }
        }
    }

    /// Writes a MIDI file with a plain name into a folder that lasts as long as the studio, and
    /// replies with its path.
    pub(super) fn export_for_drag(
        &mut self,
        request: &ExportRequest,
        reply: Sender<Result<PathBuf, String>>,
    ) {
        let prepared = self.content(request).and_then(|content| {
            let path = self.path_for_drag(&content)?;
            Ok((content, path))
        });
        let (content, path) = match prepared {
            Ok(prepared) => prepared,
            // Who has stopped waiting needs no answer.
            Err(why) => return drop(reply.send(Err(why))),
        };
        let mode = request.mode;
        self.writing.add(move || {
            let written = guarded(|| {
                files::replace(&path, &content.midi(mode)?).map_err(|e| e.to_string())?;
                Ok(path)
            });
            // Somebody who has stopped waiting needs no file.
            reply.send(written).ok();
        });
    }

    /// Each drag has a folder of its own, because the file of the one before may still be read.
    fn path_for_drag(&mut self, content: &Content) -> Result<PathBuf, String> {
        let Some(open) = &self.open else { return Err("nothing is open".to_owned()) };
        let bars = content.bars.as_ref();
        let bars = bars.map_or_else(String::new, |bars| bars_text(content.played.score(), bars));
        let name = names::plain_name(&[&open.document.title(), &content.name, &bars]);
        if self.drag_folder.is_none() {
            let folder = tempfile::Builder::new().prefix("espressivo-").tempdir();
            self.drag_folder = Some(folder.map_err(|e| files::plain(&e))?);
        }
        self.drags += 1;
        let folder =
            self.drag_folder.as_ref().map_or_else(PathBuf::new, |f| f.path().join(self.drags.to_string()));
        std::fs::create_dir_all(&folder).map_err(|e| files::plain(&e))?;
        Ok(folder.join(format!("{name}.mid")))
    }
}

pub(super) fn with_extension(path: &Path, extension: &str) -> PathBuf {
    if path.extension().is_none() { path.with_extension(extension) } else { path.to_owned() }
}
