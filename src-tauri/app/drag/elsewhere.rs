//! Dragging on Windows and macOS.

use std::error::Error;
use std::path::Path;

use drag::{DragItem, Image, Options};
use tauri::WebviewWindow;

use super::picture::PICTURE;

/// The page never hears that the button was let go: the desktop took the pointer when the drag
/// began.
const LET_GO: &str = "document.getElementById('espressivo')?.dispatchEvent(new PointerEvent('pointerup', \
                      { bubbles: true, button: 0, clientX: -1, clientY: -1 }))";

/// Begins a drag; what follows is between the desktop and the program that the file is dropped on.
pub fn begin(window: &WebviewWindow, path: &Path) -> Result<(), Box<dyn Error>> {
    let page = window.clone();
    // A window that is gone needs no telling.
    let over = move |_, _| drop(page.eval(LET_GO));
    let item = DragItem::Files(vec![path.to_owned()]);
    drag::start_drag(window, item, Image::Raw(PICTURE.to_vec()), over, Options::default())?;
    Ok(())
}
