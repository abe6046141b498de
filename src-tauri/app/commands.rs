//! The two calls that a page can make; `src-tauri/permissions` allows them by name. A command
//! of a page is for its own window.

use protocol::{Command, Event};
use tauri::ipc::Channel;
use tauri::{AppHandle, State, WebviewWindow};

use crate::asked;
use crate::shell::Shell;

/// The page listens from now on. After a reload the new page takes the place of the old one.
#[tauri::command]
pub fn subscribe(page: WebviewWindow, shell: State<'_, Shell>, channel: Channel<Event>) {
    if let Some(window) = shell.window(page.label()) {
        window.face().attach(channel);
    }
}

/// Takes a command of the page. Runs on the main thread, so commands stay in order.
#[tauri::command]
pub fn send(app: AppHandle, page: WebviewWindow, shell: State<'_, Shell>, command: Command) {
    if let Some(window) = shell.window(page.label()) {
        asked::by_page(&app, &window, command);
    }
}
