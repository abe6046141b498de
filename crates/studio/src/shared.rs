//! What all windows share: the performers and the text encoder, the sound device, the piano, settings
//! and the list of recent files, and who has what open. Each window is a [`crate::Studio`] with a
//! document of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use application::files;
use protocol::{AboutView, Addition, ComposerView, KeptView, Message, PerformerView, Settings, WriterView};

use crate::additions::Additions;
use crate::jobs::Worker;
use crate::kept;
use crate::lock::Lock;
use crate::moods::Moods;
use crate::parts::{Config, Parts};
use crate::pianos::Pianos;
use crate::playback::Playback;
use crate::recent::Recent;
use crate::recording::ReadRecording;
use crate::reference::{self, ReadReference};
use crate::windows::{Begin, Changed, WindowId, Windows};
use crate::{about, settings, untitled};

type InFront = Box<dyn Fn(WindowId) + Send + Sync>;

/// What all windows share.
pub struct Shared {
    pub(crate) config: Config,
    /// One row for the takes of all windows: side by side they would need twice the memory and come no
    /// sooner.
    pub(crate) worker: Worker,
    pub(crate) performers: Vec<PerformerView>,
    pub(crate) composers: Vec<ComposerView>,
    pub(crate) writers: Vec<WriterView>,
    pub(crate) moods: Arc<Moods>,
    pub(crate) pianos: Pianos,
    pub(crate) additions: Additions,
    pub(crate) read_recording: ReadRecording,
    pub(crate) read_reference: ReadReference,
    pub(crate) about: AboutView,
    playback: Mutex<Box<dyn Playback>>,
    settings: Mutex<Settings>,
    recent: Mutex<Recent>,
    /// What was played on a keyboard and is no version.
    kept: Mutex<Vec<(PathBuf, KeptView)>>,
    windows: Mutex<Windows>,
    /// Messages for the first window.
    early: Mutex<Vec<Message>>,
    in_front: OnceLock<InFront>,
}

impl Shared {
    /// Readies what windows share.
    pub fn new(config: Config, parts: Parts) -> Arc<Self> {
        let data = config.data_folder.as_path();
        let (settings, damaged_settings) = settings::load(data);
        let (mut recent, damaged_recent) = Recent::load(data);
        // What a kill left of files that were being written.
        let untitled = untitled::folder(data);
        let folders: BTreeSet<&Path> = recent.folders().chain([data, untitled.as_path()]).collect();
        folders.into_iter().for_each(files::sweep);
        recent.find_untitled(&untitled::folder(data));
        // What another process has open did not crash.
        let crashed = |project: &Path| project.is_file() && Lock::take(data, project).is_ok();
        let windows = Windows::new(data, crashed);
        let (performers, composers) = (parts.roster.list(), parts.roster.composers());
        let writers = parts.roster.writers();
        let moods = Arc::new(Moods::new(config.folders.clone()));
        let left = kept::find(data).into_iter().filter_map(|path| Some((kept::view(&path)?, path)));
        let left = left.map(|(view, path)| (path, view)).collect();
        Arc::new(Self {
            worker: Worker::start(parts.roster, moods.clone()),
            performers,
            composers,
            writers,
            moods,
            pianos: Pianos::new(parts.find_piano),
            additions: Additions::new(parts.get_addition, config.folders.clone()),
            read_recording: parts.read_recording,
            read_reference: reference::reader(config.folders.transcriber.clone()),
            about: about::view(parts.about),
            playback: Mutex::new(parts.playback),
            settings: Mutex::new(settings),
            recent: Mutex::new(recent),
            kept: Mutex::new(left),
            windows: Mutex::new(windows),
            early: Mutex::new([damaged_settings, damaged_recent].into_iter().flatten().collect()),
            in_front: OnceLock::new(),
            config,
        })
    }

    /// Something is there that was got: it is used from now on. The transcriber is looked for with each recording.
    pub(crate) fn use_addition(&self, addition: Addition) {
        match addition {
            Addition::GrandPiano => self.pianos.forget(),
            Addition::TextEncoder => self.moods.forget(),
            Addition::Transcriber => {}
        }
    }

    /// Sets how a window is brought to the front; only the first call counts.
    pub fn bring_to_front_with(&self, bring: impl Fn(WindowId) + Send + Sync + 'static) {
        // An error means that it was set before.
        self.in_front.set(Box::new(bring)).ok();
    }

    /// Brings a window to the front.
    pub(crate) fn bring_to_front(&self, id: WindowId) {
        if let Some(bring) = self.in_front.get() {
            bring(id);
        }
    }

    /// The window that has a file open, or is opening it.
    pub fn holder(&self, path: &Path) -> Option<WindowId> {
        self.windows().holder(path)
    }

    /// How many projects were open when the app crashed and wait for a window to come back in.
    pub fn waiting(&self) -> usize {
        self.windows().waiting()
    }

    /// A new window: its number, what it begins with and its first messages.
    pub(crate) fn enter(&self, tell: impl Fn(Changed) + Send + 'static) -> (WindowId, Begin, Vec<Message>) {
        let (id, begin) = self.windows().enter(tell);
        (id, begin, std::mem::take(&mut *locked(&self.early)))
    }

    pub(crate) fn windows(&self) -> MutexGuard<'_, Windows> {
        locked(&self.windows)
    }

    /// Playback for a window.
    pub(crate) fn playback(&self) -> Box<dyn Playback> {
        locked(&self.playback).beside()
    }

    pub(crate) fn settings(&self) -> Settings {
        locked(&self.settings).clone()
    }

    /// Changes the settings as they are now and keeps them; the settings then, and why they could not be
    /// kept.
    pub(crate) fn change_settings(
        &self,
        id: WindowId,
        change: impl FnOnce(&mut Settings),
    ) -> (Settings, Option<Message>) {
        let (settings, failed) = {
            let mut settings = locked(&self.settings);
            change(&mut settings);
            // Under the lock, so that the file has what was changed last.
            (settings.clone(), settings::save(&self.config.data_folder, &settings).err())
        };
        self.windows().tell_others(id, Changed::Settings);
        (settings, failed)
    }

    /// Changes the list of recent files and keeps it; why it could not be kept.
    pub(crate) fn change_recent(&self, id: WindowId, change: impl FnOnce(&mut Recent)) -> Option<Message> {
        let failed = {
            let mut recent = locked(&self.recent);
            change(&mut recent);
            recent.save(&self.config.data_folder).err()
        };
        self.windows().tell_others(id, Changed::Recent);
        failed
    }

    /// What was played on a keyboard and is no version.
    pub(crate) fn kept(&self) -> Vec<KeptView> {
        locked(&self.kept).iter().map(|(_, view)| view.clone()).collect()
    }

    /// The file of something that was kept.
    pub(crate) fn kept_path(&self, id: &str) -> Option<PathBuf> {
        locked(&self.kept).iter().find(|(_, view)| view.id == id).map(|(path, _)| path.clone())
    }

    /// Lists something that was played and is kept.
    pub(crate) fn keep(&self, path: &Path, view: KeptView) {
        let mut kept = locked(&self.kept);
        kept.retain(|(other, _)| other != path);
        kept.push((path.to_owned(), view));
    }

    /// Lists it no more; its file is left to the caller.
    pub(crate) fn forget_kept(&self, path: &Path) {
        locked(&self.kept).retain(|(other, _)| other != path);
    }

    pub(crate) fn recent(&self) -> MutexGuard<'_, Recent> {
        locked(&self.recent)
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
