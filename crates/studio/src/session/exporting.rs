//! Taking versions away: MIDI, sound, a report, a file to drag.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use protocol::{Bars, ExportRequest, JobView, Level};
use sound::SoundError;

use super::{Input, Kind, Open, Running, Session};
use crate::document::{Played, bars_text, existing};
use crate::{export, files, report};

impl Session {
    /// The open project, and the version and the bars that a request is about.
    fn wanted(&self, request: &ExportRequest) -> Result<(&Open, Played, Option<Bars>), String> {
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
        Ok((open, played, bars))
    }

    fn midi_bytes(&self, request: &ExportRequest) -> Result<Vec<u8>, String> {
        let (_, played, bars) = self.wanted(request)?;
        export::midi(played.score(), &played.performance, bars, request.mode)
    }

    pub(super) fn export_midi(&mut self, request: &ExportRequest, path: &Path) {
        let path = with_extension(path, "mid");
        let written = self.midi_bytes(request).and_then(|bytes| files::replace(&path, &bytes));
        self.exported(&path, written, "the MIDI file");
    }

    pub(super) fn export_report(&mut self, path: &Path) {
        let path = with_extension(path, "html");
        let page = self.report().ok_or_else(|| "choose a version to compare with first".to_owned());
        let written = page.and_then(|page| files::replace(&path, page.as_bytes()));
        self.exported(&path, written, "the report");
    }

    fn report(&self) -> Option<String> {
        let open = self.open.as_ref()?;
        let comparison = self.comparison()?;
        let played = [open.played(comparison.versions[0])?, open.played(comparison.versions[1])?];
        let composer = played[0].score().composer.clone();
        let piece = report::Piece { title: open.document.title(), composer };
        Some(report::page(&piece, &comparison, [&played[0], &played[1]]))
    }

    fn exported(&mut self, path: &Path, written: Result<(), String>, what: &str) {
        match written {
            Ok(()) => {
                {
                    let mut current = self.current.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                    current.exported = Some(path.to_owned());
                }
                self.say(Level::Info, format!("{what} is written: {}", path.display()));
            }
            Err(why) => {
                self.say(Level::Error, format!("{what} could not be written ({why}): {}", path.display()));
            }
        }
    }

    /// Writes the sound on a thread of its own, as a job.
    pub(super) fn export_wav(&mut self, request: &ExportRequest, path: &Path) {
        let path = with_extension(path, "wav");
        let (open, played, bars) = match self.wanted(request) {
            Ok(wanted) => wanted,
            Err(why) => return self.exported(&path, Err(why), "the sound file"),
        };
        let name = open.name_of(request.version);
        let (job, stop) = (self.next_job, Arc::new(AtomicBool::new(false)));
        self.next_job += 1;
        let view = JobView { id: job, label: format!("Writing the sound of {name}"), progress: Some(0.0) };
        self.jobs.push(Running { view, kind: Kind::Sound(stop.clone()) });
        self.tell_jobs();
        let (piano, inbox) = (self.piano_for_files(), self.inbox.clone());
        let work = move || {
            let progress = |done| drop(inbox.send(Input::SoundProgress(job, done)));
            let result = piano().and_then(|piano| {
                let (score, performance) = (played.score(), &played.performance);
                match export::wav(&path, score, performance, bars.as_ref(), &piano, &stop, progress) {
                    Ok(()) => Ok(Some(path.clone())),
                    Err(SoundError::Cancelled) => Ok(None),
                    Err(error) => Err(error.to_string()),
                }
            });
            inbox.send(Input::SoundEnd(job, path, result)).ok();
        };
        thread::Builder::new().name("sound file".into()).spawn(work).ok();
    }

    /// A sound file was written, or not, or its writing was cancelled.
    pub(super) fn sound_written(&mut self, job: u64, path: &Path, result: Result<Option<PathBuf>, String>) {
        self.jobs.retain(|running| running.view.id != job);
        self.tell_jobs();
        match result {
            Ok(Some(path)) => self.exported(&path, Ok(()), "the sound file"),
            Ok(None) => {}
            Err(why) => self.exported(path, Err(why), "the sound file"),
        }
    }

    /// A MIDI file with a plain name in a folder that lasts as long as the studio. Each drag has a
    /// folder of its own, because the one before may still be read.
    pub(super) fn export_for_drag(&mut self, request: &ExportRequest) -> Result<PathBuf, String> {
        let bytes = self.midi_bytes(request)?;
        let (open, played, bars) = self.wanted(request)?;
        let bars = bars.map_or_else(String::new, |bars| bars_text(played.score(), &bars));
        let name = files::plain_name(&[&open.document.title(), &open.name_of(request.version), &bars]);
        if self.drag_folder.is_none() {
            let folder = tempfile::Builder::new().prefix("espressivo-").tempdir();
            self.drag_folder = Some(folder.map_err(|e| files::plain(&e))?);
        }
        self.drags += 1;
        let folder =
            self.drag_folder.as_ref().map_or_else(PathBuf::new, |f| f.path().join(self.drags.to_string()));
        std::fs::create_dir_all(&folder).map_err(|e| files::plain(&e))?;
        let path = folder.join(format!("{name}.mid"));
        files::replace(&path, &bytes)?;
        Ok(path)
    }
}

fn with_extension(path: &Path, extension: &str) -> PathBuf {
    if path.extension().is_none() { path.with_extension(extension) } else { path.to_owned() }
}
