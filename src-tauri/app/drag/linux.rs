//! Dragging with GTK, on X11 and Wayland.
//!
//! Of our own, because the library that does it elsewhere drops the file's address as soon as the
//! button is up, and most programs request it only then.

use std::cell::RefCell;
use std::error::Error;
use std::path::Path;
use std::rc::Rc;

use gtk::gdk::{DragAction, Event, EventType};
use gtk::gdk_pixbuf::PixbufLoader;
use gtk::prelude::*;
use gtk::{TargetList, glib};
use tauri::WebviewWindow;

use super::picture::PICTURE;

/// As GTK counts.
const LEFT_BUTTON: i32 = 1;

/// Begins a drag; what follows is between the desktop and the program that the file is dropped on.
pub fn begin(window: &WebviewWindow, path: &Path) -> Result<(), Box<dyn Error>> {
    let source = window.gtk_window()?;
    let address = glib::filename_to_uri(path, None)?;
    let targets = TargetList::new(&[]);
    targets.add_uri_targets(0);
    // For every request of the other program until the drag is over.
    let handlers = Rc::new(RefCell::new(Vec::new()));
    let tell = source.connect_drag_data_get(move |_, _, data, _, _| {
        data.set_uris(&[address.as_str()]);
    });
    let (to_drop, page) = (handlers.clone(), window.clone());
    let over = source.connect_drag_end(move |source, _| {
        for handler in to_drop.take() {
            source.disconnect(handler);
        }
        release_button(&page);
    });
    handlers.borrow_mut().extend([tell, over]);
    let context = source.drag_begin_with_coordinates(&targets, DragAction::COPY, LEFT_BUTTON, None, -1, -1);
    let Some(context) = context else {
        for handler in handlers.take() {
            source.disconnect(handler);
        }
        return Err("the desktop lets nothing be dragged now".into());
    };
    if let Some(picture) = picture() {
        context.drag_set_icon_pixbuf(&picture, 0, 0);
    }
    Ok(())
}

fn picture() -> Option<gtk::gdk_pixbuf::Pixbuf> {
    let loader = PixbufLoader::new();
    loader.write(PICTURE).ok()?;
    loader.close().ok()?;
    loader.pixbuf()
}

/// Tells the page that the button is up: the desktop took the pointer when the drag began, and
/// without this the page would take the next press for one more button.
fn release_button(window: &WebviewWindow) {
    // A window that is gone needs no telling.
    let _ = window.with_webview(|webview| {
        let widget: gtk::Widget = webview.inner().upcast();
        let mut release = Event::new(EventType::ButtonRelease);
        release.set_device(widget.display().default_seat().and_then(|seat| seat.pointer()).as_ref());
        widget.event(&release);
    });
}
