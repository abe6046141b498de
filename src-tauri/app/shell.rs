//! The windows of the running app: which there are and which was used last.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use application::Folders;
use studio::{Config, Shared, WindowId};
use tauri::{AppHandle, Manager};

use crate::cascade::Cascade;
use crate::drag::Drags;
use crate::window::Window;
use crate::{about, desktop, log};

/// Label of the window that the app begins with.
const FIRST: &str = "main";

/// Most windows: each is a web page with its memory, and a page with a fault may open many.
const MOST_WINDOWS: usize = 8;

/// The shell of the running app.
pub struct Shell {
    shared: Arc<Shared>,
    /// The one that was used last comes first.
    windows: Mutex<Vec<Arc<Window>>>,
    next: AtomicU32,
    cascade: Cascade,
    drags: Drags,
    /// Studios of closed windows that still write.
    ending: Mutex<Vec<JoinHandle<()>>>,
}

impl Shell {
    /// Readies what windows share, and the studio of the first window.
    pub fn start(app: &AppHandle, data: PathBuf) -> Self {
        let config = Config { data_folder: data, folders: Folders::find() };
        let about = about::view(&config.folders.models);
        let parts = studio::studio::parts(&config, about);
        let shared = Shared::new(config, parts);
        let handle = app.clone();
        shared.bring_to_front_with(move |id| {
            if let Some(shell) = handle.try_state::<Self>() {
                shell.bring_to_front(&handle, id);
            }
        });
        let first = Arc::new(Window::start(app, &shared, FIRST));
        Self {
            shared,
            windows: Mutex::new(vec![first]),
            next: AtomicU32::new(2),
            cascade: Cascade::default(),
            drags: Drags::default(),
            ending: Mutex::new(Vec::new()),
        }
    }

    /// Opens a window for each further project that was open when the app crashed.
    pub fn come_back(&self, app: &AppHandle) {
        while self.shared.waiting() > 0 && self.new_window(app).is_ok() {}
    }

    /// The window with this label.
    pub fn window(&self, label: &str) -> Option<Arc<Window>> {
        self.windows().iter().find(|window| window.label() == label).cloned()
    }

    /// The files that were dragged out.
    pub fn drags(&self) -> &Drags {
        &self.drags
    }

    fn window_of(&self, id: WindowId) -> Option<Arc<Window>> {
        self.windows().iter().find(|window| window.id() == id).cloned()
    }

    /// The window that was used last.
    pub fn front(&self) -> Option<Arc<Window>> {
        self.windows().first().cloned()
    }

    /// Opens one more window, beside the one that was used last.
    ///
    /// # Errors
    /// In words, if there are enough.
    pub fn new_window(&self, app: &AppHandle) -> Result<Arc<Window>, String> {
        if self.windows().len() >= MOST_WINDOWS {
            return Err(format!("There can be {MOST_WINDOWS} windows at a time: close one first"));
        }
        let label = format!("window-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let window = Arc::new(Window::start(app, &self.shared, &label));
        self.windows().insert(0, window.clone());
        let app = app.clone();
        // On Windows a window cannot be made from within an answer to a page, which runs on the main thread.
        let show = move || {
            let shell = app.state::<Self>();
            let others: Vec<String> = shell.labels().into_iter().filter(|other| *other != label).collect();
            if let Err(error) = shell.cascade.show(&app, &label, &others) {
                log::write(&format!("a window did not open: {error}"));
                shell.closed(&label);
                if let Some(front) = shell.front() {
                    front.face().warn(format!("The window did not open: {error}"));
                }
            }
        };
        thread::Builder::new().name("new window".into()).spawn(show).map_err(|error| {
            self.closed(window.label());
            format!("The window did not open: {error}")
        })?;
        Ok(window)
    }

    /// A window has come to the front.
    pub fn focused(&self, label: &str) {
        let mut windows = self.windows();
        if let Some(at) = windows.iter().position(|window| window.label() == label) {
            windows[..=at].rotate_right(1);
        }
    }

    /// A window is closed. Its studio ends on a thread of its own: it may still write a file.
    pub fn closed(&self, label: &str) {
        let window = {
            let mut windows = self.windows();
            let at = windows.iter().position(|window| window.label() == label);
            at.map(|at| windows.remove(at))
        };
        let Some(mut studio) = window.and_then(|window| window.give_up()) else { return };
        let ended = thread::Builder::new().name("ending".into()).spawn(move || studio.end());
        // Without a thread it has ended here.
        if let Ok(thread) = ended {
            self.ending().push(thread);
        }
    }

    fn bring_to_front(&self, app: &AppHandle, id: WindowId) {
        if let Some(window) = self.window_of(id) {
            desktop::bring_to_front(app, window.label());
        }
    }

    /// Shows the window that was used last when the app is started again.
    pub fn bring_last_to_front(&self, app: &AppHandle) {
        if let Some(window) = self.front() {
            desktop::bring_to_front(app, window.label());
        }
    }

    /// All windows, the one that was used last first.
    pub fn all(&self) -> Vec<Arc<Window>> {
        self.windows().clone()
    }

    fn labels(&self) -> Vec<String> {
        self.windows().iter().map(|window| window.label().to_owned()).collect()
    }

    /// Whether a window has a file open: then that window comes to the front.
    pub fn shows(&self, app: &AppHandle, file: &Path) -> bool {
        let holder = self.shared.holder(file);
        if let Some(id) = holder {
            self.bring_to_front(app, id);
        }
        holder.is_some()
    }

    /// Lets all studios finish what they are writing. They take no commands afterwards.
    pub fn finish(&self) {
        self.labels().iter().for_each(|label| self.closed(label));
        let ending = std::mem::take(&mut *self.ending());
        for thread in ending {
            // One that broke down has nothing to wait for.
            let _ = thread.join();
        }
        log::write("Espressivo ends");
    }

    fn windows(&self) -> MutexGuard<'_, Vec<Arc<Window>>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ending(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
