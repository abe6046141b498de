//! The windows that are open: what each has open, so that no file is open in two, and what is
//! stored of all of them for the next start.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use application::files::real;
use protocol::Addition;

use crate::last_open::{LastOpen, Opening};
use crate::lock::Lock;

/// A window of the running app. Numbers are never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowId(pub u32);

/// Something that one window has changed for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The settings.
    Settings,
    /// The list of recent files.
    Recent,
    /// Something is there that was got.
    Addition(Addition),
}

/// What a new window begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Begin {
    /// The project that was open when the app crashed, to be opened again.
    pub project: Option<PathBuf>,
    /// What was only just being opened then, to be named.
    pub suspects: Vec<Opening>,
}

/// The windows that are open.
pub struct Windows {
    data_folder: PathBuf,
    windows: BTreeMap<WindowId, OpenWindow>,
    next: u32,
    /// Projects that were open when the app crashed and wait for a window.
    waiting: VecDeque<PathBuf>,
    suspects: Vec<Opening>,
    /// Held while this program runs; none while another one with the same data folder has it, which keeps there
    /// what it has open.
    lock: Option<Lock>,
}

/// What is stored of one window.
struct OpenWindow {
    tell: Box<dyn Fn(Changed) + Send>,
    /// What is stored of it for the next start.
    last_open: LastOpen,
    /// The files that its document is of, by the names that they were given.
    named: Vec<PathBuf>,
    /// The same files themselves.
    files: Vec<PathBuf>,
    /// The file that it is opening.
    opening: Option<PathBuf>,
}

impl Windows {
    /// None yet; what was open when the app last ended comes back as windows are opened, if `may_come_back`
    /// returns true. What another program that runs has open is no sign of a crash and is left alone.
    pub fn new(data_folder: &Path, may_come_back: impl Fn(&Path) -> bool) -> Self {
        let lock = LastOpen::lock(data_folder);
        let last = if lock.is_some() { LastOpen::take(data_folder) } else { Vec::new() };
        let waiting = LastOpen::harmless_projects(&last).filter(|p| may_come_back(p)).map(Path::to_owned);
        Self {
            data_folder: data_folder.to_owned(),
            windows: BTreeMap::new(),
            next: 0,
            waiting: waiting.collect(),
            suspects: last.iter().filter_map(|one| one.opening.clone()).collect(),
            lock,
        }
    }

    /// A new window; `tell` is called when another window has changed something.
    pub fn enter(&mut self, tell: impl Fn(Changed) + Send + 'static) -> (WindowId, Begin) {
        let id = WindowId(self.next);
        self.next += 1;
        let begin = Begin { project: self.waiting.pop_front(), suspects: std::mem::take(&mut self.suspects) };
        // Until it has come back it counts as open.
        let last_open = LastOpen { project: begin.project.clone(), opening: None };
        let opening = begin.project.as_deref().map(real);
        let (named, files) = (Vec::new(), Vec::new());
        let window = OpenWindow { tell: Box::new(tell), last_open, named, files, opening };
        self.windows.insert(id, window);
        (id, begin)
    }

    /// A window is closed.
    pub fn leave(&mut self, id: WindowId) {
        if self.windows.remove(&id).is_some() {
            self.keep();
        }
    }

    /// How many projects wait for a window to come back in.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The window that has a file open, or is opening it.
    pub fn holder(&self, path: &Path) -> Option<WindowId> {
        let path = real(path);
        let has = |window: &OpenWindow| window.files.iter().chain(&window.opening).any(|file| *file == path);
        self.windows.iter().find(|(_, window)| has(window)).map(|(id, _)| *id)
    }

    /// A window is about to open a file. Another window that has it already is returned.
    pub fn claim(&mut self, id: WindowId, path: &Path) -> Option<WindowId> {
        let other = self.holder(path).filter(|holder| *holder != id);
        if other.is_none()
            && let Some(window) = self.windows.get_mut(&id)
        {
            window.opening = Some(real(path));
        }
        other
    }

    /// What a window has open now: for the next start, and the files of its document.
    pub fn note(&mut self, id: WindowId, last_open: LastOpen, files: &[&Path]) {
        let Some(window) = self.windows.get_mut(&id) else { return };
        window.opening = None;
        // Paths are resolved only when there are others: this is called again and again.
        if window.named != files {
            window.named = files.iter().map(|path| (*path).to_owned()).collect();
            window.files = files.iter().map(|path| real(path)).collect();
        }
        self.note_last_open(id, last_open);
    }

