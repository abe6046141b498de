//! Dragging a file out of the window.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use drag::{DragItem, Image};
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::log;

/// What hangs on the pointer.
const PICTURE: &[u8] = include_bytes!("../../icons/32x32.png");

/// The page never hears that the button was let go: the desktop took the pointer when the drag
/// began.
const LET_GO: &str = "document.getElementById('espressivo')?.dispatchEvent(new PointerEvent('pointerup', \
                      { bubbles: true, button: 0, clientX: -1, clientY: -1 }))";

/// The files that were dragged out of this window.
#[derive(Default)]
pub struct Drags(Mutex<HashSet<PathBuf>>);

impl Drags {
    /// Whether this file was dragged out of this window: then it is not opened if it falls back on it.
    pub fn is_ours(&self, path: &Path) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    /// Lets the desktop drag a file. The button must still be down.
    pub fn start(&self, app: &AppHandle, path: PathBuf) {
        let Some(window) = app.get_webview_window("main") else { return };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        let begun = app.run_on_main_thread(move || {
            let page = window.clone();
            let over = move |_result, _place| drop(page.eval(LET_GO));
            if let Err(error) = begin(&window, path, over) {
                log::write(&format!("a drag did not begin: {error}"));
                drop(window.eval(LET_GO));
            }
        });
        if let Err(error) = begun {
            log::write(&format!("a drag did not begin: {error}"));
        }
    }
}

fn begin(
    window: &WebviewWindow,
    path: PathBuf,
    over: impl Fn(drag::DragResult, drag::CursorPosition) + Send + 'static,
) -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(target_os = "linux")]
    let native = window.gtk_window()?;
    #[cfg(not(target_os = "linux"))]
    let native = window.clone();
    let picture = Image::Raw(PICTURE.to_vec());
    Ok(drag::start_drag(&native, DragItem::Files(vec![path]), picture, over, drag::Options::default())?)
}
