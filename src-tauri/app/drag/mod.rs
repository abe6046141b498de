//! Dragging a file out of the window.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
mod picture;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Manager};

#[cfg(not(target_os = "linux"))]
use elsewhere::begin;
#[cfg(target_os = "linux")]
use linux::begin;

/// The files that were dragged out of the app's windows.
#[derive(Default)]
pub struct Drags(Mutex<HashSet<PathBuf>>);

impl Drags {
    /// Whether this file was dragged out of a window: then it is not opened if it falls back on one.
    pub fn is_ours(&self, path: &Path) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    /// Lets the desktop drag a file out of a window. The button must still be down. `failed` is called
    /// with the reason if that cannot be done.
    pub fn start(
        &self,
        app: &AppHandle,
        label: &str,
        path: PathBuf,
        failed: impl Fn(&str) + Clone + Send + 'static,
    ) {
        let Some(window) = app.get_webview_window(label) else { return };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        let failed_to_begin = failed.clone();
        let asked = app.run_on_main_thread(move || {
            if let Err(error) = begin(&window, &path) {
                failed_to_begin(&error.to_string());
            }
        });
        if let Err(error) = asked {
            failed(&error.to_string());
        }
    }
}