    /// Stores what the next start needs of a window.
    pub fn note_last_open(&mut self, id: WindowId, last_open: LastOpen) {
        let Some(window) = self.windows.get_mut(&id).filter(|window| window.last_open != last_open) else {
            return;
        };
        window.last_open = last_open;
        self.keep();
    }

    /// Tells all other windows.
    pub fn tell_others(&self, id: WindowId, changed: Changed) {
        for (_, window) in self.windows.iter().filter(|(other, _)| **other != id) {
            (window.tell)(changed);
        }
    }

    fn keep(&mut self) {
        if self.lock.is_none() {
            self.lock = LastOpen::lock(&self.data_folder);
        }
        if self.lock.is_none() {
            return;
        }
        let open = self.windows.values().map(|window| window.last_open.clone());
        let waiting = self.waiting.iter().map(|project| LastOpen::of(project.clone()));
        LastOpen::keep(open.chain(waiting), &self.data_folder);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::mpsc::channel;

    #[test]
    fn a_file_belongs_to_the_window_that_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.espressivo");
        fs::write(&path, b"x").unwrap();
        let mut windows = Windows::new(folder.path(), |_| true);
        let (first, _) = windows.enter(|_| ());
        let (second, _) = windows.enter(|_| ());
        assert_eq!(windows.claim(first, &path), None);
        // Already while it is being opened, and by another name of the same file.
        let other_name = folder.path().join(".").join("a.espressivo");
        assert_eq!(windows.claim(second, &other_name), Some(first));
        assert_eq!(windows.claim(first, &path), None, "its own");
        windows.note(first, LastOpen::default(), &[&path]);
        assert_eq!(windows.holder(&path), Some(first));
        windows.leave(first);
        assert_eq!(windows.claim(second, &path), None);
        // It could not be opened.
        windows.note(second, LastOpen::default(), &[]);
        assert_eq!(windows.holder(&path), None);
    }

    #[test]
    fn what_was_open_comes_back_one_a_window_and_is_kept_until_then() {
        let folder = tempfile::tempdir().unwrap();
        let one = |name: &str| LastOpen::of(name.into());
        LastOpen::keep([one("/a"), one("/b"), one("/c"), one("/gone")].into_iter(), folder.path());
        let is_there = |path: &Path| path != Path::new("/gone");
        let mut windows = Windows::new(folder.path(), is_there);
        let (first, begin) = windows.enter(|_| ());
        assert_eq!((begin.project, windows.waiting()), (Some("/a".into()), 2));
        assert_eq!(windows.holder(Path::new("/a")), Some(first), "nobody else opens it meanwhile");
        windows.note(first, one("/a2"), &[]);
        // As if it had been killed now.
        drop(windows);
        let mut windows = Windows::new(folder.path(), is_there);
        let projects: Vec<_> = (0..4).map(|_| windows.enter(|_| ()).1.project).collect();
        assert_eq!(projects, [Some("/a2".into()), Some("/b".into()), Some("/c".into()), None]);
    }

    #[test]
    fn what_another_program_has_open_is_no_crash_and_is_not_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let start = || Windows::new(folder.path(), |_| true);
        let opening = Opening { name: "B".into(), path: "/b".into() };
        let mut first = start();
        let (id, _) = first.enter(|_| ());
        first.note_last_open(id, LastOpen { project: None, opening: Some(opening.clone()) });
        let mut second = start();
        let (other, begin) = second.enter(|_| ());
        assert_eq!(begin, Begin::default());
        second.note_last_open(other, LastOpen::of("/c".into()));
        // The first is killed: what it was opening is named at the next start.
        drop((first, second));
        assert_eq!(start().enter(|_| ()).1.suspects, [opening]);
    }

    #[test]
    fn once_the_other_program_has_ended_what_is_open_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let start = || Windows::new(folder.path(), |_| true);
        let (mut first, mut second) = (start(), start());
        let (id, _) = first.enter(|_| ());
        let (other, _) = second.enter(|_| ());
        first.leave(id);
        drop(first);
        second.note_last_open(other, LastOpen::of("/c".into()));
        drop(second);
        assert_eq!(start().enter(|_| ()).1.project, Some("/c".into()));
    }

    #[test]
    fn the_others_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut windows = Windows::new(folder.path(), |_| true);
        let (tell, told) = channel();
        let ids = [0, 1, 2].map(|k| {
            let tell = tell.clone();
            windows.enter(move |changed| tell.send((k, changed)).unwrap()).0
        });
        windows.tell_others(ids[1], Changed::Settings);
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [(0, Changed::Settings), (2, Changed::Settings)]);
    }
}
